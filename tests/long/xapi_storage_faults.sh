#!/bin/bash
# Storage of xapi-lite when the disk is full, the NFS server is away, the device is taken out.
# timeout: 1800
# lab: --disk 2G --disk 2G
# With names of parts as arguments only those are tested.
. tests/e2e/xapi_lib.sh
. tests/e2e/storage_lib.sh
check "the service starts" service_up
before=$(storage_left)
fill() { dom0 "head -c 12M /dev/urandom >/tmp/fill.raw; xe vdi-import uuid=$1 filename=/tmp/fill.raw; md5sum /tmp/fill.raw" | cut -d' ' -f1; }
whole() { dom0 "rm -f /tmp/out.raw; xe vdi-export uuid=$1 filename=/tmp/out.raw; head -c 12M /tmp/out.raw | md5sum; rm -f /tmp/out.raw" | cut -d' ' -f1; }
gone() { xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$1 --minimal")" && xe "sr-destroy uuid=$1"; }

full() {
    local sr vdi sum said
    dom0 'mkdir -p /srv/small; mount -t tmpfs -o size=32m none /srv/small'
    sr=$(xe 'sr-create name-label=small type=file device-config:location=/srv/small/sr')
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=12MiB")
    sum=$(fill "$vdi")
    expect "full: the disk has its bytes" "$sum" "$(whole "$vdi")"
    dom0 'head -c 12M /dev/zero >/srv/small/other'
    contains "full: a copy that does not fit says so" "No space left" "$(xe "vdi-copy uuid=$vdi sr-uuid=$sr 2>&1")"
    expect "full: and leaves no disk" "$vdi" "$(xe "vdi-list sr-uuid=$sr --minimal")"
    expect "full: nor a file" "$vdi.qcow2" "$(dom0 'ls /srv/small/sr')"
    dom0 'cat /dev/zero >>/srv/small/other' 2>/dev/null
    for said in "vdi-create sr-uuid=$sr name-label=x virtual-size=1MiB" "vdi-snapshot uuid=$vdi" "vdi-clone uuid=$vdi"; do
        contains "full: ${said%% *} says so" "No space left" "$(xe "$said 2>&1")"
        expect "full: ${said%% *} leaves nothing" "$vdi.qcow2" "$(dom0 'ls /srv/small/sr')"
    done
    expect "full: the disk has its bytes still" "$sum" "$(whole "$vdi")"
    dom0 'rm /srv/small/other'
    check "full: with room again a snapshot is made" xe "vdi-snapshot uuid=$vdi"
    for vdi in $(xe "vdi-list sr-uuid=$sr --minimal" | tr , ' '); do xe "vdi-destroy uuid=$vdi"; done
    check "full: the SR goes" gone "$sr"
    dom0 'umount /srv/small; rmdir /srv/small'
}

nfs_away() {
    local sr vdi sum said
    serve_nfs /srv/sr-nfs
    sr=$(xe 'sr-create name-label=nfs type=nfs device-config:server=127.0.0.1 device-config:serverpath=/srv/sr-nfs device-config:options=timeo=10,retrans=1')
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=12MiB")
    sum=$(fill "$vdi")
    contains "nfs: sr-probe shows the SR" "$sr" "$(xe 'sr-probe type=nfs device-config:server=127.0.0.1 device-config:serverpath=/srv/sr-nfs')"
    dom0 'exportfs -ua; rpc.nfsd 0'
    said=$(xe "vdi-create sr-uuid=$sr name-label=x virtual-size=1MiB 2>&1")
    check "nfs: without the server no disk is made" [ ${#said} != 36 ]
    expect "nfs: nor a record" "$vdi" "$(xe "vdi-list sr-uuid=$sr --minimal")"
    xe "sr-scan uuid=$sr" >/dev/null 2>&1
    expect "nfs: a scan forgets no disk" "$vdi" "$(xe "vdi-list sr-uuid=$sr --minimal")"
    serve_nfs /srv/sr-nfs
    check "nfs: with the server back a scan works" wait_for 60 xe "sr-scan uuid=$sr"
    expect "nfs: the disk has its bytes" "$sum" "$(whole "$vdi")"
    check "nfs: vdi-destroy" xe "vdi-destroy uuid=$vdi"
    check "nfs: the SR goes" gone "$sr"
}

device_out() {
    local sr vdi sum name=${lvm_dev#/dev/} host
    sr=$(xe "sr-create name-label=lvm type=lvm device-config:device=$lvm_dev")
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=12MiB")
    sum=$(fill "$vdi")
    contains "device: sr-probe shows the SR" "$sr" "$(xe "sr-probe type=lvm device-config:device=$lvm_dev")"
    contains "device: one that is in use is refused" "holds data already" "$(xe "sr-create name-label=x type=ext device-config:device=$lvm_dev 2>&1")"
    contains "device: a disk larger than the SR is refused" "are wanted" "$(xe "vdi-create sr-uuid=$sr name-label=x virtual-size=3GiB 2>&1")"
    xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    host=$(dom0 "basename \$(readlink -f /sys/block/$name/device/../..)")
    dom0 "echo 1 >/sys/block/$name/device/delete"
    contains "device: without it the PBD is not plugged" "no volume group" "$(xe "pbd-plug uuid=$(xe "pbd-list sr-uuid=$sr --minimal") 2>&1")"
    dom0 "echo '- - -' >/sys/class/scsi_host/$host/scan; udevadm settle; sleep 1"
    check "device: with it back the PBD is plugged" xe "pbd-plug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "device: sr-scan" xe "sr-scan uuid=$sr"
    expect "device: the disk has its bytes" "$sum" "$(whole "$vdi")"
    check "device: vdi-destroy" xe "vdi-destroy uuid=$vdi"
    check "device: the SR goes" gone "$sr"
}

# Three clients on the same disks of a device: tests/cli/xapi-storage-two in Dom0.
two_clients() {
    dom0 'mkdir -p /tmp/t/tests/cli/xapi /tmp/t/build; ln -sfn /opt/xen-tools/bin /tmp/t/build/bin'
    "$LAB" put tests/cli/xapi/service.py /tmp/t/tests/cli/xapi/
    "$LAB" put tests/cli/xapi-storage-two /tmp/t/tests/cli/
    relay two_clients 900 "TWO_SECONDS=${TWO_SECONDS:-60} XAPI_START_S=120 STORAGE_SR='type=ext device-config:device=$ext_dev' /tmp/t/tests/cli/xapi-storage-two/run"
    check "two_clients: they came to an end" [ $? = 0 ]
}

for part in ${*:-full nfs_away device_out two_clients}; do $part; done
expect "nothing is left" "$before" "$(storage_left)"
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
