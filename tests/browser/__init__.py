"""Browser tests: a real Chromium walks through the screens; nothing leaves the machine, nothing fails in silence."""
