#!/bin/bash
# The npm package xen-api drives the life of a VM: SR, disk, card, snapshot, revert, export, import, by checksums.
# timeout: 1400
. tests/e2e/xapi_lib.sh
. tests/e2e/xapi_client_lib.sh
check "the service starts" service_up
client_open
left() { dom0 'xl list | wc -l; losetup -a; mount | grep -c /srv/flow; ls -A /srv/flow; ls /sys/class/net | grep -E "^(vif|xapi)"'; }
dom0 'mkdir -p /srv/flow'
before=$(left)
(cd "$work" && timeout 1100 node flow.mjs "$work/sock" root "" /srv/flow) || failed=1
expect "nothing is left of it" "$before" "$(left)"
check "the service ends on SIGTERM" service_down
