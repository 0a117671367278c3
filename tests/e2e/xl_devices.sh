#!/bin/bash
# Disks and networks that xl create gives a guest, on real Xen.
# timeout: 600
. tests/e2e/xl_lib.sh
before=$(leftovers)
dom0 'qemu-img create -q -f qcow2 /tmp/d.qcow2 32M; qemu-img create -q -f raw /tmp/d.raw 8M
      qemu-img create -q -f raw /tmp/pv.img 64M; losetup -f --show /tmp/pv.img >/tmp/loop
      vgcreate -q vgtest $(cat /tmp/loop) && lvcreate -q -y -L 16M -n lv vgtest
      ovs-vsctl --may-exist add-br ovstest; ip link set ovstest up; ip addr add 10.9.8.1/24 dev ovstest' >/dev/null 2>&1
loops=$(leftovers)
cat >/tmp/devices.cfg.$$ <<X
name = "devices"
type = "pv"
kernel = "/srv/guests/vmlinux"
ramdisk = "/srv/guests/initrd"
cmdline = "console=hvc0 quiet"
memory = 128
disk = [ "format=qcow2,vdev=xvda,access=rw,target=/tmp/d.qcow2",
         "/dev/vgtest/lv,raw,xvdb,rw",
         "file:/tmp/d.raw,xvdc,w",
         "/srv/guests/linux.iso,raw,xvdd,ro" ]
vif = [ "script=vif-openvswitch,bridge=ovstest,mac=00:16:3e:00:00:77,vifname=ovsvif" ]
X
"$LAB" put /tmp/devices.cfg.$$ /tmp/ && rm -f /tmp/devices.cfg.$$
T=120 dom0 "xl create -q /tmp/devices.cfg.$$"
check "create with qcow2, LVM volume, raw file, ISO and Open vSwitch" [ $? = 0 ]
wait_for 60 ask devices true
for disk in xvda xvdb xvdc; do
    expect "$disk keeps what the guest writes" "data-$disk" \
        "$(ask devices "echo data-$disk >/dev/$disk; sync; echo 3 >/proc/sys/vm/drop_caches; head -n 1 /dev/$disk")"
done
expect "the ISO is there, read-only" "1" "$(ask devices 'cat /sys/block/xvdd/ro')"
contains "the LVM volume holds the guest's data" "data-xvdb" "$(dom0 'head -c 16 /dev/vgtest/lv')"
contains "the vif is a port of the Open vSwitch bridge" "ovsvif" "$(dom0 'ovs-vsctl list-ports ovstest')"
ask devices 'ip addr add 10.9.8.2/24 dev eth0; ip link set eth0 up' >/dev/null
check "Dom0 reaches the guest through Open vSwitch" dom0 "ping -c 2 -W 10 10.9.8.2"
dom0 "xl destroy devices"
clean "nothing is left of it" "$loops"
dom0 'vgremove -qfy vgtest; losetup -d $(cat /tmp/loop); ovs-vsctl del-br ovstest; rm -f /tmp/d.qcow2 /tmp/d.raw /tmp/pv.img' >/dev/null 2>&1
clean "Dom0 is as before" "$before"
