"""The XenStore tools beside the originals on a xenstored of this machine, without Xen: rows as those of bench/lib.sh.
Both programs take turns, so that other load hits both; medians. usage: xs_plain.py [NODES]"""
import os
import statistics
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.chdir(TOP)
sys.path.insert(0, "tests/cli/xs")
import xsstore as xs  # noqa: E402


def fill(store, tool, nodes):
    """A tree as hosts have it: folders of 100 entries with 9 keys each."""
    words = []
    for entry in range(nodes // 10):
        for key in range(9):
            words += [f"/bench/{entry // 100}/{entry}/key{key}", f"value-{entry}-{key}"]
        if len(words) > 4000 or entry == nodes // 10 - 1:
            assert store.run(tool, *words, timeout=300)[0] == 0
            words = []


def server_cpu(store):
    fields = open(f"/proc/{store.process.pid}/stat").read().split()
    return (int(fields[13]) + int(fields[14])) * 1000 / os.sysconf("SC_CLK_TCK")


def once(store, command):
    """(wall ms, cpu ms, peak KiB, xenstored's cpu ms) of one run. The small program measure starts it, because what
    Python starts inherits Python's peak."""
    server = server_cpu(store)
    code, out, err = store.run(f"{xs.BUILD}/measure", "1", *command, timeout=300)
    assert code == 0, (command, err)
    wall, cpu, rss = map(float, out.split())
    return wall, cpu, rss, server_cpu(store) - server


def row(store, name, times, ours, original):
    both = [[], []]
    for _ in range(times):
        for runs, command in zip(both, (ours, original)):
            runs.append(once(store, command))
    for i, what in enumerate(("wall_ms", "cpu_ms", "rss_kib")):
        o, r = (statistics.median(run[i] for run in runs) for runs in both)
        print(f"{name:<34} {what:<8} {o:12.2f} {r:12.2f} {o / r if r else 0:8.2f}", flush=True)
    if times < 50:
        o, r = (statistics.median(run[3] for run in runs) for runs in both)
        print(f"{name:<34} {'xenstored':<8} {o:12.2f} {r:12.2f} {o / r if r else 0:8.2f}", flush=True)


def main():
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    tools = xs.originals()
    if not tools:
        print("bench: xenstore on this machine: Debian's packages cannot be reached")
        return
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-static", "-o", f"{xs.BUILD}/measure", "tests/bench/measure.c"], check=True)
    store = xs.Store(tools[1], xs.build_shim())
    ours, original = f"{xs.BUILD}/bin", tools[0]
    try:
        fill(store, f"{original}/xenstore-write", nodes)
        row(store, f"xenstore-ls -f, {nodes} nodes", 7, [f"{ours}/xenstore-ls", "-f"], [f"{original}/xenstore-ls", "-f"])
        row(store, f"xenstore-ls -p, {nodes} nodes", 3, [f"{ours}/xenstore-ls", "-p"], [f"{original}/xenstore-ls", "-p"])
        row(store, "xenstore-ls -f, 1000 nodes", 25, [f"{ours}/xenstore-ls", "-f", "/bench/0"],
            [f"{original}/xenstore-ls", "-f", "/bench/0"])
        for verb, args in (("read", ["/bench/0/0/key0"]), ("exists", ["/bench/0/0"]), ("list", ["/bench/0/0"]),
                           ("write", ["/bench/x", "1"]), ("write", ["/bench/x", "1", "/bench/y", "2"])):
            row(store, f"xenstore-{verb}" + (", 2 pairs" if len(args) == 4 else ""), 300,
                [f"{ours}/xenstore-{verb}", *args], [f"{original}/xenstore-{verb}", *args])
    finally:
        store.stop()


main()
