title: A pool of processors
objective: Memory and processors
terms: cpupool, xl cpupool-create, xl cpupool-migrate, scheduler
points: 3
minutes: 8
needs: cpus2
guests: alder

== task
A licence allows alder to run on one processor of the host only. Make a cpupool
named licensed with the scheduler credit, give it processor 1 and move alder
there. Dom0 stays where it is.

== hints
- Processor 1 belongs to Pool-0 at first: it must be taken from there.
- xl cpupool-cpu-remove, xl cpupool-create, xl cpupool-migrate
- `xl cpupool-create name=\"licensed\" sched=\"credit\" cpus=[\"1\"]`: quotes belong to the value.

== setup
stub alder
remember domid "$(domid alder)"

== check
row=$(xl cpupool-list 2>/dev/null | awk '$1 == "licensed"')
holds "there is a pool named licensed" test -n "$row"
holds "its scheduler is credit" same "$(echo "$row" | awk '{print $3}')" credit
holds "processor 1 belongs to it" same "$(xl cpupool-list -c licensed 2>/dev/null | awk '$1 == "licensed" {print $2}')" 1
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"
holds "alder is in it" same "$(xl list -c alder | awk 'NR == 2 {print $NF}')" licensed

== wrong
xl cpupool-cpu-remove Pool-0 1
xl cpupool-create 'name="licensed"' 'sched="credit"' 'cpus=["1"]'

== solution
    xl cpupool-cpu-remove Pool-0 1
    xl cpupool-create 'name="licensed"' 'sched="credit"' 'cpus=["1"]'
    xl cpupool-migrate alder licensed
    xl cpupool-list

== cleanup
xl cpupool-migrate alder Pool-0
xl cpupool-destroy licensed
xl cpupool-cpu-add Pool-0 1

== cleanup_first
xl destroy alder
xl cpupool-destroy licensed
xl cpupool-cpu-add Pool-0 1
