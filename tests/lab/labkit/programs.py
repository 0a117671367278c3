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
    """A tar of bin/ and configs/ in a file without a name."""
    import tarfile
    import tempfile
    out = tempfile.TemporaryFile()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for label, folder in zip(("bin", "configs"), folders):
            if os.path.isdir(folder):
                tar.add(folder, label, filter=_owned_by_root)
    out.flush()
    os.lseek(out.fileno(), 0, os.SEEK_SET)
    return out


def _owned_by_root(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


UNPACK = """mkdir -p /opt/xen-tools.new && cd /opt/xen-tools.new && tar x &&
rm -rf /opt/xen-tools && mv /opt/xen-tools.new /opt/xen-tools"""


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
        run = Run(port, ["sh", "-c", UNPACK], stdin=archive.fileno())
        if run.wait():
            raise LabError("sending the programs to Dom0 failed: %s"
                           % run.stderr.decode("utf-8", "replace"))
    port.close()
