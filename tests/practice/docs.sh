#!/bin/bash
# The commands of the manual run as they stand: every block marked sh of docs/lpic-304 and of the guides.
# timeout: 1500
. tests/practice/lib.sh
dom0 'mkdir -p /usr/local/share/xapi-lite'
"$LAB" put configs/xapi-lite/* /usr/local/share/xapi-lite/

# what is as before: the process that waits for a guest's end takes it away a moment after `xl shutdown -w` has returned
as_before() { [ "$before" = "$(leftovers)" ]; }
# page FILE: its blocks, one after the other in one shell, stop at the first command that fails
page() {
    local script out status
    script=$(awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on' "$1")
    [ -n "$script" ] || return 0
    before=$(leftovers)
    out=$("$LAB" run --timeout 280 -- sh -exc "$script" 2>&1)
    status=$?
    [ $status = 0 ] || printf '%s\n' "$out" | tail -15 | sed 's/^/# /'
    expect "$1: its commands run" 0 $status
    wait_for 60 as_before
    expect "$1: leaves nothing behind" "$before" "$(leftovers)"
}
# PAGES="docs/xl.md": only these
# shellcheck disable=SC2086
for f in ${PAGES:-docs/lpic-304/*.md docs/first-day.md docs/xl.md docs/monitoring.md}; do page "$f"; done
