title: Guests behind NAT
objective: Networking
terms: NAT, masquerade, nftables, ip_forward
points: 3
minutes: 8
guests: alder

== task
The guests on the bridge xenbr0 have addresses of 192.168.128.0/24, which nobody
outside knows. Let Dom0 hide them behind its own address when they go out through
any interface but xenbr0: with nftables, in a table of its own named practice
(family ip). Forwarding is off at the moment; that must change, too.

== hints
- Masquerading happens in a chain of type nat at the hook postrouting.
- sysctl net.ipv4.ip_forward
- Match `ip saddr 192.168.128.0/24 oifname != "xenbr0"`.

== setup
remember forward "$(cat /proc/sys/net/ipv4/ip_forward)"
sysctl -qw net.ipv4.ip_forward=0

== check
rules=$(nft list table ip practice 2>/dev/null)
holds "the host forwards packets" same "$(cat /proc/sys/net/ipv4/ip_forward)" 1
holds "there is a table ip practice" test -n "$rules"
holds "it has a nat chain at postrouting" sh -c 'echo "$1" | grep -q "type nat hook postrouting"' - "$rules"
holds "what comes from 192.168.128.0/24 and leaves elsewhere is masqueraded" sh -c \
    'echo "$1" | grep "192.168.128.0/24" | grep "oif.*!= \"xenbr0\"" | grep -q masquerade' - "$rules"

== wrong
nft add table ip practice
nft 'add chain ip practice post { type nat hook postrouting priority 100; }'

== solution
    sysctl -q -w net.ipv4.ip_forward=1
    nft delete table ip practice 2>/dev/null || true
    nft -f - <<'END'
    table ip practice {
        chain post {
            type nat hook postrouting priority 100;
            ip saddr 192.168.128.0/24 oifname != "xenbr0" masquerade
        }
    }
    END

On a real host the file is /etc/nftables.conf and the sysctl stands in
/etc/sysctl.d. Xen's script vif-nat does the same for one guest at a time.

== cleanup
nft delete table ip practice
sysctl -qw "net.ipv4.ip_forward=$(recall forward)"
