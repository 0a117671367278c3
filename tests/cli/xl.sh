#!/bin/bash
# xl's command line where there is no Xen: options, help, exit codes, dry runs.
xl=${BUILD:-build}/bin/xl
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# run NAME STATUS NEEDLE WORDS...: exit status and a text in stdout or stderr
run() {
    local name=$1 status=$2 needle=$3 said got
    shift 3
    said=$("$xl" "$@" 2>&1 </dev/null)
    got=$?
    if [ $got = "$status" ] && [[ "$said" == *"$needle"* ]]; then
        echo "ok $name"
    else
        failed=1
        printf '%s\n' "$said" | head -20 | sed 's/^/# /'
        echo "not ok $name - status $got (wanted $status), wanted text: $needle"
    fi
}

run "no command: help, exit 1" 1 "Usage: xl"
run "help" 0 "Commands" help
run "help of one command" 0 "Usage: xl [-vfN] create" help create
run "help of a beginning" 0 "xl [-v] list" help lis
run "help of no command" 1 "command not implemented" help nosuch
run "-h of a command" 0 "Usage: xl [-v] list" list -h
run "an unknown command" 1 "command not implemented: \"nosuch\"" nosuch
run "a mistyped command: the nearest one is named" 1 "Did you mean \`xl create\`?" crate
run "an ambiguous beginning" 1 "beginning of several commands" mem
run "an unknown option before the command" 1 "unknown global option" -x list
run "an unknown option of a command" 2 "option \`x' not supported." list -x
run "too few words" 2 "needs at least 2 arguments" rename one
run "-N where it means nothing" 1 "does not implement -N" -N list
run "shutdown of nobody" 1 "name a domain, or -a" shutdown
run "shutdown of all and one" 2 "not both" shutdown -a one
run "a console type that is none" 1 "none of" console -t wrong one
run "create without a file" 6 "name a config file" create
run "-f and another file: which one?" 2 "-f names" create -f one two
run "several files have no name= in common" 2 "the same for all" create one two name=x
run "several files have no console in common" 2 "one domain only" create -c one two
printf 'name="a"
kernel="/k"
memory=64
' >"$dir/a.cfg"
printf 'name="b"
kernel="/k"
memory=64
' >"$dir/b.cfg"
run "several files: a dry run of each, in their order" 0 '"name": "b"' create -qn "$dir/a.cfg" "$dir/b.cfg" vcpus=3
run "several files: one that is wrong, its exit status" 3 'no.cfg' create -qn "$dir/a.cfg" "$dir/no.cfg" "$dir/b.cfg"
run "several files: the others are shown all the same" 3 '"name": "b"' create -qn "$dir/a.cfg" "$dir/no.cfg" "$dir/b.cfg"
run "several domains without Xen: each says so" 1 'two: failed' pause one two

run "a command of a newer Xen says from which on it works" 1 "works from Xen 4.22 on" xenstore-quota-get -g
run "a command for other hosts says so" 1 "works from Xen 4.18 on, on Arm hosts" dt-overlay add x.dtbo
run "psr-cmt-show of nothing known" 2 "cache-occupancy" psr-cmt-show bogus
run "psr-cat-set with both masks" 1 "at the same time" psr-cat-set -c -d pv 1
run "psr-cat-show of a level that no cache has" 1 "neither 2 nor 3" psr-cat-show -l 7
run "psr-mba-set without a value" 1 "one number" psr-mba-set pv
run "config-update without a domain" 1 "needs a domain" config-update
run "remus -p without -c" 255 "-p must be used" remus -p pv host
run "remus -c with -n" 255 "conflict" remus -c -n pv host
run "remus without a host" 2 "host of the standby" remus pv
run "remus -b is hidden from nobody" 0 "/dev/null" remus -h

printf 'name="a"\nkernel="/k"\ntype="pvh"\nmemory=64\n' >"$dir/good"
printf 'name="a"\nkernel="/k"\nvcpu=2\nmemory="x"\n' >"$dir/odd"
printf 'name="a"\nmemory=\n' >"$dir/bad"
run "create -n needs no Xen" 0 '"target_memkb": 65536' create -n "$dir/good"
run "-N before create is the same" 0 '"target_memkb": 65536' -N create "$dir/good"
run "words override the file" 0 '"target_memkb": 131072' create -n "$dir/good" memory=128
run "words alone are a config" 0 '"name": "b"' create -n 'name="b"' 'type="pv"' 'kernel="/k"'
run "/dev/null and words are a config" 0 '"name": "b"' create -n /dev/null 'name="b"' 'kernel="/k"'
run "an unknown key is named, with the nearest one" 0 'vcpus' create -n "$dir/odd"
run "a mistake is shown with its line" 1 "$dir/bad:2:" create -n "$dir/bad"
run "a mistake ends create" 1 "nothing was done" create -n "$dir/bad"
run "a folder is no config" 3 "is a directory" create -n "$dir"
run "a missing file" 3 "No such file" create -n "$dir/none"
if [ "$("$xl" create -q -n "$dir/good" 2>&1 >/dev/null)" = "" ]; then
    echo "ok -q is silent about good files"
else
    failed=1
    echo "not ok -q is silent about good files - it is not"
fi
# each command of the original is there, and has a row in the comparison on real Xen
missing=$(while IFS=$'\t' read -r name _; do
    [[ $name == '#'* ]] || { grep -q "^CMD(\"$name\"" xltool/commands.def && grep -qE "(^|[^a-z-])xl (-[a-zA-Z]+ )?$name([[:space:]]|$)" tests/e2e/xl_cases*.tsv; } || echo "$name"
done <tests/data/xl/commands.tsv)
if [ -z "$missing" ]; then
    echo "ok every command of the original is there and is compared with it"
else
    failed=1
    echo "not ok every command of the original is there and is compared with it - not: ${missing//$'\n'/ }"
fi
if docs/man/update-xl.py --check "$xl"; then
    echo "ok the manual is that of the command table"
else
    failed=1
    echo "not ok the manual is that of the command table - run docs/man/update-xl.py"
fi
if docs/man/update-cfg.py --check; then
    echo "ok the manuals of xl.cfg and xl.conf are those of the key tables"
else
    failed=1
    echo "not ok the manuals of xl.cfg and xl.conf are those of the key tables - run docs/man/update-cfg.py"
fi
if [ -e /proc/xen/capabilities ]; then
    echo "skip without Xen xl says so - this machine runs Xen"
else
    run "without Xen xl says so" 1 "does not run under Xen" list
fi
if "$xl" list -h >/dev/full 2>/dev/null; then
    failed=1
    echo "not ok a full disk is an error - it was not"
else
    echo "ok a full disk is an error"
fi
exit $failed
