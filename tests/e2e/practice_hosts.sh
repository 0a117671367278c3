#!/bin/bash
# Exercises with a second host.
# lab: --hosts 2
# timeout: 600
. tests/e2e/practice_lib.sh
solve 30
