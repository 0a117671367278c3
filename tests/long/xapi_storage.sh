#!/bin/bash
# Storage of xapi-lite on real devices: each driver from sr-create to nothing left, under a running guest.
# timeout: 2400
# With names of drivers as arguments only those are tested.
# lab: --disk 2G --disk 2G
. tests/e2e/xapi_lib.sh
. tests/e2e/storage_lib.sh
check "the service starts" service_up
start_disky
make_elsewhere
before=$(storage_left)
one() {
    case $1 in
    lvm) drive lvm "device-config:device=$lvm_dev" ;;
    ext) drive ext "device-config:device=$ext_dev" ;;
    file) drive file device-config:location=/srv/sr-file ;;
    nfs)
        serve_nfs /srv/sr-nfs
        drive nfs device-config:server=127.0.0.1 device-config:serverpath=/srv/sr-nfs
        ;;
    iso) read_only_media ;;
    udev) whole_device ;;
    esac
}
read_only_media() {
    local sr vdi vbd
    sr=$(xe 'sr-create name-label=iso type=iso content-type=iso device-config:location=/srv/guests device-config:legacy_mode=true')
    vdi=$(xe 'vdi-list name-label=linux.iso --minimal')
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$vdi device=1 type=Disk mode=RO")
    check "iso: a CD image is plugged as a disk to read into the running guest" xe "vbd-plug uuid=$vbd"
    expect "iso: the guest reads it" "$(dom0 'dd if=/srv/guests/linux.iso bs=64k count=16 2>/dev/null | md5sum' | cut -d' ' -f1)" "$(sum_in_guest)"
    contains "iso: pbd-unplug waits for the guest" "in use" "$(xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal") 2>&1")"
    check "iso: unplugged" unplug "$vbd"
    check "iso: pbd-unplug" xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "iso: sr-forget" xe "sr-forget uuid=$sr"
    expect "iso: nothing is left" "$before" "$(storage_left)"
}
whole_device() {
    local sr vdi vbd
    dom0 "mkdir -p /srv/devices; ln -sf $ext_dev /srv/devices/raw"
    sr=$(xe 'sr-create name-label=udev type=udev device-config:location=/srv/devices')
    vdi=$(xe "vdi-list sr-uuid=$sr --minimal")
    expect "udev: the device has its size" 2147483648 "$(size_of_vdi "$vdi")"
    vbd=$(plug "$vdi")
    expect "udev: the guest writes to it" "$(sum_of a)" "$(in_guest a)"
    check "udev: unplugged" unplug "$vbd"
    expect "udev: the device has the bytes" "$(sum_of a)" "$(dom0 "dd if=$ext_dev bs=64k count=16 2>/dev/null | md5sum" | cut -d' ' -f1)"
    contains "udev: nothing is made in it" "not" "$(xe "vdi-create sr-uuid=$sr name-label=x virtual-size=1MiB 2>&1")"
    check "udev: pbd-unplug" xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "udev: sr-forget" xe "sr-forget uuid=$sr"
    dom0 "rm -r /srv/devices; wipefs -qa $ext_dev"
}
for driver in ${*:-lvm ext file nfs iso udev}; do one "$driver"; done
contains "a device that is not there is told" "No such file" "$(xe 'sr-create name-label=x type=lvm device-config:device=/dev/none 2>&1')"
stop_disky
check "and so does the QEMU of its disks" wait_for 20 dom0 '! pgrep -f "[d]isks-of-"'
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
