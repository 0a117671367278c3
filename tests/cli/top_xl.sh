#!/bin/bash
# xl top is the xentop that stands beside xl, and has its exit code.
xl=${BUILD:-build}/bin/xl
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$xl" "$dir/xl"
failed=0
for code in 0 7; do
    printf '#!/bin/sh\necho "xentop runs, $# words"\nexit %d\n' "$code" >"$dir/xentop"
    chmod 755 "$dir/xentop"
    said=$("$dir/xl" top)
    got=$?
    if [ "$got" = "$code" ] && [ "$said" = "xentop runs, 0 words" ]; then
        echo "ok xl top returns $code as xentop did"
    else
        failed=1
        echo "not ok xl top returns $code as xentop did - $got, said: $said"
    fi
done
exit $failed
