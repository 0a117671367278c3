"""Rows of xapi-lite's disks: a scan of many, and snapshots against the size. usage: python3 tests/bench/storage.py"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli/xapi"))
from service import Client, Service  # noqa: E402

MIB = 1 << 20


def row(name, what, value, bound):
    print(f"{name:<34} {what:<8} {value:12.2f} {bound:12.2f} {value / bound:8.2f}", flush=True)


def best(times, fn):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        fn()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def snapshot_ms(c, s, sr, folder, mib):
    """Of a disk that is full of data."""
    uuid = s.xe("vdi-create", f"sr-uuid={sr}", "name-label=d", f"virtual-size={mib}MiB").stdout.strip()
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", f"write -P 7 0 {mib}M", f"{folder}/{uuid}.qcow2"], check=True,
                   stdout=subprocess.DEVNULL)
    os.sync()
    ref = c.call("VDI.get_by_uuid", uuid)
    return best(3, lambda: c.call("VDI.snapshot", ref, {}))


s, folder = Service(), tempfile.mkdtemp(prefix="sr-bench-")
try:
    c = Client(s)
    for name in "many", "large":
        s.xe("sr-create", f"name-label={name}", "type=file", f"device-config:location={folder}/{name}")
    sr = c.call("SR.get_by_name_label", "many")[0]
    first = s.xe("vdi-create", f"sr-uuid={c.call('SR.get_uuid', sr)}", "name-label=d", "virtual-size=1GiB").stdout.strip()
    for i in range(1000):
        shutil.copy(f"{folder}/many/{first}.qcow2", f"{folder}/many/00000000-0000-4000-8000-{i:012}.qcow2")
    start = time.perf_counter()
    c.call("SR.scan", sr)
    row("sr-scan that finds 1,000 disks", "wall_ms", (time.perf_counter() - start) * 1000, 1000)
    row("sr-scan of 1,000 disks, again", "wall_ms", best(5, lambda: c.call("SR.scan", sr)), 200)
    large = c.call("SR.get_uuid", c.call("SR.get_by_name_label", "large")[0])
    small_ms = snapshot_ms(c, s, large, f"{folder}/large", 16)
    large_ms = snapshot_ms(c, s, large, f"{folder}/large", 1024)
    row("snapshot, 16 MiB of data", "wall_ms", small_ms, 500)
    row("snapshot, 1 GiB against 16 MiB", "wall_ms", large_ms, small_ms)
finally:
    s.close()
    shutil.rmtree(folder)
