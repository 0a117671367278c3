#!/usr/bin/env python3
"""Writes the COMMANDS section of xl.1 from the program's own table. usage: update-xl.py [--check] [XL]"""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = f"{TOP}/docs/man/xl.1"
BEGIN, END = '.\\" from the command table: update-xl.py\n', '.\\" end of the command table\n'

# What a row cannot say.
NOTES = {
    "create": "Words with an equals sign are lines of configuration that override those of the file; texts need "
              "their own quotes: 'name=\"web2\"'. Without a file the words are the whole configuration. FILE may be "
              "- (standard input).\nUnless -e is given, a process stays behind for each domain; it does what "
              "on_poweroff, on_reboot, on_crash, on_watchdog and on_soft_reset say, and keeps its journal in "
              "/var/log/xen/xl-NAME.log. It survives the terminal and the login session. Killing it leaves the "
              "domain running, but nobody restarts it.\nA creation that fails says its first cause, what to do about "
              "it, what libxenlight said, and which logs to read; nothing of the domain is left then. So does "
              "Ctrl-C.",
    "list": "State letters: r running, b blocked, p paused, s shut down, then the reason of the shutdown (- power off, "
            "r reboot, s suspend, c crash, w watchdog, S soft reset), d dying. All dashes: it could run but waits for "
            "a cpu.",
    "console": "Ctrl-] leaves the console and gives the terminal its modes back. An HVM guest's console is its serial "
               "line: set serial=\"pty\" in its configuration.",
    "shutdown": "A guest without PV drivers cannot be asked this way: -F presses its ACPI power button.",
    "reboot": "A guest without PV drivers cannot be asked this way: -F presses its ACPI reset button.",
    "info": "With a key, only the values of the keys that begin with it.",
    "mem-set": "A size without unit is in MiB.",
    "mem-max": "A size without unit is in MiB.",
}


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def rows(program):
    """(name, usage, summary, [(option, help)]) of each command, as its own help tells it."""
    names = re.findall(r'^CMD\w*\("([\w-]+)"', open(f"{TOP}/xltool/commands.def").read(), re.M)
    for name in names:
        text = subprocess.run([program, "help", name], capture_output=True, text=True, check=True).stdout
        lines = text.split("\n")
        usage = re.sub(r"^Usage: xl \[-\w+\] ", "", lines[0])
        options = []
        for line in lines[lines.index("Options:") + 1:] if "Options:" in lines else []:
            left, right = line[:33].strip(), line[33:].strip()
            if line.startswith("  -") or line.startswith("      --"):
                options.append([line.strip(), ""] if len(line) <= 33 or line[32] != " " else [left, right])
            elif line.strip():
                options[-1][1] = line.strip()
        yield name, usage.strip(), lines[2], options


def section(program):
    out = []
    for name, usage, summary, options in rows(program):
        out += [".TP", f".BI {roff(name)} \" {roff(usage[len(name):].strip())}\"", roff(summary) + "."]
        for paragraph in NOTES.get(name, "").split("\n"):
            if paragraph:
                out += [".IP", roff(paragraph)]
        if options:
            out += [".RS"]
            for left, right in options:
                out += [".TP", f".B {roff(left)}", roff(right)]
            out += [".RE"]
    return "\n".join(out) + "\n"


args = [a for a in sys.argv[1:] if a != "--check"]
page = open(PAGE).read()
a, b = page.index(BEGIN) + len(BEGIN), page.index(END)
new = page[:a] + section(args[0] if args else f"{TOP}/build/bin/xl") + page[b:]
if "--check" in sys.argv:
    sys.exit(0 if new == page else "docs/man/xl.1 is not current: run docs/man/update-xl.py")
open(PAGE, "w").write(new)
