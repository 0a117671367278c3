title: A routed guest
objective: Networking
terms: routed networking, vif-route, script=, ip=
points: 3
minutes: 7
guests: alder

== task
At many hosters there is no bridge: Dom0 routes to each guest. Start the guest of
/root/practice/alder.cfg with a card that has the address 10.77.0.5 and is routed.
Xen's own vif-route wants the old ifconfig; use vif-route-ip in /etc/xen/scripts,
which does the same with `ip`. The host must forward packets; at the moment it does
not.

== hints
- A word of the vif names the script, another one the guest's address.
- vif = [ "script=...,ip=..." ]
- sysctl net.ipv4.ip_forward; `ip route` shows what the script has set up.

== setup
remember forward "$(cat /proc/sys/net/ipv4/ip_forward)"
sysctl -qw net.ipv4.ip_forward=0
cat >/etc/xen/scripts/vif-route-ip <<'END'
#!/bin/bash
# a route in Dom0 to each address of the guest, through its vif
. "${0%/*}/vif-common.sh"
case "$command" in
add | online)
    ip link set "$dev" up
    echo 1 >"/proc/sys/net/ipv4/conf/$dev/proxy_arp"
    for a in $ip; do ip route replace "$a" dev "$dev"; done
    ;;
esac
[ "$command" != online ] || success
END
chmod +x /etc/xen/scripts/vif-route-ip
stub_file alder

== check
vif=vif$(domid alder).0
holds "alder runs" alive alder
holds "its card is on no bridge" sh -c "test -e /sys/class/net/$vif && ! test -e /sys/class/net/$vif/master"
holds "Dom0 has a route to 10.77.0.5 through it" sh -c "ip route show 10.77.0.5 | grep -qw $vif"
holds "the host forwards packets" same "$(cat /proc/sys/net/ipv4/ip_forward)" 1

== wrong
sysctl -q -w net.ipv4.ip_forward=1
xl create -q alder.cfg 'vif = [ "bridge=xenbr0,ip=10.77.0.5" ]'

== solution
    echo 'vif = [ "script=vif-route-ip,ip=10.77.0.5" ]' >>/root/practice/alder.cfg
    sysctl -q -w net.ipv4.ip_forward=1
    xl create /root/practice/alder.cfg
    ip route show 10.77.0.5

The script gets the name of the vif and the address from XenStore. proxy_arp lets the
guest find its way out without a gateway of its own network.

== cleanup
rm -f /etc/xen/scripts/vif-route-ip
sysctl -qw "net.ipv4.ip_forward=$(recall forward)"
