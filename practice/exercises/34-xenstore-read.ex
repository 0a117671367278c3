title: Read XenStore
objective: XenStore
terms: XenStore, xenstore-ls, xenstore-read, backend, frontend
points: 2
minutes: 6
guests: alder

== task
alder runs with a disk and a network card. From XenStore alone, find out and write
into /root/practice/answers:

    mac = the address of its card
    file = the file behind its disk
    script = the path of the script that sets up the card's back end
    started = the value of start_time, which xl writes for the guest

== hints
- A guest's folder is /local/domain/NUMBER; its devices are below device/.
- Each device names the path of its back end in `backend`, which is in Dom0's folder.
- start_time stands below /vm/UUID; the guest's node `vm` names that path.

== setup
m=$(printf '00:16:3e:%02x:%02x:%02x' $(($(date +%s) / 65536 % 256)) $(($(date +%s) / 256 % 256)) $(($(date +%s) % 256)))
f=disk-$(date +%N).img
truncate -s 1M "$f"
stub alder "disk = [ '$P/$f,raw,xvda,rw' ]" "vif = [ 'bridge=xenbr0,mac=$m' ]"
rm -f alder.cfg

== check
holds "mac" same "$(answer mac)" "$(xsd alder device/vif/0/mac)"
holds "file" same "$(answer file)" "$(xs "$(backend alder vbd 51712)/params")"
holds "script" same "$(answer script)" "$(xs "$(backend alder vif 0)/script")"
holds "started" same "$(answer started)" "$(xs "$(xsd alder vm)/start_time")"

== wrong
printf 'mac = 00:16:3e:00:00:00\nfile = disk.img\nscript = vif-bridge\nstarted = 0\n' >answers

== solution
    d=/local/domain/$(xl domid alder)
    xenstore-ls $d/device
    vif=$(xenstore-read $d/device/vif/0/backend)
    vbd=$(xenstore-read $d/device/vbd/51712/backend)
    echo "mac = $(xenstore-read $d/device/vif/0/mac)" >/root/practice/answers
    echo "file = $(xenstore-read $vbd/params)" >>/root/practice/answers
    echo "script = $(xenstore-read $vif/script)" >>/root/practice/answers
    echo "started = $(xenstore-read $(xenstore-read $d/vm)/start_time)" >>/root/practice/answers
