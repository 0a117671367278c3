#!/bin/bash
# Commands that change something: what XenStore, libxl and the host hold afterwards is what the original leaves.
# timeout: 600
. tests/e2e/xl_lib.sh
differ tests/e2e/xl_cases_state.tsv
