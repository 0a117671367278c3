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
