#!/bin/bash
# A create that fails says its first cause and leaves nothing behind, on real Xen.
# timeout: 900
. tests/e2e/xl_lib.sh
dom0 'qemu-img create -q -f raw /tmp/disk.img 4M; echo text >/tmp/text'
before=$(leftovers)
good='disk=[\"/tmp/disk.img,raw,xvda,rw\"]' # a disk to give back, too

# fails NAME STATUS NEEDLE WORDS...: pv.cfg with these words. The first line holds the whole cause, a line behind it what
# to do next.
count=0
fails() {
    local name=$1 status=$2 needle=$3 words="" word said
    shift 3
    for word; do words+=" \"$word\""; done
    # libxl's child that is to become a script speaks for itself
    said=$(T=120 dom0 "xl create -q ${from:-/etc/xen/pv.cfg} 'name=\"failing\"' $words 2>&1; echo status=\$?" | sed '/^libxl: cannot execute/d')
    count=$((count + 1))
    contains "$name: says so" "$needle" "$(head -n 1 <<<"$said")"
    check "$name: says what to do next" grep -q '^  [A-Z`]' <<<"$said"
    expect "$name: exit status" "status=$status" "$(tail -n 1 <<<"$said")"
    expect "$name: the cause comes first" "xl: " "$(head -c 4 <<<"$said")"
    clean "$name: leaves nothing" "$before"
}

fails "a kernel that does not exist" 3 'the kernel "/srv/guests/none" does not exist' 'kernel=\"/srv/guests/none\"' "$good"
fails "a ramdisk that does not exist" 3 'the ramdisk "/srv/guests/none" does not exist' 'ramdisk=\"/srv/guests/none\"'
fails "a disk that does not exist" 3 'disk xvda "/srv/none.img" does not exist' 'disk=[\"/srv/none.img,raw,xvda,rw\"]'
fails "a bridge that does not exist" 3 'the bridge "nobr" of vif 0 does not exist' 'vif=[\"bridge=nobr\"]' "$good"
fails "a hotplug script that fails" 3 '/bin/false' 'vif=[\"script=/bin/false\"]' "$good"
fails "more memory than there is" 3 'MiB are free' memory=99999
fails "a text file as kernel" 3 'no kernel that Xen can start' 'kernel=\"/tmp/text\"' "$good"
fails "a PCI device without an IOMMU" 6 'no IOMMU' 'pci=[\"00:03.0\"]'
fails "a boot loader that finds nothing" 3 'boot loader' 'kernel=\"\"' 'bootloader=\"pygrub\"' "$good"
fails "a device model that does not start" 3 'device model' 'type=\"hvm\"' 'kernel=\"\"' 'ramdisk=\"\"' \
    'device_model_version=\"qemu-xen\"' 'device_model_override=\"/bin/false\"' "$good"
fails "a boot loader that is not there" 3 'the boot loader "/srv/none" does not exist' 'kernel=\"\"' 'bootloader=\"/srv/none\"' "$good"
fails "a boot loader that says nothing sensible" 3 'there is no kernel to start' 'kernel=\"\"' 'bootloader=\"/bin/echo\"' "$good"
fails "a device model that is not there" 3 '/srv/none' 'type=\"hvm\"' 'kernel=\"\"' 'ramdisk=\"\"' \
    'device_model_version=\"qemu-xen\"' 'device_model_override=\"/srv/none\"' "$good"
from=/etc/xen/hvm-boot.cfg fails "a display address that is not of this host" 3 'Failed to bind socket' vnc=1 'vnclisten=\"192.0.2.77\"'
fails "a firmware that does not exist" 3 'firmware "/srv/none" does not exist' 'type=\"hvm\"' 'kernel=\"\"' 'ramdisk=\"\"' \
    'firmware_override=\"/srv/none\"' "$good"
fails "memory too small for the kernel" 3 "memory is too small for its" memory=3 "$good"
fails "a cpupool that does not exist" 6 'pool specified: nopool' 'pool=\"nopool\"' "$good"
fails "a name of a disk that no guest knows" 3 'hd0q' 'disk=[\"/tmp/disk.img,raw,hd0q,rw\"]'
fails "a hotplug script that is not there" 3 '/srv/none' 'vif=[\"script=/srv/none\"]' "$good"
fails "a back end domain that does not run" 3 'the domain that backend= names does not run' 'vif=[\"backend=nodomain\"]' "$good"

# a disk of a guest that runs
loop=$(dom0 'losetup -f --show /tmp/disk.img')
dom0 "xl create -qp /etc/xen/stub-pv.cfg 'name=\"taken\"' 'disk=[\"$loop,raw,xvda,rw\"]'"
before_taken=$before before=$(leftovers)
fails "a disk that another guest writes to" 3 'in a guest domain' "disk=[\\\"$loop,raw,xvda,rw\\\"]"
before=$before_taken
dom0 "xl destroy taken; losetup -d $loop; xl create -qp /etc/xen/stub-pv.cfg 'name=\"taken\"'"
expect "twenty causes, each in one sentence, and one more" 21 $count
said=$(dom0 "xl create -q /etc/xen/stub-pv.cfg 'name=\"taken\"' 2>&1")
contains "a name that is taken: says so" "a domain of this name runs already" "$said"
expect "a name that is taken: the first one stays" "1" "$(dom0 'xl list' | grep -c '^taken ')"
dom0 'xl destroy taken'

# Two scripts fail side by side: each creation shows the text of its own.
dom0 'printf "%s\n" "#!/bin/sh" "sleep 1" "xenstore-write \$XENBUS_PATH/hotplug-error \"broken for \$XENBUS_PATH\" \$XENBUS_PATH/hotplug-status error" \
    "exit 1" >/tmp/broken; chmod +x /tmp/broken; for n in a b; do xl create -q /etc/xen/stub-pv.cfg "name=\"script-$n\"" \
    "vif=[\"script=/tmp/broken\"]" >/tmp/said-$n 2>&1 & done; wait'
said=$(dom0 'for n in a b; do grep -o "broken for .*/vif/[0-9]*" /tmp/said-$n | sort -u; done')
expect "each failed script is quoted once, to whom it belongs" "2 2" \
    "$(grep -c . <<<"$said") $(sort -u <<<"$said" | grep -c .)"
said=$(dom0 'xl -v create -q /etc/xen/stub-pv.cfg "name=\"script-c\"" "vif=[\"script=/tmp/broken\"]" 2>&1')
check "-v shows libxenlight's chain as it comes" test "$(grep -c '^libxl: error' <<<"$said")" -ge 2
clean "a name that is taken: the second leaves nothing" "$before"

for file in /tmp /none.cfg /dev/urandom; do
    said=$(dom0 "xl create -q $file 2>&1; echo status=\$?")
    expect "config file $file: refused" "status=3" "$(tail -n 1 <<<"$said")"
done

# Ctrl-C at every stage, and a guest destroyed while it is being built
for seconds in 0.5 1 1.5 2 3 4 6; do
    dialogue 60 "xl create /etc/xen/pv.cfg $good" "=$seconds" '!\x03' >/dev/null
    if [ -n "$(domid_of pv)" ]; then dom0 'xl destroy pv' 2>/dev/null; fi
    clean "Ctrl-C after $seconds s leaves nothing" "$before"
done
dom0 "xl create -q /etc/xen/pv.cfg $good 2>/tmp/said & for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    xl destroy pv 2>/dev/null && break; sleep 0.2; done; wait; for i in 1 2 3; do xl destroy pv 2>/dev/null; done"
clean "a domain destroyed while it is being created leaves nothing" "$before"
for seconds in 2.5 3.5; do # a device model that starts when its domain is gone would keep it as a zombie
    dom0 "xl create -q /etc/xen/hvm-boot.cfg 2>/tmp/said & sleep $seconds; xl destroy hvm-boot 2>/dev/null; wait
        xl destroy hvm-boot 2>/dev/null"
    clean "an HVM domain destroyed after $seconds s leaves nothing" "$before"
done
dom0 'rm -f /tmp/disk.img /tmp/text /tmp/broken /tmp/said*'

# A page of a guest that a program keeps mapped keeps the guest, without a name, after its end.
"$LAB" put tests/e2e/hold_page.py /tmp/ >/dev/null 2>&1
said=$(dom0 'xl create -q /etc/xen/stub-pvh.cfg; mkfifo /tmp/hold; sleep 50 >/tmp/hold & feeder=$!
    python3 /tmp/hold_page.py $(xl domid stub-pvh) 0x100 </tmp/hold >/tmp/said 2>&1 & echo $! >/tmp/holder
    until grep -q held /tmp/said; do sleep 0.2; kill -0 $feeder || break; done
    xl destroy stub-pvh; xl list -v 2>&1; kill $feeder; wait; rm /tmp/hold /tmp/hold_page.py')
contains "a domain that somebody holds stands in the list without its name" "(null)" "$said"
contains "list -v says who holds it" "python3 (process $(dom0 'cat /tmp/holder; rm /tmp/holder'))" "$said"
clean "it goes when that program ends" "$before"

# Xen without XenStore, and no way to Xen at all
said=$(dom0 'mount --bind /tmp /run/xenstored; XENSTORED_PATH=/none xl list 2>&1; echo status=$?; umount /run/xenstored')
contains "without xenstored: says so" "xenstored does not answer" "$said"
contains "without xenstored: exit status" "status=1" "$said"
said=$(dom0 'setpriv --reuid 65534 --clear-groups xl list 2>&1; echo status=$?')
contains "as an ordinary user: says so" "only root may talk to Xen" "$said"
