#!/bin/bash
# The XenStore tools on the C xenstored: Dom0 of a lab of its own is booted again with it.
# lab: --cold
# timeout: 420
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/xs_common.sh"

c_xenstored_runs() { T=5 dom0 '[ "$(ps -o comm= -p $(cat /run/xenstore.pid))" = xenstored ] && xl list'; }
ready() { T=10 dom0 '[ -d /sys/class/net/xenbr0 ] && pgrep xenconsoled && pgrep dnsmasq'; }

dom0 "echo XENSTORED=$ORIGINALS/xenstored >> /etc/default/xen"
dom0 'sync; (sleep 0.5; reboot -f) >/dev/null 2>&1 &'
sleep 5
check "C xenstored runs" wait_for 90 c_xenstored_runs
wait_for 60 ready
all_of_it "C xenstored"

# Nodes of a new guest with their permissions, without what no two guests share.
nodes() {
    dom0 "$1 create -qp /etc/xen/pv.cfg 'uuid=\"11111111-2222-3333-4444-555555555555\"' >/dev/null 2>&1; sleep 3
        d=\$(xl domid pv); xenstore-ls -fp | sort | sed -nE \"s,/\$d([/ \\\"]),/N\1,g; s/([nrwb])\$d/\1N/g; /N[/ ]|1111/p\" |
        grep -vE '/(ring-ref|event-channel|port|tty|start_time|hotplug[a-z-]*|mac|state|tx-ring-ref|rx-ring-ref|[a-z-]*-ref)[^/]* = ' |
        sed \"s/= \\\"\$d\\\"/= N/\"; xl destroy pv"
}
theirs=$(nodes $ORIGINALS/xl)
check "the original's guest has its nodes" [ "$(grep -c . <<<"$theirs")" -gt 60 ]
expect "xl writes what the original writes, with its permissions" "$theirs" "$(nodes xl)"

# Its end; nobody uses this lab afterwards.
said=$(T=60 dom0 'timeout 40 /opt/xen-tools/bin/xenstore-watch /local >/tmp/watched 2>&1 &
    timeout 40 xentop -b -d 0.5 -i 12 >/dev/null 2>/tmp/top.err &
    sleep 3; kill $(cat /run/xenstore.pid)
    timeout 20 /opt/xen-tools/bin/xenstore-read /a 2>&1
    wait; cat /tmp/watched /tmp/top.err')
contains "xenstored ends: xenstore-watch says so" "stopped watching /local: xenstored closed the connection" "$said"
contains "xenstored ends: xenstore-read says so" "cannot reach xenstored at" "$said"
contains "xenstored ends: xentop says so" "XenStore does not answer" "$said"
