#!/bin/bash
# The packages on a Dom0 that systemd has brought up: units, autostart of guests, restart under running guests, purge.
# lab: --systemd --cold
# timeout: 600
. tests/e2e/lib.sh
plain='PATH=/usr/sbin:/usr/bin:/sbin:/bin'
host() { T=${T:-60} dom0 "$plain; $*"; }
failures() { host 'systemctl --failed --plain --no-legend | cut -d" " -f1'; }
pid_of_unit() { host 'systemctl show -p MainPID --value xapi-lite'; }

wait_for 200 dom0 test -e /run/lab-ready
expect "PID 1 is systemd" systemd "$(host cat /proc/1/comm)"
expect "every unit of the host came up" "" "$(failures)"
"$LAB" put "$BUILD"/deb/*.deb /tmp/
said=$(T=200 host 'dpkg -i /tmp/*.deb 2>&1') && ok "packages install" || not_ok "packages install" "$(tail -n 3 <<<"$said")"
expect "the service is enabled and runs" "enabled active" \
    "$(host 'echo $(systemctl is-enabled xapi-lite) $(systemctl is-active xapi-lite)')"
check "systemd finds no mistake in its unit" host \
    'said=$(systemd-analyze verify --man=no xapi-lite.service 2>&1) && ! echo "$said" | grep xapi-lite.service'
check "it answers as soon as systemctl start has returned" host 'systemctl restart xapi-lite && xe host-list --minimal'
expect "mounts that it makes are the host's" "$(host readlink /proc/1/ns/mnt)" \
    "$(host "readlink /proc/$(pid_of_unit)/ns/mnt")"

# an HVM guest has a device model, started by the service, with its disk in root's home
vm=$(host 'cp /srv/guests/boot.img /root/disk.img
    sr=$(xe sr-create name-label=home type=file device-config:location=/root/images)
    vm=$(xe vm-install template="Other install media" new-name-label=sturdy)
    xe vm-param-set uuid=$vm HVM-boot-params:order=c platform:vga=none
    vdi=$(xe vdi-create sr-uuid=$sr name-label=system virtual-size=1MiB type=user)
    xe vdi-import uuid=$vdi filename=/root/disk.img >&2
    vbd=$(xe vbd-create vm-uuid=$vm vdi-uuid=$vdi device=0 bootable=true type=Disk mode=RW)
    xe vm-memory-limits-set uuid=$vm static-min=32MiB dynamic-min=32MiB dynamic-max=32MiB static-max=32MiB
    xe vm-start uuid=$vm && echo $vm')
check "an HVM guest starts from the service" [ -n "$vm" ]
state() { host 'echo $(xl domid sturdy) $(xe vm-list name-label=sturdy params=power-state --minimal) $(pgrep -c -f "[x]en-domid $(xl domid sturdy)")'; }
running=$(state)
contains "with its device model" "running 1" "$running"
before=$(pid_of_unit)
check "the service is restarted" host systemctl restart xapi-lite
expect "its guest goes on" "$running" "$(state)"
check "it is another process" [ "$before" != "$(pid_of_unit)" ]
before=$(pid_of_unit)
host "kill -SEGV $before"
check "a crashed service comes back" wait_for 20 dom0 "$plain; xe host-list --minimal"
expect "and still has its guest" "$running" "$(state)"
check "systemctl reload keeps the process" host 'systemctl reload xapi-lite; sleep 1; xe host-list --minimal'
check "the guest ends" host 'xe vm-shutdown vm=sturdy force=true && xe vm-uninstall vm=sturdy force=true'

# Debian's own xendomains uses our xl
host 'mkdir -p /etc/xen/auto; sed "s/\"stub-pv\"$/\"early\"/" /etc/xen/stub-pv.cfg >/etc/xen/auto/early.cfg
    sed -i "s/^XENDOMAINS_SAVE=.*/XENDOMAINS_SAVE=/" /etc/default/xendomains'
check "xendomains starts the guests of /etc/xen/auto" host 'systemctl restart xendomains && xl domid early'
check "and shuts them down with the host" host 'systemctl stop xendomains; ! xl domid early'
host 'rm -r /etc/xen/auto/early.cfg'

T=200 check "packages are purged" host 'dpkg --purge xltool xapi-lite xenstore-tools xen-practice 2>&1'
expect "no unit is left of them" "" "$(host 'systemctl list-units --all --plain --no-legend "xapi*"; ls /etc/systemd/system/*/xapi* 2>/dev/null')"
expect "and none has failed" "" "$(failures)"
