title: The guest cannot read its settings
objective: Troubleshooting
terms: XenStore, permissions, xenstore-chmod, xenstore-ls -p
points: 2
minutes: 6
guests: alder birch

== task
The monitoring agent in alder says "Permission denied": it reads the nodes below
data/monitor of its folder in XenStore. In birch the same works. Find the
difference and give alder the rights that birch has. The values stay as they are.

== hints
- `xenstore-ls -p PATH` shows who may do what.
- In the permissions the guest's own number counts, and it is another one for each guest.
- xenstore-chmod works on single nodes; -r on all below.

== setup
stub alder
stub birch
for g in alder birch; do
    d=/local/domain/$(domid $g)/data
    xenstore-write "$d/monitor/url" "http://192.168.128.1/$g" "$d/monitor/every" 30
    for n in monitor monitor/url monitor/every; do xenstore-chmod "$d/$n" n0 "r$(domid birch)"; done
done

== check
d=/local/domain/$(domid alder)/data
may=$(xenstore-ls -p "$d/monitor" 2>/dev/null | sed -n 's/.*(\(.*\))$/\1/p' | sort | uniq -c | awk '{print $1, $2}')
top=$(xenstore-ls -p "$d" 2>/dev/null | sed -n 's/^monitor.*(\(.*\))$/\1/p')
holds "alder may read both nodes, and nobody else may" same "$may" "2 n0,r$(domid alder)" || because "permissions now: $may"
holds "and their folder" same "$top" "n0,r$(domid alder)"
holds "the values are as they were" same "$(xs "$d/monitor/url") $(xs "$d/monitor/every")" "http://192.168.128.1/alder 30"

== wrong
xenstore-chmod "/local/domain/$(domid alder)/data/monitor" n0 "r$(domid alder)"

== solution
The nodes of alder were opened for the number of birch.

    id=$(xl domid alder)
    xenstore-ls -p /local/domain/$id/data
    for node in monitor monitor/url monitor/every; do
        xenstore-chmod /local/domain/$id/data/$node n0 r$id
    done
