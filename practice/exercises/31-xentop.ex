title: Find the busy one
objective: Monitoring
terms: xentop, xl list, CPU time
points: 2
minutes: 5
needs: lab
guests: alder birch cedar

== task
One of the guests alder, birch and cedar keeps a processor busy. Find it with
xentop and pause it; the others go on.

== hints
- `xentop` sorts by the columns with S; `xentop -b -i 2` prints two samples. The first has no rates yet.
- The column CPU(%).

== setup
set -- $(shuf -e alder birch cedar)
remember busy "$1"
stub "$2"
stub "$3"
linux "$1"
guest_up "$1"
in-guest "$1" 'while :; do :; done >/dev/null 2>&1 &'

== check
for g in alder birch cedar; do
    if [ "$g" = "$(recall busy)" ]; then
        busy=1
        in_state "$g" p && busy=0
    else
        alive "$g" || idle_hurt=1
    fi
done
holds "the busy one is paused" same "${busy:-1}" 0
holds "the others run" test -z "${idle_hurt:-}"

== wrong
for g in alder birch cedar; do xl pause $g; done

== solution
    busy=$(xentop -b -i 2 -d 2 | awk '$1 ~ /^(alder|birch|cedar)$/ {cpu[$1] = $4}
        END {for (g in cpu) if (cpu[g] + 0 > max + 0) {max = cpu[g]; name = g} print name}')
    xl pause $busy

On a terminal: xentop, then S until CPU(%) is the column to sort by. `xl list` shows
the seconds since the start only.
