#!/bin/bash
# The life of guests under xapi-lite and xe on real Xen, together with xl.
# timeout: 900
. tests/e2e/xapi_lib.sh
check "the service starts" service_up
before=$(leftovers)

expect "Domain-0 is a VM that runs" running "$(xe vm-list is-control-domain=true params=power-state --minimal)"
contains "the host tells its Xen" "xen: $XEN" "$(xe host-list params=software-version)"
contains "host-dmesg shows Xen's messages" "(XEN)" "$(xe host-dmesg)"
free=$(xe host-compute-free-memory)
check "host-compute-free-memory is a number" [ "${free:-0}" -gt 0 ]

# a PVH guest from a record of its own
vm=$(xe vm-create name-label=first)
check "vm-create shows the UUID" [ ${#vm} = 36 ]
check "a kernel is set" xe "vm-param-set uuid=$vm domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0"
check "memory is set" xe "vm-memory-limits-set uuid=$vm static-min=96MiB dynamic-min=96MiB dynamic-max=128MiB static-max=128MiB"
check "vm-start" xe "vm-start vm=first"
expect "the record says running" running "$(xe "vm-param-get uuid=$vm param-name=power-state")"
domid=$(xe "vm-param-get uuid=$vm param-name=dom-id")
expect "xl sees the same domain" "$domid" "$(domid_of first)"
contains "it may be shut down now" clean_shutdown "$(xe "vm-param-get uuid=$vm param-name=allowed-operations")"
said=$(xe "vm-start vm=first 2>&1; echo rc=\$?")
contains "starting it again is refused with its state" "actual: running" "$said"
contains "with exit status 1" "rc=1" "$said"
said=$(dialogue 90 "xe console vm=first" '!\r' '?guest#' '!echo in-$((40+2))\r' '?in-42' '!\x1d')
check "console joins the guest's terminal, Ctrl-] leaves" [ $? = 0 ]
"$LAB" put tests/e2e/xapi_websocket.py /tmp/
check "the console answers through a WebSocket" dom0 "timeout 60 python3 /tmp/xapi_websocket.py $vm"
check "vm-pause" xe "vm-pause vm=first"
contains "xl sees it paused" p "$(state_of first)"
check "vm-unpause" xe "vm-unpause vm=first"
expect "it runs on" running "$(xe "vm-param-get uuid=$vm param-name=power-state")"

# behind the service's back
check "a guest killed by xl is seen" eval 'dom0 "xl destroy first" && wait_for 15 state_is $vm halted'
expect "its domain number is gone" -1 "$(xe "vm-param-get uuid=$vm param-name=dom-id")"
check "and started again by xe" xe "vm-start vm=first"
check "the service may be killed" service_kill
check "and started again" service_up keep
expect "the guest runs on" running "$(xe "vm-param-get uuid=$vm param-name=power-state")"
check "vm-shutdown asks the guest" xe "vm-shutdown vm=first"
expect "it is halted" halted "$(xe "vm-param-get uuid=$vm param-name=power-state")"
check "xl has it no more" is_gone first

dom0 'xl create -q /etc/xen/stub-pv.cfg'
seen() { foreign=$(xe vm-list name-label=stub-pv --minimal) && [ -n "$foreign" ]; }
check "a guest started by xl appears" wait_for 15 seen
check "as running" wait_for 20 state_is "$foreign" running
check "vm-shutdown --force ends it" xe "vm-shutdown uuid=$foreign --force"
check "xl has it no more" is_gone stub-pv
forgotten() { [ -z "$(xe "vm-list uuid=$foreign --minimal")" ]; }
check "its record goes by itself" wait_for 30 forgotten

# several at once
vm2=$(xe vm-create name-label=second)
xe "vm-param-set uuid=$vm2 domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0"
contains "two VMs need --multiple" "--multiple required" "$(xe 'vm-start power-state=halted 2>&1')"
check "vm-start --multiple starts both" xe "vm-start power-state=halted --multiple"
check "event-wait returns when a VM has halted" \
    dom0 "(sleep 2; xe vm-shutdown vm=second --force) & timeout 30 xe event-wait class=vm uuid=$vm2 power-state=halted"
check "vm-reboot --force" xe "vm-reboot vm=first --force"
check "vm-shutdown --force" xe "vm-shutdown vm=first --force"
check "vm-destroy" xe "vm-destroy uuid=$vm"
check "vm-uninstall after yes" dom0 "echo yes | xe vm-uninstall vm=second 2>/dev/null"
expect "no record is left" "" "$(xe 'vm-list is-control-domain=false --minimal')"

contains "over TCP root needs the password" "password is wrong" "$(xe '-s localhost -p 80 --nossl -u root -pw wrong vm-list 2>&1')"
clean "nothing is left of the guests" "$before"
check "the service ends on SIGTERM" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
