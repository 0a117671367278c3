#!/bin/bash
# xapi-lite killed 500 times in the middle of random work, on the machine that runs the tests.
# timeout: 240
XAPI_KILLS=500 exec tests/cli/xapi-kill/run
