title: It starts and is gone at once
objective: Troubleshooting
terms: console log, on_crash, ramdisk, kernel panic, /var/log/xen
points: 3
minutes: 10
needs: lab
guests: alder

== task
`xl create alder.cfg` succeeds, but the Linux guest dies while it boots. Find out why,
mend alder.cfg, and start it so that it runs to the end of its boot.

== hints
- Keep the corpse: on_crash = "preserve", or look into /var/log/xen/console/guest-alder.log.
- `xl create -c` shows the console from the first line on.
- A kernel that cannot mount a root file system has, perhaps, no ramdisk: see /etc/xen/pv.cfg.

== setup
: >/var/log/xen/console/guest-alder.log
linux_file alder 'on_crash = "destroy"'
sed -i '/^ramdisk/d; s/quiet/quiet panic=1/' alder.cfg

== check
says_up() { tail -c 2000 /var/log/xen/console/guest-alder.log | grep -q "is up"; }
# it is waited for as long as the guest may still get there
booted() { soon 30 over && says_up; }
over() { says_up || ! alive alder; }
holds "it has booted (its console says so)" booted
holds "alder runs" alive alder
holds "the file is mended" file_has alder.cfg '^ *ramdisk'

== wrong
sed -i 's/panic=1/panic=0/' alder.cfg
xl create -q alder.cfg

== solution
    tail -20 /var/log/xen/console/guest-alder.log

The kernel panics: no root file system. The line with the ramdisk is missing.

    echo 'ramdisk = "/srv/guests/initrd"' >>/root/practice/alder.cfg
    xl create /root/practice/alder.cfg
