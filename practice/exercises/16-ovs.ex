title: Open vSwitch and a VLAN
objective: Networking
terms: Open vSwitch, vif-openvswitch, VLAN
points: 2
minutes: 6
guests: alder

== task
The Open vSwitch bridge labovs exists. Write one line vif = [...] into
/root/practice/alder.cfg, so that the guest's card is a port of that bridge in
VLAN 42, and start it.

== hints
- The script for Open vSwitch is vif-openvswitch; without it xl would look for a Linux bridge.
- The bridge may be followed by a point and the number of the VLAN.

== setup
ovs-vsctl add-br labovs
stub_file alder

== check
vif=vif$(domid alder).0
holds "alder runs" alive alder
holds "its vif is a port of labovs" sh -c "ovs-vsctl list-ports labovs | grep -qx $vif"
holds "in VLAN 42" same "$(ovs-vsctl get port "$vif" tag 2>/dev/null)" 42

== wrong
echo 'vif = [ "script=vif-openvswitch,bridge=labovs" ]' >>alder.cfg
xl create -q alder.cfg

== solution
    echo 'vif = [ "script=vif-openvswitch,bridge=labovs.42" ]' >>/root/practice/alder.cfg
    xl create /root/practice/alder.cfg
    ovs-vsctl show

`labovs.42` means an access port of VLAN 42; `labovs:42:43` would be a trunk.

== cleanup
ovs-vsctl --if-exists del-br labovs
