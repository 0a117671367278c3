"""Rows of xapi-lite's speed and size. usage: python3 tests/bench/xapi.py"""
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli/xapi"))
from service import BIN, Client, Service, vm_record  # noqa: E402


BUFFER = bytearray(1 << 20)


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
    network = c.call("network.create", {"name_label": "net", "name_description": "", "MTU": 1500, "other_config": {},
                                        "bridge": "xenbr9", "managed": False, "tags": []})
    for i in range(1000):
        vm = c.call("VM.create", vm_record(f"vm{i}"))
        for device in "0", "3":
            c.call("VBD.create", dict(
                VM=vm, VDI="OpaqueRef:NULL", userdevice=device, bootable=False, mode="RO", type="CD", unpluggable=True,
                empty=True, other_config={}, qos_algorithm_type="", qos_algorithm_params={}))
        c.call("VIF.create", dict(
            device="0", network=network, VM=vm, MAC="", MTU=1500, other_config={}, qos_algorithm_type="",
            qos_algorithm_params={}))


def records(c, path, body):
    """One answer of megabytes, read without being kept: what the service takes, not what Python takes."""
    c.s.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path, len(body)) + body)
    head = b""
    while b"\r\n\r\n" not in head:
        head += c.s.recv(64)
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    left = length - len(head.partition(b"\r\n\r\n")[2])
    while left:
        left -= c.s.recv_into(BUFFER)


def late_events(service, c, vms, times):
    """Milliseconds from the reply to a change to the event at a client that waits; by a thread of its own."""
    waiter, late = Client(service), []
    for i in range(times):
        token = waiter.call("event.from", ["pool"], "", 5.0)["token"]
        waiter.send("event.from", ["vm"], token, 10.0)
        time.sleep(0.05)
        came = []
        thread = threading.Thread(target=lambda: (waiter.receive(), came.append(time.perf_counter())))
        thread.start()
        c.call("VM.set_name_description", vms[i], f"new {time.time()}")
        done = time.perf_counter()
        thread.join(10)
        late.append((came[0] - done) * 1000)
    return sorted(max(t, 0) for t in late)


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
    vif_call = json_call.replace(b"VM.get_all_records", b"VIF_metrics.get_all_records")
    row("VIF_metrics.get_all_records", "wall_ms", best(15, lambda: records(c, b"/jsonrpc", vif_call)), 10)
    updates = ["curl", "-s", "-o", "/dev/null", "--unix-socket", s.socket, "http://x/rrd_updates?start=-600&host=true"]
    row("rrd_updates of the host, 10 min", "wall_ms", best(15, lambda: subprocess.run(updates)), 40)
    xe = [f"{BIN}/xe", "-s", s.socket, "vm-list"]
    row("xe vm-list", "wall_ms", best(15, lambda: subprocess.run(xe, stdout=subprocess.DEVNULL)), 50)
    start = time.perf_counter()
    for _ in range(4000):
        c.call("pool.get_all")
    row("simple calls, one connection", "us_each", (time.perf_counter() - start) * 1e6 / 4000, 500)
    row("memory, after the calls", "rss_mib", s.rss_kib() / 1024, 30)
    vms = c.call("VM.get_all")
    late = late_events(s, c, vms, 40)
    row("event after the commit, median", "wall_ms", late[20], 10)
    row("event after the commit, worst of 40", "wall_ms", late[-1], 10)
    waiting = [Client(s) for _ in range(200)]
    token = c.call("event.from", ["pool"], "", 5.0)["token"]
    for w in waiting:
        w.send("event.from", ["pool"], token, 60.0)
    time.sleep(1)
    before = s.cpu_s()
    time.sleep(5)
    row("200 waiting in event.from, 1 s", "cpu_ms", (s.cpu_s() - before) * 1000 / 5, 2)
    late = late_events(s, c, vms[40:], 20)
    row("event beside them, worst of 20", "wall_ms", late[-1], 10)
    row("memory, with 200 clients", "rss_mib", s.rss_kib() / 1024, 30)
finally:
    s.close()
