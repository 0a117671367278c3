# The XenStore tools on real Xen, whichever xenstored runs; xs_oxenstored.sh and xs_cxenstored.sh source it.
# shellcheck shell=bash

# Puts a line in a log before our tools where the hotplug scripts look first (/usr/bin); the originals are in /tmp/orig.
install_tools() {
    dom0 'mkdir -p /tmp/orig /tmp/logged; rm -f /tmp/calls
        for v in ls read write rm list exists chmod watch; do
            [ -e /tmp/orig/xenstore-$v ] && continue
            cp '"$ORIGINALS"'/xenstore-$v /tmp/orig/
            printf "#!/bin/sh\necho \"$v \$*\" >> /tmp/calls\nexec /opt/xen-tools/bin/xenstore-$v \"\$@\"\n" > /tmp/logged/xenstore-$v
            chmod 755 /tmp/logged/xenstore-$v
            ln -sfn /tmp/logged/xenstore-$v /usr/bin/xenstore-$v
        done'
}

remove_tools() {
    dom0 'for v in ls read write rm list exists chmod watch; do ln -sfn /opt/xen-tools/bin/xenstore-$v /usr/bin/xenstore-$v; done' 2>/dev/null
}

devices_connected() {
    dom0 'd=$('"$OXL"' domid xsguest) && [ "$(/tmp/orig/xenstore-read /local/domain/0/backend/vif/$d/0/state)" = 4 ] &&
        [ "$(/tmp/orig/xenstore-read /local/domain/0/backend/vbd/$d/51712/state)" = 4 ]'
}

start_guest() {
    dom0 'dd if=/dev/zero of=/srv/xs-disk.img bs=1M count=4 2>/dev/null
        { sed "s/^name.*/name = \"xsguest\"/" /etc/xen/pv.cfg; echo "disk = [ \"/srv/xs-disk.img,raw,xvda,rw\" ]"; } > /tmp/xsguest.cfg
        '"$OXL"' create -q /tmp/xsguest.cfg'
}

hotplug() {
    check "$1: a guest with a vif and a disk starts with our tools in the hotplug scripts" start_guest
    check "$1: its vif and its disk get connected" wait_for 60 devices_connected
    local calls
    calls=$(dom0 'cat /tmp/calls')
    contains "$1: vif-bridge asked our xenstore-read" "read backend/vif/" "$calls"
    contains "$1: the block script wrote with our xenstore-write" "physical-device" "$calls"
    contains "$1: success was told with our xenstore-write" "hotplug-status connected" "$calls"
}

beside_originals() {
    local args
    for args in "-f" "-fp" "-p /local/domain" "-fs /vm" "-f /local/domain/0/backend /tool"; do
        check "$1: xenstore-ls $args is byte for byte the original's" \
            dom0 "/opt/xen-tools/bin/xenstore-ls $args > /tmp/ours; /tmp/orig/xenstore-ls $args > /tmp/theirs; cmp /tmp/ours /tmp/theirs && [ -s /tmp/ours ]"
    done
    check "$1: xenstore-ls -c and the kernel's device show the same" \
        dom0 "/opt/xen-tools/bin/xenstore-ls -fp > /tmp/ours && /opt/xen-tools/bin/xenstore-ls -cfp > /tmp/once &&
            XENSTORED_RUNDIR=/none /opt/xen-tools/bin/xenstore-ls -fp > /tmp/device && cmp /tmp/ours /tmp/once && cmp /tmp/ours /tmp/device"
}

verbs() {
    expect "$1: write, read, list, chmod, exists and rm, socket and device" \
        "$(printf 'a\tb\n2\n/xs/1\n/xs/2\n(n0,r%s)\ngone\n' "$2")" \
        "$(dom0 "export PATH=/opt/xen-tools/bin:\$PATH
            xenstore-write /xs/1 'a\\tb' /xs/2 2 && xenstore-read -R /xs/1 && echo && XENSTORED_RUNDIR=/none xenstore-read /xs/2
            XENSTORED_RUNDIR=/none xenstore-list -p /xs && xenstore-chmod -r /xs n0 r$2
            xenstore-ls -fp /xs | sed -n 's/.*  \\((.*)\\)\$/\\1/p' | sort -u
            XENSTORED_RUNDIR=/none xenstore-rm -t /xs/1 /xs/2 && xenstore-exists /xs || echo gone")"
}

watching() {
    expect "$1: xenstore-watch tells that a domain went away" "$(printf '@releaseDomain\n@releaseDomain')" \
        "$(dom0 "timeout 40 /opt/xen-tools/bin/xenstore-watch -n 2 --timeout 30 @releaseDomain & sleep 1; $OXL destroy xsguest; wait %1")"
}

refusals() {
    contains "$1: an ordinary user is told to be root" "run this as root" \
        "$(dom0 'setpriv --reuid=65534 --clear-groups /opt/xen-tools/bin/xenstore-read / 2>&1')"
    contains "$1: a node that is not there is told in one sentence" "couldn't read path /none: there is no such node" \
        "$(dom0 '/opt/xen-tools/bin/xenstore-read /none 2>&1')"
    contains "$1: xenstore-control reaches it" "OK" "$(dom0 '/opt/xen-tools/bin/xenstore-control check 2>&1')"
}

all_of_it() {
    local before
    before=$(leftovers)
    install_tools
    hotplug "$1"
    beside_originals "$1"
    verbs "$1" "$(dom0 "$OXL domid xsguest")"
    watching "$1"
    refusals "$1"
    wait_for 20 test "$(leftovers)" = "$before"
    expect "$1: nothing is left behind" "$before" "$(leftovers)"
    remove_tools
}
