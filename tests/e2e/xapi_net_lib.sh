# Helpers of the xapi_net*.sh scripts, above xapi_lib.sh: guests on networks, and a world outside of the host.
# shellcheck shell=bash disable=SC1091
. tests/e2e/xapi_lib.sh

# The modules of tunnels and bonds make links of their own when they are loaded.
dom0 'modprobe -a ip_gre vxlan; modprobe bonding max_bonds=0'

# What the host has of networks; equal before and after a test that cleans up.
net_leftovers() { dom0 'ip -br link | sed "s/@.*//" | cut -d" " -f1 | sort; ovs-vsctl show | grep -E "Bridge|Port"; nft list tables | grep xapi'; }

# guest NAME: a PV Linux that is not started; its UUID.
guest() {
    dom0 "set -e; vm=\$(xe vm-create name-label=$1)
          xe vm-param-set uuid=\$vm domain-type=pv PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0
          xe vm-memory-limits-set uuid=\$vm static-min=128MiB dynamic-min=128MiB dynamic-max=128MiB static-max=128MiB
          echo \$vm"
}
network() { xe "network-create name-label=$1 ${*:2}"; }
param() { xe "$1-param-get uuid=$2 param-name=$3"; }
bridge_of() { param network "$1" bridge; }

# in_guest NAME COMMAND: what it printed and its status.
in_guest() { T=90 dom0 "in-guest -t 60 $1 '${*:2}'"; }
# address NAME DEVICE ADDRESS/LENGTH: instead of what DHCP gives.
address() { in_guest "$1" "killall udhcpc 2>/dev/null; ip addr flush dev $2; ip addr add $3 dev $2; ip link set $2 up"; }
# reaches NAME ADDRESS: the guest hears an answer within 8 s.
reaches() { in_guest "$1" "p() { ping -c 1 -W 2 $2; }; p || p || p || p" >/dev/null; }
# cannot_reach NAME ADDRESS: no answer to any of three pings, which the guest did send.
cannot_reach() { [ "$(in_guest "$1" "ping -c 3 -W 1 $2 | grep -c \"3 packets transmitted, 0 packets received\"")" = 1 ]; }

# outside NAME: a machine on the other end of the card `NAME` of this host (a veth pair and a network namespace).
outside() {
    dom0 "ip netns add out 2>/dev/null; ip link add $1 type veth peer name $1-far netns out
          ip -n out link set $1-far up
          ip netns exec out sysctl -qw net.ipv4.conf.all.arp_ignore=1"
}
# out COMMAND LINE, without single quotes: run there.
out() { dom0 "ip netns exec out sh -c '$*'"; }
# answers ADDRESS: the host hears it within some tries.
answers() { dom0 "p() { ping -c 1 -W 2 $1 >/dev/null; }; p || p || p || p || p"; }

# tunnel_test PROTOCOL: through up0, whose other end is there with 10.8.0.1.
tunnel_test() {
    local card tunnel net access
    card=$(xe pif-introduce device=up0)
    xe "pif-reconfigure-ip uuid=$card mode=static IP=10.8.0.2 netmask=255.255.255.0"
    xe "pif-plug uuid=$card"
    net=$(network "through-$1")
    tunnel=$(xe "tunnel-create pif-uuid=$card network-uuid=$net protocol=$1")
    access=$(param tunnel "$tunnel" access-PIF)
    contains "$1: its other end must be known" "remote-ip" "$(xe "pif-plug uuid=$access 2>&1")"
    xe "tunnel-param-set uuid=$tunnel other-config:remote-ip=10.8.0.1 other-config:key=7"
    xe "pif-reconfigure-ip uuid=$access mode=static IP=10.6.0.2 netmask=255.255.255.0"
    check "$1: pif-plug" xe "pif-plug uuid=$access"
    contains "$1: it is active" "active: true" "$(param tunnel "$tunnel" status)"
    case $1 in
    vxlan) out ip link add far-tunnel type vxlan id 7 remote 10.8.0.2 local 10.8.0.1 dstport 4789 ;;
    gre) out ip link add far-tunnel type gretap key 7 remote 10.8.0.2 local 10.8.0.1 ;;
    esac
    out "ip addr add 10.6.0.1/24 dev far-tunnel; ip link set far-tunnel up"
    check "$1: reaches the other end" answers 10.6.0.1
    check "$1: tunnel-destroy" xe "tunnel-destroy uuid=$tunnel"
    out ip link del far-tunnel
    xe "network-destroy uuid=$net"
    xe "pif-forget uuid=$card"
}
