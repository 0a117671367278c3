"""What programs for another Debian release are compiled against: its headers
and libraries, unpacked (nothing runs in there, so this needs no root)."""
import os

from . import image, paths
from .build import kept, key_of, need, tool

TESTS_TOO = ["libcunit1-dev"]
HERE_ONLY = ["gcc", "make", "pkg-config"]  # this machine's own serve


def packages():
    """The section `build` of deps.list, as libraries."""
    with open(os.path.join(paths.TOP, "deps.list")) as f:
        rows = [line.split() for line in f if line.startswith("build ")]
    return ["base-files"] + TESTS_TOO + [
        row[1] for row in rows if row[1] not in HERE_ONLY]


def sysroot(suite):
    """The folder, made when it is not there."""
    need("mmdebstrap", "tar")
    log = os.path.join(paths.cache(), "sysroot-%s.log" % suite)

    def make(folder):
        tar = os.path.join(folder, "sysroot.tar")
        mode = "root" if os.getuid() == 0 else "fakechroot"
        tool(["mmdebstrap", "--mode=" + mode, "--variant=extract",
              "--include=" + ",".join(packages()),
              '--aptopt=Acquire::Languages "none"', suite, tar,
              image.host_sources(suite) or image.MIRROR], log=log,
             env={"TMPDIR": folder}, timeout=900)
        tool(["tar", "-x", "-f", tar, "-C", folder, "--no-same-owner",
              "--exclude=./dev/*", "--wildcards", "./lib", "./lib64",
              "./usr/include/*", "./usr/lib/*", "./usr/lib64/*",
              "./usr/share/pkgconfig/*"],
             log=log)
        os.unlink(tar)
    return kept(paths.cache(), "sysroot-" + suite,
                key_of(suite, " ".join(packages()), ("file", __file__)),
                "headers and libraries of " + suite, make, log)
