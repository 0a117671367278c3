#!/bin/bash
# Disks of xapi-lite under a running guest: a whole device, and a chain of image files that grows and shrinks;
# the priority of a back end in the kernel, the limit of one in QEMU. tests/long/xapi_storage.sh has every driver's whole way.
# timeout: 400
# lab: --disk 2G
. tests/e2e/xapi_lib.sh
. tests/e2e/storage_lib.sh
check "the service starts" service_up
start_disky
before=$(storage_left)

# plug_with VDI NUMBER QOS...: into the guest as that disk; VBD's UUID on stdout
plug_with() {
    local vbd vdi=$1 device=$2
    shift 2
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$vdi device=$device") && xe "vbd-param-set uuid=$vbd $*" &&
        xe "vbd-plug uuid=$vbd" && echo "$vbd"
}
ionice_of() { dom0 "for t in \$(grep -l '^$1' /proc/*/comm /proc/*/task/*/comm 2>/dev/null | sed 's,/comm,,; s,.*/,,' | sort -u); do ionice -p \$t; done | sort -u"; }
is_nice() { [ "$(ionice_of "$1")" = "$2" ]; }

device() {
    local sr vdi vbd
    dom0 "mkdir -p /srv/devices; ln -sf $lvm_dev /srv/devices/raw"
    sr=$(xe 'sr-create name-label=udev type=udev device-config:location=/srv/devices')
    vdi=$(xe "vdi-list sr-uuid=$sr --minimal")
    vbd=$(plug_with "$vdi" 1 qos_algorithm_type=ionice qos_algorithm_params:sched=best-effort qos_algorithm_params:class=lowest)
    check "device: vbd-plug into the running guest" [ ${#vbd} = 36 ]
    expect "device: the guest reads what it wrote" "$(sum_of a)" "$(in_guest a)"
    check "device: the kernel's thread has the priority that was asked" wait_for 20 is_nice "$(domid_of disky).xvdb-" "best-effort: prio 7"
    expect "device: which the record offers, and no more" ionice "$(xe "vbd-param-get uuid=$vbd param-name=qos_supported_algorithms")"
    check "device: unplugged" unplug "$vbd"
    expect "device: it has the bytes" "$(sum_of a)" "$(dom0 "dd if=$lvm_dev bs=64k count=16 2>/dev/null | md5sum" | cut -d' ' -f1)"
    xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "device: sr-forget" xe "sr-forget uuid=$sr"
    dom0 "rm -r /srv/devices; wipefs -qa $lvm_dev"
}

files() {
    local sr vdi vbd one two
    sr=$(xe "sr-create name-label=file type=file device-config:location=/srv/sr-file")
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=64MiB")
    vbd=$(plug_with "$vdi" 1 qos_algorithm_type=throttle qos_algorithm_params:kbps=256)
    expect "file: the guest reads what it wrote" "$(sum_of a)" "$(in_guest a)"
    one=$(xe "vdi-snapshot uuid=$vdi")
    expect "file: with a snapshot it writes on" "$(sum_of b)" "$(in_guest b)"
    two=$(xe "vdi-snapshot uuid=$vdi")
    expect "file: with a second one it reads what it wrote" "$(sum_of b)" "$(sum_in_guest)"
    expect "file: and writes on" "$(sum_of c)" "$(in_guest c)"
    limited "$vbd"
    xe "vdi-destroy uuid=$two"
    check "file: without the second one the chain is merged under the guest" wait_for 60 merged "$sr"
    expect "file: which reads what it wrote" "$(sum_of c)" "$(sum_in_guest)"
    check "file: unplugged" unplug "$vbd"
    expect "file: the snapshot has its bytes" "$(sum_of a)" "$(sum_of_vdi "$one")"
    expect "file: the disk has the last ones" "$(sum_of c)" "$(sum_of_vdi "$vdi")"
    for d in $vdi $one; do xe "vdi-destroy uuid=$d"; done
    xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "file: sr-destroy" xe "sr-destroy uuid=$sr"
}
# A layer that QEMU is taking in is gone after the next scan.
merged() { xe "sr-scan uuid=$1" && [ "$(bases_of "$1")" = 1 ]; }
# 3 MiB at 256 KiB/s cannot take less than eight seconds, whatever burst is allowed at the start.
limited() {
    local start=$SECONDS
    ask disky 'dd if=/dev/zero of=/dev/xvdb bs=64k count=48 seek=512 conv=fsync 2>/dev/null' >/dev/null
    check "file: throttled, 3 MiB at 256 KiB/s take their time ($((SECONDS - start)) s)" [ $((SECONDS - start)) -ge 8 ]
    contains "file: which the record offers" throttle "$(xe "vbd-param-get uuid=$1 param-name=qos_supported_algorithms")"
}

device
files
stop_disky
expect "nothing is left" "$before" "$(storage_left)"
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
