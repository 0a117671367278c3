#!/bin/bash
# What xl prints, beside the original xl in the same second on the same host.
# timeout: 300
. tests/e2e/xl_lib.sh
dom0 "xl create -q /etc/xen/stub-pv.cfg; xl create -qp /etc/xen/stub-pvh.cfg 'name=\"a name that is longer than forty characters, really\"'"

# same NAME WORDS: both print the same bytes and end with the same status. Times move on between the two calls:
# the last digits of cpu seconds and of free memory are left out.
same() {
    local blur='s/[0-9]+\.[0-9]( |$)/T\1/g; s/[0-9]:[0-9][0-9]:[0-9][0-9]/U/g; s/up +[0-9:]+/up U/; s/-r?b?-?([rb-]{1,2})----/S/; s/ (r|-)(b|-)(- |----)/ S/; s/^(free_memory +: ).*/\1F/'
    local ours theirs
    ours=$(dom0 "xl $2 2>/dev/null; echo rc=\$?" | sed -E "$blur")
    theirs=$(dom0 "$OXL $2 2>/dev/null; echo rc=\$?" | sed -E "$blur")
    expect "$1" "$theirs" "$ours"
}
for words in list "list -v" "list -Z" "list -c" "list -n" "list -v -Z -c -n" "list -l" "list stub-pv" "list -l stub-pv" "list nobody" \
    vm-list vcpu-list "vcpu-list stub-pv" info "info -n" "info xen_version" "info virt" "info nothing" uptime "uptime -s" \
    "uptime stub-pv" dmesg "domid stub-pv" "domid nobody" "domname 0" "domname 999" "domname x" claims sharing; do
    same "xl $words" "$words"
done
for words in "" "nocommand" "destroy" "list --nooption" "-N list" "rename stub-pv" "mem-set stub-pv x"; do
    ours=$(dom0 "xl $words >/dev/null 2>&1; echo rc=\$?")
    expect "xl $words: exit status" "$(dom0 "$OXL $words >/dev/null 2>&1; echo rc=\$?")" "$ours"
done
for file in pv pvh hvm-boot hvm-linux stub-pv; do
    uuid='s/"uuid": ".*"/"uuid": U/; s/"(generation|ms_vm_genid)": .*/G/'
    expect "xl create -n $file.cfg" "$(dom0 "$OXL create -q -n /etc/xen/$file.cfg" | sed -E "$uuid")" \
        "$(dom0 "xl create -q -n /etc/xen/$file.cfg" | sed -E "$uuid")"
done
rows=$(dom0 'xl list --json' | python3 -c 'import json, sys; print(sorted(d["name"] for d in json.load(sys.stdin))[0])')
expect "xl list --json is JSON with every domain" "Domain-0" "$rows"
for words in vm-list vcpu-list info uptime "info -n"; do
    check "xl $words --json is JSON" python3 -c 'import json, sys; json.loads(sys.argv[1])' "$(dom0 "xl $words --json")"
done
dom0 'for d in $(xl list | awk "NR>1 {print \$(NF-4)}"); do [ $d = 0 ] || xl destroy $d; done'
dom0 'cp /etc/xen/xl.conf /tmp/xl.conf; echo "domid_policy=\"random\"" >>/etc/xen/xl.conf
    xl create -qe /etc/xen/stub-pv.cfg "name=\"anywhere\""'
domid=$(domid_of anywhere)
check "domid_policy=random: its number is not the next one" [ "${domid:-0}" -gt 200 ]
dom0 'xl destroy anywhere; cp /tmp/xl.conf /etc/xen/xl.conf'
