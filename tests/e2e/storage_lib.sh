# Helpers of the storage scripts, above xapi_lib.sh: a guest named disky, its /dev/xvdb, and a driver's whole way.
# shellcheck shell=bash disable=SC2154
disks=$(dom0 "lsblk -dnbo NAME,SIZE | awk '\$2 == 2147483648 {print \"/dev/\" \$1}'")
lvm_dev=$(echo "$disks" | sed -n 1p) ext_dev=$(echo "$disks" | sed -n 2p)

storage_left() {
    dom0 'ls /dev/mapper /srv/elsewhere 2>/dev/null; lvs --noheadings; pvs --noheadings; findmnt -rno TARGET | grep sr-mount; ls /run/sr-mount 2>/dev/null;
          losetup -a; for d in /srv/sr-*; do [ ! -d $d ] || ls $d; done'
}
serve_nfs() {
    dom0 "mkdir -p $1; echo '$1 127.0.0.1(rw,no_root_squash,fsid=77,no_subtree_check)' >/etc/exports
          mountpoint -q /proc/fs/nfsd || mount -t nfsd nfsd /proc/fs/nfsd; pidof rpcbind >/dev/null || rpcbind
          exportfs -ra; rpc.nfsd -V 4 4; pidof rpc.mountd >/dev/null || rpc.mountd" >/dev/null 2>&1
}
# what takes a second on an idle machine
export T=${STORAGE_WAIT:-150}
start_disky() {
    vm=$(xe vm-create name-label=disky)
    xe "vm-param-set uuid=$vm domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args='console=hvc0 quiet'"
    xe "vm-memory-limits-set uuid=$vm static-min=96MiB dynamic-min=96MiB dynamic-max=128MiB static-max=128MiB"
    check "a guest without disks starts" xe "vm-start vm=disky"
}
stop_disky() { check "the guest ends" xe "vm-shutdown vm=disky --force"; }

# A word is one letter, a MiB full of it: written to the guest's disk, and the checksum of what is there then.
in_guest() {
    ask disky "[ -b /dev/xvdb ] && dd if=/dev/zero bs=64k count=16 2>/dev/null | tr '\\000' $1 | dd of=/dev/xvdb bs=64k conv=fsync 2>/dev/null; $read_it" | grep -o '^[0-9a-f]\{32\}'
}
read_it='echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/xvdb bs=64k count=16 2>/dev/null | md5sum'
is_up() { ask disky 'echo up' | grep -q up; }
sum_in_guest() { ask disky "$read_it" | grep -o '^[0-9a-f]\{32\}'; }
sum_of() { head -c 1048576 /dev/zero | tr '\000' "$1" | md5sum | cut -d' ' -f1; }
sum_of_vdi() { dom0 "rm -f /tmp/out.raw; xe vdi-export uuid=$1 filename=/tmp/out.raw && head -c 1048576 /tmp/out.raw | md5sum; rm -f /tmp/out.raw" | cut -d' ' -f1; }
size_of_vdi() { xe "vdi-param-get uuid=$1 param-name=virtual-size"; }

# plug VDI: into disky as xvdb; VBD's UUID on stdout.
plug() {
    local vbd
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$1 device=1") && xe "vbd-plug uuid=$vbd" && echo "$vbd"
}
unplug() { xe "vbd-unplug uuid=$1" && xe "vbd-destroy uuid=$1"; }

# How many layers several disks of this SR share, or one that has not been merged.
bases_of() { dom0 "ls /run/sr-mount/$1 /srv/sr-file 2>/dev/null | grep -c '^base-.*qcow2$'"; }
is_files() { [ "$1" != lvm ] && [ "$1" != zfs ]; }
# A place for imports, outside of what is tested.
make_elsewhere() { elsewhere=$(xe sr-create name-label=elsewhere type=file device-config:location=/srv/elsewhere); }

# drive TYPE DEVICE-CONFIG...: from sr-create to nothing left
drive() {
    local type=$1 sr vdi vbd snap copy d
    shift
    sr=$(xe "sr-create name-label=$type type=$type $*")
    check "$type: sr-create shows the UUID" [ ${#sr} = 36 ] || echo "# $sr"
    vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=64MiB")
    check "$type: vdi-create" [ ${#vdi} = 36 ] || echo "# $vdi"
    vbd=$(plug "$vdi")
    check "$type: vbd-plug into the running guest" [ ${#vbd} = 36 ]
    expect "$type: the guest reads what it wrote" "$(sum_of a)" "$(in_guest a)"
    snap=$(xe "vm-snapshot uuid=$vm new-name-label=before")
    check "$type: vm-snapshot of the running guest" [ ${#snap} = 36 ] || echo "# $snap"
    grow_and_shorten "$type" "$sr" "$vdi"
    check "$type: snapshot-revert" xe "snapshot-revert snapshot-uuid=$snap"
    check "$type: the VM starts again" xe "vm-start uuid=$vm"
    check "$type: the guest is at its prompt" wait_for 200 is_up
    vbd=$(xe "vbd-list vm-uuid=$vm --minimal") vdi=$(xe "vbd-list vm-uuid=$vm params=vdi-uuid --minimal")
    expect "$type: its disk has the bytes of the snapshot" "$(sum_of a)" "$(sum_in_guest)"
    expect "$type: the guest writes to it" "$(sum_of d)" "$(in_guest d)"
    service_kill
    check "$type: the service starts again after kill -9" service_up keep
    check "$type: the disk is unplugged" unplug "$vbd"
    expect "$type: and has its bytes" "$(sum_of d)" "$(sum_of_vdi "$vdi")"
    elsewhere_and_back "$type" "$vdi"
    check "$type: the snapshot goes" xe "snapshot-uninstall snapshot-uuid=$snap --force" >/dev/null
    # its disk stays, because the VBD was not made by vm-disk-add
    copy=$(xe "vdi-copy uuid=$vdi sr-uuid=$sr")
    expect "$type: vdi-copy" "$(sum_of d)" "$(sum_of_vdi "$copy")"
    goes_back "$type" "$vdi"
    for d in $(xe "vdi-list sr-uuid=$sr --minimal" | tr , ' '); do xe "vdi-destroy uuid=$d"; done
    xe "sr-scan uuid=$sr"
    expect "$type: no disk is left" "" "$(xe "vdi-list sr-uuid=$sr --minimal")"
    check "$type: pbd-unplug" xe "pbd-unplug uuid=$(xe "pbd-list sr-uuid=$sr --minimal")"
    check "$type: sr-destroy" xe "sr-destroy uuid=$sr"
    expect "$type: nothing is left" "$before" "$(storage_left)"
}

# Under the running guest: larger, a second snapshot, which goes again.
grow_and_shorten() {
    local type=$1 sr=$2 vdi=$3 second
    check "$type: vdi-resize under the running guest" xe "vdi-resize uuid=$vdi disk-size=96MiB online=true"
    expect "$type: the guest sees the new size" 196608 "$(ask disky 'cat /sys/block/xvdb/size')"
    expect "$type: and so does the record" 100663296 "$(size_of_vdi "$vdi")"
    expect "$type: the guest writes on" "$(sum_of b)" "$(in_guest b)"
    second=$(xe "vdi-snapshot uuid=$vdi")
    expect "$type: with a second snapshot the guest reads what it wrote" "$(sum_of b)" "$(sum_in_guest)"
    expect "$type: and writes on" "$(sum_of c)" "$(in_guest c)"
    expect "$type: the second snapshot has its bytes" "$(sum_of b)" "$(sum_of_vdi "$second")"
    xe "vdi-destroy uuid=$second"
    ! is_files "$type" || expect "$type: without it the chain is merged under the guest" 1 "$(bases_of "$sr")"
    expect "$type: which reads what it wrote" "$(sum_of c)" "$(sum_in_guest)"
}

# on-boot=reset: what the guest writes is gone when it starts again.
goes_back() {
    local type=$1 vdi=$2 vbd
    check "$type: vdi-param-set on-boot=reset" xe "vdi-param-set uuid=$vdi on-boot=reset"
    contains "$type: no snapshot is made of such a disk" "on-boot=reset" "$(xe "vdi-snapshot uuid=$vdi 2>&1")"
    xe "vm-shutdown uuid=$vm --force"
    vbd=$(xe "vbd-create vm-uuid=$vm vdi-uuid=$vdi device=1")
    check "$type: the VM starts with it" xe "vm-start uuid=$vm"
    check "$type: its guest is at its prompt" wait_for 200 is_up
    expect "$type: the guest writes to it" "$(sum_of e)" "$(in_guest e)"
    check "$type: vm-reboot" xe "vm-reboot uuid=$vm --force"
    check "$type: the guest is at its prompt again" wait_for 200 is_up
    expect "$type: the disk has gone back" "$(sum_of d)" "$(sum_in_guest)"
    contains "$type: under the guest the mode stays" "in use" "$(xe "vdi-param-set uuid=$vdi on-boot=persist 2>&1")"
    check "$type: it is unplugged" unplug "$vbd"
    check "$type: vdi-param-set on-boot=persist" xe "vdi-param-set uuid=$vdi on-boot=persist"
    expect "$type: and keeps its bytes" "$(sum_of d)" "$(sum_of_vdi "$vdi")"
}

# Out as a file, into another SR, and the same bytes.
elsewhere_and_back() {
    local new
    new=$(xe "vdi-create sr-uuid=$elsewhere name-label=e virtual-size=96MiB")
    dom0 "rm -f /tmp/way.qcow2; xe vdi-export uuid=$2 filename=/tmp/way.qcow2 format=qcow2 && xe vdi-import uuid=$new filename=/tmp/way.qcow2 format=qcow2; rm -f /tmp/way.qcow2"
    expect "$1: exported and imported elsewhere, the bytes are the same" "$(sum_of d)" "$(sum_of_vdi "$new")"
    xe "vdi-destroy uuid=$new"
}

# relay NAME SECONDS COMMAND: a test program in Dom0, each of its results under this name; false: it came to no result.
relay() {
    local line ended=1
    while read -r line; do
        case $line in ok* | not\ ok*) echo "${line/ok /ok $1: }" ;; *) echo "# $line" ;; esac
        [[ "$line" != ok* ]] || ended=0
        [[ "$line" != not* ]] || failed=1
    done < <(T=$2 dom0 "$3")
    return $ended
}
