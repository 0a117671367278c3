title: It does not start: the network
objective: Troubleshooting
terms: bridge, vif-bridge, hotplug script, /var/log/xen
points: 2
minutes: 6
guests: alder

== task
The guest of /root/practice/alder.cfg does not start any more since somebody has
tidied up the networks of this host. All guests shall be on the bridge xenbr0 now.
Find the cause, mend it, start the guest with its network card.

== hints
- Start it and read the message.
- `ip link show type bridge` lists the bridges that exist.

== setup
stub_file alder 'vif = [ "mac=00:16:3e:00:00:50,bridge=xenbr1" ]'

== check
holds "alder runs" alive alder
holds "its card is on xenbr0" on_bridge xenbr0 "vif$(domid alder).0"
holds "it has the address of the file" same "$(xsd alder device/vif/0/mac)" 00:16:3e:00:00:50
holds "it will start the next time, too" file_has alder.cfg 'bridge=xenbr0'

== wrong
sed -i '/^vif/d' alder.cfg
xl create -q alder.cfg

== solution
The file names a bridge that does not exist. The hotplug script fails, and the
domain is taken down again.

    sed -i 's/xenbr1/xenbr0/' /root/practice/alder.cfg
    xl create /root/practice/alder.cfg
