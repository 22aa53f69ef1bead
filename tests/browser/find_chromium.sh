#!/bin/sh
# Finds a Chromium for the browser tests, or gets one; where none can be had, says so and lets the rest go on.
PYTHON=${VENV:-.venv}/bin/python

have() {
    for name in "$OPENMSO_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    "$PYTHON" - <<'EOF' 2>/dev/null
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(0 if os.path.exists(playwright.chromium.executable_path) else 1)
EOF
}

have && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Getting Chromium by apt-get for the browser tests"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1
    have && exit 0
fi
echo "Getting Chromium by playwright for the browser tests"
"$PYTHON" -m playwright install chromium >/dev/null 2>&1
have || echo "No Chromium could be had: the browser tests will be skipped, all others run."
exit 0
