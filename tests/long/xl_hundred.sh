#!/bin/bash
# A hundred guests at once: one command starts them, one ends them, and the list is the original's.
# timeout: 1800
. tests/e2e/xl_lib.sh
before=$(leftovers)
dom0 'mkdir -p /tmp/hundred; awk "{ for (i = 1; i <= 100; i++) { line = \$0; sub(/^name.*/, \"name=\\\"g\" i \"\\\"\", line)
    print line >(\"/tmp/hundred/\" i \".cfg\") } }" /etc/xen/stub-pv.cfg'
said=$(T=900 dom0 'xl create -q /tmp/hundred/*.cfg 2>&1; echo status=$?')
expect "one command starts a hundred guests" "status=0" "$(tail -n 1 <<<"$said")"
expect "each has a line of its own" 100 "$(grep -c '/[0-9]*.cfg: created$' <<<"$said")"
expect "all of them run" 100 "$(dom0 'xl list' | grep -c '^g[0-9]')"
# but for the times, which go on
lists() { dom0 "$1 list | awk '{\$NF = \"\"; print}' | tr rb --"; }
expect "the list is the original's" "$(lists $OXL)" "$(lists xl)"
expect "no two have the same number" 100 "$(dom0 "xl list" | awk '/^g[0-9]/ {print $2}' | sort -u | grep -c .)"
expect "each has its monitor" 100 "$(dom0 'pgrep -xc xl')"
said=$(T=300 dom0 'xl destroy $(xl list | awk "/^g[0-9]/ {print \$1}") 2>&1; echo status=$?')
expect "one command ends them" "status=0" "$(tail -n 1 <<<"$said")"
dom0 'rm -r /tmp/hundred'
clean "nothing is left of them" "$before"
