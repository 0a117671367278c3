title: Install and start a VM with xe
objective: XAPI and xe
terms: xe vm-install, xe vm-param-set, xe vm-start, XAPI, template
points: 3
minutes: 8
guests: maple

== task
From the template "Linux PVH" install a VM named maple. Its kernel (the field
PV-kernel) is /srv/guests/stub-pvh. Start it.

== hints
- xe vm-install template=... new-name-label=... prints the UUID.
- xe vm-param-set uuid=... PV-kernel=...
- xe vm-start uuid=... or vm=maple

== setup
xapi_up

== check
uuid=$(xe vm-list name-label=maple --minimal 2>/dev/null)
holds "there is one VM named maple" sh -c 'case "$1" in "" | *,*) exit 1 ;; esac' - "$uuid"
holds "it runs, says XenAPI" same "$(xe_get vm "$uuid" power-state)" running
holds "it runs, says Xen" alive maple
holds "it is that VM" same "$(uuid_of maple)" "$uuid"
holds "with the kernel stub-pvh" config maple '.b_info.kernel | endswith("stub-pvh")'

== wrong
xe vm-install template="Linux PVH" new-name-label=maple
sed 's/"stub-pvh"$/"maple"/' /etc/xen/stub-pvh.cfg >maple.cfg
xl create -q maple.cfg

== solution
    uuid=$(xe vm-install template="Linux PVH" new-name-label=maple)
    xe vm-param-set uuid=$uuid PV-kernel=/srv/guests/stub-pvh
    xe vm-start uuid=$uuid
    xe vm-list

== cleanup_first
xe_remove maple

== cleanup
xapi_down
