"""A running Dom0 as seen from the host: its folder, its QEMU, its agent."""
import os

from . import paths
from .client import LabError, Port, Run


def log_tail(path, lines=12):
    try:
        with open(path, "rb") as f:
            f.seek(max(0, os.path.getsize(path) - 4096))
            text = f.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join("  | " + t for t in text.splitlines()[-lines:] if t)


ENV = ("PATH=/opt/xen-tools/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:"
       "/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "USER=root",
       "TERM=" + os.environ.get("TERM", "dumb"))


class Machine:
    """Host number `host` of the lab `name`."""

    def __init__(self, name, host=1, folder=None):
        self.name, self.host = name, host
        self.folder = folder or paths.host_folder(name, host)

    def path(self, name):
        return os.path.join(self.folder, name)

    def suite(self):
        """The Debian release of this Dom0."""
        try:
            with open(self.path("suite")) as f:
                return f.read()
        except FileNotFoundError:
            return "bookworm"

    def pid(self):
        """QEMU's process number, or None when it does not run."""
        try:
            with open(self.path("qemu.pid")) as f:
                pid = int(f.read())
            with open("/proc/%d/cmdline" % pid, "rb") as f:
                ours = self.path("qemu.pid").encode() in f.read()
            with open("/proc/%d/stat" % pid) as f:
                return pid if ours and f.read().split(")")[1][1] != "Z" \
                    else None
        except (OSError, ValueError):
            return None

    def why_dead(self):
        """A sentence with the ends of the logs, or None: QEMU runs."""
        if self.pid():
            return None
        text = "QEMU of host%d is not running any more" % self.host
        for log in ("qemu.log", "serial.log"):
            tail = log_tail(self.path(log))
            if tail:
                text += "\n%s ends with\n%s" % (self.path(log), tail)
        return text

    def require(self):
        if os.path.exists(self.path("ready")):
            if self.pid():
                return
            raise LabError("%s\nStart afresh: lab down, then lab up"
                           % self.why_dead())
        raise LabError("no lab %r is up (looked for %s); start one with: "
                       "lab up" % (self.name, self.folder))

    def port(self):
        return Port(self.folder, self.why_dead)

    def call(self, script, timeout=60, shell="bash"):
        """Runs a shell script in Dom0; its stdout. LabError if it fails."""
        return self.run([shell, "-c", script], timeout, script.strip())

    def run(self, argv, timeout=60, shown=None):
        """Runs a program in Dom0; its stdout. LabError if it fails."""
        port = self.port()
        try:
            run = Run(port, argv, ENV, timeout=timeout)
            code = run.wait()
        finally:
            port.close()
        if code:
            raise LabError("host%d: %s\nfailed with status %d: %s" % (
                self.host, shown or " ".join(argv), code,
                (run.failure or run.stderr.decode("utf-8", "replace"))))
        return run.stdout.decode("utf-8", "replace")


def hosts(name):
    """The hosts of a lab, whether they run or not."""
    found = []
    try:
        for entry in os.listdir(paths.lab_folder(name)):
            if entry.startswith("host") and entry[4:].isdigit():
                found.append(int(entry[4:]))
    except FileNotFoundError:
        pass
    return [Machine(name, n) for n in sorted(found)]
