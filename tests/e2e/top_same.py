"""Runs Xen's xentop, ours and Xen's again, and compares them: text and columns are the same, and every number of ours
is that of a run of theirs or lies between the two. Prints the first difference of each line.
usage: top_same.py ORIGINAL OURS OPTIONS..."""
import re
import subprocess
import sys

NUMBER = re.compile(r"\d+(?:\.\d+)?")
# The use of CPU is a rate of each run; a domain blocks and runs from one moment to the next.
RATE = re.compile(r"^( *.*? [d-][s-])[b-]([c-][p-])[r-]( +\d+) +\d+\.\d(?= )")


def output(program, options):
    done = subprocess.run([program, "-b", *options], capture_output=True, text=True, timeout=60)
    return done.stdout.split("\n"), done.stderr, done.returncode


def steady(line):
    return RATE.sub(r"\1?\2?\3 %", line)


def difference(ours, before, after):
    """What of our line is not the original's; None when nothing."""
    ours, before, after = map(steady, (ours, before, after))
    if ours in (before, after):
        return None
    texts = [NUMBER.split(line) for line in (ours, before, after)]
    if [" ".join(t.split()) for t in texts[0]] != [" ".join(t.split()) for t in texts[1]]:
        return "the text"
    for o, b, a in zip(*(NUMBER.finditer(line) for line in (ours, before, after))):
        if not min(float(b[0]), float(a[0])) <= float(o[0]) <= max(float(b[0]), float(a[0])):
            return f"{o[0]}, not from {b[0]} to {a[0]}"
        if o.end() not in (b.end(), a.end()):
            return f"the place of {o[0]}"
    return None


def main():
    original, program, *options = sys.argv[1:]
    runs = [output(p, options) for p in (original, program, original)]
    (before, *told), (ours, *ours_told), (after, *_) = runs
    wrong = [f"stderr, status: {ours_told}, not {told}"] if ours_told != told else []
    if len({len(lines) for lines in (before, ours, after)}) != 1:
        wrong.append(f"{len(ours)} lines, not {len(before)} or {len(after)}")
    for b, o, a in zip(before, ours, after):
        why = difference(o, b, a)
        if why:
            wrong += [why, f"  xen  {b}", f"  ours {o}", f"  xen  {a}"]
    print("\n".join(wrong) if wrong else f"the same, {len(ours)} lines")


main()
