#!/bin/bash
# Exercises with a second host.
# lab: --hosts 2
# timeout: 900
. tests/practice/lib.sh
solve 30
