#!/bin/bash
# Storage of xapi-lite on real devices: each driver from sr-create to nothing left, under a running guest.
# timeout: 900
# With names of drivers as arguments only those are tested.
# lab: --disk 2G --disk 2G
. tests/e2e/xapi_lib.sh
. tests/e2e/storage_lib.sh
check "the service starts" service_up
start_disky
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
    esac
}
for driver in ${*:-lvm ext file nfs}; do one "$driver"; done
contains "a device that is not there is told" "No such file" "$(xe 'sr-create name-label=x type=lvm device-config:device=/dev/none 2>&1')"
stop_disky
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
