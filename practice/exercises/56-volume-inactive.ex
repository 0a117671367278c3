title: It does not start: no such device
objective: Troubleshooting
terms: LVM, vgchange, block device, phy
points: 2
minutes: 6
guests: alder

== task
After a reboot the guest of alder.cfg does not start: its disk /dev/vgpractice/alder
is not there. The data is not lost. Bring the disk back and start the guest without
changing alder.cfg.

== hints
- `lvs` shows the volume; the attribute `a` (active) is missing.
- lvchange or vgchange, -a y.

== setup
vg_up vgpractice
lvcreate -qq -L 8M -n alder vgpractice >/dev/null
lvchange -an vgpractice/alder
stub_file alder 'disk = [ "/dev/vgpractice/alder,raw,xvda,rw" ]'
remember sum "$(md5sum <alder.cfg)"

== check
holds "the volume is active" sh -c 'lvs --noheadings -o lv_active vgpractice/alder | grep -q "^ *active"'
holds "alder runs" alive alder
b=$(backend alder vbd "$(disk alder xvda)")
holds "its xvda is the volume" same "$(xs "$b/params")" /dev/vgpractice/alder
holds "alder.cfg is unchanged" same "$(md5sum <alder.cfg)" "$(recall sum)"

== wrong
lvchange -ay vgpractice/alder

== solution
    lvs vgpractice
    lvchange -ay vgpractice/alder
    xl create /root/practice/alder.cfg

== cleanup
soon 5 sh -c '! lvs --noheadings -o lv_device_open vgpractice | grep -q open'
vg_down vgpractice
