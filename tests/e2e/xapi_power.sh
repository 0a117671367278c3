#!/bin/bash
# Ends of guests through XenAPI: clean, forced, by themselves; the service killed meanwhile.
# timeout: 400
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
"$LAB" put tests/e2e/xapi_vm.py tests/e2e/xapi_power.py /root/
T=280 dom0 'python3 /root/xapi_power.py'
check "the script came to its end" [ $? = 0 ]
dom0 'tail -5 /tmp/xapi-lite.log' | sed 's/^/# /'
service_down >/dev/null
exit $failed
