#!/bin/bash
# What make promises: install, uninstall, the compilation database, the missing-package advice.
# timeout: 120
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
status=0
result() { # NAME CONDITION-STATUS WHY
    if [ "$2" = 0 ]; then echo "ok build: $1"; else echo "not ok build: $1 - $3"; status=1; fi
}

make -s BUILD="$BUILD" install DESTDIR="$tmp/root" PREFIX=/opt/x >"$tmp/out" 2>&1
result "make install succeeds" $? "$(tail -1 "$tmp/out")"
missing=
for p in "$BUILD"/bin/*; do
    [ -x "$tmp/root/opt/x/sbin/${p##*/}" ] || missing="$missing ${p##*/}"
done
[ -z "$missing" ]
result "every program is installed below DESTDIR and PREFIX" $? "missing:$missing"
make -s BUILD="$BUILD" uninstall DESTDIR="$tmp/root" PREFIX=/opt/x >"$tmp/out" 2>&1
left=$(find "$tmp/root" ! -type d)
[ -z "$left" ]
result "make uninstall leaves no file" $? "left: $left"

make -s compdb >"$tmp/out" 2>&1 &&
    python3 -c 'import json,sys; rows=json.load(open("compile_commands.json")); sys.exit(not any(r["file"]=="common/base/err.c" for r in rows))'
result "make compdb writes what editors read" $? "$(tail -1 "$tmp/out")"

mkdir "$tmp/path"
for t in dpkg-query grep sh id; do ln -s "$(command -v $t)" "$tmp/path/$t"; done
as=()
[ "$(id -u)" = 0 ] && as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
chmod -R a+rX "$tmp"
cp tests/deps.sh "$tmp/deps.sh" && chmod a+r "$tmp/deps.sh"
said=$("${as[@]}" env PATH="$tmp/path" sh "$tmp/deps.sh" no-such-package-here 2>&1)
[ $? = 1 ] && [[ $said == *"apt-get install -y --no-install-recommends no-such-package-here"* ]]
result "without root and sudo, make deps prints the line to run and fails" $? "said: $said"
exit $status
