#!/bin/bash
# The Grafana dashboard asks only for metrics that xentop has.
cd "$(dirname "$0")/../.." || exit 1
"${BUILD:-build}/bin/xentop" --prometheus --replay tests/golden/top/kept/real.jsonl >"/tmp/top-dashboard.$$" || exit 1
trap 'rm -f /tmp/top-dashboard.$$' EXIT
unknown=$(comm -23 <(grep -oE 'xen_[a-z0-9_]+' configs/grafana-xentop.json | sort -u) \
    <(awk '/^# TYPE/ { print $3 }' "/tmp/top-dashboard.$$" | sort -u))
if [ -z "$unknown" ]; then
    echo "ok xentop: the dashboard asks only for metrics that there are"
else
    echo "not ok xentop: the dashboard asks only for metrics that there are - not there:" $unknown
    exit 1
fi
