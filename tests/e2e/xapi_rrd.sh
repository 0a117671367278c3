#!/bin/bash
# Figures of a real guest: what it does inside shows in rrd_updates, the archives, the data sources and /metrics.
# timeout: 400
. tests/e2e/xapi_lib.sh

# url PATH: what the service answers root on the local socket.
url() { dom0 "curl -s -m 20 --unix-socket /var/lib/xcp/xapi 'http://xapi$1'"; }
# latest NAME...: the newest known values of the guest's sources, in the order asked, one a line.
latest() {
    url "/rrd_updates?start=-40&cf=AVERAGE&vm_uuid=$vm&json=true" | python3 -c '
import json, sys
d = json.load(sys.stdin)
names = [e.split(":", 3)[3] for e in d["meta"]["legend"]]
for want in sys.argv[1:]:
    i = names.index(want) if want in names else -1
    known = [float(r["values"][i]) for r in d["data"] if r["values"][i] != "NaN"] if i >= 0 else []
    print(known[0] if known else "unknown")' "$@"
}
# within LOW HIGH NAME: of the newest value.
within() { latest "$3" | awk -v low="$1" -v high="$2" '{ok = $1 != "unknown" && $1 >= low && $1 <= high} END {exit !ok}'; }
# most NAME: the greatest of the last 40 s.
most() {
    url "/rrd_updates?start=-40&cf=AVERAGE&vm_uuid=$vm" | python3 -c '
import sys, xml.etree.ElementTree as x
r = x.parse(sys.stdin).getroot()
i = [e.text.split(":", 3)[3] for e in r.find("meta/legend")].index(sys.argv[1])
print(max([0] + [float(w.findall("v")[i].text) for w in r.iter("row") if w.findall("v")[i].text != "NaN"]))' "$1"
}
at_least() { awk "BEGIN {exit !($(most "$2") >= $1)}"; }

check "the service starts" service_up
sr=$(dom0 'mkdir -p /srv/figures && xe sr-create name-label=figures type=file content-type=user device-config:location=/srv/figures')
vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=64MiB")
net=$(xe 'network-list bridge=xenbr0 --minimal')
template=$(xe 'template-list name-label="Linux PVH" --minimal')
vm=$(xe "vm-install template=$template new-name-label=busy")
dom0 "xe vm-param-set uuid=$vm PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args='console=hvc0 quiet' PV-bootloader= &&
  xe vm-memory-limits-set uuid=$vm static-min=64MiB dynamic-min=64MiB dynamic-max=96MiB static-max=96MiB &&
  xe vbd-create vm-uuid=$vm vdi-uuid=$vdi device=0 mode=RW type=Disk &&
  xe vif-create vm-uuid=$vm network-uuid=$net device=0 mac=random && xe vm-start uuid=$vm" >/dev/null
check "the guest runs" state_is "$vm" running
[ $failed = 0 ] || exit 1

# ---- what the guest does shows
ask busy 'ip link set eth0 up; ip addr add 192.168.128.77/24 dev eth0; (while :; do :; done) & sleep 0.1; echo' >/dev/null
check "a guest that computes uses its CPU" wait_for 25 at_least 0.4 cpu0 # Dom0 has the same CPU
check "and so does its share of all its CPUs" at_least 0.4 cpu_usage
check "its memory is what it has" within 60000000 110000000 memory
contains "the data source says the same" "0." "$(xe "vm-data-source-query uuid=$vm data-source=cpu_usage")"
ask busy 'kill %1; for i in 1 2 3 4 5 6; do dd if=/dev/zero of=/dev/xvda bs=64k count=64 conv=fsync 2>/dev/null; done; dd if=/dev/xvda of=/dev/null bs=64k count=64 2>/dev/null; for i in 1 2 3 4 5 6 7 8 9; do ping -c 20 -i 0.01 -s 1400 192.168.128.1 >/dev/null; done; echo' >/dev/null
check "what it writes to its disk shows" wait_for 15 at_least 100000 vbd_xvda_write
check "with the requests" wait_for 15 at_least 1 vbd_xvda_iops_total
check "what it sends shows" wait_for 15 at_least 5000 vif_0_tx
check "and what it receives" wait_for 15 at_least 5000 vif_0_rx

# ---- the metrics records are fed from the same sample, without an event for each figure
vbd=$(xe "vbd-list vm-uuid=$vm --minimal") vif=$(xe "vif-list vm-uuid=$vm --minimal")
cat >/tmp/rrd.$$.py <<'PY'
# Prints VCPUs_utilisation, its age, and the events that reading figures has caused.
import http.client, json, socket, sys, time, calendar
def call(method, *params):
    s = socket.socket(socket.AF_UNIX)
    s.connect("/var/lib/xcp/xapi")
    h = http.client.HTTPConnection("xapi")
    h.sock = s
    h.request("POST", "/jsonrpc", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
    return json.loads(h.getresponse().read())["result"]
s = call("session.login_with_password", "root", "", "1.0", "test")
classes = ["VM_metrics", "VIF_metrics", "VBD_metrics", "PIF_metrics", "host_metrics"]
token = call("event.from", s, classes, "", 5.0)["token"]
end = time.time() + 12
events = 0
while time.time() < end:
    for c in classes:
        call(c + ".get_all_records", s)
    batch = call("event.from", s, classes, token, 1.0)
    token, events = batch["token"], events + len([e for e in batch["events"] if e["class"] != "host_metrics"])
vm = call("VM.get_record", s, call("VM.get_by_uuid", s, sys.argv[1]))
m = call("VM_metrics.get_record", s, vm["metrics"])
age = time.time() - calendar.timegm(time.strptime(m["last_updated"].replace("-", ""), "%Y%m%dT%H:%M:%SZ"))
vif = call("VIF_metrics.get_record", s, call("VIF.get_metrics", s, vm["VIFs"][0]))
print("utilisation", m["VCPUs_utilisation"].get("0"), "memory", m["memory_actual"], "age", round(age), "vif", vif["io_write_kbs"], "events", events)
PY
"$LAB" put /tmp/rrd.$$.py /tmp/figures.py
rm -f /tmp/rrd.$$.py
ask busy '(while :; do ping -c 20 -i 0.01 -s 1400 192.168.128.1 >/dev/null; dd if=/dev/zero of=/dev/xvda bs=64k count=16 conv=fsync 2>/dev/null; done) & echo' >/dev/null
kbs() { xe "$1-param-get uuid=$2 param-name=$3" | awk '{exit !($1 > 1)}'; }
check "a VIF says what the guest writes to it, in KiB/s" wait_for 25 kbs vif "$vif" io_write_kbs
check "and a VBD" wait_for 25 kbs vbd "$vbd" io_write_kbs
said=$(dom0 "python3 /tmp/figures.py $vm")
echo "# $said"
sane() { awk '{exit !($2 > 0.01 && $2 <= 1.05 && $4 > 6e7 && $6 <= 15)}' <<<"$said"; }
check "VM_metrics has the use of each virtual CPU and the memory, some seconds old" sane
contains "figures that change are no events" "events 0" "$said"
ask busy 'kill %2; kill %1; echo' >/dev/null
check "a guest at rest does not use its CPU" wait_for 25 within 0 0.25 cpu0
host=$(url '/rrd_updates?start=-60&host=true&vm_uuid=none&sr_uuid=all')
contains "the SR's figures stand with the host's" ":iops_write_${sr:0:8}<" "$host"
contains "the SR has its own" "AVERAGE:sr:$sr:physical_utilisation<" "$host"
contains "and the host its CPUs" ":cpu_avg<" "$host"

# ---- documents
url "/vm_rrd?uuid=$vm" >/tmp/rrd.$$.xml
contains "the whole archive is there" "<pdp_per_row>17280</pdp_per_row>" "$(cat /tmp/rrd.$$.xml)"
if command -v rrdtool >/dev/null; then
    sed -Ei 's|<name>([^<]{19})[^<]*|<name>\1|g' /tmp/rrd.$$.xml # rrdtool knows no longer names
    check "rrdtool takes it" rrdtool restore -f /tmp/rrd.$$.xml /tmp/rrd.$$.rrd
    contains "with what was measured" "ds[cpu0].type = \"DERIVE\"" "$(rrdtool info /tmp/rrd.$$.rrd)"
else
    skip "rrdtool takes it" "the package rrdtool is not installed"
fi
rm -f /tmp/rrd.$$.*
url /metrics >/tmp/rrd.$$.prom
contains "Prometheus sees the guest" "name=\"busy\"" "$(cat /tmp/rrd.$$.prom)"
if command -v promtool >/dev/null; then
    expect "promtool check metrics has no remark" "" "$(promtool check metrics </tmp/rrd.$$.prom 2>&1)"
fi
rm -f /tmp/rrd.$$.prom

# ---- who may ask, and for what
unknown=00000000-0000-4000-8000-000000000000
cat >/tmp/rrd.$$.cases <<E
401 http://127.0.0.1/rrd_updates?start=0
401 http://127.0.0.1/vm_rrd?uuid=$vm
401 http://127.0.0.1/host_rrd
401 http://127.0.0.1/sr_rrd?uuid=$sr
401 http://127.0.0.1/metrics
400 http://xapi/rrd_updates
400 http://xapi/rrd_updates?start=soon
400 http://xapi/rrd_updates?start=0&cf=MEDIAN
400 http://xapi/rrd_updates?start=0&interval=x
400 http://xapi/rrd_updates?start=0&vm_uuid=../../state
400 http://xapi/vm_rrd
400 http://xapi/vm_rrd?uuid=..%2Fstate
404 http://xapi/rrd_updates?start=0&vm_uuid=$unknown
404 http://xapi/vm_rrd?uuid=$unknown
200 http://xapi/rrd_updates?start=0&vm_uuid=none
E
"$LAB" put /tmp/rrd.$$.cases /tmp/rrd.cases
rm -f /tmp/rrd.$$.cases
while read -r want got path; do
    case $want in
    401) expect "by TCP nobody gets ${path#http://127.0.0.1} without a password" 401 "$got" ;;
    *) expect "${path#http://xapi} is answered with $want" "$want" "$got" ;;
    esac
done < <(dom0 'while read -r want url; do
    case $url in http://xapi*) how="--unix-socket /var/lib/xcp/xapi" ;; *) how= ;; esac
    echo "$want $(curl -s -m 20 -o /dev/null -w "%{http_code}" --path-as-is $how "$url") $url"
done </tmp/rrd.cases')

# ---- restart, record, forget
known() { url "/vm_rrd?uuid=$vm&json=1" | python3 -c '
import json, sys
print(sum(r[0] != "NaN" for r in json.load(sys.stdin)["rra"][0]["database"]))'; }
before=$(known)
service_kill
check "the service comes back after kill -9" service_up keep
check "and has every row it had" [ "$(known)" -ge "$((before - 1))" ]
check "and goes on" wait_for 20 within 0 1 cpu0
dom0 "xe vm-data-source-record uuid=$vm data-source=vif_0_rx_errors && xe vm-data-source-forget uuid=$vm data-source=memory_target"
contains "a source is archived when it is recorded" "<name>vif_0_rx_errors<" "$(url "/vm_rrd?uuid=$vm" | head -c 20000)"
sleep 6
case $(url "/vm_rrd?uuid=$vm" | head -c 20000) in
*memory_target*) not_ok "a forgotten source stays away" "it is archived again" ;;
*) ok "a forgotten source stays away" ;;
esac
expect "an unknown one is refused" 1 "$(xe "vm-data-source-record uuid=$vm data-source=nonsense" >/dev/null 2>&1; echo $?)"
xe "vm-shutdown uuid=$vm force=true" >/dev/null
contains "a halted guest keeps its figures" "<name>cpu0</name>" "$(url "/vm_rrd?uuid=$vm" | head -c 20000)"

# ---- what was measured goes along with a VM
other=$(xe "vm-clone uuid=$vm new-name-label=other")
expect "PUT /rrd takes the archives of another VM" 200 \
    "$(dom0 "curl -s --unix-socket /var/lib/xcp/xapi 'http://xapi/vm_rrd?uuid=$vm' >/tmp/vm.xml
        curl -s -o /dev/null -w '%{http_code}' -T /tmp/vm.xml --unix-socket /var/lib/xcp/xapi 'http://xapi/rrd?uuid=$other'")"
rows() { dom0 "curl -s --unix-socket /var/lib/xcp/xapi 'http://xapi/vm_rrd?uuid=$1' | grep -o '<database>.*' | sed 's/<cdp_prep>.*<database>//' | grep -o '<v>[0-9][^<]*' | sort | md5sum"; }
check "all of them" [ "$(rows "$vm")" = "$(rows "$other")" ]
expect "what is none is refused" 400 "$(dom0 "echo '<rrd/>' | curl -s -o /dev/null -w '%{http_code}' -T - --unix-socket /var/lib/xcp/xapi 'http://xapi/rrd?uuid=$other'")"
service_down >/dev/null
exit $failed
