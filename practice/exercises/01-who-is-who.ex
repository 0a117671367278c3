title: Which guest is which
objective: Architecture: Dom0, DomU, PV, HVM, PVH
terms: Dom0, DomU, PV, HVM, PVH, xl list
points: 2
minutes: 5
guests: alder birch cedar

== task
Three guests run here: alder, birch and cedar. One is paravirtualized (PV), one
has a whole emulated computer (HVM), one uses the processor's virtualization
without an emulated computer (PVH). Find out which is which and write it into
/root/practice/answers, one line each, for instance

    alder = hvm

Write there, too, the number of the domain that all hardware belongs to:

    hardware = NUMBER

== hints
- `xl list -l NAME` shows everything that libxl knows about a guest.
- Look for "type" in its c_info. A device model (`pgrep -fa qemu`) runs for HVM only.
- The domain that starts first and has the drivers is Dom0: the first column of numbers in `xl list`.

== setup
# names are dealt anew each time
set -- $(shuf -e alder birch cedar)
remember pv "$1"
remember pvh "$2"
remember hvm "$3"
stub "$1"
stub_file "$2"
sed -i 's|"pv"|"pvh"|; s|stub-pv|stub-pvh|' "$P/$2.cfg"
xl create -q "$P/$2.cfg"
sed "s|^name.*|name = \"$3\"|" /etc/xen/hvm-boot.cfg >"$P/$3.cfg"
xl create -q "$P/$3.cfg"
rm -f "$P"/*.cfg

== check
for t in pv pvh hvm; do
    g=$(recall $t)
    config "$g" ".c_info.type == \"$t\"" >/dev/null || because "$g is no longer there: xen-practice reset"
    holds "the type of $g is right" same "$(answer "$g" | tr A-Z a-z)" $t
done
holds "the domain with the hardware is right" same "$(answer hardware)" 0

== wrong
printf 'alder = pv\nbirch = pv\ncedar = pv\nhardware = 0\n' >answers

== solution
Each guest's type stands in what libxl remembers of it. jq picks it out, one line
per guest; `xl list -l` without a name would show all.

    for g in alder birch cedar; do
        echo "$g = $(xl list -l $g | jq -r '.[0].config.c_info.type')"
    done >/root/practice/answers

Dom0 is the first domain; Xen starts it, and its kernel has the drivers. All
others are DomUs.

    echo "hardware = 0" >>/root/practice/answers
