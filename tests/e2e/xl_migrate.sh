#!/bin/bash
# Save, restore and migration, ours and the original's as each other's peer. The transport is a script in place of
# ssh: everything else is as between two hosts.
# timeout: 900
. tests/e2e/xl_lib.sh
before=$(leftovers)
dom0 "printf '#!/bin/sh\nshift\nexec env PATH=/opt/xen-tools/bin:\$PATH \"\$@\"\n' >/run/to-ours
      printf '#!/bin/sh\nshift\nexec env PATH=/usr/lib/xen-4.17/bin:\$PATH \"\$@\"\n' >/run/to-original
      chmod +x /run/to-ours /run/to-original"

running() { # NAME: it runs or waits, and is the only one of its name or of a name made from it
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
    dom0 "xl save -c $guest /tmp/$guest.copy"
    running "$guest: save -c lets it run" $guest
    expect "$guest: a save to a place that is not there leaves it running" "1 $guest" \
        "$(dom0 "xl save $guest /nonexistent/x" >/dev/null 2>&1; echo $? $(dom0 "xl list $guest | awk 'NR==2 {print \$1}'"))"
    dom0 "head -c 3000000 /tmp/$guest.copy >/tmp/$guest.cut; xl destroy $guest; xl restore /tmp/$guest.cut" >/dev/null 2>&1
    running "$guest: a cut file restores nothing and leaves nothing" ""
    dom0 "xl restore /tmp/$guest.copy; rm -f /tmp/$guest.*"
    dom0 "xl migrate -s /run/to-ours $guest localhost" >/dev/null 2>&1
    running "$guest: migrates from ours to ours" $guest
    dom0 "xl migrate -s /run/to-original $guest localhost" >/dev/null 2>&1
    running "$guest: migrates from ours to the original" $guest
    if [ $guest = pvh ]; then
        # a PV guest cannot: this Xen has no shadow paging, which the original needs for it
        dom0 "$OXL migrate -s /run/to-ours $guest localhost" >/dev/null 2>&1
        running "$guest: migrates from the original to ours" $guest
    fi
    now=$(counts $guest)
    check "$guest: it is the same guest after all that ($now s)" test "${now:-0}" -ge "${was:-1}"
    [ $guest = pvh ] || dom0 "xl destroy $guest"
done

# Interrupted: one running copy, and no half of another.
cut() { # SECONDS SHELL-LINE: runs a migration, and the line after that time
    T=120 dom0 "xl migrate -s /run/to-ours pvh localhost >/tmp/migrate.log 2>&1 & p=\$!; sleep $1; $2; wait \$p; sleep 6
        for i in 1 2 3 4 5 6 7 8; do xl list | grep -q -- --incoming || break; sleep 2; done" >/dev/null 2>&1
    expect "migration: $3 leaves one running copy" pvh "$(dom0 "xl list | awk 'NR>2 {print \$1}'")"
}
cut 2 'kill -9 $p' "the sender killed early"
cut 5 'kill -9 $p' "the sender killed later"
cut 3 'kill -9 $(pgrep -of "^xl migrate-receive")' "the receiver killed"
cut 3 'kill -INT $p' "Ctrl-C"
said=$(dom0 'xl migrate -s false pvh nowhere' 2>&1)
contains "migration: a host that cannot be reached is named, and what to try" "false nowhere xl migrate-receive" "$said"
check "migration: the guest still answers" test -n "$(counts pvh)"
dom0 'xl destroy pvh; rm -f /run/to-ours /run/to-original /tmp/migrate.log'
clean "migration: nothing else is left in Dom0" "$before"
