title: Reboot a guest and give it another name
objective: Guests with xl
terms: xl reboot, xl rename, xl domid
points: 1
minutes: 4
guests: alder elm

== task
Reboot the guest alder, and then rename it to elm. It must not lose its UUID.

== hints
- The domain number is a new one after a reboot; `xl domid alder` shows it.
- `xl rename OLD NEW`.

== setup
stub alder
remember domid "$(domid alder)"
remember uuid "$(uuid_of alder)"

== check
holds "a guest named elm exists" exists elm
holds "none is named alder" gone alder
holds "its UUID is the one of before" same "$(uuid_of elm)" "$(recall uuid)"
holds "it was rebooted (a new domain number)" test "$(domid elm || echo 0)" -gt "$(recall domid)"

== wrong
xl rename alder elm

== solution
    old=$(xl domid alder)
    xl reboot alder

A reboot is a shutdown with another reason; xl, which stays in the background for
each guest, then builds the domain anew under a new number.

    while [ "$(xl domid alder 2>/dev/null || echo $old)" = $old ]; do sleep 0.3; done
    xl rename alder elm
