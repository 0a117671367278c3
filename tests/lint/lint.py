"""House rules as a program: prints one ok or not-ok line per rule.

Counts that may only fall stand in tests/lint/limits.tsv; a rule that is broken names each place."""
import os
import re
import subprocess
import sys

TOP = subprocess.run(["git", "rev-parse", "--show-toplevel"], capture_output=True, text=True).stdout.strip()
os.chdir(TOP or ".")
FILES = subprocess.run(["git", "ls-files"], capture_output=True, text=True).stdout.split("\n")
FILES = [f for f in FILES if f and os.path.isfile(f)]
C = [f for f in FILES if f.endswith((".c", ".h"))]
PRODUCT = [f for f in C if not f.startswith("tests/")]
TEXT = {f: open(f, encoding="utf-8", errors="replace").read() for f in C}
failed = False


def report(name, problems):
    """One line for the rule; the places follow as comments."""
    global failed
    for p in problems[:20]:
        print(f"# {p}")
    if problems:
        failed = True
        print(f"not ok lint: {name} - {len(problems)} place(s)")
    else:
        print(f"ok lint: {name}")


def functions(path):
    """(name, first line, length) of each function; relies on braces at column 0."""
    lines = TEXT[path].split("\n")
    start, head = None, ""
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        elif line == "}" and start is not None:
            name = re.search(r"(\w+)\(", head)
            yield (name.group(1) if name else "?", start + 1, i - start + 1)
            start, head = None, ""
        elif start is None:
            head = line if re.match(r"\w", line) else head


def check_format():
    """clang-format has nothing to change."""
    if not C:
        return []
    r = subprocess.run(["clang-format", "-n", "--ferror-limit=1", *C], capture_output=True, text=True)
    return sorted({line.split(":")[0] for line in r.stderr.split("\n") if "warning:" in line or "error:" in line})


# room -> prefixes of the "..." includes it may use, besides its own folder
LIBXL_TYPES = "xltool/dom xltool/view xltool/convert"
MAY = {
    "common/base": ["base/"],
    "common/xen": ["base/", "xen/"],
    "xltool/cfg": ["base/", "cfg/"],
    "xltool/dom": ["base/", "cfg/", "dom/"],
    "xltool/view": ["base/", "view/"],
    "xltool/convert": ["base/", "cfg/", "dom/", "convert/"],
    "xltool/op": ["base/", "xen/", "cfg/", "dom/", "view/", "op/"],
    "xltool/cmd": ["base/", "xen/", "cfg/", "dom/", "op/", "view/", "convert/", "cmd/cmd.h", "cmd/"],
    "xltool/pm": ["base/", "pm/"],
    "xapi-lite/model": ["base/", "model/"],
