#!/bin/bash
# An HVM Linux of xl, then one of a record: seen, rebooted and ended through XenAPI.
# timeout: 600
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
"$LAB" put tests/e2e/xapi_vm.py tests/e2e/xapi_power.py /root/
T=500 dom0 'python3 /root/xapi_power.py hvm'
check "the script came to its end" [ $? = 0 ]
dom0 'tail -5 /tmp/xapi-lite.log' | sed 's/^/# /'
service_down >/dev/null
exit $failed
