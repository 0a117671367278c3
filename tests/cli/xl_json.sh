#!/bin/bash
# Each command with --json is described in docs/json.md, and each that is described there has --json.
cd "$(dirname "$0")/../.." || exit 1
xl=${BUILD:-build}/bin/xl
described=$(python3 tests/e2e/json_schema.py --commands | sort; echo check)
has=$(sed -n 's/^CMD("\([^"]*\)".*/\1/p' xltool/commands.def | while read -r name; do
    "$xl" help "$name" | grep -q -- '--json' && echo "$name"
done | sort)
if [ "$(sort -u <<<"$described")" = "$has" ]; then
    echo "ok xl: docs/json.md describes the JSON of every command that has --json"
else
    diff <(sort -u <<<"$described") <(echo "$has") | sed 's/^/# /'
    echo "not ok xl: docs/json.md describes the JSON of every command that has --json - differs (< described, > has)"
    exit 1
fi
