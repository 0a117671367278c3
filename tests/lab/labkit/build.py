"""Small helpers for what is built once and kept in the cache."""
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

from .client import LabError

KEEP = 3  # results of one kind that stay in the cache


def say(text):
    print("lab: " + text, file=sys.stderr, flush=True)


def key_of(*parts):
    """A short key from strings, and from files given as ("file", path)."""
    h = hashlib.sha256()
    for part in parts:
        if isinstance(part, tuple):
            with open(part[1], "rb") as f:
                part = os.path.basename(part[1]) + "\0" + \
                    hashlib.sha256(f.read()).hexdigest()
        h.update(part.encode() + b"\0")
    return h.hexdigest()[:16]


def files_below(folder):
    """[("file", path)] for key_of, sorted."""
    found = []
    for root, dirs, files in os.walk(folder):
        dirs[:] = sorted(d for d in dirs if d != "__pycache__")
        found += [("file", os.path.join(root, f)) for f in sorted(files)]
    return found


def need(*programs):
    missing = [p for p in programs
               if not shutil.which(p, path=tool_path())]
    if missing:
        raise LabError("missing on this machine: %s. Install with: make deps"
                       % ", ".join(missing))


def tool_path():
    return os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def tool(args, log=None, timeout=600, **more):
    """Runs a build tool; LabError with the end of its output if it fails."""
    env = dict(os.environ, PATH=tool_path(), LC_ALL="C.UTF-8",
               **more.pop("env", {}))
    try:
        done = subprocess.run(args, stdin=more.pop("stdin", subprocess.DEVNULL),
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=env,
                              timeout=timeout, **more)
    except subprocess.TimeoutExpired as e:
        raise LabError("%s: no end after %d s%s" % (
            args[0], timeout, _log(log, e.output or b""))) from None
    except OSError as e:
        raise LabError("%s: %s" % (args[0], e.strerror)) from None
    where = _log(log, done.stdout)
    if done.returncode:
        tail = done.stdout.decode("utf-8", "replace").splitlines()[-15:]
        raise LabError("%s failed (status %d)%s\n  | %s" % (
            args[0], done.returncode, where, "\n  | ".join(tail)))
    return done.stdout


def _log(path, text):
    if not path:
        return ""
    with open(path, "ab") as f:
        f.write(text)
    return "; log: " + path


@contextmanager
def locked(path, what, limit_s=900):
    """Holds a lock file; says so when another process holds it for long."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    limit, said = time.monotonic() + limit_s, False
    try:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not said:
                    say("waiting: another process is making %s" % what)
                    said = True
                if time.monotonic() > limit:
                    raise LabError("%s: still locked after %d s (%s)"
                                   % (what, limit_s, path)) from None
                time.sleep(0.1)
        yield
    finally:
        os.close(fd)


def kept(base, kind, key, what, make, log=None):
    """The folder base/kind-key; make(folder) fills it when it is not there.

    It appears whole or not at all. The KEEP last used of a kind stay.
    """
    folder = os.path.join(base, "%s-%s" % (kind, key))
    if _touch(folder):
        return folder
    with locked(os.path.join(base, kind + ".lock"), what):
        if _touch(folder):
            return folder
        fresh = folder + ".new"
        shutil.rmtree(fresh, ignore_errors=True)
        os.makedirs(fresh)
        started = time.monotonic()
        say("making %s" % what)
        try:
            make(fresh)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        os.rename(fresh, folder)
        say("made %s in %.0f s" % (what, time.monotonic() - started))
        _prune(base, kind)
    return folder


def _touch(folder):
    try:
        os.utime(folder)
        return True
    except FileNotFoundError:
        return False


def _prune(base, kind):
    mine = []
    for entry in os.scandir(base):
        name, _, key = entry.name.rpartition("-")
        if name == kind and entry.is_dir() and key.isalnum():
            mine.append((entry.stat().st_mtime, entry.path))
    for _, path in sorted(mine)[:-KEEP]:
        trash = path + ".old"
        os.rename(path, trash)
        shutil.rmtree(trash, ignore_errors=True)
