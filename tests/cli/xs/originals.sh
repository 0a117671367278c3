#!/bin/sh
# Puts Debian's own XenStore programs below BUILD/originals (default build) and prints the folder that
# holds them; any user can run it. usage: originals.sh PACKAGE...
set -e
dir=${BUILD:-build}/originals
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
for package; do
    [ -e "$dir/.$package" ] && continue
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && timeout 120 apt-get -q download "$package" >/dev/null 2>&1 && dpkg -x ./*.deb "$dir")
    touch "$dir/.$package"
    rm -rf "$work"
done
echo "$dir"
