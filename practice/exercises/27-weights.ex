title: Who gets more processor time
objective: Memory and processors
terms: xl sched-credit2, weight, cap
points: 2
minutes: 5
guests: alder birch

== task
alder is the important one: it shall get four times the processor time of birch
when both want it. birch stays at its weight of 256. And birch shall never use more
than half a processor.

== hints
- The scheduler is credit2: xl sched-credit2.
- A weight is relative; a cap is in percent of one processor.

== setup
stub alder
stub birch

== check
row() { xl sched-credit2 -d "$1" 2>/dev/null | awk -v n="$1" '$1 == n {print $3, $4}'; }
holds "the weight of alder is 1024" same "$(row alder | cut -d' ' -f1)" 1024
holds "birch: weight 256, cap 50" same "$(row birch)" "256 50"

== wrong
xl sched-credit2 -d alder -w 4
xl sched-credit2 -d birch -c 50

== solution
    xl sched-credit2 -d alder -w 1024
    xl sched-credit2 -d birch -c 50
    xl sched-credit2

In xl.cfg the same are cpu_weight and cap.
