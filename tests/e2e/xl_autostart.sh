#!/bin/bash
# Guests at boot, on real Xen: Debian's xendomains with our xl, and the systemd unit xl-domain@NAME under a real systemd.
# timeout: 400
. tests/e2e/xl_lib.sh
before=$(leftovers)

# --- xendomains: start, save at the end, restore, shut down at the end
dom0 'mkdir -p /etc/xen/auto; sed "s/^name.*/name = \"booted\"/" /etc/xen/pvh.cfg >/etc/xen/auto/booted.cfg'
said=$(T=120 dom0 '/etc/init.d/xendomains start 2>&1')
contains "xendomains starts what is in /etc/xen/auto" "Starting Xen domain booted" "$said"
expect "...with our xl" /opt/xen-tools/bin/xl "$(dom0 'for p in $(pgrep -x xl); do readlink /proc/$p/exe; done | sort -u')"
contains "a second start leaves it alone" "already running" "$(T=60 dom0 '/etc/init.d/xendomains start 2>&1')"
said=$(T=180 dom0 '/etc/init.d/xendomains stop 2>&1; ls /var/lib/xen/save')
check "stop saves it" is_gone booted
expect "...under its name" booted "$(tail -n 1 <<<"$said")"
said=$(T=120 dom0 '/etc/init.d/xendomains start 2>&1; ls /var/lib/xen/save')
contains "start restores it" "Restoring Xen domain booted" "$said"
expect "...and takes its file away" "" "$(dom0 "ls /var/lib/xen/save")"
said=$(T=120 dom0 'sed -i "s/^XENDOMAINS_SAVE=.*/XENDOMAINS_SAVE=/" /etc/default/xendomains
    /etc/init.d/xendomains stop 2>&1; sed -i "s|^XENDOMAINS_SAVE=.*|XENDOMAINS_SAVE=/var/lib/xen/save|" /etc/default/xendomains')
contains "without a folder for saved domains, stop shuts it down" "Shutting down Xen domain booted" "$said"
check "...and waits for its end" is_gone booted
dom0 'rm -rf /etc/xen/auto'
clean "xendomains leaves nothing" "$before"

# --- the unit. Dom0's init is none, so a manager of root's own runs it; the unit is the same
sed "s|/usr/local/sbin/|/opt/xen-tools/bin/|g" "configs/systemd/xl-domain@.service" >/tmp/unit.$$
"$LAB" put /tmp/unit.$$ "/etc/systemd/user/xl-domain@.service" >/dev/null
rm -f /tmp/unit.$$
ctl='XDG_RUNTIME_DIR=/run/user/0 timeout 100 systemctl --user --no-pager'
check "systemd takes the unit" dom0 "systemd-analyze verify --man=no '/etc/systemd/user/xl-domain@.service'"
dom0 'mkdir -p /run/systemd/system /run/user/0 /etc/systemd/user/xl-domain@deaf.service.d
    printf "[Service]\nEnvironment=GUEST_SECONDS=3\n" >/etc/systemd/user/xl-domain@deaf.service.d/soon.conf
    (XDG_RUNTIME_DIR=/run/user/0 HOME=/root setsid /lib/systemd/systemd --user </dev/null >/dev/null 2>&1 &)
    cp /etc/xen/stub-pv.cfg /etc/xen/web.cfg; cp /etc/xen/stub-pv.cfg /etc/xen/deaf.cfg
    printf "type=\"pvh\"\nkernel=\"/none\"\n" >/etc/xen/broken.cfg'
wait_for 30 dom0 "$ctl list-units"

T=120 dom0 "$ctl start xl-domain@web"
expect "start ends when the guest is there, named as its unit" "web active" "$(dom0 "xl list web | awk 'NR==2 {print \$1}'; $ctl is-active xl-domain@web" | xargs)"
contains "status tells its number" "Runs as domain $(domid_of web)" "$(dom0 "$ctl status xl-domain@web")"
pid=$(dom0 "$ctl show -P MainPID xl-domain@web")
contains "its monitor is in the unit, not in the session that started it" "xl-domain@web.service" "$(dom0 "cat /proc/$pid/cgroup")"
domid=$(domid_of web)
dom0 'xl reboot web'
check "a reboot starts it again" wait_for 60 has_new_domid web "$domid"
check "...by the same monitor" dom0 "test $pid = \$($ctl show -P MainPID xl-domain@web)"
T=120 dom0 "$ctl stop xl-domain@web"
expect "stop lets it power off" "0 inactive" "$(dom0 "xl list | grep -c '^web '; $ctl is-active xl-domain@web" | xargs)"

T=60 dom0 "$ctl start xl-domain@deaf; xl pause deaf; $ctl stop xl-domain@deaf"
expect "one that does not hear is destroyed after its time" "0 inactive" "$(dom0 "xl list | grep -c '^deaf '; $ctl is-active xl-domain@deaf" | xargs)"
expect "a guest that cannot start fails its unit" "1 failed" "$(dom0 "$ctl start xl-domain@broken 2>/dev/null; echo \$?; $ctl is-active xl-domain@broken" | xargs)"
dom0 "xl create -q /etc/xen/deaf.cfg 'name=\"deaf\"'; $ctl start xl-domain@deaf 2>/dev/null"
expect "a guest of that name that others run is left alone" "failed deaf" "$(dom0 "$ctl is-active xl-domain@deaf; xl list deaf | awk 'NR==2 {print \$1}'" | xargs)"
dom0 "xl destroy deaf; $ctl exit 2>/dev/null; rm -rf /run/systemd/system /etc/systemd/user/xl-domain@* /etc/xen/web.cfg /etc/xen/deaf.cfg /etc/xen/broken.cfg" 2>/dev/null
clean "units leave nothing" "$before"
