# Helpers of the xl_*.sh scripts, above lib.sh; source it instead of lib.sh.
# shellcheck shell=bash disable=SC1091
. tests/e2e/lib.sh
"$LAB" put tests/e2e/expect.py /tmp/ >/dev/null 2>&1

# dialogue SECONDS COMMAND STEP...: a terminal in Dom0, see expect.py.
dialogue() {
    local quoted="" word
    for word; do quoted+=" $(printf '%q' "$word")"; done
    # printf %q may write $'..', which sh does not know
    T=$(($1 * 3)) "$LAB" run --timeout $(($1 * 3 + 30)) -- bash -c "exec python3 /tmp/expect.py $quoted"
}

# ask GUEST COMMAND: types the command at the guest's shell prompt, gives back what it printed.
ask() {
    dialogue 60 "xl console $1" '!\r' '?guest#' "!echo \"<<\"; $2; echo \">>\"\r" '?\n<<' '?\n>>' '!\x1d' |
        tr -d '\r' | sed -n '/^<<$/,/^>>$/p' | sed '1d;$d'
}

# state_of GUEST: the letters of xl list.
state_of() { dom0 "xl list $1" 2>/dev/null | awk 'NR==2 {print $(NF-1)}'; }
domid_of() { dom0 "xl domid $1" 2>/dev/null; }
is_gone() { ! dom0 "xl domid $1" >/dev/null 2>&1; }
has_new_domid() { # GUEST OLD
    local now
    now=$(domid_of "$1")
    [ -n "$now" ] && [ "$now" != "$2" ]
}
letters() { [[ "$(state_of "$1")" =~ $2 ]]; }

# clean NAME BEFORE: nothing is left of what a test has made. A monitor whose domain was destroyed by others gives them
# 15 s to clean up before it does.
clean() {
    local i now
    for i in {1..20}; do
        now=$(leftovers)
        [ "$now" = "$2" ] && break
        sleep 1
    done
    expect "$1" "$2" "$now"
}
