title: Leave a word for a guest
objective: XenStore
terms: XenStore, xenstore-write, xenstore-chmod, permissions
points: 2
minutes: 6
guests: alder birch

== task
Write the value web into the node data/role of the guest alder (below its
/local/domain/NUMBER). alder may read it, and not change it; nobody else (birch, for
instance) may read it. The node belongs to Dom0.

== hints
- xenstore-write PATH VALUE
- xenstore-chmod PATH n0 rNUMBER: the first word is the owner and what all others may.
- `xenstore-ls -p` shows permissions.

== setup
stub alder
stub birch

== check
d=/local/domain/$(domid alder)
holds "data/role is web" same "$(xs "$d/data/role")" web
perms=$(xenstore-ls -p "$d/data" 2>/dev/null | sed -n 's/^role.*(\(.*\))$/\1/p')
holds "it belongs to Dom0, others may nothing, alder may read" same "$perms" "n0,r$(domid alder)" || because "its permissions are ($perms)"

== wrong
xenstore-write "/local/domain/$(domid alder)/data/role" web

== solution
    id=$(xl domid alder)
    xenstore-write /local/domain/$id/data/role web
    xenstore-chmod /local/domain/$id/data/role n0 r$id
    xenstore-ls -p /local/domain/$id/data

n: nothing, r: read, w: write, b: both. The first entry is the owner, who may always
do both, and its letter is what everybody not listed may.
