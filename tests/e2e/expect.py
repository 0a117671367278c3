#!/usr/bin/env python3
"""Runs a command on a terminal of its own and plays a dialogue with it.

usage: expect.py SECONDS COMMAND STEP...
A step is ?REGEX (wait until the output matches, past what matched before), !TEXT (type; \\r is Enter,
\\x1d Ctrl-]) or =SECONDS (wait). Prints everything the command printed. Exit status: the command's, 1 when a step
did not come within SECONDS (the missing one is named), 124 when the command did not end afterwards.
Needs nothing but Python, so that it runs inside Dom0."""
import os
import pty
import re
import select
import sys
import termios
import time

limit, command, steps = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", command])
before = termios.tcgetattr(fd)
seen, at = "", 0


def read(seconds):
    """Appends what comes within some time; False at the end of the output."""
    global seen
    if not select.select([fd], [], [], seconds)[0]:
        return True
    try:
        data = os.read(fd, 65536)
    except OSError:
        return False
    seen += data.decode(errors="replace")
    sys.stdout.write(data.decode(errors="replace"))
    sys.stdout.flush()
    return bool(data)


def wait_for(pattern):
    global at
    end = time.monotonic() + limit
    while True:
        m = re.compile(pattern).search(seen, at)
        if m:
            at = m.end()
            return True
        if time.monotonic() > end or not read(0.2):
            return bool(re.compile(pattern).search(seen, at))


for step in steps:
    kind, text = step[0], step[1:]
    if kind == "?" and not wait_for(text):
        print(f"\nexpect: did not come: {text}")
        sys.exit(1)
    if kind == "!":
        os.write(fd, re.sub(r"\\x(..)", lambda m: chr(int(m[1], 16)), text.replace("\\r", "\r")).encode())
    if kind == "=":
        end = time.monotonic() + float(text)
        while time.monotonic() < end and read(0.1):
            pass
end = time.monotonic() + limit
while time.monotonic() < end and read(0.2):
    pass
if time.monotonic() >= end:
    print("\nexpect: the command did not end")
    sys.exit(124)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
