#!/bin/bash
# Migration between two hosts over ssh: ours and the original's as each other's peer, live, and interrupted.
# lab: --hosts 2
# timeout: 1500
. tests/e2e/xl_lib.sh
"$LAB" put --host 2 tests/e2e/expect.py /tmp/ >/dev/null 2>&1

guests() { HOST=$1 dom0 "$OXL list" 2>/dev/null | awk 'NR>2 {print $1}' | tr '\n' ' '; }
where() { echo "1:$(guests 1)2:$(guests 2)"; }
# In place of ssh; which xl answers there is told by the script's name.
for host in 1 2; do
    HOST=$host dom0 'for side in ours:/opt/xen-tools/bin original:'"$ORIGINALS"'; do
            printf "#!/bin/sh\nhost=\$1; shift\nexec ssh -o BatchMode=yes -o ServerAliveInterval=2 -o ServerAliveCountMax=3 \$host env PATH=%s:\\\$PATH \"\$@\"\n" ${side#*:} >/run/to-${side%:*}
            chmod +x /run/to-${side%:*}
        done'
done
check "the hosts reach each other by ssh" dom0 "/run/to-ours host2 true"

# moves GUEST FROM TO WITH PEER: with that xl, to that receiver; afterwards it is there and nowhere else.
moves() {
    local xl=xl want="1: 2:$1 " said
    [ "$4" = original ] && xl=$OXL
    [ "$3" = 1 ] && want="1:$1 2:"
    said=$(HOST=$2 T=280 dom0 "$xl migrate -s /run/to-$5 $1 host$3" 2>&1) || printf '%s\n' "$said" | sed 's/^/# /'
    expect "$1: $4 on host$2 to $5 on host$3" "${want/1: 2:/1:2:}" "$(where)"
}
# ticks HOST GUEST: its cpu time goes on
ticks() {
    local before
    before=$(HOST=$1 dom0 "xl list $2" | awk 'NR==2 {print $NF}')
    moved() { [ "$before" != "$(HOST=$1 dom0 "xl list $2" | awk 'NR==2 {print $NF}')" ]; }
    wait_for 20 moved "$1" "$2"
}
counts() { HOST=$1 ask "$2" 'cut -d. -f1 /proc/uptime'; }

for guest in pv pvh; do
    dom0 "xl create -q /etc/xen/$guest.cfg"
    was=$(counts 1 $guest)
    moves $guest 1 2 ours ours
    moves $guest 2 1 ours original
    # a PV guest cannot: this Xen has no shadow paging, which the original needs for it
    [ $guest = pv ] || moves $guest 1 2 original ours
    at=1
    [ $guest = pv ] || at=2
    now=$(counts $at $guest)
    check "$guest: it is the same guest after all that (${was:-?} s, ${now:-?} s)" test "${now:-0}" -ge "${was:-1}"
    [ $guest = pvh ] || dom0 "xl destroy $guest"
done
HOST=2 dom0 "xl destroy pvh"
dom0 "xl create -q /etc/xen/hvm-boot.cfg"
moves hvm-boot 1 2 ours ours
moves hvm-boot 2 1 ours original
moves hvm-boot 1 2 original ours
check "hvm-boot: it goes on" ticks 2 hvm-boot
HOST=2 dom0 "xl destroy hvm-boot"
expect "nothing else is left on either host" "1:2:" "$(where)"

# Interrupted: one running copy on one of the hosts, and no half of another.
dom0 "xl create -q /etc/xen/pvh.cfg"
settled() { [[ "$(where)" =~ ^(1:pvh\ 2:|1:2:pvh\ )$ ]]; }
cut() { # NAME SECONDS HOST SHELL-LINE [TEXT]: what the sender or, killed, the receiver says holds TEXT
    local at=1 other=2
    [[ "$(where)" == 1:pvh* ]] || { at=2 other=1; }
    HOST=$at T=280 dom0 "env --default-signal=INT xl migrate -s /run/to-ours pvh host$other >/tmp/migrate.log 2>&1 & echo \$! >/run/sender; wait" >/dev/null 2>&1 &
    local starter=$! host=$3 sender=$at
    incoming() { HOST=$other dom0 'xl list' | grep -q -- 'pvh--incoming'; }
    wait_for 60 incoming
    sleep "$2"
    [ "$host" = sender ] && host=$at
    [ "$host" = receiver ] && host=$other
    HOST=$host dom0 "$4" >/dev/null 2>&1
    wait $starter
    wait_for 60 settled
    expect "$1: one copy is there" "one" "$(settled && echo one || where)"
    at=1
    [[ "$(where)" == 1:pvh* ]] || at=2
    check "$1: it runs" ticks $at pvh
    [ -z "$5" ] || contains "$1: the message says which" "$5" "$(HOST=$sender dom0 "sleep 5; cat /tmp/migrate.log")"
}
cut "the sender killed" 1 sender 'kill -9 $(cat /run/sender)'
cut "the receiver killed" 1 receiver 'kill -9 $(pgrep -of "xl migrate-receive")' 'goes on running here'
cut "the sender interrupted" 1 sender 'kill -INT $(cat /run/sender)' 'goes on running here'
cut "the network cut" 1 sender 'ip link set eth0 down; sleep 15; ip link set eth0 up' 'goes on running here'

# Remus: a standby follows the domain and takes over when it is destroyed here.
for host in 1 2; do HOST=$host dom0 'xl destroy pvh' 2>/dev/null; done
standby() { [ "$(HOST=2 dom0 'xl list' | awk '/^pvh--incoming/ {print ($3 > 120)}')" = 1 ]; } # the first checkpoint is there
taken_over() { [ "$(where)" = "1:2:pvh " ]; }
for side in original ours; do
    xl=xl
    [ $side = original ] && xl=$OXL
    dom0 "xl create -q /etc/xen/pvh.cfg"
    sleep 5
    T=280 dom0 "timeout 250 $xl remus -Fnd -i 500 -s /run/to-$side pvh host2 >/tmp/remus.log 2>&1; echo status=\$? >>/tmp/remus.log" &
    starter=$!
    check "remus, $side: the standby is there" wait_for 120 standby
    sleep 10
    dom0 "xl destroy pvh"
    wait_for 90 taken_over
    expect "remus, $side: destroyed here, it runs on the standby" "1:2:pvh " "$(where)"
    check "remus, $side: the standby's time goes on" ticks 2 pvh
    wait $starter
    dom0 "cat /tmp/remus.log" | sed 's/^/# /'
    for host in 1 2; do HOST=$host dom0 'for d in $(xl list | awk "NR>2 {print \$2}"); do xl destroy $d; done' 2>/dev/null; done
done
for host in 1 2; do HOST=$host dom0 'xl destroy pvh' 2>/dev/null; done
expect "nothing is left on either host" "1:2:" "$(where)"
