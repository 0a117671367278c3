"""Reads `make -n` output and prints the compilation database that editors read."""
import json
import os
import shlex
import sys

rows = []
for line in sys.stdin:
    words = shlex.split(line) if " -c -o " in line else []
    if words and words[-1].endswith(".c"):
        rows.append({"directory": os.getcwd(), "file": words[-1], "arguments": words})
json.dump(rows, sys.stdout, indent=1)
