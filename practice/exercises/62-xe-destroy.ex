title: Shut a VM down and delete it with xe
objective: XAPI and xe
terms: xe vm-shutdown, xe vm-destroy, XAPI, power-state
points: 2
minutes: 6
guests: maple rowan

== task
The VMs maple and rowan run under XenAPI. maple is no longer needed: shut it down
and delete it. rowan shall be shut down in an orderly way, and kept.

== hints
- A running VM cannot be deleted: VM_BAD_POWER_STATE.
- xe vm-shutdown vm=..., then xe vm-destroy uuid=...

== setup
xapi_up
for g in maple rowan; do
    u=$(xe vm-install template="Linux PVH" new-name-label=$g)
    xe vm-param-set uuid="$u" PV-kernel=/srv/guests/stub-pvh
    xe vm-start uuid="$u"
    remember $g "$u"
done

== check
holds "XenAPI has no maple any more" same "$(xe vm-list name-label=maple --minimal 2>/dev/null)" ""
holds "nor has Xen" gone maple
holds "rowan is kept" same "$(xe vm-list name-label=rowan --minimal 2>/dev/null)" "$(recall rowan)"
holds "rowan is halted" same "$(xe_get vm "$(recall rowan)" power-state)" halted
holds "Xen does not run it" gone rowan

== wrong
xe vm-shutdown uuid="$(recall maple)" force=true

== solution
    xe vm-shutdown vm=maple
    xe vm-destroy uuid=$(xe vm-list name-label=maple --minimal)
    xe vm-shutdown vm=rowan

vm-uninstall would delete the disks of the VM, too. force=true does what xl destroy does.

== cleanup_first
xe_remove maple rowan

== cleanup
xapi_down
