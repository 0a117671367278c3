title: Bury a crashed guest
objective: Guests with xl
terms: on_crash, crashed state, xl destroy, xl create
points: 1
minutes: 4
guests: alder birch

== task
One of the guests alder and birch has crashed and was preserved for the doctors,
who have seen enough. Remove it and start it again from its file in
/root/practice; leave the other alone.

== hints
- The last letters of State in `xl list`: c means crashed.
- Nothing but `destroy` helps a crashed domain.

== setup
stub alder 'on_crash = "preserve"'
stub birch 'on_crash = "preserve"'
victim=$(shuf -n1 -e alder birch)
other=$(echo alder birch | sed "s/$victim//; s/ //")
remember victim "$victim"
remember other "$other"
remember domid "$(domid "$other")"
xenstore-write "/local/domain/$(domid "$victim")/control/shutdown" crash
soon 15 in_state "$victim" c

== check
v=$(recall victim)
holds "$v runs" alive "$v" || because "xl list shows: $(state "$v")"
holds "$(recall other) was left alone" same "$(domid "$(recall other)")" "$(recall domid)"

== wrong
for g in alder birch; do
    xl destroy $g
    xl create -q $g.cfg
done

== solution
    crashed=$(xl list | awk '$(NF - 1) ~ /c/ {print $1}')
    xl destroy $crashed
    xl create /root/practice/$crashed.cfg
