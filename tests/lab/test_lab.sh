#!/bin/bash
# Tests of the lab itself, on a lab of its own. Prints a line per test.
cd "$(dirname "$0")" || exit 1
export LAB_NAME="test-lab-$$"
work=$(mktemp -d "${TMPDIR:-/tmp}/test-lab-XXXXXX")
trap './lab down; rm -rf "$work"' EXIT

# check NAME COMMAND...: ok when the command succeeds; its output says why not
check() {
    local name=$1 why
    shift
    if why=$("$@" 2>&1); then
        echo "ok lab: $name"
    else
        echo "not ok lab: $name - $(tail -n 3 <<<"$why" | tr '\n' ' ')"
        failed=1
    fi
}

# expect STATUS COMMAND...: stdout and stderr go to $work/out and $work/err
expect() {
    local want=$1 got
    shift
    timeout 60 "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got = "$want" ] && return
    echo "status $got instead of $want; stderr: $(head -c 300 "$work/err")"
    return 1
}

same() {
    [ "$1" = "$2" ] || { echo "got '$1' instead of '$2'"; return 1; }
}

run_streams() {
    expect 7 ./lab run -- sh -c 'echo out; echo err >&2; exit 7' &&
        same "$(<"$work/out")" out && same "$(<"$work/err")" err
}

run_arguments() {
    expect 0 ./lab run -- printf '%s|' 'a b' '' "it's" '$HOME' 'ü' &&
        same "$(<"$work/out")" "a b||it's|\$HOME|ü|"
}

run_stdin() {
    head -c 3000000 /dev/urandom >"$work/data"
    expect 0 ./lab run -- cat <"$work/data" && cmp "$work/data" "$work/out"
}

run_stdin_unread() {
    expect 0 ./lab run -- true </dev/zero
}

run_streams_early() {
    local first
    first=$(./lab run -- sh -c 'echo now; sleep 5' | { read -r l; echo "$l"; })
    same "$first" now
}

run_timeout() {
    local began=$SECONDS
    expect 124 ./lab run --timeout 1 -- sh -c 'sleep 4321 & sleep 4321' &&
        grep -q 'killed after 1 s' "$work/err" &&
        [ $((SECONDS - began)) -lt 15 ] || return 1
    expect 1 ./lab run -- pgrep -f 'sleep 432[1]'
}

run_signal() {
    expect 137 ./lab run -- sh -c 'kill -9 $$'
}

run_no_such_command() {
    expect 127 ./lab run -- no-such-command &&
        grep -q 'cannot start no-such-command' "$work/err"
}

run_daemon() {
    expect 0 ./lab run --timeout 20 -- sh -c 'sleep 77 & echo started' &&
        same "$(<"$work/out")" started
}

run_parallel() {
    local i began=$SECONDS
    for i in 1 2 3 4 5 6; do
        ./lab run -- sh -c "sleep 3; echo $i" >"$work/par.$i" &
    done
    wait $(jobs -p)
    [ $((SECONDS - began)) -lt 15 ] || { echo "$((SECONDS - began)) s"; return 1; }
    same "$(cat "$work"/par.*| tr '\n' ' ')" "1 2 3 4 5 6 "
}

run_interrupted() {
    timeout -s INT 2 ./lab run -- sleep 4322
    sleep 3
    expect 1 ./lab run -- pgrep -f 'sleep 432[2]' && expect 0 ./lab run -- true
}

run_programs() {
    mkdir -p "$work/bin"
    printf '#!/bin/sh\necho one\n' >"$work/bin/lab-probe"
    chmod +x "$work/bin/lab-probe"
    ln -sf lab-probe "$work/bin/lab-link"
    LAB_BIN=$work/bin expect 0 ./lab run -- lab-link &&
        same "$(<"$work/out")" one || return 1
    printf '#!/bin/sh\necho twice\n' >"$work/bin/lab-probe"
    LAB_BIN=$work/bin expect 0 ./lab run -- lab-probe &&
        same "$(<"$work/out")" twice
}

tools_of_scripts() {
    same "$(./lab run -- sh -c '. /etc/xen/scripts/hotplugpath.sh
        PATH=$bindir:$sbindir:$LIBEXEC_BIN:$PATH; for v in read write rm list exists chmod watch ls; do
        readlink -f "$(command -v xenstore-$v)"; done | sort -u')" /opt/xen-tools/bin/xenstore
}
originals() {
    expect 0 ./lab run -- sh -c 'cd /usr/lib/xen-4.*/bin &&
        ls xl xentop xenstore-ls && ./xl list | grep Domain-0'
}

copies() {
    mkdir -p "$work/tree/sub" && cp "$work/data" "$work/tree/sub/one file" &&
        ln -sf sub "$work/tree/link" &&
        expect 0 ./lab put "$work/tree" "$work/data" /root/ &&
        expect 0 ./lab put "$work/data" /root/renamed &&
        expect 0 ./lab get /root/tree "$work/back" &&
        diff -r "$work/tree" "$work/back" &&
        expect 0 ./lab get /root/renamed /root/data "$work/back/" &&
        cmp "$work/data" "$work/back/renamed" &&
        expect 125 ./lab get /root/none "$work/x" &&
        expect 125 ./lab put "$work/none" /root
}

clock() {
    local there
    there=$(./lab run -- date +%s)
    local off=$(($(date +%s) - there))
    [ ${off#-} -le 3 ] || { echo "Dom0's clock is off by $off s"; return 1; }
}

status() {
    expect 0 ./lab status && grep -q "host1 running" "$work/out"
}

# A terminal of Dom0 inside one of the host, which `script` makes.
shell() {
    (printf 'stty size; tput colors; exit 3\r'; sleep 10) |
        timeout 60 script -qec 'stty rows 33 cols 99; exec ./lab shell' \
            /dev/null >"$work/out"
    same $? 3 && grep -q '33 99' "$work/out"
}

mistakes() {
    expect 125 ./lab frobnicate && expect 125 ./lab up --frob &&
        expect 125 ./lab run && expect 125 ./lab up --mem lots &&
        expect 125 ./lab --name none status &&
        expect 125 ./lab run --name none -- true &&
        grep -q 'lab up' "$work/err"
}

dead_qemu() {
    local pid began=$SECONDS
    pid=$(<"${LAB_RUN:-/tmp/xen-lab-$UID}/$LAB_NAME/host1/qemu.pid")
    (sleep 2; kill -9 "$pid") &
    expect 125 ./lab run -- sleep 50 && grep -q 'not running' "$work/err" &&
        [ $((SECONDS - began)) -lt 10 ] || return 1
    expect 125 ./lab run -- true && grep -q 'qemu.log' "$work/err"
}

down_leaves_nothing() {
    local folder=${LAB_RUN:-/tmp/xen-lab-$UID}/$LAB_NAME pid
    pid=$(<"$folder/host1/qemu.pid")
    expect 0 ./lab down && expect 0 ./lab down || return 1
    [ ! -e "$folder" ] || { echo "$folder is still there"; return 1; }
    ! grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null ||
        { echo "QEMU, process $pid, is still there"; return 1; }
}

# A maker ended by a signal takes its machine along; one that is killed leaves it to the next.
make_ended() {
    local signal=$1 cache run=$work/run-$1 pid
    cache=$work/cache-$signal
    mkdir -p "$cache" && ln -s "${LAB_CACHE:-$HOME/.cache/xen-lab}"/{base,image}-* "$cache/" || return 1
    LAB_CACHE=$cache LAB_RUN=$run timeout -s "$signal" 8 ./lab up >/dev/null 2>&1
    pid=$(cat "$run"/.making-*/qemu.pid 2>/dev/null)
    if [ "$signal" = KILL ]; then
        [ -n "$pid" ] && kill -0 "$pid" || { echo "no QEMU was left to find"; return 1; }
        LAB_CACHE=$cache LAB_RUN=$run timeout 8 ./lab up >/dev/null 2>&1
    fi
    ! pgrep -f "$run/.making" || { echo "QEMU is still there"; return 1; }
}

check "an interrupted up leaves no machine behind" make_ended TERM
check "what a killed one leaves is ended by the next" make_ended KILL
check "up starts Dom0" ./lab up
check "up again does nothing" ./lab up
check "run: streams and exit status are separate" run_streams
check "run: arguments arrive as they are" run_arguments
check "run: three million bytes through stdin and stdout" run_stdin
check "run: a command need not read its stdin" run_stdin_unread
check "run: output comes while the command runs" run_streams_early
check "run: --timeout kills the command and its children" run_timeout
check "run: death by signal is 128 + signal" run_signal
check "run: a command that does not exist is 127" run_no_such_command
check "run: a daemon left behind does not hold the command" run_daemon
check "run: six commands at once" run_parallel
check "run: an interrupted client takes its command along" run_interrupted
check "run: rebuilt programs are there" run_programs
check "the originals are beside ours" originals
check "the hotplug scripts find our XenStore tools" tools_of_scripts
check "put and get: files, folders, links" copies
check "Dom0's clock is right" clock
check "status names the hosts" status
check "shell is a terminal with this window's size" shell
check "mistakes are told" mistakes
check "down leaves no process and no file" down_leaves_nothing
check "up after down" ./lab up
check "a dead QEMU is reported at once" dead_qemu
check "down after a dead QEMU" ./lab down
exit ${failed:-0}
