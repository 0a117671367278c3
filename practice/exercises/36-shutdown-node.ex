title: What xl shutdown really does
objective: XenStore
terms: XenStore, control/shutdown, xl shutdown
points: 2
minutes: 5
guests: alder

== task
Shut down the guest alder without xl: write the node that xl shutdown would write.
The domain is kept (on_poweroff = "preserve"); it must be in state s, for the
reason poweroff, afterwards.

== hints
- The guest watches a node below its folder control/.
- control/shutdown takes poweroff, reboot, suspend, halt.

== setup
stub alder 'on_poweroff = "preserve"' 'on_reboot = "preserve"' 'on_crash = "preserve"'

== check
holds "alder has shut down" soon 3 in_state alder s
holds "its reason is poweroff" same "$(xl list -v alder | awk 'NR == 2 {print $8}')" 0

== wrong
xenstore-write "/local/domain/$(domid alder)/control/shutdown" crash

== solution
    xenstore-write /local/domain/$(xl domid alder)/control/shutdown poweroff
