title: A script from the days of xm
objective: History: xm and xend
terms: xm, xend, xl
points: 2
minutes: 6
guests: alder birch

== task
/root/practice/nightly.sh was written for Xen 3. xm and xend are gone since Xen 4.5.
Make it work again with xl, and run it: afterwards alder is paused, birch is named
birch-night, and birch's limit of memory is 10 MB. The service that it restarts does
not exist any more, and nothing takes its place.

== hints
- `xm WORDS` of xen-practice names the command of today (its `xm help` has them all); `xend` tells what became of xend.
- Most commands kept their names.

== setup
stub alder
stub birch
cat >nightly.sh <<'END'
#!/bin/sh
set -e
/etc/init.d/xend restart
xm pause alder
xm mem-max birch 10
xm rename birch birch-night
END
chmod +x nightly.sh

== check
holds "the script uses neither xm nor xend" sh -c '! grep -v "^ *#" nightly.sh | grep -qwE "xm|xend"'
holds "and uses xl" grep -qw xl nightly.sh
holds "alder is paused" in_state alder p
holds "there is a birch-night" exists birch-night
holds "its limit of memory is 10 MB" same "$(xsd birch-night memory/static-max)" 10240

== wrong
sed -i 's/^xm/xl/' nightly.sh
xl pause alder

== solution
    cd /root/practice
    sed -i 's/\bxm\b/xl/; /xend/d' nightly.sh
    ./nightly.sh

xend was a daemon in Python that kept all guests; xl talks to Xen itself through
libxenlight, and no service has to run.

== cleanup_first
xl destroy birch-night
