title: Defaults for all guests in xl.conf
objective: Configuration: xl.conf
terms: xl.conf, /etc/xen/xl.conf, vif.default.bridge, autoballoon
points: 3
minutes: 7
guests: alder

== task
Guests that name no bridge shall land on the bridge officebr, which exists. And
xl shall never take memory from Dom0 to start a guest. Set both for all guests in
/etc/xen/xl.conf, then start the guest of /root/practice/alder.cfg without
changing that file.

== hints
- man xl.conf: a default for vifs, and something about balloons.
- vif.default.bridge = "..." and autoballoon = "off"
- xl reads the file each time it is started: no service to restart.

== setup
[ ! -f /etc/xen/xl.conf ] || cp /etc/xen/xl.conf "$KEEP/xl.conf"
ip link add officebr type bridge
ip link set officebr up
stub_file alder 'vif = [ "mac=00:16:3e:01:02:03" ]'
remember sum "$(md5sum <alder.cfg)"

== check
holds "alder.cfg is unchanged" same "$(md5sum <alder.cfg)" "$(recall sum)"
holds "alder runs" alive alder
holds "its vif is on officebr" on_bridge officebr "vif$(domid alder).0" ||
    because "XenStore says: $(xs "$(backend alder vif 0)/bridge")"
holds "xl.conf says that Dom0's memory stays" file_has /etc/xen/xl.conf '^ *autoballoon *= *("off"|0)'

== wrong
xl create -q alder.cfg 'vif = [ "mac=00:16:3e:01:02:03,bridge=officebr" ]'

== solution
    cat >>/etc/xen/xl.conf <<'END'
    vif.default.bridge = "officebr"
    autoballoon = "off"
    END
    xl create /root/practice/alder.cfg

With dom0_mem on Xen's command line, "auto" (the default) means the same as "off".

== cleanup
if [ -f "$KEEP/xl.conf" ]; then cp "$KEEP/xl.conf" /etc/xen/xl.conf; else rm -f /etc/xen/xl.conf; fi
ip link del officebr
