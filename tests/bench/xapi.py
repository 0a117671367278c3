"""Rows of xapi-lite's speed and size. usage: python3 tests/bench/xapi.py"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli/xapi"))
from service import BIN, Client, Service, read_answer, vm_record  # noqa: E402


def row(name, what, value, bound):
    print(f"{name:<34} {what:<8} {value:12.2f} {bound:12.2f} {value / bound:8.2f}", flush=True)


def best(times, fn):
    """Milliseconds of the quickest run: the others tell about the machine."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        fn()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def fill(c):
    network = (c.call("network.get_all") or [None])[0]
    for i in range(1000):
        vm = c.call("VM.create", vm_record(f"vm{i}"))
        for device in "0", "3":
            c.call("VBD.create", dict(
                VM=vm, VDI="OpaqueRef:NULL", userdevice=device, bootable=False, mode="RO", type="CD", unpluggable=True,
                empty=True, other_config={}, qos_algorithm_type="", qos_algorithm_params={}))
        if network:
            c.call("VIF.create", dict(
                device="0", network=network, VM=vm, MAC="", MTU=1500, other_config={}, qos_algorithm_type="",
                qos_algorithm_params={}))


def records(c, path, body):
    c.s.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, len(body)) + body)
    return read_answer(c.s)


s = Service()
try:
    c = Client(s)
    fill(c)
    row("memory, filled", "rss_mib", s.rss_kib() / 1024, 30)
    json_call = (b'{"jsonrpc":"2.0","id":1,"method":"VM.get_all_records","params":["%s"]}' % c.session.encode())
    xml_call = (b"<methodCall><methodName>VM.get_all_records</methodName><params><param><value>%s</value></param>"
                b"</params></methodCall>" % c.session.encode())
    row("VM.get_all_records, JSON", "wall_ms", best(15, lambda: records(c, b"/jsonrpc", json_call)), 20)
    row("VM.get_all_records, XML", "wall_ms", best(15, lambda: records(c, b"/", xml_call)), 20)
    xe = [f"{BIN}/xe", "-s", s.socket, "vm-list"]
    row("xe vm-list", "wall_ms", best(15, lambda: subprocess.run(xe, stdout=subprocess.DEVNULL)), 50)
    start = time.perf_counter()
    for _ in range(4000):
        c.call("pool.get_all")
    row("simple calls, one connection", "us_each", (time.perf_counter() - start) * 1e6 / 4000, 500)
    row("memory, after the calls", "rss_mib", s.rss_kib() / 1024, 30)
    waiter = Client(s)
    late = []
    for i in range(20):
        token = waiter.call("event.from", ["pool"], "", 5.0)["token"]
        waiter.send("event.from", ["vm"], token, 10.0)
        time.sleep(0.1)
        ref = c.call("VM.get_by_name_label", f"vm{i}")[0]
        done = time.perf_counter()
        c.call("VM.set_name_description", ref, "new")
        waiter.receive()
        late.append((time.perf_counter() - done) * 1000)
    row("event after the commit, with call", "wall_ms", sorted(late)[10], 60)
finally:
    s.close()
