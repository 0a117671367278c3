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
    "common/xen": ["base/", "xen/", "xs/channel.h", "xs/wire.h"],
    "xltool/cfg": ["base/", "cfg/"],
    "xltool/dom": ["base/", "cfg/", "dom/"],
    "xltool/view": ["base/", "view/"],
    "xltool/convert": ["base/", "cfg/", "dom/", "convert/"],
    "xltool/op": ["base/", "xen/", "cfg/", "dom/", "view/", "op/"],
    "xltool/cmd": ["base/", "xen/", "cfg/", "dom/", "op/", "view/", "convert/", "cmd/cmd.h", "cmd/"],
    "xltool/pm": ["base/", "pm/"],
    "xapi-lite/model": ["base/", "model/"],
    "xapi-lite/http": ["base/", "http/", "rpc/", "class/", "event/", "task/", "store/", "model/", "cli/",
                       "xva/xva.h", "rrd/rrd.h", "xapi.h"],
    "xapi-lite/xva": ["base/", "xva/", "rpc/rpc.h", "model/"],
    "xapi-lite/rpc": ["base/", "rpc/", "model/", "class/dispatch.h"],
    "xapi-lite/store": ["base/", "store/", "model/"],
    "xapi-lite/event": ["base/", "event/", "store/", "model/"],
    "xapi-lite/task": ["base/", "task/", "rpc/rpc.h", "event/", "store/", "model/"],
    "xapi-lite/class": ["base/", "class/", "store/", "event/", "task/", "model/", "rpc/rpc.h", "xva/xva.h", "xva/fetch.h",
                        "driver/driver.h", "net/net.h", "rrd/rrd.h", "xapi.h"],
    "xapi-lite/net": ["base/", "net/", "driver/sr_exec.h"],
    "xapi-lite/cli": ["base/", "cli/", "class/", "store/", "event/", "task/", "model/", "xapi.h"],
    "xapi-lite/rrd": ["base/", "rrd/", "store/", "model/", "top/", "xapi.h"],
    "xapi-lite/xe": ["base/", "xe/"],
    "xenstore-tools/xs": ["xs/"],
    "xenstore-tools/tx": ["tx/", "base/real.h", "xs/channel.h", "xs/wire.h"],
}
# libraries that must not be seen in these rooms
MUST_NOT = {
    "common/base": ["libxl", "xenstore", "xenctrl"],
    "xltool/cfg": ["libxl", "xenstore", "xenctrl"],
    "xenstore-tools/xs": ["glib"],
    "xenstore-tools/tx": ["glib"],
    "xapi-lite/class": ["libxl", "microhttpd"],
    "xapi-lite/store": ["libxl"],
    "xapi-lite/net": ["libxl", "xenstore"],
    "xapi-lite/xe": ["libxl"],
}


def check_includes():
    """Rooms include only what the layout allows."""
    problems = []
    for path in PRODUCT:
        room = next((r for r in MAY if path.startswith(r + "/")), None)
        if not room:
            continue
        for inc in re.findall(r'#include "([^"]+)"', TEXT[path]):
            if inc.endswith(".def") or "/" not in inc:
                continue
            if not any(inc.startswith(p) for p in MAY[room]):
                problems.append(f"{path} includes {inc}")
        for inc in re.findall(r"#include <([^>]+)>", TEXT[path]):
            if any(bad in inc for bad in MUST_NOT.get(room, [])):
                problems.append(f"{path} includes <{inc}>")
        if room == "xltool/cmd":
            own = os.path.basename(path)[:-2]
            problems += [f"{path} includes another command: {inc}"
                         for inc in re.findall(r'#include "(cmd/[^"]+)"', TEXT[path])
                         if inc not in ("cmd/cmd.h", f"cmd/{own}.h") and not inc.endswith("_common.h")]
    return problems


def check_lengths():
    return [f"{f}: {TEXT[f].count(chr(10))} lines" for f in PRODUCT if TEXT[f].count("\n") > 600]


def check_function_lengths():
    return [f"{f}:{line} {name}: {n} lines" for f in PRODUCT for name, line, n in functions(f) if n > 80]


FORBIDDEN = {
    r"\bstrtok\s*\(": "strtok", r"\bsprintf\s*\(": "sprintf", r"\bstrcpy\s*\(": "strcpy",
    r"\bstrcat\s*\(": "strcat", r"\bgets\s*\(": "gets", r"\balloca\s*\(": "alloca",
    r"\bsystem\s*\(": "system",
}


def check_forbidden():
    problems = []
    for f in PRODUCT:
        code = re.sub(r"/\*.*?\*/|\"(\\.|[^\"\\])*\"", lambda m: "\n" * m.group(0).count("\n"), TEXT[f], flags=re.S)
        for i, line in enumerate(code.split("\n"), 1):
            problems += [f"{f}:{i}: {word}" for pattern, word in FORBIDDEN.items() if re.search(pattern, line)]
    return problems


# exit() outside main.c: only in forked children that must not return
EXIT_OK = re.compile(r"\b_exit\s*\(")


def check_exit():
    return [f"{f}:{i}" for f in PRODUCT if os.path.basename(f) != "main.c"
            for i, line in enumerate(TEXT[f].split("\n"), 1)
            if re.search(r"(?<![\w_])exit\s*\(", line) and not EXIT_OK.search(line)
            and not line.lstrip().startswith(("*", "/*", "//"))]


def check_first_line():
    return [f for f in PRODUCT if f.endswith(".c") and not TEXT[f].startswith("/*")]


def check_words():
    """The repository speaks of the product only."""
    bad = re.compile(r"\bTODO\b|\bFIXME\b|/work/(main|shared|wt-)|\.\./shared")
    return [f"{f}:{i}" for f in FILES if not f.startswith("tests/lint/") and f != "LICENSE" and not f.startswith("tests/data/")
            for i, line in enumerate(open(f, encoding="utf-8", errors="replace"), 1) if bad.search(line)]


def check_commands():
    """Every row of commands.def has its file, and the man page names it."""
    path = "xltool/commands.def"
    if not os.path.exists(path):
        return []
    names = re.findall(r'^CMD\w*\(\s*"?([\w-]+)"?', open(path).read(), re.M)
    man = open("docs/man/xl.1").read() if os.path.exists("docs/man/xl.1") else ""
    man = man.replace("\\-", "-")
    return [f"no manual entry for xl {n}" for n in names if n not in man]


def check_symbols():
    """Two rooms in one program must not both define a function; the linker takes either in silence."""
    where = {}
    for f in PRODUCT:
        if not f.endswith(".c") or os.path.basename(f) == "main.c":
            continue
        for name in re.findall(r"^(?!static\b)\w[\w \t*]*?[ *](\w+)\([^;{}]*\)\n\{", TEXT[f], re.M):
            where.setdefault(name, set()).add(f)
    return [f"{name}: {', '.join(sorted(fs))}" for name, fs in sorted(where.items()) if len(fs) > 1]


def check_links():
    """Links of the manual lead somewhere, and docs/README.md leads to every page."""
    pages = [f for f in FILES if f.endswith(".md") and (f.startswith(("docs/", "practice/")) or f == "README.md")]
    text = {f: re.sub(r"```.*?```", "", open(f, encoding="utf-8").read(), flags=re.S) for f in pages}
    anchors = {f: {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)", text[f], re.M)}
               for f in pages}
    problems, leads = [], {}
    for f in pages:
        for link in re.findall(r"\]\(([^)\s]+)\)", text[f]):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(f), path)) if path else f
            leads.setdefault(f, set()).add(target)
            if not os.path.exists(target):
                problems.append(f"{f}: no such file: {link}")
            elif anchor and anchor not in anchors.get(target, {anchor}):
                problems.append(f"{f}: no such heading: {link}")
    seen, new = set(), {"docs/README.md"}
    while new:
        seen |= new
        new = {t for f in new for t in leads.get(f, ())} - seen
    return problems + [f"docs/README.md does not lead to {f}" for f in pages if f.startswith("docs/") and f not in seen]


def check_exercises():
    """Every exercise has its head and its parts, and the points of an exercise say how long it takes."""
    problems, numbers = [], {}
    for f in FILES:
        if not re.match(r"practice/exercises/.*\.ex$", f):
            continue
        text = open(f, encoding="utf-8").read()
        numbers.setdefault(os.path.basename(f).split("-")[0], []).append(f)
        problems += [f"{f}: no {k}" for k in ("title", "objective", "terms", "points", "minutes")
                     if not re.search(rf"^{k}: \S", text.split("\n== ")[0], re.M)]
        problems += [f"{f}: no section {s}" for s in ("task", "hints", "setup", "check", "wrong", "solution")
                     if f"\n== {s}\n" not in text]
        problems += [f"{f}: does not check anything"] if "\nholds " not in text else []
    return problems + [f"one number twice: {' '.join(fs)}" for fs in numbers.values() if len(fs) > 1]


RULES = [
    ("every C file is formatted (make fmt)", check_format),
    ("rooms include only what the layout allows", check_includes),
    ("no file is longer than 600 lines", check_lengths),
    ("no function is longer than 80 lines", check_function_lengths),
    ("forbidden functions are not used", check_forbidden),
    ("only main.c exits", check_exit),
    ("each public function has one definition", check_symbols),
    ("line 1 of each C file says what it is", check_first_line),
    ("no unfinished marks, no foreign paths", check_words),
    ("every xl command is in its manual", check_commands),
    ("links of the documentation lead somewhere", check_links),
    ("every exercise of xen-practice is whole", check_exercises),
]

for rule_name, rule in RULES:
    report(rule_name, rule())
sys.exit(1 if failed else 0)
