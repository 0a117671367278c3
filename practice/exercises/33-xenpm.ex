title: Keep processors from sleeping deeply
objective: Monitoring
terms: xenpm, C-states
points: 2
minutes: 4

== task
For short reaction times, Xen shall use no deeper sleep state of the processors than
C1. Set it, and write the topology of the processors, as xenpm shows it, into
/root/practice/topology.

== hints
- `xenpm` without words lists its commands.
- set-max-cstate, get-cpu-topology; `xenpm get-cpuidle-states` shows the limit.

== setup
xenpm set-max-cstate unlimited

== check
holds "no deeper than C1" sh -c 'xenpm get-cpuidle-states | grep -qi "max c-state: C1$\|Max possible C-state: C1$"' ||
    because "$(xenpm get-cpuidle-states 2>/dev/null | head -1)"
holds "topology is what xenpm shows" same "$(cat topology 2>/dev/null)" "$(xenpm get-cpu-topology)"

== wrong
xenpm set-max-cstate 0

== solution
    xenpm set-max-cstate 1
    xenpm get-cpu-topology >/root/practice/topology
    xenpm get-cpuidle-states

The same at boot: max_cstate=1 on Xen's command line.

== cleanup
xenpm set-max-cstate unlimited
