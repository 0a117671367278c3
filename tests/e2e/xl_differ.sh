#!/bin/bash
# Each command line runs with the original xl and with ours, in turn, on one guest: output and exit status are equal.
# timeout: 400
. tests/e2e/xl_lib.sh
dom0 "xl create -q /etc/xen/pv.cfg 'disk=[]'; truncate -s 8M /tmp/differ.img" >/dev/null 2>&1
# ask for what it prints once the guest's vif is connected
wait_for 40 dom0 "xl network-list pv | grep -q ' 4 '"

# Lines that change nothing come first; those that do undo it for the other xl.
lines=$(
    cat <<'E'
block-list pv
block-list nobody pv
network-list pv
network-list pv pv
vkb-list pv
channel-list pv
vtpm-list pv
vdispl-list pv
vsnd-list pv
usb-list pv
usb-list nobody
pci-list pv
pci-list nobody
sched-credit2
sched-credit2 -d pv
sched-credit2 -s
sched-credit2 -p Pool-0
sched-credit2 -d pv -s
sched-credit2 -d pv -w 0
sched-credit2 -d pv -w 512
sched-credit2 -d pv -c 50
sched-credit2 -d nobody
sched-credit2 -s -r 100 -p nobody
sched-credit
sched-credit -w 5
sched-rtds
sched-rtds -p 5
cpupool-list
cpupool-list -c
cpupool-list nobody
cpupool-destroy nobody
cpupool-destroy Pool-0
cpupool-rename nobody x
cpupool-migrate pv nobody
cpupool-migrate nobody Pool-0
cpupool-migrate pv Pool-0
cpupool-cpu-add Pool-0 9
cpupool-cpu-add Pool-0 x
cpupool-cpu-remove Pool-0 0
cpupool-create -n name="foo"
cpupool-create -n name="foo" sched="credit"
sharing pv
getenforce
setenforce 1
loadpolicy /nofile
loadpolicy /etc/hostname
psr-hwinfo
psr-hwinfo -m
psr-hwinfo -a
psr-hwinfo -b
psr-cmt-attach pv
psr-cmt-detach pv
block-detach pv xvdz
network-detach pv 7
network-detach pv 00:11:22:33:44:55
vkb-detach pv 3
vtpm-detach pv 3
vdispl-detach pv 1
vsnd-detach pv 1
usbctrl-detach pv 1
trigger pv foo
trigger pv nmi
sysrq pv h
button-press pv foo
debug-keys h
dump-core nobody /tmp/x
dump-core pv /nonexistent/x
vcpu-set pv 9
vcpu-set pv 0
vcpu-set pv x
vcpu-set pv 1
-N network-attach pv bridge=foo
network-attach pv bogus=1
-N block-attach pv /tmp/differ.img,raw,xvdb,w
-N block-attach pv format=raw vdev=xvdb access=rw target=/tmp/differ.img
-N block-attach pv x
-N vkb-attach pv backend-type=linux
-N vdispl-attach pv connectors=a:1x2
-N vsnd-attach pv CARD,short-name=a
-N vtpm-attach pv backend=0
-N vcpu-pin pv 0 0 all
-N vcpu-pin pv 0 all
-N vcpu-pin pv 0 - 0
vcpu-pin pv 0 0
vcpu-pin pv all all
vcpu-pin pv 5 0
vcpu-pin pv 0 9
vcpu-pin pv x 0
vcpu-pin -f pv all 0
vcpu-pin pv 0 - -
vcpu-pin pv 0 x
E
)
# One run in Dom0: a line for each, "same LINE" or "differ LINE" with what differs.
T=300 dom0 "while read -r line; do
    $OXL \$line >/tmp/o1 2>/dev/null </dev/null; echo rc=\$? >>/tmp/o1
    xl \$line >/tmp/o2 2>/dev/null </dev/null; echo rc=\$? >>/tmp/o2
    if cmp -s /tmp/o1 /tmp/o2; then echo \"same \$line\"; else echo \"differ \$line\"; diff /tmp/o1 /tmp/o2 | sed 's/^/# /'; fi
done" <<<"$lines" >/tmp/differ.$$ 2>/dev/null
while read -r kind line; do
    case $kind in
    same) ok "xl $line: as the original" ;;
    differ) not_ok "xl $line: as the original" "output or status differs" ;;
    '#') echo "# $line" ;;
    esac
done </tmp/differ.$$
[ "$(grep -c '^same\|^differ' /tmp/differ.$$)" = "$(wc -l <<<"$lines")" ]
check "every line was compared" test $? = 0
rm -f /tmp/differ.$$

# Devices that come and go on the running guest.
dom0 'xl block-attach pv /tmp/differ.img,raw,xvdb,w'
contains "block-attach gives a running guest a disk that it connects to" "51728 0" "$(dom0 'sleep 2; xl block-list pv')"
contains "block-list --json names the disk" '"devid": 51728' "$(dom0 'xl block-list --json pv')"
dom0 'xl block-detach pv xvdb'
expect "block-detach takes it away, with its loop device" "" "$(dom0 'xl block-list pv | tail -n +2; losetup -j /tmp/differ.img')"
before=$(dom0 'xl network-list pv | tail -n +2 | wc -l')
dom0 'xl network-attach pv bridge=xenbr0 mac=00:16:3e:77:00:01'
contains "network-attach gives a running guest a vif" "00:16:3e:77:00:01" "$(dom0 'xl network-list pv')"
dom0 'xl network-detach pv 00:16:3e:77:00:01'
expect "network-detach takes it away" "$before" "$(dom0 'xl network-list pv | tail -n +2 | wc -l')"
dom0 'xl network-detach pv junk' >/dev/null 2>&1
expect "network-detach refuses a word that names no vif, and takes none" "$before" "$(dom0 'xl network-list pv | tail -n +2 | wc -l')"
dom0 'xl usbdev-detach pv 1 1' >/dev/null 2>&1
expect "usbdev-detach of nothing is an error, not a crash" 1 $?
dom0 'xl destroy pv; rm -f /tmp/differ.img /tmp/o1 /tmp/o2'
