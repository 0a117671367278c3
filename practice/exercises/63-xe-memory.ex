title: Memory, processors and a word of a VM with xe
objective: XAPI and xe
terms: xe vm-memory-limits-set, xe vm-param-set, xe vm-start, XAPI, VCPUs-max, name-description
points: 2
minutes: 7
guests: maple

== task
The VM maple is halted. Give it 16 MiB of memory (all limits, static and dynamic),
2 processors, the description "web front end", and start it.

== hints
- vm-memory-limits-set wants four limits; sizes may end in MiB.
- VCPUs-max first, then VCPUs-at-startup.

== setup
xapi_up
u=$(xe vm-install template="Linux PVH" new-name-label=maple)
xe vm-param-set uuid="$u" PV-kernel=/srv/guests/stub-pvh
remember maple "$u"

== check
u=$(recall maple)
holds "16 MiB at most" same "$(xe_get vm "$u" memory-static-max)" 16777216
holds "16 MiB to run with" same "$(xe_get vm "$u" memory-dynamic-max)" 16777216
holds "2 processors" same "$(xe_get vm "$u" VCPUs-max) $(xe_get vm "$u" VCPUs-at-startup)" "2 2"
holds "the description" same "$(xe_get vm "$u" name-description)" "web front end"
holds "it runs" alive maple
holds "Xen gave it 2 processors" config maple '.b_info.max_vcpus == 2'

== wrong
xe vm-start uuid="$(recall maple)"

== solution
    u=$(xe vm-list name-label=maple --minimal)
    xe vm-memory-limits-set uuid=$u static-min=16MiB dynamic-min=16MiB dynamic-max=16MiB static-max=16MiB
    xe vm-param-set uuid=$u VCPUs-max=2
    xe vm-param-set uuid=$u VCPUs-at-startup=2
    xe vm-param-set uuid=$u name-description="web front end"
    xe vm-start uuid=$u

== cleanup_first
xe_remove maple

== cleanup
xapi_down
