title: Numbers for other programs
objective: Monitoring
terms: xentop -b, JSON, Prometheus
points: 1
minutes: 4
guests: alder

== task
Write one sample of what all domains use into /root/practice/sample.json, as JSON,
and one as Prometheus metrics into /root/practice/xen.prom. Domain alder must be in
both.

== hints
- `xentop --help`
- --json with -b and -i 1; --prometheus.

== setup
stub alder

== check
holds "sample.json is JSON" jq -e . sample.json
holds "alder is in it" sh -c "jq -r '.. | strings' sample.json | grep -qx alder"
holds "xen.prom has metrics with a TYPE" grep -q '^# TYPE xen_' xen.prom
holds "alder is in it, too" grep -Eq '^xen_.*"alder"' xen.prom

== wrong
xentop -b -i 1 >sample.json
xl list >xen.prom

== solution
    cd /root/practice
    xentop -b -i 1 --json >sample.json
    xentop --prometheus >xen.prom

`xentop --listen=127.0.0.1:9617` serves the same to a Prometheus server.
