title: Take a disk and a network card away
objective: Storage
terms: xl block-detach, xl block-list, xl network-detach
points: 2
minutes: 5
guests: alder

== task
The guest alder has the disks xvda, xvdb and xvdc and two network cards. Take away
the disk that is kept in /root/practice/scratch.img and the card with the address
00:16:3e:00:00:23, and nothing else. Do not restart it.

== hints
- `xl block-list` and `xl network-list` show the devices; the files behind the disks stand in XenStore.
- `xl list -l alder` shows file and name of each disk together.
- xl network-detach takes a number or an address.

== setup
set -- $(shuf -e xvda xvdb xvdc)
remember disk "$1"
truncate -s 1M scratch.img one.img two.img
stub alder "disk = [ '$P/scratch.img,raw,$1,rw' ]" 'vif = [ "bridge=xenbr0,mac=00:16:3e:00:00:22" ]'
xl block-attach alder "$P/one.img,raw,$2,rw"
xl block-attach alder "$P/two.img,raw,$3,rw"
xl network-attach alder bridge=xenbr0 mac=00:16:3e:00:00:23
remember domid "$(domid alder)"
rm -f alder.cfg

== check
id=$(domid alder)
holds "alder was not restarted" same "$id" "$(recall domid)"
files=$(for v in $(vbds "$id"); do xs "$(backend "$id" vbd "$v")/params"; done)
holds "scratch.img is no disk of alder any more" sh -c '! echo "$1" | grep -q scratch' - "$files"
holds "the two other disks are there" same "$(echo "$files" | grep -cE '/(one|two)\.img$')" 2
macs=$(for v in $(xenstore-list "/local/domain/$id/device/vif" 2>/dev/null); do xsd "$id" "device/vif/$v/mac"; done)
holds "one card is left, 00:16:3e:00:00:22" same "$macs" 00:16:3e:00:00:22

== wrong
xl block-detach alder "$(recall disk)" || xl block-detach alder "$(recall disk)" --force
xl network-detach alder 0

== solution
    disk=$(xl list -l alder | jq -r '.[0].config.disks[] | select(.pdev_path | endswith("scratch.img")).vdev')
    xl block-detach alder $disk || xl block-detach alder $disk --force
    xl network-detach alder 00:16:3e:00:00:23

The lab's small guest has no drivers; `xl` then waits for ten seconds and takes the
device away all the same, or wants to be forced.
