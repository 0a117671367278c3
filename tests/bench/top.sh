#!/bin/bash
# xentop beside the original with 100 small domains: CPU time of a refresh, of one shot, and memory after 1,000.
. tests/bench/lib.sh
export LAB_NAME=${LAB_NAME:-bench}hundred
O=/usr/lib/xen-4.17/bin/xentop
N=40
"$LAB" up --with hundred >/dev/null || exit 1
trap '"$LAB" down >/dev/null' EXIT
measure_in_dom0 || exit 1
measured() { T=600 on "/tmp/measure $*"; } # TIMES COMMAND...: "WALL CPU RSS"

both "xentop -b -i 1, 100 domains" 5 "xentop -b -i 1" "$O -b -i 1"

# A refresh costs what N+1 cost more than one, divided by N.
refresh() { # PROGRAM OPTIONS...
    local one many
    one=$(measured 3 "$@" -i 1) || return 1
    many=$(measured 3 "$@" -i $((N + 1))) || return 1
    awk -v one="$one" -v many="$many" -v n=$N 'BEGIN {
        split(one, a, " "); split(many, b, " ")
        printf "%.2f %.2f %d\n", (b[1] - a[1]) / n, (b[2] - a[2]) / n, b[3] }'
}
original=$(refresh $O -b -d 0)
row "xentop refresh, 100 domains" "$(refresh xentop -b -d 0)" "$original"
row "xentop -v -n -x refresh, 100 domains" "$(refresh xentop -b -d 0 -v -n -x)" "$(refresh $O -b -d 0 -v -n -x)"
row "xentop --json refresh, 100 domains" "$(refresh xentop --json -d 0)" "$original"

# Peak memory in KiB: ours after 1,000 refreshes beside ours after 20.
early=$(measured 1 xentop -b -d 0 -i 20 | awk '{print $3}')
late=$(measured 1 xentop -b -d 0 -i 1000 | awk '{print $3}')
awk -v late="$late" -v early="$early" 'BEGIN {
    printf "%-34s %-8s %12.2f %12.2f %8.2f\n", "xentop after 1,000 and 20 refreshes", "rss_kib", late, early, late / early }'
