#!/bin/bash
# A real Prometheus server scrapes xentop --listen (on kept samples), and promtool reads its metrics.
# timeout: 120
cd "$(dirname "$0")/../.." || exit 1
top=$PWD/${BUILD:-build}/bin/xentop
kept=$PWD/tests/golden/top/kept
failed=0
ok() { echo "ok xentop and Prometheus: $1"; }
not_ok() {
    echo "not ok xentop and Prometheus: $1 - $2"
    failed=1
}
command -v promtool >/dev/null && command -v prometheus >/dev/null || {
    echo "skip xentop and Prometheus - the package prometheus is not installed"
    exit 0
}
for sample in real many hostile; do
    said=$($top --prometheus --replay "$kept/$sample.jsonl" | promtool check metrics 2>&1)
    if [ -z "$said" ]; then
        ok "promtool check metrics has no remark on $sample"
    else
        not_ok "promtool check metrics has no remark on $sample" "$(echo "$said" | head -1)"
    fi
done

work=$(mktemp -d)
trap 'kill $server $prometheus 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
port=$((20000 + $$ % 20000))
"$top" --listen 127.0.0.1:$port --replay "$kept/real.jsonl" 2>"$work/xentop.log" &
server=$!
cat >"$work/prometheus.yml" <<E
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: xentop
    static_configs: [ { targets: [ "127.0.0.1:$port" ] } ]
E
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
    --web.listen-address=127.0.0.1:$((port + 1)) >"$work/prometheus.log" 2>&1 &
prometheus=$!
# query EXPRESSION: the value of the first result, or nothing.
query() {
    python3 - "http://127.0.0.1:$((port + 1))/api/v1/query" "$1" <<'PY' 2>/dev/null
import json
import sys
import urllib.parse
import urllib.request
url = sys.argv[1] + "?" + urllib.parse.urlencode({"query": sys.argv[2]})
print(json.load(urllib.request.urlopen(url, timeout=5))["data"]["result"][0]["value"][1])
PY
}
for _ in $(seq 60); do
    [ "$(query 'up{job="xentop"}')" = 1 ] && break
    sleep 0.5
done
for pair in 'up{job="xentop"}=1' 'xen_domain_vcpus{name="g1",domid="1"}=2' 'count(xen_domain_vbd_read_requests_total{device="xvda"})=1' \
    'xen_physical_memory_total_bytes=3220684800'; do
    got=$(query "${pair%=*}")
    if [ "$got" = "${pair##*=}" ]; then ok "it knows ${pair%=*}"; else
        tail -3 "$work"/*.log | sed 's/^/# /'
        not_ok "it knows ${pair%=*}" "got \"$got\""
    fi
done
# Every expression of the dashboard: no metric that xentop does not have, no mistake.
refused=$(python3 - configs/grafana-xentop.json "http://127.0.0.1:$((port + 1))/api/v1/query" <<'PY'
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
for panel in json.load(open(sys.argv[1]))["panels"]:
    for target in panel["targets"]:
        e = target["expr"].replace("$__rate_interval", "1m").replace("$host", ".*").replace("$domain", ".*")
        try:
            urllib.request.urlopen(sys.argv[2] + "?" + urllib.parse.urlencode({"query": e}), timeout=5)
        except urllib.error.HTTPError as err:
            print(panel["title"], err.read().decode())
PY
)
if [ -z "$refused" ]; then ok "it understands each expression of the dashboard"; else
    not_ok "it understands each expression of the dashboard" "$refused"
fi
exit $failed
