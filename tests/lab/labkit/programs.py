"""Keeps /opt/xen-tools in Dom0 equal to what this checkout has built."""
import fcntl
import os

from . import paths
from .client import LabError, Run


def _listing(folders):
    """One line per file: what tells that a program changed."""
    lines = []
    for label, folder in zip(("bin", "configs"), folders):
        for root, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                path = os.path.join(root, name)
                try:
                    st = os.lstat(path)
                except FileNotFoundError:
                    continue
                lines.append("%s %s %d %d" % (
                    label, path, st.st_size, st.st_mtime_ns))
    return "\n".join(lines)


def _archive(folders):
    """A tar of bin/ and configs/ in a file without a name; and of links in
    /usr/bin, so that the hotplug scripts of every guest use our tools."""
    import tarfile
    import tempfile
    out = tempfile.TemporaryFile()
    with tempfile.TemporaryDirectory() as bare, \
            tarfile.open(fileobj=out, mode="w") as tar:
        bin_folder, configs = folders
        if not os.environ.get("LAB_BIN"):
            bin_folder = _stripped(bin_folder, bare)
        for label, folder in (("bin", bin_folder), ("configs", configs)):
            if os.path.isdir(folder):
                tar.add(folder, PLACE + "/" + label, filter=_owned_by_root)
        for name in sorted(os.listdir(bin_folder)):
            if name.startswith("xenstore") and name not in KEPT:
                link = tarfile.TarInfo("usr/bin/" + name)
                link.type = tarfile.SYMTYPE
                link.linkname = "/%s/bin/%s" % (PLACE, name)
                tar.addfile(link)
    out.flush()
    os.lseek(out.fileno(), 0, os.SEEK_SET)
    return out


def _stripped(folder, place):
    """The programs without what only a debugger reads: two thirds of their
    size, and `lab up` waits until they are in Dom0."""
    import shutil
    import subprocess
    bare = os.path.join(place, "bin")
    shutil.copytree(folder, bare, symlinks=True)
    programs = [e.path for e in os.scandir(bare) if not e.is_symlink()]
    # what is no program, as a script, stays as it is
    subprocess.run(["strip", *programs], stderr=subprocess.DEVNULL)
    return bare


def _owned_by_root(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


PLACE = "opt/xen-tools"
KEPT = ("xenstore-control",)  # of /usr/bin: leads to that of the running Xen
# the first time there is nothing to replace, and each program started counts
FIRST = ["tar", "x", "-C", "/"]
REPLACE = ["sh", "-c", """mkdir -p /opt/new && cd /opt/new && tar x &&
rm -rf /opt/xen-tools && mv opt/xen-tools /opt/xen-tools && rm -r /opt/new"""]


def sync(machine):
    """Sends the programs when they changed since the last call."""
    folders = paths.programs(machine.suite())
    have = _listing(folders)
    if not have or _stamp(machine) == have:
        return
    with open(machine.path("programs.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _stamp(machine) == have:
            return
        _send(machine, folders)
        with open(machine.path("programs.new"), "w") as f:
            f.write(have)
        os.rename(machine.path("programs.new"), machine.path("programs"))


def _stamp(machine):
    try:
        with open(machine.path("programs")) as f:
            return f.read()
    except FileNotFoundError:
        return None


def _send(machine, folders):
    port = machine.port()
    with _archive(folders) as archive:
        run = Run(port, REPLACE if _stamp(machine) else FIRST,
                  stdin=archive.fileno())
        if run.wait():
            raise LabError("sending the programs to Dom0 failed: %s"
                           % run.stderr.decode("utf-8", "replace"))
    port.close()
