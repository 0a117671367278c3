#!/bin/bash
# A real guest's disk through XVA files: written by the guest, exported, imported elsewhere, read by another guest.
# Snapshots, checkpoints, clones and copies of it on the way; cancel and kill -9 in the middle of an import.
# timeout: 400
. tests/e2e/xapi_lib.sh
check "the service starts" service_up
dom0 'mkdir -p /srv/xva'
sr=$(xe sr-create name-label=here type=file device-config:location=/srv/xva/here)
other=$(xe sr-create name-label=there type=file device-config:location=/srv/xva/there)
vm=$(xe vm-create name-label=origin)
pvh="domain-type=pvh PV-kernel=/srv/guests/vmlinux PV-ramdisk=/srv/guests/initrd PV-args=console=hvc0"
xe "vm-param-set uuid=$vm $pvh"
xe "vm-memory-limits-set uuid=$vm static-min=96MiB dynamic-min=96MiB dynamic-max=128MiB static-max=128MiB"
vdi=$(xe "vdi-create sr-uuid=$sr name-label=d virtual-size=16MiB")
xe "vbd-create vm-uuid=$vm vdi-uuid=$vdi device=1" >/dev/null
check "a guest with a disk starts" xe "vm-start uuid=$vm"

# only the sum: the guest's kernel may say something, too
sums() { grep -oE '[0-9a-f]{32}' | head -1; }
write_random() { ask "$1" 'dd if=/dev/urandom of=/dev/xvdb bs=1M seek=3 count=4 conv=fsync 2>/dev/null; sync; md5sum /dev/xvdb' | sums; }
sum_in() { ask "$1" 'md5sum /dev/xvdb' | sums; }
sum_of() { dom0 "rm -f /tmp/out.raw; xe vdi-export uuid=$1 filename=/tmp/out.raw && md5sum </tmp/out.raw" | sums; }
disk_of() { xe "vbd-list vm-uuid=$1 type=Disk params=vdi-uuid --minimal"; }
left() { dom0 'ls /srv/xva/here /srv/xva/there /var/lib/xapi-lite/transfers 2>/dev/null; ls /run/sr-mount 2>/dev/null; pgrep -l qemu-nbd
               xe vdi-list --minimal | tr , "\n" | sort; xe vm-list --minimal | tr , "\n" | sort'; }

first=$(write_random origin)
check "the guest has written" [ ${#first} = 32 ] || echo "# $first"
contains "a running VM is not exported" "actual: running" "$(xe "vm-export uuid=$vm filename=/tmp/no.xva 2>&1")"
check "and no file is left" dom0 '! ls /tmp/no.xva 2>/dev/null'

# ---- checkpoint and revert under the running guest
ask origin 'word=kept' >/dev/null
point=$(xe "vm-checkpoint uuid=$vm new-name-label=point")
check "vm-checkpoint of a running guest" [ ${#point} = 36 ] || echo "# $point"
second=$(write_random origin)
check "the guest goes on and writes" [ "$second" != "$first" ]
check "snapshot-revert" xe "snapshot-revert snapshot-uuid=$point"
check "the VM is suspended then" state_is "$vm" suspended
check "and is resumed" xe "vm-resume uuid=$vm"
expect "the guest has its memory back" kept "$(ask origin 'echo $word')"
expect "and its disk" "$first" "$(sum_in origin)"

# ---- snapshot under the running guest; clone and copy
third=$(write_random origin)
snap=$(xe "vm-snapshot uuid=$vm new-name-label=live")
check "vm-snapshot of a running guest" [ ${#snap} = 36 ] || echo "# $snap"
fourth=$(write_random origin)
check "the guest writes again" [ "$fourth" != "$third" ]
check "the guest ends" xe "vm-shutdown uuid=$vm --force"
clone=$(xe "vm-clone uuid=$vm new-name-label=clone")
expect "the clone's disk has the last bytes" "$fourth" "$(sum_of "$(disk_of "$clone")")"
check "snapshot-revert to the snapshot" xe "snapshot-revert snapshot-uuid=$snap"
expect "the disk has the bytes of the snapshot" "$third" "$(sum_of "$(disk_of "$vm")")"
copy=$(xe "vm-copy uuid=$vm new-name-label=copy sr-uuid=$other")
expect "a copy in another SR has them, too" "$third" "$(sum_of "$(disk_of "$copy")")"
check "a guest starts on the clone" xe "vm-start uuid=$clone"
expect "and reads what it should" "$fourth" "$(sum_in clone)"
xe "vm-shutdown uuid=$clone --force"
for v in $clone $copy; do
    disk=$(disk_of "$v")
    xe "vm-destroy uuid=$v" && xe "vdi-destroy uuid=$disk"
done
check "the snapshots are removed" xe "snapshot-uninstall snapshot-uuid=$snap --force" >/dev/null
check "both" xe "snapshot-uninstall snapshot-uuid=$point --force" >/dev/null

# ---- export, import elsewhere
before=$(left)
for pack in false gzip zstd; do
    check "vm-export compress=$pack" xe "vm-export uuid=$vm filename=/tmp/$pack.xva compress=$pack"
done
for pack in false gzip zstd; do
    new=$(xe "vm-import filename=/tmp/$pack.xva sr-uuid=$other")
    check "$pack: vm-import" [ ${#new} = 36 ] || echo "# $new"
    expect "$pack: the same bytes" "$third" "$(sum_of "$(disk_of "$new")")"
    if [ $pack = zstd ]; then
        xe "vm-param-set uuid=$new name-label=elsewhere"
        check "$pack: a guest of the import starts" xe "vm-start uuid=$new"
        expect "$pack: it reads the bytes that the first guest wrote" "$third" "$(sum_in elsewhere)"
        xe "vm-shutdown uuid=$new --force"
    fi
    disk=$(disk_of "$new")
    xe "vm-destroy uuid=$new" && xe "vdi-destroy uuid=$disk"
    expect "$pack: nothing is left" "$before" "$(left)"
done

# ---- imports that do not end: half of the file comes, then the rest when it is cancelled, or nothing
half_import() { dom0 'rm -f /tmp/pipe; mkfifo /tmp/pipe; (head -c 5000000 /tmp/false.xva; '"$1"') >/tmp/pipe & echo $! >/tmp/feeder.pid
    xe vm-import filename=/tmp/pipe sr-uuid='"$other"' >/tmp/import.said 2>&1 &'; }
quiet() { dom0 'kill $(cat /tmp/feeder.pid)'; }
busy_task() { xe 'task-list name-label="Import of VM" status=pending --minimal'; }
moving() { [ "$(xe "task-param-get uuid=$(busy_task) param-name=progress")" != 0.000 ]; }
half_import "sleep 8; tail -c +5000001 /tmp/false.xva"
check "the import's task shows its progress" wait_for 20 moving
check "task-cancel" xe "task-cancel uuid=$(busy_task)"
same_as_before() { [ "$(left)" = "$before" ]; }
check "a cancelled import leaves nothing" wait_for 40 same_as_before
says_so() { dom0 'grep -qi cancel /tmp/import.said'; }
check "and says that it was cancelled" wait_for 20 says_so # xe is waiting for the pipe meanwhile
half_import "exec sleep 30"
check "another one is going on" wait_for 20 moving
service_kill
check "the service starts again after kill -9" service_up keep
expect "the import has left nothing" "$before" "$(left)"
quiet

check "the VM is removed" xe "vm-destroy uuid=$vm"
check "the service ends" service_down
dom0 'cat /tmp/xapi-lite.log' | sed 's/^/# /' | tail -20
exit $failed
