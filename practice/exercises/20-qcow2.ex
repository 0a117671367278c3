title: A qcow2 image on top of another
objective: Storage
terms: qcow2, qemu-img, backing file
points: 2
minutes: 6
guests: alder

== task
/root/practice/base.qcow2 is the master image that many guests share. Make
/root/practice/alder.qcow2, which keeps only alder's own changes on top of it, and
start the guest of alder.cfg with it as xvda, writable.

== hints
- `qemu-img create -b` names the image below, -F its format.
- disk = [ "FILE,qcow2,xvda,rw" ]

== setup
qemu-img create -q -f qcow2 base.qcow2 64M
remember sum "$(md5sum <base.qcow2)"
stub_file alder

== check
holds "alder.qcow2 is a qcow2 image" sh -c 'qemu-img info -U alder.qcow2 | grep -q "file format: qcow2"'
holds "base.qcow2 is below it" sh -c 'qemu-img info -U alder.qcow2 | grep -q "^backing file: .*base.qcow2"'
holds "base.qcow2 is unchanged" same "$(md5sum <base.qcow2)" "$(recall sum)"
holds "alder runs" alive alder
holds "its xvda is alder.qcow2" config alder '[.disks[] | select(.vdev == "xvda" and .format == "qcow2" and (.pdev_path | endswith("/alder.qcow2")))] | length == 1'

== wrong
echo 'disk = [ "/root/practice/base.qcow2,qcow2,xvda,rw" ]' >>alder.cfg
xl create -q alder.cfg

== solution
    cd /root/practice
    qemu-img create -f qcow2 -b base.qcow2 -F qcow2 alder.qcow2
    echo 'disk = [ "/root/practice/alder.qcow2,qcow2,xvda,rw" ]' >>alder.cfg
    xl create alder.cfg
    qemu-img info -U --backing-chain alder.qcow2
