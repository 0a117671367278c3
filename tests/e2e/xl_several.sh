#!/bin/bash
# Several domains with one command, on real Xen: in parallel, one line each, and the others go on when one fails.
# timeout: 240
. tests/e2e/xl_lib.sh
before=$(leftovers)
names="many1 many2 many3 many4 many5 many6"
dom0 "for n in $names; do sed \"s/^name.*/name = \\\"\$n\\\"/\" /etc/xen/stub-pv.cfg >/tmp/\$n.cfg; done"
paths=$(printf '/tmp/%s.cfg ' $names)

said=$(T=120 dom0 "xl create -q $paths vcpus=1")
expect "create of six files: a line each, in their order" "$(printf '/tmp/%s.cfg: created\n' $names)" "$said"
expect "all six run" "$(printf '%s\n' $names)" "$(dom0 'xl list' | awk '/^many/ {print $1}' | sort)"
expect "their monitors are called xl" 6 "$(dom0 'pgrep -xc xl')"
expect "...and show the domain that each is for" "$(printf 'xl create -q /tmp/%s.cfg vcpus=1\n' $names)" \
    "$(dom0 'for p in $(pgrep -x xl); do tr "\\0" " " </proc/$p/cmdline | sed "s/ *\$//"; echo; done | sort')"
said=$(dom0 "xl pause $names; echo rc=\$?")
expect "pause of six" "$(printf '%s: paused\n' $names; echo rc=0)" "$said"
check "...and they are paused" letters many6 'p'
said=$(dom0 "xl unpause many1 nobody many2 2>&1; echo rc=\$?")
contains "one that is not there: says so" "nobody: failed" "$said"
contains "...with exit status 1" "rc=1" "$said"
check "...the one behind it was done" letters many2 '^[^p]*$'
said=$(T=120 dom0 "xl create -q /tmp/many1.cfg /tmp/none.cfg 2>&1; echo rc=\$?")
contains "a name that is taken: its own reason" "a domain of this name runs already" "$said"
contains "a file that is not there: its own reason" "cannot read the config file" "$said"
said=$(dom0 "xl destroy $names; echo rc=\$?")
expect "destroy of six" "$(printf '%s: destroyed\n' $names; echo rc=0)" "$said"
clean "nothing is left of them" "$before"
