#!/bin/bash
# kill -9 of xapi-lite in the middle of its work on real devices: tests/cli/xapi-storage-kill in Dom0, for each driver.
# timeout: 2900
# lab: --disk 2G --disk 2G
# With names of drivers as arguments only those are tested; STORAGE_KILLS says how often (20).
. tests/e2e/xapi_lib.sh
. tests/e2e/storage_lib.sh
before=$(storage_left)
dom0 'mkdir -p /tmp/t/tests/cli/xapi /tmp/t/build; ln -sfn /opt/xen-tools/bin /tmp/t/build/bin'
"$LAB" put tests/cli/xapi/service.py /tmp/t/tests/cli/xapi/
"$LAB" put tests/cli/xapi-storage-kill /tmp/t/tests/cli/
killed() { # NAME SECONDS SR-CREATE...
    local kills=${STORAGE_KILLS:-20}
    echo "# $1"
    relay "$1" $((200 + kills * 45)) "STORAGE_KILLS=$kills STORAGE_SECONDS=$2 XAPI_START_S=120 STORAGE_SR='$3' /tmp/t/tests/cli/xapi-storage-kill/run"
    check "$1: all $kills kills were survived in time" [ $? = 0 ]
}
for driver in ${*:-lvm ext nfs}; do
    case $driver in
    lvm) killed lvm 12 "type=lvm device-config:device=$lvm_dev" ;;
    ext) killed ext 2 "type=ext device-config:device=$ext_dev" ;;
    nfs)
        serve_nfs /srv/sr-nfs
        killed nfs 2 "type=nfs device-config:server=127.0.0.1 device-config:serverpath=/srv/sr-nfs"
        ;;
    esac
done
expect "nothing is left" "$before" "$(storage_left)"
exit $failed
