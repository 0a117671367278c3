#!/bin/bash
# Exercises: memory, weights, saving.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve 24 $(numbers 27 29)
