title: A storage repository and a disk with xe
objective: XAPI and xe
terms: xe sr-create, xe vdi-create, xe vbd-create, XAPI, SR, VDI, VBD, PBD
points: 3
minutes: 9
guests: maple

== task
The folder /root/practice/disks shall become a storage repository named depot. Make
a virtual disk named maple-data of 24 MiB in it, give it to the VM maple as its disk
number 0, writable, and start maple.

== hints
- xe sr-create type=file name-label=... device-config:location=FOLDER prints the UUID of the SR.
- xe vdi-create makes the disk (VDI); xe vbd-create connects it with a VM.
- xe vbd-create vm-uuid=... vdi-uuid=... device=0 mode=RW type=Disk

== setup
xapi_up
mkdir disks
u=$(xe vm-install template="Linux PVH" new-name-label=maple)
xe vm-param-set uuid="$u" PV-kernel=/srv/guests/stub-pvh
remember maple "$u"

== check
sr=$(xe sr-list name-label=depot --minimal 2>/dev/null)
vdi=$(xe vdi-list name-label=maple-data --minimal 2>/dev/null)
vbd=$(xe vbd-list vm-uuid="$(recall maple)" vdi-uuid="${vdi:-none}" --minimal 2>/dev/null)
holds "there is an SR named depot" test -n "$sr"
holds "it is of the type file" same "$(xe_get sr "$sr" type)" file
holds "its folder is /root/practice/disks" same \
    "$(xe pbd-list sr-uuid="${sr:-none}" params=device-config --minimal 2>/dev/null | sed 's/.*location: *\([^;]*\).*/\1/')" "$P/disks"
holds "maple-data lies in it" same "$(xe_get vdi "$vdi" sr-uuid)" "$sr"
holds "it has 24 MiB" same "$(xe_get vdi "$vdi" virtual-size)" 25165824
holds "it is disk 0 of maple" same "$(xe_get vbd "$vbd" userdevice)" 0
holds "writable" same "$(xe_get vbd "$vbd" mode)" RW
holds "maple runs" alive maple
holds "Xen gave it that disk" config maple "[.disks[] | select(.pdev_path | contains(\"${vdi:-none}\"))] | length == 1"

== wrong
mkdir elsewhere
sr=$(xe sr-create type=file name-label=depot device-config:location="$P/elsewhere")
vdi=$(xe vdi-create sr-uuid="$sr" name-label=maple-data virtual-size=24MiB)
xe vbd-create vm-uuid="$(recall maple)" vdi-uuid="$vdi" device=0 mode=RO type=Disk
xe vm-start uuid="$(recall maple)"

== solution
An SR holds disks; the PBD that sr-create makes along with it says where it is on this
host. A VDI is a disk in it, a VBD the wire between a VDI and a VM.

    sr=$(xe sr-create type=file name-label=depot device-config:location=/root/practice/disks)
    vdi=$(xe vdi-create sr-uuid=$sr name-label=maple-data virtual-size=24MiB)
    vm=$(xe vm-list name-label=maple --minimal)
    xe vbd-create vm-uuid=$vm vdi-uuid=$vdi device=0 mode=RW type=Disk
    xe vm-start uuid=$vm
    xe vbd-list vm-uuid=$vm

== cleanup_first
xe_remove maple
for sr in $(xe sr-list name-label=depot --minimal | tr ',' ' '); do
    for u in $(xe vdi-list sr-uuid="$sr" --minimal | tr ',' ' '); do xe vdi-destroy uuid="$u"; done
    for u in $(xe pbd-list sr-uuid="$sr" --minimal | tr ',' ' '); do xe pbd-unplug uuid="$u"; done
    xe sr-forget uuid="$sr"
done

== cleanup
xapi_down
