"""How fast VMs go to files and come back, beside cp and qemu-img convert of the same bytes.

The third column is what the project allows itself: twice the time of the slower of the two. For a VM they copy its disk, for
an image of a disk that image. An export that is packed has the packing program's own time beside it, where that is slower."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli/xapi"))
from service import Service  # noqa: E402

MIB = 1 << 20
DATA = 256 * MIB  # of a disk of four times that


def row(name, value, bound):
    print(f"{name:<34} {'wall_ms':<8} {value:12.2f} {bound:12.2f} {value / bound:8.2f}", flush=True)


def spent(fn, clean, times=3):
    """Milliseconds of the quickest run, everything on disk at its end."""
    best = None
    for _ in range(times):
        clean()
        start = time.perf_counter()
        fn()
        best = min(best or 1e9, (time.perf_counter() - start) * 1000)
    return best


def run(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.PIPE)


def remove(*paths):
    for p in paths:
        if os.path.exists(p):
            os.unlink(p)


service, folder = Service(), tempfile.mkdtemp(prefix="bench-xva-", dir=os.environ.get("BENCH_DIR"))


def xe(*words):
    r = service.xe(*words)
    assert r.returncode == 0, r.stdout + r.stderr
    return r.stdout.strip()


def without(vm):
    for v in xe("vm-list", "name-label=web", "--minimal").split(","):
        if v and v != vm:
            disk = xe("vbd-list", f"vm-uuid={v}", "params=vdi-uuid", "--minimal")
            xe("vm-destroy", f"uuid={v}")
            xe("vdi-destroy", f"uuid={disk}")


try:
    raw, out = f"{folder}/disk.raw", f"{folder}/out"
    with open(raw, "wb") as f:
        for _ in range(DATA // MIB):
            f.write(os.urandom(MIB))
        f.truncate(4 * DATA)
    sr = xe("sr-create", "name-label=a", "type=file", f"device-config:location={folder}/a")
    vm = xe("vm-create", "name-label=web")
    xe("vm-disk-add", "vm=web", f"disk-size={4 * DATA}", "device=0", f"sr-uuid={sr}")
    vdi = xe("vbd-list", f"vm-uuid={vm}", "params=vdi-uuid", "--minimal")
    xe("vdi-import", f"uuid={vdi}", f"filename={raw}")
    image = f"{folder}/a/{vdi}.qcow2"
    slow = max(spent(lambda: run("sh", "-c", f"cp {image} {out} && sync {out}"), lambda: remove(out)),
               spent(lambda: run("sh", "-c", f"qemu-img convert -O qcow2 {image} {out} && sync {out}"),
                     lambda: remove(out)))
    for pack in "false", "gzip", "zstd":
        xva = f"{folder}/{pack}.xva"
        alone = 0 if pack == "false" else spent(lambda: run("sh", "-c", f"{pack} -c {image} >{out} && sync {out}"),
                                                lambda: remove(out), 1)
        row(f"vm-export compress={pack}", spent(lambda: xe("vm-export", f"uuid={vm}", f"filename={xva}", f"compress={pack}"),
                                                lambda: remove(xva)), 2 * max(slow, alone))
        row(f"vm-import of it, {pack}", spent(lambda: xe("vm-import", f"filename={xva}", f"sr-uuid={sr}"),
                                              lambda: without(vm)), 2 * slow)
    without(vm)
    remove(raw)
    for kind, word in ("raw", "raw"), ("qcow2", "qcow2"), ("vhd", "vpc"):
        file = f"{folder}/x.{kind}"
        export = spent(lambda: xe("vdi-export", f"uuid={vdi}", f"filename={file}", f"format={kind}"), lambda: remove(file))
        copied = spent(lambda: run("sh", "-c", f"cp --sparse=never {file} {out} && sync {out}"), lambda: remove(out))
        there = spent(lambda: run("sh", "-c", f"qemu-img convert -O {word} {image} {out} && sync {out}"), lambda: remove(out))
        back = spent(lambda: run("sh", "-c", f"qemu-img convert -f {word} -O qcow2 {file} {out} && sync {out}"),
                     lambda: remove(out))
        remove(out)
        row(f"vdi-export format={kind}", export, 2 * max(copied, there))
        row(f"vdi-import format={kind}", spent(lambda: xe("vdi-import", f"uuid={vdi}", f"filename={file}", f"format={kind}"),
                                               lambda: None), 2 * max(copied, back))
        remove(file)
finally:
    service.close()
    shutil.rmtree(folder)
