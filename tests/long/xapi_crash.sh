#!/bin/bash
# The memory of a crashed guest as a core file.
# timeout: 600
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
"$LAB" put tests/e2e/xapi_vm.py tests/e2e/xapi_power.py tests/e2e/xapi_crash.py /root/
T=400 dom0 'python3 /root/xapi_crash.py cores'
check "the script came to its end" [ $? = 0 ]
dom0 'tail -5 /tmp/xapi-lite.log' | sed 's/^/# /'
service_down >/dev/null
exit $failed
