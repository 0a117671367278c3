#!/bin/bash
# xl check on a machine without Xen: exit codes, --strict, --json, --fix, files that are none.
cd "$(dirname "$0")/../.." || exit 1
xl=$PWD/${BUILD:-build}/bin/xl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
status=0

# expect NAME EXIT PATTERN COMMAND...: the exit status, and a line of output that fits
expect() {
    local name=$1 want=$2 pattern=$3 out code
    shift 3
    out=$(timeout 20 "$@" 2>&1 </dev/null)
    code=$?
    if [ $code = "$want" ] && grep -qE -- "$pattern" <<<"$out"; then
        echo "ok xl check: $name"
    else
        echo "# exit $code, wanted $want and /$pattern/ in:"
        sed 's/^/#   /' <<<"$out"
        echo "not ok xl check: $name - exit $code"
        status=1
    fi
}

printf 'name = "a"\nkernel = "/boot/vmlinuz"\nmemory = 64\n' >good.cfg
printf 'name = "a"\nkernel = "/boot/vmlinuz"\nmemry = 64\n' >warn.cfg
printf 'name = "a"\nkernel = /boot/vmlinuz\n' >bad.cfg
expect "a good file is ok" 0 '^good.cfg: ok$' "$xl" check good.cfg
expect "a warning is no failure" 0 '^warn.cfg:3:1: warning: .*memry' "$xl" check warn.cfg
expect "... the nearest name is offered" 0 'did you mean "memory"' "$xl" check warn.cfg
expect "... with --strict it is a failure" 1 '^warn.cfg: 1 warning$' "$xl" check --strict warn.cfg
expect "a mistake fails, with its place" 1 '^bad.cfg:2:10: error: ' "$xl" check bad.cfg
expect "one bad file of several fails" 1 '^good.cfg: ok$' "$xl" check bad.cfg good.cfg
expect "a missing file is named" 1 'No such file or directory' "$xl" check missing.cfg
expect "a directory is named" 1 'is a directory' "$xl" check .
expect "a binary file gets one sentence" 1 '^[^:]*: 1 error$' "$xl" check /bin/true
truncate -s 100M large.cfg
expect "100 MB are refused" 1 'larger than 16 MiB' "$xl" check large.cfg
expect "no file is wrong usage" 2 'check' "$xl" check
expect "create refuses with the same words" 1 '^bad.cfg:2:10: error: ' "$xl" create -n bad.cfg
expect "create -n of a good file needs no Xen" 0 '"name": "a"' "$xl" create -n -q good.cfg
expect "standard input is read as -" 1 'has no name' "$xl" check -

if "$xl" check --json bad.cfg warn.cfg missing.cfg | python3 -c '
import json, sys
found = json.load(sys.stdin)
got = [(f["file"], f["line"], f["column"], f["severity"], f["id"]) for f in found]
want = [("bad.cfg", 2, 10, "error", "unquoted"), ("warn.cfg", 3, 1, "warning", "unknown-key"), ("missing.cfg", 0, 0, "error", "unreadable")]
sys.exit(f"got {got}" if got != want else 0)'; then
    echo "ok xl check: --json is one array for all files"
else
    echo "not ok xl check: --json is one array for all files - see above"
    status=1
fi

printf 'name = "a"\nbuilder = "hvm" # kept\nvif = [ "netdev=eth0" ]\naltp2m = "external"\naltp2mhvm = 1\n' >old.cfg
chmod 640 old.cfg
ln -s old.cfg link.cfg
expect "--fix says what it changes" 0 '^link.cfg:2: type="hvm"$' "$xl" check --fix link.cfg
printf 'name = "a"\ntype="hvm" # kept\nvif = [ "gatewaydev=eth0" ]\naltp2m = "external"\naltp2mhvm = 1\n' >new.cfg
if cmp old.cfg new.cfg && [ -L link.cfg ] && [ "$(stat -c %a old.cfg)" = 640 ]; then
    echo "ok xl check: --fix changes no more than what keeps the guest as it is"
else
    cat old.cfg
    echo "not ok xl check: --fix changes no more than what keeps the guest as it is - see above"
    status=1
fi
cp bad.cfg before.cfg
expect "--fix of a bad file reports it" 1 '^bad.cfg:2:10: error: ' "$xl" check --fix bad.cfg
expect "... and leaves it alone" 0 '^$' cmp bad.cfg before.cfg
printf 'name = "a"\nkernel = "%s/none"\nvif = [ "bridge=nobr9" ]\n' "$work" >host.cfg
expect "--host looks for files" 0 'none does not exist' "$xl" check --host host.cfg
printf 'name = "a"\ntype = "pv"\nkernel = "/k"\nbootloader_args = "-q --x=1"\n' >old1.cfg
printf 'name = "a"\nbuilder = "hvm"\naltp2mhvm = 1\ntsc_mode = 2\ntimer_mode = 1\nstdvga = 1\nvif = [ "netdev=br0" ]\n' >old2.cfg
expect "--fix writes a string of arguments as a list" 0 '^old1.cfg:4: bootloader_args=\[ "-q", "--x=1" \]$' "$xl" check --fix old1.cfg
expect "--fix writes builder, altp2mhvm, modes, stdvga and netdev anew" 0 '^old2.cfg: ok$' "$xl" check --fix --strict old2.cfg
expect "...and what it wrote is good" 0 '^old1.cfg: ok$' "$xl" check --strict old1.cfg
printf '%s\n' 'name = "a"' 'type = "hvm"' 'device_model = "qemu-dm" # a comment' 'vncviewer = 1' 'vif2 = [ "" ]' \
    'disk = [ "phy:/dev/vg/a,xvda,w", "tap:qcow2:/b.img,hdb,r", "file:/c.iso,hdc:cdrom,r", "nbd:h:1,xvdd,w", "/e,raw,xvde,rw" ]' >old3.cfg
expect "--fix removes what nothing reads" 0 '^old3.cfg:3: removed, nothing reads it$' "$xl" check --fix old3.cfg
expect "--fix leaves nothing old" 0 '^old3.cfg: ok$' "$xl" check --strict old3.cfg
if printf '%s\n' 'name = "a"' 'type = "hvm"' 'disk = [ "format=raw, vdev=xvda, access=rw, target=/dev/vg/a",'\
' "format=qcow2, vdev=hdb, access=ro, target=/b.img", "format=raw, vdev=hdc, access=ro, devtype=cdrom, target=/c.iso",'\
' "format=raw, vdev=xvdd, access=rw, script=block-nbd, target=h:1", "/e,raw,xvde,rw" ]' | diff - old3.cfg; then
    echo "ok xl check: --fix writes prefixes of disk targets as options"
else
    echo "not ok xl check: --fix writes prefixes of disk targets as options - see above"
    status=1
fi
printf 'name = "a"\nkernel = "there"\nramdisk = "gone"\n' >relative.cfg
: >there
expect "--host warns of a path that depends on the folder" 0 'relative.cfg:2:.*there is looked for in the folder' "$xl" check --host relative.cfg
expect "--host looks for a relative path here" 0 'relative.cfg:3:.*gone does not exist' "$xl" check --host relative.cfg
expect "--host looks for bridges" 0 'bridge nobr9 does not exist' "$xl" check --host host.cfg
exit $status
