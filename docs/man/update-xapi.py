#!/usr/bin/env python3
"""Writes what comes from tables into xapi-lite.8 and xe.1. `--check` only tells whether they are current."""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STRING = r'"((?:[^"\\]|\\.)*)"'


def read(path):
    with open(f"{TOP}/{path}") as f:
        return f.read()


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def commands():
    out = []
    row = rf'^CMD\({STRING},\s*{STRING},\s*{STRING},\s*([^,]+),\s*\w+,\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)'
    for name, required, optional, flags, text in re.findall(row, read("xapi-lite/cli/commands.def"), re.M):
        words = [w + "=" for w in required.split(",") if w]
        words += [f"[{w}]" for w in optional.split(",") if w]
        if "SELECTORS" in flags:
            words.append("[vm=]" if "VM_SEL" in flags else "[sr=]" if "SR_SEL" in flags else "[host=]")
        out += [".TP", f".BR {roff(name)} \" {roff(' '.join(words))}\"", roff("".join(re.findall(STRING, text)))]
    return sorted_by_name(out)


def sorted_by_name(lines):
    entries = [lines[i:i + 3] for i in range(0, len(lines), 3)]
    return [line for entry in sorted(entries, key=lambda e: e[1]) for line in entry]


def classes():
    names = re.findall(r'^XE_CLASS\("([^"]+)"', read("xapi-lite/cli/fields.def"), re.M)
    return [roff(", ".join(names)) + "."]


def settings():
    out = []
    text = read("xapi-lite/daemon/settings.def")
    for kind, name, dflt, rest in re.findall(r"^(TEXT|NUMBER)\((\w+), ((?:PREFIX )?\"[^\"]*\"|\d+), (.*)\)$", text, re.M):
        meaning = re.findall(STRING, rest)[-1]
        dflt = dflt.replace("PREFIX ", "").replace('"/share', '"PREFIX/share') or '""'
        out += [".TP", f".BI {name} \" = {dflt.strip(chr(34)) or 'none'}\"", roff(meaning[:1].upper() + meaning[1:]) + "."]
    return out


def fill(path, parts):
    text = read(path)
    for mark, lines in parts.items():
        text = re.sub(rf'(\.\\" {mark} begin[^\n]*\n).*?(\.\\" {mark} end)',
                      lambda m: m.group(1) + "".join(line + "\n" for line in lines) + m.group(2), text, flags=re.S)
    if text == read(path):
        return True
    if "--check" not in sys.argv:
        with open(f"{TOP}/{path}", "w") as f:
            f.write(text)
    return False


good = fill("docs/man/xe.1", {"commands": commands(), "classes": classes()})
good &= fill("docs/man/xapi-lite.8", {"settings": settings()})
sys.exit(0 if good or "--check" not in sys.argv else 1)
