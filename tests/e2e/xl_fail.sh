#!/bin/bash
# A create that fails says its first cause and leaves nothing behind, on real Xen.
# timeout: 600
. tests/e2e/xl_lib.sh
dom0 'qemu-img create -q -f raw /tmp/disk.img 4M; echo text >/tmp/text'
before=$(leftovers)
good='disk=[\"/tmp/disk.img,raw,xvda,rw\"]' # a disk to give back, too

# fails NAME STATUS NEEDLE WORDS...: pv.cfg with these words.
fails() {
    local name=$1 status=$2 needle=$3 words="" word said
    shift 3
    for word; do words+=" \"$word\""; done
    said=$(T=120 dom0 "xl create -q /etc/xen/pv.cfg 'name=\"failing\"' $words 2>&1; echo status=\$?")
    contains "$name: says so" "$needle" "$said"
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

dom0 "xl create -qp /etc/xen/stub-pv.cfg 'name=\"taken\"'"
said=$(dom0 "xl create -q /etc/xen/stub-pv.cfg 'name=\"taken\"' 2>&1")
contains "a name that is taken: says so" "a domain of this name runs already" "$said"
expect "a name that is taken: the first one stays" "1" "$(dom0 'xl list' | grep -c '^taken ')"
dom0 'xl destroy taken'
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
dom0 'rm -f /tmp/disk.img /tmp/text'

# Xen without XenStore, and no way to Xen at all
said=$(dom0 'mount --bind /tmp /run/xenstored; XENSTORED_PATH=/none xl list 2>&1; echo status=$?; umount /run/xenstored')
contains "without xenstored: says so" "xenstored does not answer" "$said"
contains "without xenstored: exit status" "status=1" "$said"
said=$(dom0 'setpriv --reuid 65534 --clear-groups xl list 2>&1; echo status=$?')
contains "as an ordinary user: says so" "only root may talk to Xen" "$said"
