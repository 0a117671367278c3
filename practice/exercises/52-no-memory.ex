title: It does not start: memory
objective: Troubleshooting
terms: free memory, xl info free_memory, maxmem, overcommitment
points: 2
minutes: 6
guests: alder

== task
alder does not start: its configuration wants more memory than the host has free.
It really needs no more than 16 MB. Mend alder.cfg, start it. Dom0 keeps its memory.

== hints
- `xl info free_memory` shows MiB that are free.
- maxmem must not be less than memory.

== setup
total=$(xl info total_memory)
stub_file alder "memory = $((total * 2))" "maxmem = $((total * 2))"
remember dom0 "$(column Domain-0 3)"

== check
holds "alder runs" alive alder
holds "it has at most 16 MB" test "$(xl list alder | awk 'NR == 2 {print $3}')" -le 16
holds "its limit, too" config alder '.b_info.max_memkb <= 16384'
holds "Dom0 has its memory" same "$(column Domain-0 3)" "$(recall dom0)"
holds "the file is mended" xl create -n alder.cfg

== wrong
xl create -q alder.cfg 'memory = 32' 'maxmem = 32'

== solution
    xl info free_memory
    sed -i '/^maxmem/d; s/^memory.*/memory = 16/' /root/practice/alder.cfg
    xl create /root/practice/alder.cfg
