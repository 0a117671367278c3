title: A routed guest
objective: Networking
terms: routed networking, vif-route, ip=
points: 3
minutes: 7
guests: alder

== task
At many hosters there is no bridge: Dom0 routes to each guest. Start the guest of
/root/practice/alder.cfg with a card that has the address 10.77.0.5 and is routed.

== hints
- The script is vif-route; it needs to know the guest's address.
- vif = [ "script=...,ip=..." ]
- `ip route` in Dom0 shows what the script has set up.

== setup
stub_file alder

== check
vif=vif$(domid alder).0
holds "alder runs" alive alder
holds "the card is on no bridge" sh -c "! test -e /sys/class/net/$vif/master"
holds "Dom0 has a route to 10.77.0.5 through $vif" sh -c "ip route show 10.77.0.5 | grep -qw $vif"
holds "the host forwards packets" same "$(cat /proc/sys/net/ipv4/ip_forward)" 1

== wrong
xl create -q alder.cfg 'vif = [ "bridge=xenbr0,ip=10.77.0.5" ]'

== solution
    echo 'vif = [ "script=vif-route,ip=10.77.0.5" ]' >>/root/practice/alder.cfg
    sysctl -q -w net.ipv4.ip_forward=1
    xl create /root/practice/alder.cfg
    ip route show 10.77.0.5
