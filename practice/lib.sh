# What the setup, check, solution and cleanup sections of exercises may call. POSIX sh.
# P is the folder of files that a task names; KEEP survives from setup to check.
P=/root/practice
STATE=${XEN_PRACTICE_STATE:-/var/lib/xen-practice}
KEEP=$STATE/keep
BOOT_IMAGE=/srv/guests/boot.img
failed=0

# holds TEXT COMMAND...: one line of the verdict. Fails as the command does, so that `|| because WHY` may follow.
holds() {
    text=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "  yes  $text"
    else
        echo "  NO   $text"
        failed=1
        return 1
    fi
}
because() { echo "       $*"; }

# remember KEY VALUE / recall KEY: facts that setup wants check to know.
remember() { printf '%s\n' "$2" >"$KEEP/$1"; }
recall() { cat "$KEEP/$1" 2>/dev/null; }

# domid GUEST: its number; one who has it already may give it wherever a GUEST is asked for
domid() { case "$1" in *[!0-9]* | '') xl domid "$1" 2>/dev/null ;; *) echo "$1" ;; esac }
exists() { [ -n "$(domid "$1")" ]; }
gone() { ! exists "$1"; }
uuid_of() { xl list -l "$1" 2>/dev/null | jq -r '.[0].config.c_info.uuid'; }
# state GUEST: the six letters of xl list
state() { column "$1" 5; }
in_state() { case "$(state "$1")" in *"$2"*) return 0 ;; *) return 1 ;; esac }
# alive GUEST: it exists and is neither paused, shutting down, crashed nor dying
alive() { case "$(state "$1")" in '' | *[psd]*) return 1 ;; esac }
# config GUEST FILTER: what libxl says about the guest, through jq; fails on false and null. Asked once in a check.
config() {
    [ "$config_of" = "$1" ] || config_text=$(xl list -l "$1" 2>/dev/null) config_of=$1
    [ -n "$config_text" ] && printf '%s\n' "$config_text" | jq -e ".[0].config | $2"
}
# column GUEST N: of its line in xl list: name, number, memory, processors, state, time
column() {
    xl list "$1" 2>/dev/null | {
        read -r _
        read -r name id mem cpus state time || exit 1
        shift
        case "$1" in 1) echo "$name" ;; 2) echo "$id" ;; 3) echo "$mem" ;; 4) echo "$cpus" ;; 5) echo "$state" ;; 6) echo "$time" ;; esac
    }
}
# xs PATH: a value of XenStore; xsd GUEST PATH below the guest's own folder
xs() { xenstore-read "$1" 2>/dev/null; }
xsd() { xs "/local/domain/$(domid "$1")/$2"; }
# backend GUEST KIND INDEX: the path of the back end of its vif or vbd
backend() { xsd "$1" "device/$2/$3/backend"; }
vbds() { xenstore-list "/local/domain/$(domid "$1")/device/vbd" 2>/dev/null; }
# disk GUEST NAME: the index of the vbd that the guest knows as NAME
disk() {
    for v in $(vbds "$1"); do
        [ "$(xs "$(backend "$1" vbd "$v")/dev")" = "$2" ] && echo "$v" && return 0
    done
    return 1
}
same() { [ "$1" = "$2" ]; }
# answer KEY: what the file `answers` says, without blanks and quotes
answer() { sed -n "s/^[[:space:]]*$1[[:space:]]*[=:][[:space:]]*//p" "$P/answers" 2>/dev/null | tail -1 | tr -d "\"' \t\r"; }
# file_has FILE PATTERN: a line that is no comment matches
file_has() { grep -v '^[[:space:]]*#' "$1" 2>/dev/null | grep -Eq "$2"; }
on_bridge() { [ -e "/sys/class/net/$1/brif/$2" ] || ovs-vsctl list-ports "$1" 2>/dev/null | grep -qx "$2"; }
# kept_log GUEST WORDS: xl's own log of the guest has the words
log_of() { cat "/var/log/xen/xl-$1.log" 2>/dev/null; }
# soon SECONDS COMMAND...: waits until it holds
soon() {
    left=$(($1 * 4))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.25
    done
}

# stub NAME [LINE...]: starts a guest of 8 MB that answers shutdown; further lines of xl.cfg follow.
# Its file stays in $P.
stub() {
    stub_file "$@"
    xl -f create -q "$P/$1.cfg"
}
stub_file() {
    {
        printf 'name = "%s"\ntype = "pv"\nkernel = "/srv/guests/stub-pv"\nmemory = 8\nvcpus = 1\n' "$1"
        file=$P/$1.cfg
        shift
        [ $# = 0 ] || printf '%s\n' "$@"
    } >"$P/.new"
    mv "$P/.new" "$file"
}
# linux NAME [LINE...]: a PV Linux of 128 MB with a shell on its console
linux_file() {
    stub_file "$@"
    sed -i 's|stub-pv"|vmlinux"\nramdisk = "/srv/guests/initrd"\ncmdline = "console=hvc0 quiet"|; s/^memory = 8$/memory = 128/' "$P/$1.cfg"
}
linux() {
    linux_file "$@"
    # what a guest of that name has said before is not said by this one
    [ ! -f "/var/log/xen/console/guest-$1.log" ] || : >"/var/log/xen/console/guest-$1.log"
    xl create -q "$P/$1.cfg"
}
# in the lab: words typed at the shell of a Linux guest, once it is up
guest_up() { soon 60 grep -q 'is up' "/var/log/xen/console/guest-$1.log"; }

# a xapi-lite that answers; started when none does
xapi_up() {
    xe host-list --minimal >/dev/null 2>&1 && return 0
    if [ -d /run/systemd/system ] && systemctl start xapi-lite 2>/dev/null; then :; else
        mkdir -p /usr/local/share/xapi-lite
        [ ! -d /opt/xen-tools/configs/xapi-lite ] || cp /opt/xen-tools/configs/xapi-lite/* /usr/local/share/xapi-lite/
        setsid xapi-lite --config /dev/null >>/var/log/xapi-lite.log 2>&1 </dev/null &
        echo $! >"$STATE/xapi.pid"
    fi
    soon 60 xe host-list --minimal
}
# ends the one that xapi_up started
xapi_down() {
    [ -f "$STATE/xapi.pid" ] || return 0
    kill "$(cat "$STATE/xapi.pid")"
    rm -f "$STATE/xapi.pid"
}
# xe_remove NAME...: the VMs of these names, running or not
xe_remove() {
    for g; do
        for u in $(xe vm-list "name-label=$g" --minimal 2>/dev/null | tr ',' ' '); do
            xe vm-shutdown "uuid=$u" force=true >/dev/null 2>&1 || true
            xe vm-destroy "uuid=$u" || true
        done
    done
}
xe_get() { xe "$1-param-get" "uuid=$2" "param-name=$3" 2>/dev/null; }
# a volume group of 64 MB on a loop device, for exercises with LVM
vg_up() {
    truncate -s 64M /var/tmp/xen-practice-pv
    loop=$(losetup -f --show /var/tmp/xen-practice-pv)
    vgcreate -qq -y "$1" "$loop" >/dev/null
}
vg_down() {
    vgchange -qq -an "$1" >/dev/null 2>&1
    vgremove -qq -ff -y "$1" >/dev/null 2>&1
    for loop in $(losetup -n -O NAME -j /var/tmp/xen-practice-pv); do losetup -d "$loop"; done
    rm -f /var/tmp/xen-practice-pv
}
