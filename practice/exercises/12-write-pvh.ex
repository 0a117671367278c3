title: From PV to PVH
objective: Configuration: xl.cfg
terms: PVH, PV, type, xl.cfg
points: 2
minutes: 5
guests: alder

== task
alder runs as a PV guest from /root/practice/alder.cfg. Turn it into a PVH guest:
change the file (its kernel becomes /srv/guests/stub-pvh) and start it again.

== hints
- A running domain cannot change its type: shut it down first.
- type = "pvh"

== setup
stub alder

== check
holds "alder runs" alive alder
holds "it is PVH" config alder '.c_info.type == "pvh"'
holds "the file says so, too" file_has alder.cfg '^type *= *"pvh"'
holds "no device model runs for it" sh -c '! pgrep -f "xen-domid '"$(domid alder)"'( |$)"'

== wrong
sed -i 's/"pv"/"pvh"/' alder.cfg

== solution
    xl shutdown -w alder || xl destroy alder
    sed -i 's|"pv"|"pvh"|; s|stub-pv"|stub-pvh"|' /root/practice/alder.cfg
    xl create /root/practice/alder.cfg

PVH uses the processor's virtualization for memory and interrupts like HVM, and
boots a kernel directly like PV: no BIOS, no QEMU.
