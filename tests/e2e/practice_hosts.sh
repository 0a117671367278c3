#!/bin/bash
# Exercises with a second host.
# lab: --hosts 2
# timeout: 200
. tests/e2e/practice_lib.sh
solve 30
