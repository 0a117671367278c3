"""Where things are: this checkout, the cache, the runtime folder of a lab."""
import os
import zlib

from .client import LabError

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
TOP = os.path.dirname(os.path.dirname(HERE))
NAME_MAX = 40


def cache():
    """Images and states, shared by all labs of this user."""
    base = os.environ.get("LAB_CACHE")
    if not base:
        base = os.path.join(os.environ.get("XDG_CACHE_HOME") or
                            os.path.expanduser("~/.cache"), "xen-lab")
    os.makedirs(base, exist_ok=True)
    return base


def run_root():
    return os.environ.get("LAB_RUN") or "/tmp/xen-lab-%d" % os.getuid()


def default_name():
    """One lab per checkout unless the user names it."""
    named = os.environ.get("LAB_NAME")
    if named:
        return named
    base = os.path.basename(TOP)[:24] or "lab"
    return "%s-%04x" % (base, zlib.crc32(TOP.encode()) & 0xffff)


def lab_folder(name):
    if not name or len(name) > NAME_MAX or "/" in name or name[0] == ".":
        raise LabError("bad lab name %r: use up to %d letters, digits, '-' "
                       "and '_'" % (name, NAME_MAX))
    folder = os.path.join(run_root(), name)
    if len(folder) > 85:
        raise LabError("%s: too long for socket names; set LAB_RUN to a "
                       "shorter folder" % folder)
    return folder


def host_folder(name, host):
    return os.path.join(lab_folder(name), "host%d" % host)


def suites():
    """The Debian releases that Dom0 can be made of."""
    return sorted(f.partition(".")[2] for f in os.listdir(HERE)
                  if f.startswith("packages."))


def default_suite():
    return os.environ.get("LAB_SUITE") or "bookworm"


def programs(suite):
    """(bin folder, configs folder) of this checkout for a Dom0 of `suite`."""
    build = os.environ.get("BUILD", "build")
    if suite != "bookworm":
        build = os.path.join("build", suite)
    return (os.environ.get("LAB_BIN") or os.path.join(TOP, build, "bin"),
            os.path.join(TOP, "configs"))
