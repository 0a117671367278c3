#!/bin/sh
# Installs the Debian packages named as arguments, those that are missing, and starts no service of theirs: tests
# start their own.
missing=
for p; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    as=
elif command -v sudo >/dev/null 2>&1; then
    as=sudo
else
    echo "Packages are missing, and there is neither root nor sudo here. Ask an administrator to run:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
# shellcheck disable=SC2086,SC2016
exec $as sh -c 'policy=/usr/sbin/policy-rc.d # Debian asks it before a package may start its service
if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    trap "exit 1" INT TERM
    printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy || exit 1
fi
apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || exit 1
for p; do
    if [ -e "/etc/init.d/$p" ]; then update-rc.d "$p" disable || exit 1; fi
done' deps $missing
