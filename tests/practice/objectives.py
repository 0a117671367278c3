#!/usr/bin/env python3
"""docs/lpic-304/objectives.md agrees with the pages and the exercises, and these with the scripts and the CI
jobs that solve them. Prints ok and not-ok lines."""
import glob
import os
import re

PAGES = "docs/lpic-304/"
# what topic 330.2 names, and what belongs to it on a Dom0 of today
WANTED = """Dom0, DomU, PV, HVM, /etc/xen/, xl, xl.cfg, xl.conf, xe, xentop, XAPI, XenStore, boot parameters, dom0_mem, xm,
xend, xenpm, bridge, Open vSwitch, routed, NAT, LVM, raw image, qcow2, ISO image, xl mem-set, xl vcpu-set, cpupool, weight,
xl pause, xl save, xl restore, xl migrate, xl console, /etc/xen/auto, xenstore-read, xenstore-write, xe sr-create,
xe vm-install, xe vif-create, xe vm-start, xe vm-destroy, hotplug script, disk locked, free memory, kernel, permissions,
kernel panic"""
failed = 0


def test_that(name, problems):
    global failed
    failed |= bool(problems)
    print(f"not ok practice: {name} - {'; '.join(problems)}" if problems else f"ok practice: {name}")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def plain(text):
    """As it is read: without marks, in lower case, lines joined."""
    return re.sub(r"\s+", " ", re.sub(r"[`*]", "", text)).lower()


def rows(text, heading):
    """(first cell, files of its links, numbers of exercises) of the table below a heading."""
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return [(c[0], re.findall(r"\]\(([^)]+)\)", c[1]), [int(n) for n in c[2].split()]) for c in cells[2:]]


def exercises():
    """{number: its terms}"""
    found = {}
    for path in glob.glob("practice/exercises/*.ex"):
        terms = re.search(r"^terms: (.*)$", read(path), re.M).group(1)
        found[int(os.path.basename(path)[:2])] = [t.strip() for t in terms.split(",")]
    return found


def shards(numbers):
    """{exercise: the scripts that solve it}"""
    by = {n: [] for n in numbers}
    for path in glob.glob("tests/practice/*.sh"):
        text = read(path)
        here = {int(n) for n in re.findall(r"practice start (\d+)", text)}
        for line in re.findall(r"^solve (.*)$", text, re.M):
            for a, b in re.findall(r"numbers (\d+) (\d+)", line):
                here |= set(range(int(a), int(b) + 1))
            here |= {int(n) for n in re.sub(r"\$\([^)]*\)", "", line).split()}
        for n in here & set(by):
            by[n].append(path)
    return by


def main():
    text, ex = read(PAGES + "objectives.md"), exercises()
    areas, terms = rows(text, "Areas of knowledge"), rows(text, "Terms and tools")
    named = {n for _, _, numbers in areas for n in numbers}
    pages = {p for _, ps, _ in areas for p in ps}
    test_that("each exercise belongs to an area of knowledge", [str(n) for n in sorted(set(ex) ^ named)])
    all_pages = {os.path.basename(p) for p in glob.glob(PAGES + "*.md")} - {"README.md", "objectives.md"}
    test_that("each page belongs to an area of knowledge", sorted(all_pages ^ pages))
    have = {t for t, _, _ in terms}
    wanted = re.split(r",\s+", WANTED)
    test_that("the terms of the exam are there", [w for w in wanted if w not in have])
    test_that("each term stands on its page",
              [t for t, ps, _ in terms if not ps or any(plain(t) not in plain(read(PAGES + p)) for p in ps)])
    has = {t: sorted(n for n in ex if any(x == t or x.startswith(t + " ") for x in ex[n])) for t in have}
    test_that("each term has an exercise", [t for t in have if not has[t]])
    test_that("terms and exercises name each other", [f"{t}: {has[t]}" for t, _, ns in terms if ns != has[t]])
    test_that("each exercise is solved by just one script of tests/practice",
              [f"{n}: {s}" for n, s in sorted(shards(ex).items()) if len(s) != 1])
    parts = re.search(r"part: \[(.*)\]", read(".github/workflows/ci.yml")).group(1).split(", ")
    scripts = {os.path.basename(p)[:-3] for p in glob.glob("tests/practice/*.sh")} - {"lib"}
    test_that("CI runs each script of tests/practice", sorted(scripts ^ set(parts)))
    return failed


raise SystemExit(main())
