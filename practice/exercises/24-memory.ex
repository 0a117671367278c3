title: Memory for a running guest
objective: Memory and processors
terms: xl mem-set, xl mem-max, balloon
points: 2
minutes: 5
needs: lab
guests: alder

== task
The Linux guest alder has 128 MB. Let it give back memory until it has 112 MB,
and allow it at most 120 MB from now on. Do not restart it.

== hints
- One command sets the aim of the balloon driver, the other the limit that Xen enforces.
- xl mem-set and xl mem-max; both take MB.

== setup
linux alder
remember domid "$(domid alder)"
guest_up alder

== check
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"
holds "it has 112 MB" soon 5 sh -c 'xl list alder | awk "NR == 2 {exit \$3 != 112}"' ||
    because "xl list shows $(column alder 3)"
holds "XenStore says the same aim" same "$(xsd alder memory/target)" 114688
limit=$(xsd alder memory/static-max)
holds "its limit is 120 MB" same "$limit" 122880 || because "memory/static-max in XenStore is $limit KiB"

== wrong
xl mem-set alder 112

== solution
    xl mem-set alder 112
    xl mem-max alder 120

mem-set tells the guest's balloon driver (through memory/target in XenStore) to hand
pages back or to take some; mem-max is the limit that Xen enforces.
