#!/usr/bin/env python3
"""JSON of a command beside its table in docs/json.md.

usage: json_schema.py COMMAND: reads the JSON on standard input. Prints what differs, nothing when all is right; exit
status 1 when there is a difference, 3 when an array is empty, so that nothing can be compared.
json_schema.py --commands: the commands that the page describes."""
import json
import os
import re
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "json.md")
TYPES = {
    "text": lambda v: isinstance(v, str),
    "number": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "fraction": lambda v: isinstance(v, float) or v == 0,
    "bool": lambda v: isinstance(v, bool),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
    "null": lambda v: v is None,
}


def tables():
    """{command: {key: [type, ...]}}"""
    found, now = {}, []
    with open(PAGE, encoding="utf-8") as page:
        for line in page:
            if line.startswith("## "):
                now = re.findall(r"`xl ([^`]+)`", line)
                for command in now:
                    found[command] = {}
            row = re.match(r"\| `([^`]+)` \| ([^|]*) \|", line)
            for command in now if row else []:
                found[command][row.group(1)] = [t.strip() for t in row.group(2).split(",")]
    return found


def compare(table, row):
    """What is wrong with one object, line by line."""
    for key in table:
        if key not in row:
            yield f"{key} is missing"
    for key, value in row.items():
        if key not in table:
            yield f"{key} is not described"
        elif not any(TYPES[t](value) for t in table[key]):
            yield f"{key} is {value!r}, not {' or '.join(table[key])}"


def main():
    if sys.argv[1] == "--commands":
        print("\n".join(tables()))
        return 0
    table = tables()[sys.argv[1]]
    got = json.load(sys.stdin)
    rows = got if isinstance(got, list) else [got]
    wrong = sorted({w for row in rows for w in compare(table, row)})
    print("\n".join(wrong), end="")
    return 1 if wrong else 0 if rows else 3


sys.exit(main())
