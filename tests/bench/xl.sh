#!/bin/bash
# xl beside the original xl, in one lab, one after the other.
. tests/bench/lib.sh
measure_in_dom0 || exit 1
on 'cat > /tmp/bench.cfg <<E
name = "bench"
type = "pv"
memory = 96
kernel = "/srv/guests/vmlinux"
ramdisk = "/srv/guests/initrd"
E
sed "s/^name.*/name=\"bench\"/" /etc/xen/stub-pv.cfg > /tmp/stub.cfg'
both "xl list" 15 "xl list" "$OXL list"
both "xl list -l" 7 "xl list -l" "$OXL list -l"
both "xl create -n" 15 "xl create -q -n /tmp/bench.cfg" "$OXL create -q -n /tmp/bench.cfg"
both "xl create PV, to running" 7 "xl create -q /tmp/stub.cfg" "$OXL create -q /tmp/stub.cfg" "$OXL destroy bench"
prepare="$OXL create -q -e /tmp/stub.cfg & sleep 1.5"
on "$prepare"
both "xl destroy" 7 "xl destroy bench" "$OXL destroy bench" "$OXL create -q /tmp/stub.cfg; sleep 0.3"
on "$OXL destroy bench" 2>/dev/null
exit 0
