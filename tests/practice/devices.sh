#!/bin/bash
# Exercises: networking, storage, memory.
# timeout: 600
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 15 24)
