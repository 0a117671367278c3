#!/usr/bin/env python3
"""Runs each command line of a table with the original xl and with ours, in turn, in the same state, and compares
standard output, exit status, whether anything was said on standard error, and the state afterwards: XenStore, the
configurations libxl keeps, loop devices, interfaces, and what the row's own command shows.

usage: differ.py ORIGINAL OURS CASES        (inside Dom0; needs nothing but Python)
A row of CASES, separated by tabs:  line  [undo  [show  [allowed]]]
  line     a shell line; its word `xl` is the one or the other
  undo     puts the state back after each of the two runs ("-": nothing has changed, no state is compared)
  show     its output belongs to the state ("-": none)
  allowed  KIND:ID... kinds of difference (out, rc, err, state) that docs/compat.md explains under that ID; with |
           between them where the releases of Xen differ
A line `@ COMMAND` only runs. Prints `same LINE`, `allowed ID LINE`, `stale ID LINE` (an allowed difference that is not
there) or `differ LINE` with what differs behind #."""
import difflib
import glob
import os
import re
import subprocess
import sys
import tempfile
import time

ORIGINAL, OURS, CASES = sys.argv[1:4]
# what differs from one run to the next whoever does it
VOLATILE = re.compile(r"event-channel|ring-ref|/port |/tty |/store/|/device-misc|/image/device-model-pid|start_time|request-|"
                      r"page-ref|protocol|hotplug-|/tool/|^/local/domain/0/(memory|device-model)|/control/(?!shutdown)|"
                      r"feature-|^/local/domain/\d+/(data|error)|/(state|info|sectors|sector-size|physical-[a-z-]*|multi-queue-[a-z-]*) ")
BLUR = [(re.compile(p, re.M), r) for p, r in (
    (r"\d+\.\d(?= |$)", "T"), (r"\d+:\d\d:\d\d", "U"), (r"up +[\dU:]+", "up U"), (r"(?<= )[r-][b-](?=[p-][s-][-rscwS][d-] )", "S"), (r"(?<= )[rb-]--  ", "S  "),
    (r"^(free_memory +: ).*", r"\1F"), (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"))]


def shell(line, xl, limit=60):
    """(status, output, what it said) of a line under one of the two."""
    env = {**os.environ, "PATH": os.path.dirname(xl) + ":" + os.environ["PATH"]}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen(["sh", "-c", line], env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        try:
            status = p.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, 9)
            status = "still ran after %d s" % limit
        out.seek(0)
        err.seek(0)
        return status, blur(out.read().decode(errors="replace")), err.read().decode(errors="replace")


def blur(text):
    for pattern, by in BLUR:
        text = pattern.sub(by, text)
    return text


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=30).stdout


def look():
    """The state; a domain's number is replaced by N, as each create takes the next one."""
    lines = [l for l in output("xenstore-ls", "-fp").splitlines() if not VOLATILE.search(l)]
    lines += ["loop " + open(f).read().strip() for f in glob.glob("/sys/block/loop*/loop/backing_file")]
    lines += ["net " + n for n in os.listdir("/sys/class/net")]
    for path in glob.glob("/var/lib/xen/userdata-d.*"):
        with open(path, errors="replace") as f:
            lines += [re.sub(r"\.\d+\.", ".N.", os.path.basename(path)) + " " + l.rstrip() for l in f
                      if not l.startswith("#")]
    text = blur("\n".join(lines))
    for domid in sorted(output("xenstore-list", "/local/domain").split(), key=int, reverse=True)[:1]:
        if domid != "0":
            text = re.sub(rf"(?<=[/ .]){domid}(?=[/ .])|(?<=/){domid}$|\"{domid}\"|(?<=vif){domid}|(?<=domid\": ){domid}(?!\d)|(?<=[(,][nrwb]){domid}(?=[,)])", "N", text, flags=re.M)
    # sorted last: neither a UUID nor a domain's number must decide the order
    return "\n".join(sorted(text.split("\n")))


def settled():
    """The state once it has been the same for a moment."""
    before, now = None, look()
    for _ in range(20):
        if now == before:
            break
        time.sleep(0.2)
        before, now = now, look()
    return now


def run(row, xl, patient):
    line, undo, show = row
    got = dict(zip(("rc", "out", "err"), shell(line, xl)))
    if undo != "-":
        shown = shell(show, ORIGINAL)[1] if show != "-" else ""
        time.sleep(0.4)
        got["state"] = (settled() if patient else look()) + "\n" + shown
        shell(undo, ORIGINAL)
        if patient:
            settled()
    return got


def run_both(row):
    """Both results; a state that differs may only not have settled yet, so it is looked at more slowly then."""
    for patient in (False, True):
        theirs, ours = run(row, ORIGINAL, patient), run(row, OURS, patient)
        if theirs.get("state") == ours.get("state"):
            break
    return theirs, ours


def changes(a, b):
    return [l for l in difflib.unified_diff(str(a).splitlines(), str(b).splitlines(), "original", "ours", n=0, lineterm="")][2:22]


def compare(row, allowed):
    began = time.monotonic()
    theirs, ours = run_both(row)
    if time.monotonic() - began > 5:
        print("# %.1f s: %s" % (time.monotonic() - began, row[0]))
    kinds = [k for k in ("rc", "out", "state") if theirs.get(k) != ours.get(k)]
    if bool(theirs["err"].strip()) != bool(ours["err"].strip()):
        kinds.append("err")
    each = [dict(a.split(":") for a in one.split()) for one in allowed.split("|")]
    ids = next((ids for ids in each if sorted(ids) == sorted(kinds)), each[0])
    wrong = [k for k in kinds if k not in ids]
    print("%s %s" % ("differ" if wrong else "allowed " + ",".join(sorted(set(ids.values()))) if kinds else "same", row[0]))
    for kind in wrong:
        print("\n".join("# %s %s" % (kind, l) for l in changes(theirs[kind], ours[kind])))
    if wrong:
        print("# the original said: %s\n# ours said: %s" % (theirs["err"].strip()[-600:].replace("\n", "\n#   "),
                                                          ours["err"].strip()[-600:].replace("\n", "\n#   ")))
    for kind in ids:
        if kind not in kinds:
            print("stale %s:%s %s" % (kind, ids[kind], row[0]))
    sys.stdout.flush()


with open(CASES) as f:
    for text in f:
        text = text.rstrip("\n")
        if text.startswith("@ "):
            status, out, err = shell(text[2:], ORIGINAL, 120)
            if status:
                print("broken %s\n# %s %s" % (text, status, err))
        elif text and not text.startswith("#"):
            columns = (text.split("\t") + ["-"] * 3)[:3] + [text.split("\t")[3] if text.count("\t") > 2 else ""]
            compare(tuple(columns[:3]), columns[3])
