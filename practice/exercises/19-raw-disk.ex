title: A disk image for a running guest
objective: Storage
terms: raw image, xl block-attach, sparse file, vbd
points: 2
minutes: 6
guests: alder

== task
Make a raw image /root/practice/data.img of 32 MiB that takes no space yet, and
give it to the running guest alder as xvdb, read-only.

== hints
- truncate -s makes a sparse file.
- `xl block-attach GUEST 'format=...,vdev=...,access=...,target=FILE'`

== setup
stub alder
remember domid "$(domid alder)"

== check
holds "data.img has 32 MiB" same "$(stat -c %s data.img)" 33554432
holds "it takes (almost) no space" test "$(du -k data.img | cut -f1)" -lt 1024
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"
v=$(disk alder xvdb)
b=$(backend alder vbd "$v")
holds "alder has a disk xvdb" test -n "$v"
holds "it is data.img" same "$(xs "$b/params")" "$P/data.img"
holds "read-only" same "$(xs "$b/mode")" r

== wrong
truncate -s 32M data.img
xl block-attach alder "format=raw,vdev=xvdb,access=rw,target=$P/data.img"

== solution
    truncate -s 32M /root/practice/data.img
    xl block-detach alder xvdb 2>/dev/null || true
    xl block-attach alder format=raw,vdev=xvdb,access=ro,target=/root/practice/data.img
    xl block-list alder
