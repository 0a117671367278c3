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
dom0 'xl destroy pv; xl pci-assignable-remove -r 00:10.0' 2>/dev/null
