title: Ask for a shutdown, do not pull the plug
objective: Guests with xl
terms: xl shutdown, on_poweroff, xl destroy
points: 2
minutes: 4
guests: alder birch

== task
alder shall power off in an orderly way, so that its file systems are clean.
It is configured to be kept after that (on_poweroff = "preserve"), so that one
can see how it ended: leave it like this.

birch answers nothing any more. End it the hard way.

== hints
- `xl shutdown` asks the guest's system; `xl destroy` asks nobody.
- `xl shutdown -w NAME` waits until it is done.

== setup
stub alder 'on_poweroff = "preserve"'
stub birch
xl pause birch

== check
holds "alder has shut down" in_state alder s || because "xl list shows: $(state alder || echo nothing)"
holds "it was asked to (its reason is poweroff)" same "$(xl list -v alder | awk 'NR == 2 {print $8}')" 0
holds "birch is gone" gone birch

== wrong
xl destroy alder
xl destroy birch

== solution
The guest's own system does the shutdown; `xl shutdown` only writes the wish into
XenStore.

    xl shutdown alder
    while ! xl list alder | grep -q -- '-s-'; do sleep 0.2; done

birch is paused and could not answer. `destroy` takes away memory and devices at
once, like a power cut.

    xl destroy birch
