#!/bin/sh
# Finds a Chromium for the browser tests, or gets one; where none can be had, says so and lets the rest go on.
# The shell without windows is taken before any other: the same engine does a page in two thirds of the time.
PYTHON=${VENV:-.venv}/bin/python
SHELL_ALONE=chromium-headless-shell

have() {
    for name in "$@"; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

have_any() {
    have "$OPENMSO_CHROMIUM" "$SHELL_ALONE" chromium chromium-browser google-chrome google-chrome-stable && return 0
    "$PYTHON" - <<'EOF' 2>/dev/null
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(0 if os.path.exists(playwright.chromium.executable_path) else 1)
EOF
}

get() {
    DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
}

have "$OPENMSO_CHROMIUM" "$SHELL_ALONE" && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Getting Chromium by apt-get for the browser tests"
    get "$SHELL_ALONE" || { timeout 120 apt-get update -qq >/dev/null 2>&1 && { get "$SHELL_ALONE" || have_any || get chromium; }; }
fi
have_any && exit 0
echo "Getting Chromium by playwright for the browser tests"
"$PYTHON" -m playwright install chromium >/dev/null 2>&1
have_any || echo "No Chromium could be had: the browser tests will be skipped, all others run."
exit 0
