#!/bin/bash
# Networks between two guests and the outside, on Linux bridges and on Open vSwitch: VLANs, rates, what a guest may not
# send, bonds, who is cut off, kill -9, a new boot of the host.
# timeout: 1500
# With names of parts as arguments (guests_bridge, guests_openvswitch, bonds, tunnels, boot, cut_off) only those are tested.
. tests/e2e/xapi_net_lib.sh

xe() { T=${T:-200} dom0 "xe $*"; }
backend() { SERVICE_ARGS=--network-backend=$1; }
has_state() { [ "$(param pif "$1" currently-attached)" = "$2" ]; }
domid() { xe "vm-param-get uuid=$1 param-name=dom-id"; }
# A world outside of up0: untagged, and VLAN 100 with the same addresses for a guest to ask for.
world() {
    outside up0
    out "sysctl -qw net.ipv4.conf.all.arp_accept=1 net.ipv4.conf.up0-far.arp_accept=1"
    out "ip addr add 10.8.0.1/24 dev up0-far; ip addr add fd08::1/64 dev up0-far nodad"
    out "ip link add link up0-far name far.100 type vlan id 100; ip link set far.100 up"
}
# What the world has heard about an address: its MAC address, or nothing.
heard() { dom0 "ip -n out neigh show $1 | grep -o 'lladdr [0-9a-f:]*' | cut -d' ' -f2"; }
out_reaches() { dom0 "p() { ip netns exec out ping -c 1 -W 2 $1 >/dev/null; }; p || p || p || p"; }
out_cannot_reach() { dom0 "! ip netns exec out ping -c 3 -W 1 $1 >/dev/null"; }
address6() { in_guest "$1" "sysctl -qw net.ipv6.conf.eth0.accept_dad=0; ip -6 addr flush dev eth0 scope global; ip -6 addr add $2/64 dev eth0"; }

# rate FROM: KiB/s that guest FROM gets to the world.
rate() {
    dom0 'ip netns exec out sh -c "timeout 30 nc -l 7000 >/dev/null" >/dev/null 2>&1 & sleep 1'
    in_guest "$1" 'awk "{print \$1}" /proc/uptime; dd if=/dev/zero bs=64k count=48 2>/dev/null | nc 10.8.0.1 7000; awk "{print \$1}" /proc/uptime' |
        tr '\n' ' ' | awk '{print 48 * 64 / ($2 - $1)}'
}
claims() { # GUEST ADDRESS: tells everybody that ADDRESS is its own.
    in_guest "$1" "ip addr add $2/32 dev eth0; arping -U -c 3 -I eth0 -s $2 $2; arping -A -c 2 -I eth0 -s $2 $2; ip addr del $2/32 dev eth0" >/dev/null
}

# ---- guests
guests() { # BACKEND
    local card net bridge a b c va vb tagged vlan d before
    before=$(net_leftovers)
    backend "$1"
    check "$1: the service starts" service_up
    world
    card=$(xe pif-introduce device=up0)
    net=$(param pif "$card" network-uuid) bridge=$(bridge_of "$net")
    a=$(guest a) b=$(guest b)
    va=$(xe "vif-create vm-uuid=$a network-uuid=$net device=0 mac=00:16:3e:00:00:0a")
    vb=$(xe "vif-create vm-uuid=$b network-uuid=$net device=0 mac=00:16:3e:00:00:0b")
    xe "vif-param-set uuid=$va qos_algorithm_type=ratelimit qos_algorithm_params:kbps=300"
    check "$1: a guest starts" xe "vm-start vm=a"
    check "$1: a second one" xe "vm-start vm=b"
    address a eth0 10.8.0.5/24
    address b eth0 10.8.0.6/24
    address6 a fd08::5
    check "$1: they reach each other" reaches a 10.8.0.6
    check "$1: and the outside" reaches b 10.8.0.1
    check "$1: which reaches them" out_reaches 10.8.0.5
    check "$1: with IPv6, too" out_reaches fd08::5
    r=$(rate a)
    echo "# $1: $r KiB/s to the outside"
    check "$1: a rate of 300 KiB/s to the outside is kept within 20 %" awk "BEGIN {exit !($r > 240 && $r < 360)}"

    # the same bridge in a config of xl
    dom0 "printf '%s\n' 'name=\"c\"' 'kernel=\"/srv/guests/vmlinux\"' 'ramdisk=\"/srv/guests/initrd\"' 'extra=\"console=hvc0\"' 'memory=128' \
        'vif=[ \"bridge=$bridge$([ "$1" = openvswitch ] && echo ',script=vif-openvswitch')\" ]' >/tmp/c.cfg; xl create /tmp/c.cfg" >/dev/null
    address c eth0 10.8.0.7/24
    check "$1: a guest of xl on the same bridge reaches them" reaches c 10.8.0.5
    dom0 'xl destroy c'

    # a VLAN keeps what belongs to it
    tagged=$(network tagged)
    vlan=$(xe "vlan-create pif-uuid=$card vlan=100 network-uuid=$tagged")
    check "$1: vlan-create" has_state "$vlan" true
    check "$1: a packet arrives without VLAN" reaches a 10.8.0.6
    d=$(in_guest b 'cat /sys/class/net/eth0/ifindex')
    check "$1: vif-move into the VLAN" xe "vif-move uuid=$vb network-uuid=$tagged"
    expect "$1: the guest keeps its card and its address" "$d 10.8.0.6/24" \
        "$(in_guest b 'echo $(cat /sys/class/net/eth0/ifindex) $(ip -4 -o addr show eth0 | awk "{print \$4}")')"
    check "$1: the same packet does not arrive from outside of it" cannot_reach a 10.8.0.6
    out "ip addr flush dev up0-far; ip addr add 10.8.0.1/24 dev far.100"
    check "$1: from inside of it, it does" out_reaches 10.8.0.6
    out "ip addr flush dev far.100; ip addr add 10.8.0.1/24 dev up0-far; ip addr add fd08::1/64 dev up0-far nodad"
    check "$1: vif-move back" xe "vif-move uuid=$vb network-uuid=$net"
    check "$1: it arrives again" reaches a 10.8.0.6
    contains "$1: xl sees the bridge of now" "$bridge" "$(dom0 "xl network-list -l b 2>/dev/null || xenstore-read /local/domain/0/backend/vif/$(domid "$b")/0/bridge")"

    # what a locked card cannot send; each time, it can while it is unlocked
    claims a 10.8.0.99
    expect "$1: unlocked, it may claim an address by ARP" 00:16:3e:00:00:0a "$(heard 10.8.0.99)"
    address6 a fd08::99
    check "$1: and by neighbour discovery" out_reaches fd08::99
    dom0 'ip -n out neigh flush all'
    check "$1: locked to two addresses" xe "vif-param-set uuid=$va ipv4-allowed=10.8.0.5 ipv6-allowed=fd08::5 locking-mode=locked"
    check "$1: it uses its IPv4 address" reaches a 10.8.0.1
    claims a 10.8.0.99
    expect "$1: it cannot claim another by ARP" "" "$(heard 10.8.0.99)"
    address6 a fd08::5
    check "$1: its own IPv6 address is heard" out_reaches fd08::5
    in_guest a 'ip -6 addr add fd08::99/64 dev eth0'
    check "$1: another one is not" out_cannot_reach fd08::99
    expect "$1: and it cannot claim it by neighbour discovery" "" "$(heard fd08::99)"
    check "$1: its own is still heard" out_reaches fd08::5
    address a eth0 10.8.0.77/24
    check "$1: another IPv4 address is not" cannot_reach a 10.8.0.1
    check "$1: not to the other guest either" cannot_reach a 10.8.0.6
    address a eth0 10.8.0.5/24
    in_guest a 'ip link set eth0 down; ip link set eth0 address 00:16:3e:00:00:0f; ip link set eth0 up; ip addr add 10.8.0.5/24 dev eth0'
    check "$1: another MAC address is not" cannot_reach a 10.8.0.1
    in_guest a 'ip link set eth0 down; ip link set eth0 address 00:16:3e:00:00:0a; ip link set eth0 up'
    check "$1: its own is" reaches a 10.8.0.1
    if [ "$1" = openvswitch ]; then
        d=$(dom0 "ovs-vsctl get Interface vif$(domid "$a").0 ofport")
        contains "$1: a tag of its own takes it nowhere" "Datapath actions: drop" \
            "$(dom0 "ovs-appctl ofproto/trace $bridge in_port=$d,dl_vlan=100,dl_src=00:16:3e:00:00:0a,dl_dst=ff:ff:ff:ff:ff:ff,ip,nw_src=10.8.0.5")"
    fi
    check "$1: moved while it is locked" xe "vif-move uuid=$va network-uuid=$tagged"
    check "$1: and back" xe "vif-move uuid=$va network-uuid=$net"
    check "$1: it is heard" reaches a 10.8.0.1

    # without the service, and with a new one
    check "$1: the service is killed" service_kill
    check "$1: networks go on without it" reaches b 10.8.0.1
    address a eth0 10.8.0.77/24
    check "$1: so do rules" cannot_reach a 10.8.0.1
    check "$1: it is started again" service_up keep
    check "$1: they are kept" cannot_reach a 10.8.0.1
    address a eth0 10.8.0.5/24
    check "$1: and so is what is allowed" reaches a 10.8.0.1
    check "$1: disabled" xe "vif-param-set uuid=$va locking-mode=disabled"
    check "$1: it sends nothing" cannot_reach a 10.8.0.1
    check "$1: and hears nothing" out_cannot_reach 10.8.0.5
    check "$1: unlocked" xe "vif-param-set uuid=$va locking-mode=unlocked"
    check "$1: it is free" reaches a 10.8.0.1

    # MTU, and figures of the card
    local small vc
    small=$(network small MTU=1400)
    vc=$(xe "vif-create vm-uuid=$a network-uuid=$small device=1 mac=random")
    check "$1: a second card on a network with MTU 1400" xe "vif-plug uuid=$vc"
    expect "$1: has that MTU" 1400 "$(dom0 "cat /sys/class/net/vif$(domid "$a").1/mtu")"
    check "$1: vif-unplug" xe "vif-unplug uuid=$vc"
    for vm in a b; do
        xe "vm-shutdown vm=$vm --force"
        xe "vm-uninstall vm=$vm force=true"
    done
    check "$1: vlan-destroy" xe "vlan-destroy uuid=$(xe vlan-list tag=100 --minimal)"
    xe "network-destroy uuid=$tagged"
    xe "network-destroy uuid=$small"
    check "$1: pif-forget" xe "pif-forget uuid=$card"
    dom0 'ip link del up0; ip netns del out'
    check "$1: the service ends" service_down
    expect "$1: nothing is left" "$before" "$(net_leftovers)"
}
guests_bridge() { guests bridge; }
guests_openvswitch() { guests openvswitch; }

# ---- bonds
far_bond() { # PROTOCOL: what stands on the other side of the legs
    case $1 in
    lacp) out "ip link add far type bond mode 802.3ad miimon 100 lacp_rate fast; for l in leg1-far leg2-far; do ip link set \$l down; ip link set \$l master far; done; ip link set far up; ip addr add 10.7.0.1/24 dev far" ;;
    *) out "ip link add far type bridge forward_delay 0; ip link set far up; ip link set leg1-far master far; ip link set leg2-far master far; ip addr add 10.7.0.1/24 dev far" ;;
    esac
}
bond() { # BACKEND MODE
    local pifs bonded bond master
    backend "$1"
    check "$1, $2: the service starts" service_up
    outside leg1
    outside leg2
    far_bond "$2"
    pifs=$(xe pif-introduce device=leg1),$(xe pif-introduce device=leg2)
    bonded=$(network bonded)
    bond=$(xe "bond-create network-uuid=$bonded pif-uuids=$pifs mode=$2")
    expect "$1, $2: bond-create" "$2" "$(param bond "$bond" mode)"
    master=$(param bond "$bond" master)
    check "$1, $2: an address on it" xe "pif-reconfigure-ip uuid=$master mode=static IP=10.7.0.2 netmask=255.255.255.0"
    check "$1, $2: reaches the outside" answers 10.7.0.1
    links_are() { [ "$(param bond "$bond" links-up)" = "$1" ]; }
    [ "$1" = bridge ] && check "$1, $2: both links are up" wait_for 15 links_are 2
    out ip link set leg1-far down
    check "$1, $2: one leg taken away, it is still there" answers 10.7.0.1
    [ "$1" = bridge ] && check "$1, $2: the record says one link" wait_for 15 links_are 1
    out "ip link set leg1-far up; sleep 5; ip link set leg2-far down"
    check "$1, $2: the other one, too" answers 10.7.0.1
    out ip link set leg2-far up
    check "$1, $2: the service is killed" service_kill
    check "$1, $2: and comes again" service_up keep
    check "$1, $2: the bond is as it was" answers 10.7.0.1
    check "$1, $2: bond-destroy" xe "bond-destroy uuid=$bond"
    xe "network-destroy uuid=$bonded"
    xe "pif-forget uuid=${pifs%,*}"
    xe "pif-forget uuid=${pifs#*,}"
    dom0 'ip link del leg1; ip link del leg2; ip netns del out'
    check "$1, $2: the service ends" service_down
}
bonds() {
    local before
    before=$(net_leftovers)
    bond bridge active-backup
    bond bridge lacp
    bond openvswitch balance-slb
    bond openvswitch active-backup
    bond openvswitch lacp
    expect "bonds: nothing is left" "$before" "$(net_leftovers)"
}

# ---- tunnels, on Open vSwitch (those of Linux bridges: tests/e2e/xapi_net_pif.sh)
tunnels() {
    local before by_modules='^(vxlan_sys|gre_sys|erspan)'
    before=$(net_leftovers | grep -v -E "$by_modules")
    backend openvswitch
    check "tunnels: the service starts" service_up
    world
    tunnel_test vxlan
    tunnel_test gre
    dom0 'ip link del up0; ip netns del out'
    check "tunnels: the service ends" service_down
    expect "tunnels: nothing is left" "$before" "$(net_leftovers | grep -v -E "$by_modules")"
}

# ---- nobody is cut off
cut_off() {
    local card host method said
    SERVICE_ARGS="--network-backend=bridge --tls-port=443 --tls-certificate=/tmp/tls/server.pem"
    check "cut off: the service starts" service_up
    dom0 'echo root:Root-1 | chpasswd'
    world
    card=$(xe pif-introduce device=up0)
    xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.2 netmask=255.255.255.0"
    xe "pif-reconfigure-ipv6 uuid=$card mode=static IPv6=fd08::2/64"
    xe "pif-plug uuid=$card"
    check "cut off: the outside is reached" answers 10.8.0.1
    cat >/tmp/cut.$$.py <<'P'
# usage: HOST UUID: unplugs the PIF in the words of XenAPI, over the PIF itself
import json, sys, ssl, http.client
h = http.client.HTTPSConnection(sys.argv[1], 443, timeout=30, context=ssl._create_unverified_context())
def call(method, *params):
    h.request("POST", "/jsonrpc", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
    return json.loads(h.getresponse().read())
s = call("session.login_with_password", "root", "Root-1", "1.0", "test")["result"]
pif = call("PIF.get_by_uuid", s, sys.argv[2])["result"]
for method, extra in [("PIF.unplug", []), ("PIF.reconfigure_ip", ["None", "", "", "", ""]), ("PIF.forget", [])]:
    e = call(method, s, pif, *extra).get("error", {})
    print(method, e.get("message"), " ".join(e.get("data", [])))
P
    "$LAB" put /tmp/cut.$$.py /tmp/cut.py
    rm -f /tmp/cut.$$.py
    for host in 10.8.0.2 fd08::2; do
        said=$(dom0 "ip netns exec out python3 /tmp/cut.py $host $card 2>&1")
        for method in PIF.unplug PIF.reconfigure_ip PIF.forget; do
            contains "cut off: $method over $host is refused" "PIF_CONFIGURATION_ERROR" "$(grep "^$method" <<<"$said")"
        done
        contains "cut off: which names the connection" "$host" "$(grep -o 'a connection to [^ ,]*' <<<"$said" | head -1)"
    done
    sleep 2
    dom0 'ip route add default via 10.8.0.1 metric 7'
    contains "cut off: the default route protects its card" "the default route through 10.8.0.1" "$(xe "pif-unplug uuid=$card 2>&1")"
    dom0 'ip route del default via 10.8.0.1; ip -6 route add default via fd08::1 metric 7'
    contains "cut off: that of IPv6, too" "the default route through fd08::1" "$(xe "pif-unplug uuid=$card 2>&1")"
    check "cut off: all that time it was there" answers 10.8.0.1
    check "cut off: with --force it goes" xe "pif-unplug uuid=$card --force"
    contains "cut off: what Debian has configured is not touched" "" "$(xe "pif-unplug uuid=$(xe pif-list device=eth0 --minimal) --force 2>&1")"
    check "cut off: the host's own address stands" dom0 'ip -4 -o addr show xenbr0 | grep -q 192.168.128'
    xe "pif-forget uuid=$card"
    dom0 'ip link del up0; ip netns del out'
    check "cut off: the service ends" service_down
}

# ---- a new boot of the host: nothing is left but the disk
boot() {
    local card vlan tagged pifs bonded bond
    backend bridge
    check "boot: the service starts" service_up
    world
    out "ip addr add 10.8.100.1/24 dev far.100"
    outside leg1
    outside leg2
    far_bond active-backup
    card=$(xe pif-introduce device=up0)
    xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.2 netmask=255.255.255.0"
    xe "pif-plug uuid=$card"
    tagged=$(network tagged)
    vlan=$(xe "vlan-create pif-uuid=$card vlan=100 network-uuid=$tagged")
    xe "pif-reconfigure-ip uuid=$vlan mode=static IP=10.8.100.2 netmask=255.255.255.0"
    pifs=$(xe pif-introduce device=leg1),$(xe pif-introduce device=leg2)
    bonded=$(network bonded)
    bond=$(xe "bond-create network-uuid=$bonded pif-uuids=$pifs mode=active-backup")
    xe "pif-reconfigure-ip uuid=$(param bond "$bond" master) mode=static IP=10.7.0.2 netmask=255.255.255.0"
    a=$(guest a)
    va=$(xe "vif-create vm-uuid=$a network-uuid=$tagged device=0 mac=00:16:3e:00:00:0a")
    xe "vif-param-set uuid=$va ipv4-allowed=10.8.100.5 locking-mode=locked"
    check "boot: all of it works" dom0 'ping -c 1 -W 5 10.8.100.1 >/dev/null && ping -c 1 -W 5 10.7.0.1 >/dev/null'
    check "boot: the state of the service is kept" dom0 'kill -9 $(cat /tmp/xapi-lite.pid); tar -C /var/lib -czf /tmp/state.tgz xapi-lite'
    "$LAB" get /tmp/state.tgz /tmp/net-state.$$.tgz
    "$LAB" down >/dev/null
    check "boot: the host boots" "$LAB" up >/dev/null
    dom0 'modprobe -a ip_gre vxlan; modprobe bonding max_bonds=0'
    "$LAB" put /tmp/net-state.$$.tgz /tmp/state.tgz
    rm -f /tmp/net-state.$$.tgz
    dom0 'tar -C /var/lib -xzf /tmp/state.tgz'
    world
    out "ip addr add 10.8.100.1/24 dev far.100"
    outside leg1
    outside leg2
    far_bond active-backup
    check "boot: the service starts" service_up keep
    check "boot: the card has its address" answers 10.8.0.1
    check "boot: the VLAN, too" answers 10.8.100.1
    check "boot: and the bond" answers 10.7.0.1
    check "boot: the guest starts" xe "vm-start vm=a"
    address a eth0 10.8.100.5/24
    check "boot: with its network" reaches a 10.8.100.1
    address a eth0 10.8.100.9/24
    check "boot: and its rules" cannot_reach a 10.8.100.1
    xe "vm-shutdown vm=a --force"
    xe "vm-uninstall vm=a force=true"
    check "boot: the service ends" service_down
}

for part in ${*:-cut_off guests_bridge guests_openvswitch bonds tunnels boot}; do "$part"; done
