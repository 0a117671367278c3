#!/bin/bash
# Fifty VMs of xapi-lite with a disk each: cloned, started; beside cp and the original xl with the same guests.
. tests/bench/lib.sh
measure_in_dom0 || exit 1
on 'rm -rf /var/lib/xapi-lite /srv/bench; mkdir -p /srv/bench /usr/local/share/xapi-lite /var/lib/xcp'
"$LAB" put configs/pam/xapi-lite /etc/pam.d/xapi-lite
"$LAB" put configs/xapi-lite/* /usr/local/share/xapi-lite/
on 'nohup xapi-lite --config /dev/null --login-delay=0 >/tmp/bench.log 2>&1 </dev/null & echo $! >/tmp/bench.pid
    for i in $(seq 200); do xe host-list --minimal >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1' || exit 1
# one guest as stub-pv.cfg has it, with a disk in a qcow2 file
on 'set -e
    kernel=$(sed -n "s/^kernel *= *\"\(.*\)\"/\1/p" /etc/xen/stub-pv.cfg)
    memory=$(sed -n "s/^memory *= *\([0-9]*\).*/\1/p" /etc/xen/stub-pv.cfg)MiB
    sr=$(xe sr-create name-label=bench type=file device-config:location=/srv/bench)
    vm=$(xe vm-create name-label=origin)
    xe vm-param-set uuid=$vm domain-type=pv PV-kernel=$kernel
    xe vm-memory-limits-set uuid=$vm static-min=$memory dynamic-min=$memory dynamic-max=$memory static-max=$memory
    vdi=$(xe vdi-create sr-uuid=$sr name-label=d virtual-size=1GiB)
    xe vbd-create vm-uuid=$vm vdi-uuid=$vdi device=0 >/dev/null
    for i in $(seq 50); do
        cp /srv/bench/$vdi.qcow2 /srv/disk$i.qcow2
        (cat /etc/xen/stub-pv.cfg | sed "s/^name.*/name=\"many$i\"/"; echo "disk=[\"/srv/disk$i.qcow2,qcow2,xvda,rw\"]") >/tmp/many$i.cfg
    done
    echo "for i in \$(seq 50); do xe vm-clone uuid=$vm new-name-label=many\$i >/dev/null || exit 1; done" >/tmp/clone.sh
    echo "for i in \$(seq 50); do cp --sparse=always /srv/bench/$vdi.qcow2 /srv/copy\$i.qcow2; done; sync" >/tmp/copy.sh' || exit 1
both "VM.clone of 50, beside 50 cp" 1 "sh /tmp/clone.sh" "sh /tmp/copy.sh"
files=$(printf '/tmp/many%d.cfg ' $(seq 50))
gone='xl destroy $(xl list | awk "/^many/ {print \$2}") >/dev/null; sleep 2'
T=2400 both "VM.start of 50" 1 "sh -c 'for i in \$(seq 50); do xe vm-start vm=many\$i; done'" \
    "sh -c 'for f in $files; do $OXL create -q \$f; done'" "$gone"
on 'kill $(cat /tmp/bench.pid); sleep 1; rm -rf /var/lib/xapi-lite /srv/bench /srv/disk* /srv/copy* /tmp/many*.cfg'
exit 0
