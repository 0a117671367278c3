#!/bin/bash
# The Debian packages in Dom0: installed, a guest started and stopped with what they brought, purged.
# timeout: 600
# a Dom0 of its own (the memory is the usual one): a purge also takes what other tests have left of the service
# lab: --mem 3072
. "$(dirname "$0")/lib.sh"
ours="$BUILD"/deb
[ "$XEN" = 4.17 ] || {
    skip "Debian packages in Dom0" "they are made for Debian 12; this Dom0 has Xen $XEN"
    exit
}
plain='PATH=/usr/sbin:/usr/bin:/sbin:/bin'
known() { # what must be the same before and after
    T=120 dom0 'dpkg-query -W -f "\${Package} \${Version} \${db:Status-Abbrev}\n"; dpkg-divert --list
        find /usr/sbin /usr/bin/xe* /etc/pam.d /etc/*.conf /lib/systemd/system -printf "%p %M %u %l\n" | sort
        sha1sum /usr/bin/xenstore* /etc/pam.d/* /etc/*.conf /usr/lib/xen-common/bin/*
        ls -d /usr/lib/xltool /usr/lib/xenstore-tools /var/lib/xapi-lite /var/lib/xcp /usr/share/xapi-lite 2>&1'
}

# later: the same packages with a higher version
work=$(mktemp -d)
trap 'rm -rf "$work"; exit $failed' EXIT
later() {
    for deb in "$ours"/*.deb; do
        dpkg-deb -R "$deb" "$work/tree" && sed -i 's/^Version: .*/&+later/' "$work/tree/DEBIAN/control" &&
            dpkg-deb -Znone --root-owner-group -b "$work/tree" "$work/$(basename "$deb")" >/dev/null || return 1
        rm -rf "$work/tree"
    done
}

before=$(known)
"$LAB" put "$ours"/*.deb /tmp/ || not_ok "packages reach Dom0" "lab put failed"
said=$(T=120 dom0 'dpkg -i /tmp/*.deb 2>&1') && ok "packages install in Dom0" ||
    not_ok "packages install in Dom0" "$(tail -n 5 <<<"$said" | tr '\n' ';')"
contains "xl is the package's" "xl check" "$(dom0 "$plain; xl help" 2>&1 | sed 's/^ *check/xl check/')"
expect "the original is still there, by its own name" "$(dom0 "$OXL info" | grep xen_version)" \
    "$(dom0 /usr/lib/xltool/original/xl info | grep xen_version)"
check "a guest starts" dom0 "$plain; xl create -q /etc/xen/stub-pv.cfg 'name=\"packed\"'"
contains "both list it" packed "$(dom0 "$plain; xl list && xentop -b -i 1 | grep packed")"
expect "XenStore tells its name" packed "$(dom0 "$plain"'; xenstore-read /local/domain/$(xl domid packed)/name')"
later && "$LAB" put "$work"/*.deb /tmp/ || not_ok "later packages reach Dom0" "they were not made, or lab put failed"
said=$(T=120 dom0 'dpkg -i /tmp/*.deb 2>&1') && ok "packages upgrade" || not_ok "packages upgrade" "$(tail -n 5 <<<"$said" | tr '\n' ';')"
expect "all four are the later ones" 4 "$(dom0 'dpkg-query -W -f "\${Version}\n" xltool xapi-lite xenstore-tools xen-practice | grep -c later')"
check "the guest has gone on meanwhile, and ours are still first" dom0 "$plain; xl domid packed && xl help | grep -q '^ *check '"
check "a guest goes" dom0 "$plain; xl destroy packed"

# xen-practice as on a Dom0 that is no lab: its own small guests, no files of the lab's
hidden='/run/lab-ready /srv/guests /etc/xen/stub-pv.cfg /etc/xen/stub-pvh.cfg /etc/xen/hvm-boot.cfg'
practice() { T=200 dom0 "$plain XEN_PRACTICE_HERE=1; export XEN_PRACTICE_HERE; $*" 2>&1; }
dom0 "for f in $hidden; do mv \$f \$f.hidden; done"
contains "xen-practice asks whether this Dom0 may break" "XEN_PRACTICE_HERE=1" "$(dom0 "$plain; xen-practice start 3" 2>&1)"
contains "with its leave an exercise begins" "3. Start a guest" "$(practice xen-practice start 3)"
contains "it is not done yet" "Not done yet" "$(practice xen-practice check)"
said=$(practice 'xen-practice solution | sed -n "s/^    //p" | sh; ls -l /srv/guests; xen-practice check')
contains "its own solution does it, with the guest of the package" "Done: " "$said"
contains "what is not there is asked for" "the lab" "$(practice xen-practice start 7)"
contains "an exercise for HVM finds its disk, too" "11. " "$(practice xen-practice start 11)"
check "an exercise is under way when the packages go" dom0 'test -L /srv/guests/boot.img && test -d /root/practice'

dom0 'nohup /usr/sbin/xapi-lite >/tmp/xapi-lite.log 2>&1 & echo $! >/tmp/xapi-lite.pid'
check "the service answers xe" wait_for 30 dom0 "$plain; xe host-list --minimal"
dom0 'kill $(cat /tmp/xapi-lite.pid); for i in 1 2 3 4 5 6 7 8 9; do [ -d /proc/$(cat /tmp/xapi-lite.pid) ] && sleep 1; done'
said=$(T=120 dom0 'dpkg --purge xltool xapi-lite xenstore-tools xen-practice 2>&1; rm -f /tmp/*.deb /tmp/xapi-lite.*') &&
    ok "packages are purged" || not_ok "packages are purged" "$said"
check "the exercise under way went with its package" dom0 '! test -e /root/practice && ! test -e /srv/guests'
dom0 "for f in $hidden; do mv \$f.hidden \$f; done"
expect "after purge Dom0 is what it was before" "$before" "$(known)"
check "the original works again" dom0 "$plain; xl list"
