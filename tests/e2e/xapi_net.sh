#!/bin/bash
# Networks of xapi-lite on Linux bridges: adopted ones, internal ones, VLANs, addresses, rules, rates.
# timeout: 400
. tests/e2e/xapi_net_lib.sh
before=$(net_leftovers)
check "the service starts" service_up

# what Debian has configured
contains "the host's card is there" eth0 "$(xe pif-list params=device --minimal)"
adopted=$(xe network-list bridge=xenbr0 --minimal)
expect "its bridge is a network" 36 "${#adopted}"
expect "which is left alone" false "$(param network "$adopted" managed)"
card=$(xe pif-list device=eth0 --minimal)
contains "a card that others have configured is refused" "PIF: $card" "$(xe "pif-unplug uuid=$card 2>&1")"

# an internal network
inner=$(network inner)
bridge=$(bridge_of "$inner")
check "a new network has no bridge yet" dom0 "test ! -e /sys/class/net/$bridge"
a=$(guest a) b=$(guest b)
va=$(xe "vif-create vm-uuid=$a network-uuid=$inner device=0 mac=00:16:3e:00:00:0a")
vb=$(xe "vif-create vm-uuid=$b network-uuid=$inner device=autodetect mac=random")
check "vm-start" xe "vm-start vm=a"
check "the bridge came with the first guest" dom0 "test -d /sys/class/net/$bridge/bridge"
check "a second guest" xe "vm-start vm=b"
address a eth0 10.9.0.1/24
address b eth0 10.9.0.2/24
check "two guests reach each other" reaches a 10.9.0.2
contains "the MAC address is the one given" 00:16:3e:00:00:0a "$(in_guest a ip link show eth0)"

# rules
check "a locked card" xe "vif-param-set uuid=$va locking-mode=locked"
check "may send nothing without an address" cannot_reach a 10.9.0.2
check "an address is allowed" xe "vif-param-set uuid=$va ipv4-allowed=10.9.0.1"
check "which it may use" reaches a 10.9.0.2
check "and one of IPv6" xe "vif-param-set uuid=$va ipv6-allowed=fd09::1"
check "another address" address a eth0 10.9.0.77/24
check "it cannot use" cannot_reach a 10.9.0.2
check "nor another MAC address" in_guest a "ip link set eth0 down; ip link set eth0 address 00:16:3e:00:00:0b; ip addr flush dev eth0; ip addr add 10.9.0.1/24 dev eth0; ip link set eth0 up"
check "even with the right address" cannot_reach a 10.9.0.2
in_guest a "ip link set eth0 down; ip link set eth0 address 00:16:3e:00:00:0a; ip link set eth0 up"
check "with its own it can again" reaches a 10.9.0.2
check "the service may be killed" service_kill
check "and started again" service_up keep
check "the guest is heard" reaches a 10.9.0.2
address a eth0 10.9.0.77/24
check "its rules are kept" cannot_reach a 10.9.0.2
check "a card may be disabled" xe "vif-param-set uuid=$va locking-mode=disabled"
address a eth0 10.9.0.1/24
check "then it sends nothing" cannot_reach a 10.9.0.2
check "unlocked" xe "vif-param-set uuid=$va locking-mode=unlocked"
check "it is free" reaches a 10.9.0.2

# a rate
check "a rate in kB/s" xe "vif-param-set uuid=$va qos_algorithm_type=ratelimit qos_algorithm_params:kbps=500"
check "vif-unplug" xe "vif-unplug uuid=$va"
check "vif-plug" xe "vif-plug uuid=$va"
address a eth0 10.9.0.1/24
check "the guest is there again" reaches a 10.9.0.2
dom0 'in-guest -t 20 b "nc -l -p 7000 >/dev/null 2>&1 &"' >/dev/null
t=$(in_guest a 'awk "{print \$1}" /proc/uptime; dd if=/dev/zero bs=64k count=48 2>/dev/null | nc 10.9.0.2 7000; awk "{print \$1}" /proc/uptime' | tr '\n' ' ')
rate=$(echo "$t" | awk '{print 48 * 64 / ($2 - $1)}')
echo "# $rate KiB/s ($t)"
check "the rate is kept within 20 %" awk "BEGIN {exit !($rate > 400 && $rate < 600)}"

# another network while the guest runs
other=$(network other MTU=1400)
check "a packet arrives on the same network" reaches a 10.9.0.2
check "vif-move to another network" xe "vif-move uuid=$va network-uuid=$other"
contains "the guest keeps its card and its address" "inet 10.9.0.1/24" "$(in_guest a ip addr show eth0)"
check "the same packet does not arrive any more" cannot_reach a 10.9.0.2
check "vif-move to xenbr0" xe "vif-move uuid=$va network-uuid=$adopted"
expect "xl sees where it is" xenbr0 "$(dom0 'xenstore-read /libxl/$(xl domid a)/device/vif/0/bridge')"
check "the guest's agent is told an address" xe "vif-configure-ipv4 uuid=$va mode=static address=192.168.128.99/24"
expect "where XenServer's agents look for it" 192.168.128.99/24 \
    "$(dom0 'xenstore-read /local/domain/$(xl domid a)/xenserver/device/vif/0/static-ip-setting/address')"
address a eth0 192.168.128.99/24
check "where Dom0 answers" reaches a 192.168.128.1
expect "the bridge of an unused network is gone" "" "$(dom0 "ls /sys/class/net | grep -x $(bridge_of "$other")")"

xe "vm-shutdown vm=a --force"
xe "vm-uninstall vm=a force=true"
contains "a network with cards of VMs stays" "Interfaces of guests" "$(xe "network-destroy uuid=$inner 2>&1")"
check "a card may be locked" xe "vif-param-set uuid=$vb locking-mode=locked"
check "in the kernel, too" dom0 "nft list tables | grep -q xapi_lite_vif"
xe "vm-shutdown vm=b --force"
check "the last guest takes the bridge with it" wait_for 20 dom0 "test ! -e /sys/class/net/$bridge"
expect "and its rules" "" "$(dom0 'nft list tables')"
xe "vm-uninstall vm=b force=true"
check "network-destroy" xe "network-destroy uuid=$inner"
xe "network-destroy uuid=$other"
check "the service ends" service_down
expect "nothing is left of the networks" "$before" "$(net_leftovers)"
