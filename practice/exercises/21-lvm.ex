title: A logical volume as a disk
objective: Storage
terms: LVM, phy, logical volume, backendtype
points: 2
minutes: 6
guests: alder

== task
The volume group vgpractice exists. Make a logical volume alder-root of 16 MiB in
it and start the guest of /root/practice/alder.cfg with it as xvda, writable.

== hints
- lvcreate -L SIZE -n NAME GROUP
- A block device is format raw: disk = [ "/dev/vgpractice/alder-root,raw,xvda,rw" ]

== setup
vg_up vgpractice
stub_file alder

== check
holds "the volume exists" lvs vgpractice/alder-root
holds "it has 16 MiB" same "$(lvs --noheadings --nosuffix --units m -o lv_size vgpractice/alder-root 2>/dev/null | tr -d ' ')" 16.00
holds "alder runs" alive alder
b=$(backend alder vbd "$(disk alder xvda)")
holds "its xvda is the volume" same "$(readlink -f "$(xs "$b/params")")" "$(readlink -f /dev/vgpractice/alder-root)"
holds "served by the kernel (phy), not by QEMU" same "$(echo "$b" | cut -d/ -f6)" vbd
holds "writable" same "$(xs "$b/mode")" w

== wrong
truncate -s 16M root.img
xl create -q alder.cfg 'disk = [ "/root/practice/root.img,raw,xvda,rw" ]'

== solution
    lvcreate -q -L 16M -n alder-root vgpractice
    echo 'disk = [ "/dev/vgpractice/alder-root,raw,xvda,rw" ]' >>/root/practice/alder.cfg
    xl create /root/practice/alder.cfg

The block device goes to the guest through the kernel's xen-blkback: no process of
its own, and the fastest way.

== cleanup
soon 5 sh -c '! lvs --noheadings -o lv_device_open vgpractice | grep -q open'
vg_down vgpractice
