title: Change the CD of a running guest
objective: Storage
terms: ISO image, cdrom, xl cd-insert, xl cd-eject
points: 2
minutes: 6
guests: alder

== task
The HVM guest alder runs with /root/practice/old.iso in its CD drive hdc. Put
/root/practice/new.iso into it instead, without restarting the guest.

== hints
- Two commands of xl begin with cd-.
- `xl cd-insert GUEST DRIVE FILE`

== setup
cp /srv/guests/boot.img disk.img
truncate -s 1M old.iso new.iso
sed "s|^name.*|name = \"alder\"|; s|^disk.*|disk = [ \"$P/disk.img,raw,hda,rw\", \"$P/old.iso,raw,hdc,ro,cdrom\" ]|" \
    /etc/xen/hvm-boot.cfg >alder.cfg
xl create -q alder.cfg
remember domid "$(domid alder)"

== check
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"
holds "new.iso is in its drive hdc" config alder '[.disks[] | select(.vdev == "hdc" and .pdev_path == "/root/practice/new.iso")] | length == 1' ||
    because "xl list -l alder shows what is"

== wrong
xl cd-eject alder hdc

== solution
    xl cd-insert alder hdc /root/practice/new.iso

With another disc in the drive it is ejected first. Drives that were empty when the
guest was started cannot be filled on Xen 4.17.
