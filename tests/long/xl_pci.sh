#!/bin/bash
# PCI devices passed through, on real Xen with an IOMMU, beside the original.
# lab: --pci
# timeout: 900
. tests/e2e/xl_lib.sh
said=$(dom0 'xl pci-assignable-add 00:10.0' 2>&1)
contains "pci-assignable-add without xen-pciback says what to load" "modprobe xen-pciback" "$said"
said=$(dom0 'modprobe xen-pciback; xl pci-assignable-add 0f:10.0' 2>&1)
contains "pci-assignable-add of a device that is not there says so" "has no device 0f:10.0" "$said"
expect "pci-assignable-list --json names it" 0000:00:10.0 \
    "$(dom0 'xl pci-assignable-add -n nic 00:10.0; xl pci-assignable-list --json' 2>/dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["bdf"])')"
dom0 'xl pci-assignable-remove 00:10.0' 2>/dev/null
differ tests/e2e/xl_cases_pci.tsv
said=$(dom0 'xl create -q /etc/xen/pv.cfg "pci=[\"00:10.0\"]"' 2>&1)
contains "create with a device that is not ready says how to make it so" "xl pci-assignable-add" "$said"
dom0 'xl pci-assignable-add 00:10.0; xl create -q /etc/xen/pv.cfg "pci=[\"00:10.0\"]"' >/dev/null 2>&1
contains "create gives it to the guest" 0000:00:10.0 "$(dom0 'xl pci-list pv')"
expect "pci-list --json is as docs/json.md says" "" "$(dom0 'xl pci-list pv --json' 2>/dev/null | python3 tests/e2e/json_schema.py pci-list 2>&1 || echo "status $?")"
dom0 'xl destroy pv; xl pci-assignable-remove -r 00:10.0' 2>/dev/null

# the same through XenAPI: other_config:pci
. tests/e2e/xapi_lib.sh
check "the service starts" service_up
vm=$(xe vm-create name-label=withpci)
xe "vm-param-set uuid=$vm domain-type=pv PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd \
    memory-static-min=64MiB memory-dynamic-min=128MiB memory-dynamic-max=128MiB memory-static-max=128MiB \
    other-config:pci=0/0000:00:10.0"
expect "vm-start takes the device from Dom0's driver" "" "$(xe "vm-start uuid=$vm" 2>&1)"
contains "and gives it to the guest" 0000:00:10.0 "$(dom0 'xl pci-list withpci')"
said=$(xe "vm-suspend uuid=$vm" 2>&1)
contains "such a guest cannot be suspended" "PCI" "$said"
xe "vm-shutdown uuid=$vm --force"
expect "after its end the device is free" "" "$(dom0 'xl pci-list withpci 2>/dev/null')"
service_down >/dev/null
dom0 'xl pci-assignable-remove -r 00:10.0' 2>/dev/null
exit $failed
