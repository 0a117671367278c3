#!/bin/bash
# Exercises: architecture, the life of guests.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 1 9)
