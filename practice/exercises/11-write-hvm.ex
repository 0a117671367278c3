title: Write an xl.cfg for an HVM guest
objective: Configuration: xl.cfg
terms: xl.cfg, HVM, disk, boot, vnc, serial, device model
points: 3
minutes: 8
guests: alder

== task
/srv/guests/boot.img is a raw disk image with a small system that brings its own
boot sector. Copy it to /root/practice/disk.img, write /root/practice/alder.cfg
and start the guest:

  - an HVM guest named alder with 32 MB
  - the image is its first IDE disk (hda), and it boots from it
  - its first serial port ends in a pty; no VNC

== hints
- In the lab, /etc/xen/hvm-boot.cfg is a beginning.
- disk = [ "FILE,FORMAT,hda,rw" ]; the boot device is a letter: c is the first disk.
- serial = "pty" and vnc = 0.

== setup
rm -f alder.cfg

== check
holds "alder runs" alive alder
holds "it is an HVM guest" config alder '.c_info.type == "hvm"'
holds "its disk is /root/practice/disk.img as hda" config alder '[.disks[] | select(.vdev == "hda" and .pdev_path == "/root/practice/disk.img")] | length == 1'
holds "no VNC" config alder '.b_info["type.hvm"].vnc.enable == "False"'
holds "a device model runs for it" pgrep -f "xen-domid $(domid alder)"
holds "its serial port is a pty" test -c "$(xsd alder serial/0/tty)"

== wrong
stub alder

== solution
    cp /srv/guests/boot.img /root/practice/disk.img
    cat >/root/practice/alder.cfg <<'END'
    name = "alder"
    type = "hvm"
    memory = 32
    disk = [ "/root/practice/disk.img,raw,hda,rw" ]
    boot = "c"
    serial = "pty"
    vnc = 0
    vga = "none"
    END
    xl create /root/practice/alder.cfg

`xl console alder` shows what the guest writes to its serial port.
