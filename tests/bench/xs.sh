#!/bin/bash
# The XenStore tools beside the originals: on this machine without Xen, then in the lab.
. tests/bench/lib.sh
python3 tests/bench/xs_plain.py
measure_in_dom0 || exit 1
on 'i=0; while [ $i -lt 5 ]; do
    set --; j=0
    while [ $j -lt 100 ]; do set -- "$@" /bench/$i/entry$j "value-$i-$j"; j=$((j + 1)); done
    /usr/lib/xen-4.17/bin/xenstore-write "$@" || exit 1
    i=$((i + 1))
done'
both "lab: xenstore-ls -f, 500 nodes" 3 "xenstore-ls -f" "/usr/lib/xen-4.17/bin/xenstore-ls -f"
both "lab: xenstore-ls -f, 100 nodes" 5 "xenstore-ls -f /bench/1" "/usr/lib/xen-4.17/bin/xenstore-ls -f /bench/1"
both "lab: xenstore-read" 9 "xenstore-read /bench/1/entry1" "/usr/lib/xen-4.17/bin/xenstore-read /bench/1/entry1"
both "lab: xenstore-write, 2 pairs" 9 "xenstore-write /bench/a 1 /bench/b 2" "/usr/lib/xen-4.17/bin/xenstore-write /bench/a 1 /bench/b 2"
on 'xenstore-rm /bench'
