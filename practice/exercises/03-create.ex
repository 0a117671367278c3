title: Start a guest
objective: Guests with xl
terms: xl create, /etc/xen/, xl list
points: 1
minutes: 3
guests: alder

== task
/root/practice/alder.cfg describes a guest. Start it.

== hints
- `xl create FILE` starts what the file describes.

== setup
stub_file alder

== check
holds "a guest named alder exists" exists alder
holds "it runs" alive alder
holds "it is the guest of the file (8 MB, PV)" config alder '.c_info.type == "pv" and .b_info.max_memkb == 8192'

== wrong
xl create -p -q alder.cfg

== solution
    xl create /root/practice/alder.cfg

`xl create -n FILE` only looks at the file; `-c` enters the console at once.
