#!/bin/bash
# xentop beside Xen's own xentop on the same host in the same second, and what it does when something is missing.
# timeout: 420
. tests/e2e/xl_lib.sh
T=240 # a busy machine takes minutes to start a guest with disks
O=$ORIGINALS/xentop
LISTEN=127.0.0.1:9617

cleanup() {
    dom0 'pkill -CONT -x "o?xenstored"; kill $(cat /tmp/listen.pid) 2>/dev/null; xl destroy top-a; xl destroy "top b"; ovs-vsctl --if-exists del-br topovs' >/dev/null 2>&1
    exit $failed
}
trap cleanup EXIT

dom0 'truncate -s 16M /srv/top1.img /srv/top2.img
for n in top-a "top b"; do cat <<E
name = "$n"
type = "pv"
memory = 128
vcpus = 2
kernel = "/srv/guests/vmlinux"
ramdisk = "/srv/guests/initrd"
E
done | split -l 6 - /tmp/top.cfg.
cat >> /tmp/top.cfg.aa <<E
vif = ["mac=00:16:3e:00:01:01,bridge=xenbr0", "mac=00:16:3e:00:01:02,bridge=xenbr0,vifname=webtop"]
disk = ["/srv/top1.img,raw,xvda,w", "/srv/top2.img,raw,xvdb,r"]
E
xl create -q /tmp/top.cfg.aa && xl create -q -p /tmp/top.cfg.ab' >/dev/null || {
    not_ok "xentop: two guests are started" "xl create failed"
    exit 1
}

# Each run beside two of Xen's xentop, before and after: tests/e2e/top_same.py.
"$LAB" put tests/e2e/top_same.py /tmp/top_same.py
same() { # NAME OPTIONS
    expect "xentop prints what Xen's xentop prints: $1" "the same" "$(dom0 "python3 /tmp/top_same.py $O xentop $2" | sed 's/, [0-9]* lines$//')"
}
same "a running guest, a paused one" "-i 1"
same "two iterations" "--batch --iterations=2 --delay=1"
same "full names, header before each domain" "-i 1 -f -r"
same "each VCPU" "-i 1 -v"
same "each network" "-i 1 -n"
same "each disk" "-i 1 -x"
same "all of it" "-i 2 -d 1 -f -r -n -x -v"
contains "xentop: a difference would be found" "the text" "$(dom0 "python3 /tmp/top_same.py $O xentop -i 1 --filter=top | head -3; cat > /tmp/wrong <<'W'
#!/bin/sh
exec xentop \"\$@\" | sed 's/ top-a / top-x /'
W
chmod 755 /tmp/wrong; python3 /tmp/top_same.py $O /tmp/wrong -i 1")"
dom0 'xl pause top-a'

json=$(dom0 'xentop --json -i 1')
field() { printf '%s' "$json" | python3 -c 'import json, sys
s = json.load(sys.stdin)
d = next(d for d in s["domains"] if d["name"] == "top-a")
print(eval(sys.argv[1]))' "$1"; }
expect "xentop: JSON has the uuid" "$(dom0 'xl vm-list | grep " top-a " | cut -d" " -f1')" "$(field 'd["uuid"]')"
expect "xentop: JSON has memory target, kind and state" "134217728 pv True" \
    "$(field 'str(d["target_bytes"]) + " " + d["kind"] + " " + str(d["paused"])')"
expect "xentop: JSON has each interface with MAC and bridge" "vif 00:16:3e:00:01:01 xenbr0 webtop 00:16:3e:00:01:02 xenbr0" \
    "$(field '" ".join(n["ifname"].rstrip("0123456789.") + " " + n["mac"] + " " + n["bridge"] for n in d["nets"])')"
expect "xentop: JSON has each disk with file and mode" "xvda /srv/top1.img w xvdb /srv/top2.img r" \
    "$(field '" ".join(v["dev"] + " " + v["params"] + " " + v["mode"] for v in sorted(d["vbds"], key=lambda v: v["id"]))')"
expect "xentop: JSON has the console and a start in the last hours" "True" \
    "$(field 'd["console"].startswith("/dev/pts/") and 0 < d["uptime_seconds"] < 86400')"

dom0 'xl unpause top-a'
# networks without a Linux bridge, which Xen's own xentop does not count
dom0 'cat >/etc/xen/scripts/vif-routed-test <<"E"
#!/bin/bash
. "${0%/*}/vif-common.sh"
case "$command" in
add | online) ip link set "$dev" up; ip route replace 10.98.0.5/32 dev "$dev" ;;
esac
[ "$command" != online ] || success
E
chmod 755 /etc/xen/scripts/vif-routed-test
ovs-vsctl add-br topovs && ip link set topovs up && ip addr add 10.98.1.1/24 dev topovs
xl network-attach top-a mac=00:16:3e:00:01:03 bridge=topovs script=vif-openvswitch vifname=topovs0
xl network-attach top-a mac=00:16:3e:00:01:04 script=vif-routed-test vifname=toprouted0' >/dev/null
ask top-a 'ip addr add 10.98.1.5/24 dev eth2; ip link set eth2 up; ip addr add 10.98.0.5/24 dev eth3; ip link set eth3 up' >/dev/null
dom0 'ping -q -c 3 -W 5 10.98.1.5; ip addr add 10.98.0.1/32 dev toprouted0; ping -q -c 3 -W 5 10.98.0.5' >/dev/null
json=$(dom0 'xentop --json -i 1')
expect "xentop: JSON counts what goes over Open vSwitch and over a routed interface" "topovs0 True toprouted0 True" \
    "$(field '" ".join(n["ifname"] + " " + str(n["rx_packets"] >= 3 and n["tx_packets"] >= 3) for n in d["nets"][2:])')"

expect "xentop: the first sample has rates, too" "True" "$(field 'any(d["cpu_percent"] > 0 for d in s["domains"])')"

# watches: what changes while it runs
dom0 '(xentop -b -d 0.5 -i 14 >/tmp/watched 2>&1 &) ; sleep 2; xl rename top-a top-c; sleep 2; xl destroy "top b"; sleep 6'
watched=$(dom0 'cat /tmp/watched')
contains "xentop: a new name is seen by a watch" " top-c " "$watched"
case $(printf '%s\n' "$watched" | tail -3) in
*"top b"*) not_ok "xentop: a destroyed domain leaves the table" "still there" ;;
*) ok "xentop: a destroyed domain leaves the table" ;;
esac
dom0 'xl rename top-c top-a'

# xenstored stops answering while xentop runs, and comes back
dom0 '(xentop -b -d 0.5 -i 20 >/tmp/stopped 2>/tmp/stopped.err &) ; sleep 2; pkill -STOP -x "o?xenstored"; sleep 1
xentop -b -i 1 >/tmp/stopped.once 2>/tmp/stopped.once.err; echo $? >>/tmp/stopped.once; pkill -CONT -x "o?xenstored"; sleep 6'
expect "xentop: without xenstored the domains are still listed, status 0" "2 rows, status 0" \
    "$(dom0 'echo $(grep -c " (null) " /tmp/stopped.once) rows, status $(tail -1 /tmp/stopped.once)')"
contains "xentop: ...and one sentence says what is missing" "XenStore does not answer" "$(dom0 'cat /tmp/stopped.once.err')"
expect "xentop: what ran before kept its names" "20" "$(dom0 'grep -c " top-a " /tmp/stopped')"

# the screen on a real terminal of Dom0, with an xenstored that answers and one that does not
cat >/tmp/top-screen.$$ <<'E'
import os, pty, re, select, struct, sys, fcntl, termios, time
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "vt100"
    os.execvp("xentop", ["xentop", "-d", "0.5"])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen = b""
def read(seconds):
    global seen
    end = time.time() + seconds
    while time.time() < end:
        if select.select([fd], [], [], 0.2)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                return
read(float(sys.argv[1]))
for key in sys.argv[2:]:
    os.write(fd, key.encode())
    read(2)
os.write(fd, b"q")
end = time.time() + 2.5
read(2.5)
done, status = os.waitpid(pid, os.WNOHANG)
while not done and time.time() < end: # the terminal closes a moment before the process ends
    time.sleep(0.05)
    done, status = os.waitpid(pid, os.WNOHANG)
text = re.sub(rb"\x1b[\[(][0-9;?]*[A-Za-z]", b" ", seen).decode(errors="replace")
for word in ("domains:", "top-a", "does not answer", "webtop"):
    print(word, word in text)
print("ended", done == pid and os.WEXITSTATUS(status) == 0)
E
"$LAB" put /tmp/top-screen.$$ /tmp/screen.py
rm -f /tmp/top-screen.$$
expect "xentop: the screen of a host, the page of a domain, the end on q" \
    "$(printf '%s\n' 'domains: True' 'top-a True' 'does not answer False' 'webtop True' 'ended True')" \
    "$(dom0 'python3 /tmp/screen.py 4 j "$(printf "\r")" q')"
expect "xentop: the screen answers keys while xenstored does not" \
    "$(printf '%s\n' 'domains: True' 'does not answer True' 'ended True')" \
    "$(dom0 '(python3 /tmp/screen.py 10 >/tmp/screen.out &); sleep 3; pkill -STOP -x "o?xenstored"; sleep 12; pkill -CONT -x "o?xenstored"; sleep 2
             grep -E "domains|answer|ended" /tmp/screen.out')"

# permission
said=$(dom0 'cp $(readlink -f $(command -v xentop)) /tmp/xentop.user; chmod 755 /tmp/xentop.user; su nobody -s /bin/sh -c "/tmp/xentop.user -b -i 1" 2>&1; echo "status $?"')
contains "xentop: an ordinary user is told what to do" "not allowed to open /dev/xen/privcmd" "$said"
contains "xentop: ...with status 1" "status 1" "$said"

# metrics over HTTP
dom0 "xentop --listen $LISTEN >/tmp/listen.log 2>&1 & echo \$! >/tmp/listen.pid; sleep 2"
get() { dom0 "printf '$1 $2 HTTP/1.0\r\n\r\n' | nc -q 5 -w 10 ${LISTEN%:*} ${LISTEN#*:}"; }
page=$(get GET /metrics)
contains "xentop --listen: /metrics answers" "200 OK" "$page"
contains "xentop --listen: the type Prometheus wants" "text/plain; version=0.0.4" "$page"
contains "xentop --listen: a domain's CPU time with its labels" 'xen_domain_cpu_seconds_total{name="top-a",uuid="' "$page"
contains "xentop --listen: a disk's requests" 'device="xvda"} ' "$(printf '%s' "$page" | grep xen_domain_vbd_read_requests_total)"
contains "xentop --listen: another page is not there" "404" "$(get GET /other)"
contains "xentop --listen: POST is refused" "405" "$(get POST /metrics)"
contains "xentop --listen: a port in use is said" "cannot listen on $LISTEN" "$(dom0 "timeout 5 xentop --listen $LISTEN" 2>&1)"
if command -v promtool >/dev/null; then
    said=$(printf '%s\n' "$page" | sed '1,/^\r*$/d' | promtool check metrics 2>&1)
    expect "xentop --listen: promtool check metrics has no remark" "" "$said"
else
    skip "xentop --listen: promtool check metrics" "promtool is not installed"
fi
dom0 'kill $(cat /tmp/listen.pid)'
expect "xentop --listen: ends on SIGTERM" "gone" "$(dom0 'sleep 1; kill -0 $(cat /tmp/listen.pid) 2>/dev/null || echo gone')"
