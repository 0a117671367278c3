#!/bin/bash
# Cards of the host under xapi-lite, on Linux bridges: addresses, VLANs, bonds, tunnels.
# timeout: 400
. tests/e2e/xapi_net_lib.sh
before=$(net_leftovers)
check "the service starts" service_up
outside up0
out ip addr add 10.8.0.1/24 dev up0-far
out "ip link add link up0-far name far.100 type vlan id 100"
out "ip addr add 10.8.100.1/24 dev far.100; ip link set far.100 up"

# a card and its address
card=$(xe pif-introduce device=up0)
expect "pif-introduce takes a card" 36 "${#card}"
contains "twice it is refused" "up0" "$(xe "pif-introduce device=up0 2>&1")"
net=$(param pif "$card" network-uuid) bridge=$(bridge_of "$net")
check "pif-plug" xe "pif-plug uuid=$card"
check "its bridge has the card" dom0 "test -e /sys/class/net/$bridge/brif/up0"
contains "a wrong address is refused" "not an IP address" "$(xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.300 netmask=255.255.255.0 2>&1")"
check "a fixed address" xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.2 netmask=255.255.255.0"
check "reaches the outside" dom0 "ping -c 1 -W 5 10.8.0.1 >/dev/null"

# nobody is cut off
dom0 "(ip netns exec out sh -c 'sleep 60 | nc 10.8.0.2 2000' & nc -l -p 2000 >/dev/null) >/dev/null 2>&1 & sleep 1"
contains "a connection protects its card" "10.8.0.2:2000" "$(xe "pif-unplug uuid=$card 2>&1")"
dom0 'ip -6 route add default via fe80::1 dev '$bridge' metric 7'
contains "a default route of IPv6, too" "the default route through fe80::1" "$(xe "pif-unplug uuid=$card 2>&1")"
dom0 'ip -6 route del default via fe80::1 dev '$bridge
contains "and its address" "a connection" "$(xe "pif-reconfigure-ip uuid=$card mode=none 2>&1")"
check "with --force the address changes" xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.3 netmask=255.255.255.0 --force"
dom0 'ss -K sport = :2000 >/dev/null; pkill -x nc; true' # or it protects the address later on, too
expect "and nothing else is kept of that" "" "$(param pif "$card" other-config)"

# VLANs
tagged=$(network tagged)
vlan=$(xe "vlan-create pif-uuid=$card vlan=100 network-uuid=$tagged")
expect "vlan-create" 36 "${#vlan}"
check "an address in the VLAN" xe "pif-reconfigure-ip uuid=$vlan mode=static IP=10.8.100.2 netmask=255.255.255.0"
check "reaches who is in it" dom0 "ping -c 1 -W 5 10.8.100.1 >/dev/null"
contains "the tag is taken" "VLAN exists" "$(xe "vlan-create pif-uuid=$card vlan=100 network-uuid=$(network spare) 2>&1")"
contains "a tag has 12 bits" "4094" "$(xe "vlan-create pif-uuid=$card vlan=5000 network-uuid=$tagged 2>&1")"
contains "its card cannot be forgotten" "VLAN" "$(xe "pif-forget uuid=$card 2>&1")"
out "tcpdump -lni up0-far -c 1 vlan 100 and icmp >/tmp/vlan.seen 2>/dev/null & sleep 2" &
sleep 1
dom0 "ping -c 3 -W 1 10.8.100.1 >/dev/null"
wait
contains "on the wire its frames have the tag" "10.8.100.2" "$(dom0 'cat /tmp/vlan.seen')"
out ip addr add 10.8.0.50/24 dev far.100
check "who is in the VLAN cannot be reached from outside of it" dom0 "! ping -c 2 -W 1 10.8.0.50 >/dev/null"
out ip addr del 10.8.0.50/24 dev far.100

# what is configured is kept
check "the service may be killed" service_kill
dom0 "ip link del $bridge; ip link del $(bridge_of "$tagged") 2>/dev/null; ip link del up0.100"
check "and started again" service_up keep
check "what was plugged is there again" dom0 "ping -c 1 -W 5 10.8.0.1 >/dev/null && ping -c 1 -W 5 10.8.100.1 >/dev/null"
v=$(xe vlan-list tag=100 --minimal)
check "vlan-destroy" xe "vlan-destroy uuid=$v"
check "its link is gone" dom0 "test ! -e /sys/class/net/up0.100"

# DHCP
dom0 "ip netns exec out dnsmasq --no-resolv --port=0 --interface=up0-far --bind-interfaces --dhcp-range=10.8.0.40,10.8.0.49,1h --dhcp-option=3 --pid-file=/tmp/out-dhcp.pid --dhcp-leasefile=/tmp/out.leases"
check "an address by DHCP" xe "pif-reconfigure-ip uuid=$card mode=dhcp"
leased() { [[ $(param pif "$card" IP) = 10.8.0.4? ]]; }
check "is in the record" wait_for 20 leased
check "mode=none takes it away" xe "pif-reconfigure-ip uuid=$card mode=none"
expect "and ends the client" "" "$(dom0 'pgrep -f [u]dhcpc')"
dom0 'kill $(cat /tmp/out-dhcp.pid)'
check "pif-forget" xe "pif-forget uuid=$card"
check "the bridge is gone" dom0 "test ! -e /sys/class/net/$bridge"

# bonds
bond_test() { # MODE OTHER
    local pifs bond master bridge bonded
    outside leg1
    outside leg2
    out "ip link add far type bridge forward_delay 0; ip link set far up; ip link set leg1-far master far; ip link set leg2-far master far; ip addr add 10.7.0.1/24 dev far"
    pifs=$(xe pif-introduce device=leg1),$(xe pif-introduce device=leg2)
    bonded=$(network bonded)
    contains "$1: one card is no bond" "at least two" "$(xe "bond-create network-uuid=$bonded pif-uuids=${pifs%,*} 2>&1")"
    bond=$(xe "bond-create network-uuid=$bonded pif-uuids=$pifs mode=$1")
    expect "$1: bond-create" 36 "${#bond}"
    master=$(param bond "$bond" master)
    check "$1: an address on it" xe "pif-reconfigure-ip uuid=$master mode=static IP=10.7.0.2 netmask=255.255.255.0"
    check "$1: reaches the outside" answers 10.7.0.1
    links_are() { [ "$(param bond "$bond" links-up)" = "$1" ]; }
    check "$1: both links are up" wait_for 10 links_are 2
    contains "$1: a leg cannot be plugged" "PIF" "$(xe "pif-plug uuid=${pifs%,*} 2>&1")"
    out ip link set leg1-far down
    check "$1: one leg taken away, it is still there" answers 10.7.0.1
    check "$1: the record says one link" wait_for 10 links_are 1
    out ip link set leg1-far up
    out ip link set leg2-far down
    check "$1: the other one, too" answers 10.7.0.1
    check "$1: bond-destroy" xe "bond-destroy uuid=$bond"
    xe "network-destroy uuid=$bonded"
    xe "pif-forget uuid=${pifs%,*}"
    xe "pif-forget uuid=${pifs#*,}"
    dom0 "ip link del leg1; ip link del leg2; ip -n out link del far"
}
contains "balance-slb needs Open vSwitch" "Open vSwitch" "$(xe "bond-create mode=balance-slb network-uuid=$(network spare2) pif-uuids=$(xe pif-list device=eth0 --minimal) 2>&1")"
bond_test active-backup

# tunnels
tunnel_test vxlan
tunnel_test gre
dom0 'ip link del up0; ip netns del out'
check "the service ends" service_down
expect "nothing is left of the networks" "$before" "$(net_leftovers)"
