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

# a config with everything in hundreds
on 'python3 - >/tmp/large.cfg <<E
print("name = \"large\"\ntype = \"hvm\"\nmemory = 64\nvcpus = 64")
print("disk = [" + ",".join("\"/dev/vg/d%d,raw,xvd%s%s,rw\"" % (i, chr(97 + i // 26), chr(97 + i % 26)) for i in range(200)) + "]")
print("vif = [" + ",".join("\"mac=00:16:3e:00:%02x:%02x,bridge=br%d,rate=10MB/s\"" % (i >> 8, i & 255, i) for i in range(200)) + "]")
print("cpus = [" + ",".join("\"0-%d\"" % (i % 8) for i in range(64)) + "]")
print("\n".join("# a line of comment, number %d" % i for i in range(2000)))
E'
both "xl create -n, a large config" 7 "xl create -q -n /tmp/large.cfg" "$OXL create -q -n /tmp/large.cfg"

# a guest with its memory away and back
on 'xl create -q /etc/xen/pvh.cfg; sleep 20'
both "xl save -c, 128 MiB" 3 "xl save -c pvh /tmp/bench.save" "$OXL save -c pvh /tmp/bench.save"
on "$OXL destroy pvh" 2>/dev/null
both "xl restore, 128 MiB" 3 "xl restore /tmp/bench.save" "$OXL restore /tmp/bench.save" "$OXL destroy pvh"
on 'rm -f /tmp/bench.save'

# thirty small guests, then the list of fifty
on 'for i in $(seq 50); do sed "s/^name.*/name=\"many$i\"/" /etc/xen/stub-pv.cfg >/tmp/many$i.cfg; done'
files=$(printf '/tmp/many%d.cfg ' $(seq 30))
gone='xl destroy $(xl list | awk "/^many/ {print \$1}") >/dev/null'
both "start of 30 small guests" 3 "xl create -q $files" \
    "sh -c 'for f in $files; do $OXL create -q \$f; done'" "$gone"
on "xl create -q $(printf '/tmp/many%d.cfg ' $(seq 50)) >/dev/null"
both "xl list, 50 guests" 9 "xl list" "$OXL list"
on "$gone; rm -f /tmp/many*.cfg"
exit 0
