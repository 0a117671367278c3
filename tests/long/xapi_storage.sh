#!/bin/bash
# Storage of xapi-lite on real devices: each driver from sr-create to nothing left, under a running guest.
# timeout: 600
# lab: --disk 2G --disk 2G
. tests/e2e/xapi_lib.sh
disks=$(dom0 "lsblk -dnbo NAME,SIZE | awk '\$2 == 2147483648 {print \"/dev/\" \$1}'")
lvm_dev=$(echo "$disks" | sed -n 1p) ext_dev=$(echo "$disks" | sed -n 2p)
check "two empty disks are there" [ -n "$ext_dev" ]
check "the service starts" service_up
left() { dom0 'ls /dev/mapper; lvs --noheadings; findmnt -rno TARGET /run/sr-mount; ls /run/sr-mount 2>/dev/null; losetup -a; ls /srv/sr-*'; }
dom0 'mkdir -p /srv/sr-file /srv/sr-nfs; echo "/srv/sr-nfs 127.0.0.1(rw,no_root_squash,fsid=77,no_subtree_check)" >/etc/exports
      exportfs -ra'
before=$(left)

vm=$(xe vm-create name-label=disky)
xe "vm-param-set uuid=$vm domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0"
xe "vm-memory-limits-set uuid=$vm static-min=96MiB dynamic-min=96MiB dynamic-max=128MiB static-max=128MiB"
check "a guest starts" xe "vm-start vm=disky"

# puts known bytes at the start of the guest's disk; reads their checksum there
write_word() { ask disky "yes $1 | head -c 1048576 | dd of=/dev/xvdb bs=64k conv=fsync 2>/dev/null; sync"; }
sum_of() { yes "$1" | head -c 1048576 | md5sum | cut -d' ' -f1; }
sum_in_guest() { ask disky "dd if=/dev/xvdb bs=64k count=16 2>/dev/null | md5sum" | cut -d' ' -f1; }
sum_of_vdi() { dom0 "rm -f /tmp/out.raw; xe vdi-export uuid=$1 filename=/tmp/out.raw && head -c 1048576 /tmp/out.raw | md5sum" | cut -d' ' -f1; }

# flow TYPE LIVE DEVICE-CONFIG...: LIVE: snapshots work under the running guest
flow() {
    local type=$1 live=$2 sr vdi vbd snap back copy pbd
    shift 2
    sr=$(xe "sr-create name-label=$type type=$type $*")
    check "$type: sr-create shows the UUID" [ ${#sr} = 36 ] || echo "# $sr"
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=64MiB")
    check "$type: vdi-create" [ ${#vdi} = 36 ] || echo "# $vdi"
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$vdi device=1")
    check "$type: vbd-plug into the running guest" xe "vbd-plug uuid=$vbd"
    write_word one >/dev/null
    expect "$type: the guest reads what it wrote" "$(sum_of one)" "$(sum_in_guest)"
    [ "$live" = live ] || check "$type: vbd-unplug" xe "vbd-unplug uuid=$vbd"
    snap=$(xe "vdi-snapshot uuid=$vdi")
    check "$type: vdi-snapshot" [ ${#snap} = 36 ] || echo "# $snap"
    [ "$live" = live ] || xe "vbd-plug uuid=$vbd"
    write_word two >/dev/null
    check "$type: unplugged" xe "vbd-unplug uuid=$vbd"
    expect "$type: the snapshot has the old bytes" "$(sum_of one)" "$(sum_of_vdi "$snap")"
    expect "$type: the disk has the new ones" "$(sum_of two)" "$(sum_of_vdi "$vdi")"
    back=$(xe "vdi-clone uuid=$snap")
    xe "vbd-destroy uuid=$vbd"
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$back device=1")
    xe "vbd-plug uuid=$vbd"
    expect "$type: the guest reads the snapshot's bytes from a clone" "$(sum_of one)" "$(sum_in_guest)"
    xe "vbd-unplug uuid=$vbd"
    copy=$(xe "vdi-create sr-uuid=$sr name-label=i virtual-size=64MiB")
    dom0 "rm -f /tmp/e.vhd; xe vdi-export uuid=$vdi filename=/tmp/e.vhd format=vhd; xe vdi-import uuid=$copy filename=/tmp/e.vhd format=vhd"
    expect "$type: exported and imported elsewhere as vhd" "$(sum_of two)" "$(sum_of_vdi "$copy")"
    service_kill
    check "$type: the service starts again after kill -9" service_up keep
    expect "$type: the disk has its bytes" "$(sum_of two)" "$(sum_of_vdi "$vdi")"
    for d in $vdi $snap $back $copy; do xe "vdi-destroy uuid=$d"; done
    xe "sr-scan uuid=$sr"
    expect "$type: no disk is left" "" "$(xe "vdi-list sr-uuid=$sr --minimal")"
    pbd=$(xe "pbd-list sr-uuid=$sr --minimal")
    check "$type: pbd-unplug" xe "pbd-unplug uuid=$pbd"
    check "$type: sr-destroy" xe "sr-destroy uuid=$sr"
    expect "$type: nothing is left" "$before" "$(left)"
}

flow lvm live "device-config:device=$lvm_dev"
flow ext plain "device-config:device=$ext_dev"
flow file plain device-config:location=/srv/sr-file
flow nfs plain device-config:server=127.0.0.1 device-config:serverpath=/srv/sr-nfs
contains "a device that is not there is told" "No such file" "$(xe 'sr-create name-label=x type=lvm device-config:device=/dev/none 2>&1')"

check "the guest ends" xe "vm-shutdown vm=disky --force"
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
