title: A network card with xe
objective: XAPI and xe
terms: xe vif-create, xe vm-start, XAPI, network, VIF
points: 2
minutes: 6
guests: maple

== task
Give the halted VM maple a network card with the address 00:16:3e:00:00:65 on the
network whose bridge is xenbr0, as its card number 0, and start maple.

== hints
- The network has a UUID: xe network-list bridge=xenbr0
- xe vif-create vm-uuid=... network-uuid=... device=0 mac=...

== setup
xapi_up
u=$(xe vm-install template="Linux PVH" new-name-label=maple)
xe vm-param-set uuid="$u" PV-kernel=/srv/guests/stub-pvh
for v in $(xe vif-list vm-uuid="$u" --minimal | tr ',' ' '); do xe vif-destroy uuid="$v"; done
remember maple "$u"

== check
u=$(recall maple)
vif=$(xe vif-list vm-uuid="$u" --minimal 2>/dev/null)
holds "maple has one network card" sh -c 'case "$1" in "" | *,*) exit 1 ;; esac' - "$vif"
holds "it is card 0" same "$(xe_get vif "$vif" device)" 0
holds "its address is right" same "$(xe_get vif "$vif" MAC | tr A-F a-f)" 00:16:3e:00:00:65
holds "its network is that of xenbr0" same "$(xe_get vif "$vif" network-uuid)" "$(xe network-list bridge=xenbr0 --minimal)"
holds "maple runs" alive maple
holds "Dom0 has its end of the card on xenbr0" on_bridge xenbr0 "vif$(domid maple).0"

== wrong
xe vm-start uuid="$(recall maple)"
xl network-attach maple bridge=xenbr0 mac=00:16:3e:00:00:65

== solution
    vm=$(xe vm-list name-label=maple --minimal)
    net=$(xe network-list bridge=xenbr0 --minimal)
    xe vif-create vm-uuid=$vm network-uuid=$net device=0 mac=00:16:3e:00:00:65
    xe vm-start uuid=$vm

Cards that xl attaches are gone with the domain: XenAPI knows nothing of them. With
mac=random, or without mac, xe makes an address.

== cleanup_first
xe_remove maple

== cleanup
xapi_down
