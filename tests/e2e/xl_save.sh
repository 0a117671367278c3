#!/bin/bash
# Saved domains, ours and the original's read by each other; domains asleep in memory; what the monitor does then.
# timeout: 600
. tests/e2e/xl_lib.sh
before=$(leftovers)
running() { # NAME: it is the only one of its name or of a name made from it
    expect "$1" "$2" "$(dom0 "xl list | awk 'NR>2 {print \$1}'")"
}
counts() { ask "$1" 'cut -d. -f1 /proc/uptime'; }

for guest in pv pvh; do
    dom0 "xl create -q /etc/xen/$guest.cfg"
    was=$(counts $guest)
    dom0 "xl save $guest /tmp/$guest.save"
    check "$guest: save ends the domain" is_gone $guest
    dom0 "$OXL restore /tmp/$guest.save >/dev/null 2>&1"
    now=$(counts $guest)
    check "$guest: the original restores what our xl saved, and the guest goes on ($was s, $now s)" test "${now:-0}" -ge "${was:-1}"
    dom0 "$OXL save $guest /tmp/$guest.save >/dev/null 2>&1; xl restore /tmp/$guest.save"
    now=$(counts $guest)
    check "$guest: our xl restores what the original saved ($now s)" test "${now:-0}" -ge "${was:-1}"
    [ $guest = pvh ] || dom0 "xl destroy $guest"
done
# HVM: its QEMU's state is in the file, too
ticks() {
    local before
    before=$(dom0 "xl list hvm-boot" | awk 'NR==2 {print $NF}')
    moved() { [ "$before" != "$(dom0 "xl list hvm-boot" | awk 'NR==2 {print $NF}')" ]; }
    wait_for 20 moved
}
dom0 "xl create -q /etc/xen/hvm-boot.cfg; xl save hvm-boot /tmp/pvh.hvm; $OXL restore /tmp/pvh.hvm" >/dev/null 2>&1
check "hvm: the original restores what our xl saved, and the guest goes on" ticks
dom0 "$OXL save hvm-boot /tmp/pvh.hvm; xl restore /tmp/pvh.hvm" >/dev/null 2>&1
check "hvm: our xl restores what the original saved" ticks
dom0 "xl destroy hvm-boot; rm /tmp/pvh.hvm"

dom0 "xl save -c pvh /tmp/pvh.copy"
running "save -c lets it run" pvh
check "save -c keeps its monitor" dom0 "pgrep -f '^xl restore' || pgrep -x xl"
expect "a save to a place that is not there leaves it running" "1 pvh" \
    "$(dom0 "xl save pvh /nonexistent/x" >/dev/null 2>&1; echo $? $(dom0 "xl list pvh | awk 'NR==2 {print \$1}'"))"

check "suspend" dom0 "xl suspend pvh"
check "list shows it suspended" letters pvh '^---ss-$'
said=$(dom0 "xl resume pvh && xl resume pvh" 2>&1)
contains "resume of one that is not suspended is refused" "is not suspended" "$said"
check "resume lets it go on" test "$(counts pvh)" -ge "${now:-1}"
domid=$(domid_of pvh)
dom0 "xl config-update pvh -q /etc/xen/pvh.cfg memory=144" 2>/dev/null
dialogue 60 "xl console pvh" '!\r' '?guest#' '!reboot\r' '=3' '!\x1d' >/dev/null
check "after save -c, suspend and resume its monitor still restarts it" wait_for 90 has_new_domid pvh "$domid"
expect "it has the memory of config-update then" 144 "$(dom0 "xl list pvh" | awk 'NR==2 {print $3}')"
dom0 "xl destroy pvh"

dom0 "head -c 3000000 /tmp/pvh.copy >/tmp/pvh.cut; xl restore /tmp/pvh.cut" >/dev/null 2>&1
running "a cut file restores nothing and leaves nothing" ""
said=$(dom0 "xl migrate -s false nobody nowhere; xl create -q /etc/xen/stub-pv.cfg; xl migrate -s false stub-pv nowhere" 2>&1)
contains "a host that cannot be reached is named, and what to try" "false nowhere xl migrate-receive" "$said"
running "the domain runs on here" stub-pv
dom0 "xl destroy stub-pv; rm -f /tmp/pv.* /tmp/pvh.*"
clean "nothing else is left in Dom0" "$before"
