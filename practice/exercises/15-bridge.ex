title: A bridge of your own
objective: Networking
terms: bridge, vif, xl network-attach, vif-bridge
points: 2
minutes: 6
guests: alder

== task
Make a bridge named officebr, bring it up, and give the running guest alder a
network card on it, with the address 00:16:3e:00:00:15. Do not restart alder.

== hints
- `ip link add NAME type bridge`, `ip link set NAME up`.
- `xl network-attach GUEST bridge=... mac=...`

== setup
stub alder
remember domid "$(domid alder)"

== check
holds "officebr is a bridge" test -d /sys/class/net/officebr/bridge
holds "it is up" sh -c 'ip -o link show officebr | grep -q "[<,]UP[,>]"'
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"
holds "its vif is a port of officebr" on_bridge officebr "vif$(domid alder).0"
holds "the address of the card is right" same "$(xsd alder device/vif/0/mac)" 00:16:3e:00:00:15

== wrong
ip link add officebr type bridge
ip link set officebr up
xl network-attach alder bridge=xenbr0 mac=00:16:3e:00:00:15

== solution
    ip link add officebr type bridge 2>/dev/null || true
    ip link set officebr up
    xl network-attach alder bridge=officebr mac=00:16:3e:00:00:15

The script vif-bridge, which xl starts, makes vifDOMID.0 a port of the bridge. To
keep a bridge over reboots on Debian, /etc/network/interfaces has
`bridge_ports`. `xl network-list alder` shows the result.

== cleanup
ip link del officebr
