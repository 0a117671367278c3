#!/bin/bash
# Networks of xapi-lite on Open vSwitch: guests, rules, VLANs, a bond that only it has.
# timeout: 400
SERVICE_ARGS=--network-backend=openvswitch
. tests/e2e/xapi_net_lib.sh
before=$(net_leftovers)
check "the service starts" service_up
contains "the host says what its networks are" "network_backend: openvswitch" "$(xe host-list params=software-version)"
outside up0
out "ip addr add 10.8.0.1/24 dev up0-far; ip link add link up0-far name far.100 type vlan id 100; ip addr add 10.8.100.1/24 dev far.100; ip link set far.100 up"
card=$(xe pif-introduce device=up0)
net=$(param pif "$card" network-uuid)
bridge=$(bridge_of "$net")

# guests on the card's network, and on a VLAN of it
a=$(guest a)
va=$(xe "vif-create vm-uuid=$a network-uuid=$net device=0 mac=00:16:3e:00:00:0a")
check "vm-start plugs the card, too" xe "vm-start vm=a"
expect "whose bridge is one of Open vSwitch" "$bridge" "$(dom0 'ovs-vsctl port-to-br up0')"
check "the guest's card is its port" wait_for 20 dom0 "ovs-vsctl list-ports $bridge | grep -q '^vif'"
address a eth0 10.8.0.5/24
check "the guest reaches the outside" reaches a 10.8.0.1
contains "while it runs its network stays" "in use" "$(xe "pif-unplug uuid=$card 2>&1")"

check "a locked card with an address" xe "vif-param-set uuid=$va ipv4-allowed=10.8.0.5 locking-mode=locked"
check "uses it" reaches a 10.8.0.1
address a eth0 10.8.0.77/24
check "and no other" cannot_reach a 10.8.0.1
check "the service may be killed" service_kill
check "and started again" service_up keep
check "the rules are kept" cannot_reach a 10.8.0.1
check "unlocked" xe "vif-param-set uuid=$va locking-mode=unlocked"
check "it is free" reaches a 10.8.0.1
expect "no rule is left" "" "$(dom0 "ovs-ofctl dump-flows $bridge | grep cookie=0x78")"

tagged=$(network tagged)
vlan=$(xe "vlan-create pif-uuid=$card vlan=100 network-uuid=$tagged")
check "an address of the host in a VLAN" xe "pif-reconfigure-ip uuid=$vlan mode=static IP=10.8.100.2 netmask=255.255.255.0"
check "reaches who is in it" answers 10.8.100.1
check "vif-move into the VLAN" xe "vif-move uuid=$va network-uuid=$tagged"
address a eth0 10.8.100.5/24
check "the guest reaches who is in it" reaches a 10.8.100.1
address a eth0 10.8.0.5/24
check "who is outside of it does not hear the guest" cannot_reach a 10.8.0.1
xe "vm-shutdown vm=a --force"
xe "vm-uninstall vm=a force=true"
check "vlan-destroy" xe "vlan-destroy uuid=$(xe vlan-list tag=100 --minimal)"
xe "network-destroy uuid=$tagged"
check "pif-forget" xe "pif-forget uuid=$card"

# a bond
outside leg1
outside leg2
out "ip link add far type bridge forward_delay 0; ip link set far up; ip link set leg1-far master far; ip link set leg2-far master far; ip addr add 10.7.0.1/24 dev far"
pifs=$(xe pif-introduce device=leg1),$(xe pif-introduce device=leg2)
bonded=$(network bonded)
bond=$(xe "bond-create network-uuid=$bonded pif-uuids=$pifs")
expect "bond-create" balance-slb "$(param bond "$bond" mode)"
master=$(param bond "$bond" master)
check "an address on it" xe "pif-reconfigure-ip uuid=$master mode=static IP=10.7.0.2 netmask=255.255.255.0"
check "reaches the outside" answers 10.7.0.1
out ip link set leg1-far down
check "one leg taken away, it is still there" answers 10.7.0.1
out "ip link set leg1-far up; sleep 2; ip link set leg2-far down"
check "the other one, too" answers 10.7.0.1
check "another mode" xe "bond-set-mode uuid=$bond mode=active-backup"
check "works as well" answers 10.7.0.1
check "bond-destroy" xe "bond-destroy uuid=$bond"
xe "network-destroy uuid=$bonded"
xe "pif-forget uuid=${pifs%,*}"
xe "pif-forget uuid=${pifs#*,}"
dom0 'ip link del leg1; ip link del leg2; ip link del up0; ip netns del out'
check "the service ends" service_down
expect "nothing is left of the networks" "$before" "$(net_leftovers)"
