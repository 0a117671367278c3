# Helpers of the bench scripts; source it. LAB and LAB_NAME name a lab that is up.
# shellcheck shell=bash
OXL=/usr/lib/xen-4.17/bin/xl
BUILD=${BUILD:-build}
on() { "$LAB" run --timeout "${T:-300}" -- sh -c "$*"; }

# The measuring program, in Dom0 as /tmp/measure.
measure_in_dom0() {
    ${CC:-gcc} -std=gnu11 -O2 -static -o "$BUILD/measure" tests/bench/measure.c && "$LAB" put "$BUILD/measure" /tmp/measure &&
        on chmod 755 /tmp/measure
}

# row NAME OURS ORIGINAL: OURS and ORIGINAL are "WALL CPU RSS"; prints three rows with their ratios.
row() {
    awk -v name="$1" -v ours="$2" -v orig="$3" 'BEGIN {
        split(ours, o, " "); split(orig, r, " "); split("wall_ms cpu_ms rss_kib", what, " ")
        if (o[1] == "" || r[1] == "") { printf "%-34s %-8s not measured\n", name, ""; exit 1 }
        for (i = 1; i <= 3; i++)
            printf "%-34s %-8s %12.2f %12.2f %8.2f\n", name, what[i], o[i], r[i], (r[i] > 0 ? o[i] / r[i] : 0)
    }'
}

# both NAME TIMES OURS ORIGINAL [AFTER]: measures both command lines by turns, in Dom0.
both() {
    local after=() figures
    [ -n "$5" ] && after=(-a "$5")
    figures=$("$LAB" run --timeout "${T:-900}" -- /tmp/measure "$2" "${after[@]}" -2 "exec $3" "exec $4") || return 1
    row "$1" "${figures%%$'\n'*}" "${figures##*$'\n'}"
}
