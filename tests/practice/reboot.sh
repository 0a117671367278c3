#!/bin/bash
# The exercise that restarts the host: its solution writes the arguments, and `make practice` reboots the lab with them.
# A lab of its own, as `make practice` starts it: it comes back with other arguments.
# lab: --cpus 1 --hosts 2
# timeout: 1500
. tests/practice/lib.sh
XDG_STATE_HOME=$(mktemp -d)
export XDG_STATE_HOME
trap 'rm -rf "$XDG_STATE_HOME"; exit $failed' EXIT
verdict() { dom0 'xen-practice check' 2>&1; }

contains "it can be prepared" 1100 "$(dom0 'xen-practice start 40' 2>&1)"
contains "the untouched state does not pass" "Not done yet" "$(verdict)"
dom0 "cd /root/practice && $(sed '1,/^== wrong/d; /^== /,$d' practice/exercises/40-*.ex)"
said=$(verdict)
contains "written and not restarted does not pass" "Not done yet" "$said"
contains "and says how to restart" "xen-practice reboot restarts the lab" "$said"
dom0 "cd /root/practice && $(sed '1,/^== solution/d; /^== /,$d' practice/exercises/40-*.ex | sed -n 's/^    //p')"
said=$(timeout 400 practice/practice reboot 2>&1)
contains "the lab reboots with what the file says" "The lab reboots with: dom0_mem=1100M,max:1100M dom0_max_vcpus=1" "$said"
said=$(verdict)
contains "its solution passes: the exercise is still under way after the reboot" "Done: 3 of 3 points" "$said"
contains "Xen was started with them" "dom0_max_vcpus=1" "$(dom0 xl info xen_commandline)"
echo 'GRUB_CMDLINE_XEN_DEFAULT="dom0_mem=64M"' | dom0 'cat >/etc/default/grub.d/xen.cfg; xen-practice reboot'
said=$(LAB_BOOT_TIMEOUT=120 timeout 500 practice/practice reboot 2>&1)
contains "arguments that Dom0 does not come up with: the lab starts as it was" "starts as it was" "$said"
check "and can be used" dom0 'xen-practice list >/dev/null && xl info >/dev/null'
contains "the progress has stayed" "1 of" "$(dom0 xen-practice progress)"
