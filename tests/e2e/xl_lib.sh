# Helpers of the xl_*.sh scripts, above lib.sh; source it instead of lib.sh.
# shellcheck shell=bash disable=SC1091
. tests/e2e/lib.sh
"$LAB" put tests/e2e/expect.py /tmp/ >/dev/null 2>&1

# dialogue SECONDS COMMAND STEP...: a terminal in Dom0, see expect.py.
dialogue() {
    local quoted="" word
    for word; do quoted+=" $(printf '%q' "$word")"; done
    # printf %q may write $'..', which sh does not know
    T=$(($1 * 3)) "$LAB" run --host "${HOST:-1}" --timeout $(($1 * 3 + 30)) -- bash -c "exec python3 /tmp/expect.py $quoted"
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

# differ CASES: each row of the table with the original xl and with ours (differ.py). A difference counts as right only
# where the row names it and docs/compat.md has a row of that name.
differ() {
    local kind line ids id rows
    "$LAB" put tests/e2e/differ.py "$1" /tmp/ >/dev/null 2>&1
    rows=$(grep -vc '^#\|^@\|^$' "$1")
    T=660 dom0 "python3 /tmp/differ.py $OXL /opt/xen-tools/bin/xl /tmp/${1##*/} 2>&1" >/tmp/differ.$$
    while read -r kind line; do
        case $kind in
        same) ok "$line: as the original" ;;
        allowed)
            ids=${line%% *} line=${line#* }
            for id in ${ids//,/ }; do
                grep -q "^| \`$id\` |" docs/compat.md || not_ok "$line: as docs/compat.md says" "it has no row $id"
            done
            ok "$line: as the original but for $ids"
            ;;
        stale) not_ok "${line#* }: differs as docs/compat.md says" "it does not (${line%% *})" ;;
        differ | broken) not_ok "$line: as the original" "differs" ;;
        *) echo "$kind $line" ;;
        esac
    done </tmp/differ.$$
    expect "$1: each row was compared" "$rows" "$(grep -c '^same\|^differ\|^allowed' /tmp/differ.$$)"
    rm -f /tmp/differ.$$
}
