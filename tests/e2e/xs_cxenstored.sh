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
