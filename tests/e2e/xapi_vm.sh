#!/bin/bash
# Life of guests through XenAPI: appliances, device models, checkpoints, a service that is killed.
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
"$LAB" put tests/e2e/xapi_vm.py /root/
T=280 dom0 'python3 /root/xapi_vm.py'
check "the script came to its end" [ $? = 0 ]
service_down >/dev/null
exit $failed
