#!/bin/bash
# The npm package xen-api against xapi-lite in Dom0, over both transports.
# timeout: 400
. tests/e2e/xapi_lib.sh
. tests/e2e/xapi_client_lib.sh
check "the service starts" service_up
client_open
vm=$(xe vm-create name-label=client-start)
xe "vm-param-set uuid=$vm domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0"
for transport in json-rpc xml-rpc; do
    (cd "$work" && timeout 150 node client.mjs "$work/sock" root "" $transport start) || failed=1
done
xe "vm-destroy uuid=$vm"
check "the service ends on SIGTERM" service_down
