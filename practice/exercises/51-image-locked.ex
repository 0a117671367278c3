title: It does not start: the disk
objective: Troubleshooting
terms: disk locked, shared disk, losetup, block script, access mode
points: 3
minutes: 8
guests: alder birch

== task
birch does not start: its disk is in use by another guest. alder was given the same
image by mistake and must not have it. birch must have it writable, and alder must
go on running without a restart.

== hints
- The message of xl tells who uses the image.
- A disk can be taken from a running guest: xl block-detach, if need be with --force.

== setup
truncate -s 8M birch.img
stub alder "disk = [ '$P/birch.img,raw,xvdb,rw' ]"
remember domid "$(domid alder)"
stub_file birch "disk = [ '$P/birch.img,raw,xvda,rw' ]"
rm -f alder.cfg

== check
holds "birch runs" alive birch
b=$(backend birch vbd "$(disk birch xvda)")
holds "its xvda is birch.img" same "$(xs "$b/params")" "$P/birch.img"
holds "writable" same "$(xs "$b/mode")" w
holds "alder runs on" same "$(domid alder)" "$(recall domid)"
holds "alder does not have the image any more" sh -c '! xl list -l alder | grep -q birch.img'

== wrong
cp birch.img copy.img
sed -i 's/birch.img/copy.img/' birch.cfg
xl create -q birch.cfg

== solution
    xl block-detach alder xvdb || xl block-detach alder xvdb --force
    xl create /root/practice/birch.cfg

Two guests that write into one image destroy its file system: therefore Xen's scripts
refuse. Only read-only disks are shared (and w! is for cluster file systems).
