#!/bin/bash
# Guests that crash, guests that move into a new domain, the host's address, through xe and XenAPI.
# timeout: 340
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
"$LAB" put tests/e2e/xapi_vm.py tests/e2e/xapi_power.py tests/e2e/xapi_crash.py /root/
T=260 dom0 'python3 /root/xapi_crash.py'
check "the script came to its end" [ $? = 0 ]
contains "the log says it once" "1" "$(dom0 "grep -c 'keeper ended (crash): preserve' /tmp/xapi-lite.log")"

# what clients are told of the host
pif=$(xe pif-list --minimal | cut -d, -f1)
xe "host-management-reconfigure pif-uuid=$pif" >/dev/null
expect "host-management-reconfigure: the card's address is the host's" "$(xe "pif-param-get uuid=$pif param-name=IP")" \
    "$(xe host-list params=address --minimal)"
service_down && service_up keep
expect "also after a restart" "$(xe "pif-param-get uuid=$pif param-name=IP") true" \
    "$(xe host-list params=address --minimal) $(xe "pif-param-get uuid=$pif param-name=management")"
dom0 'tail -5 /tmp/xapi-lite.log' | sed 's/^/# /'
service_down >/dev/null
exit $failed
