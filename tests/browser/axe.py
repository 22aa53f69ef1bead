"""WCAG 2.2 AA, as far as a machine can judge it: axe-core, out of its wheel."""

from __future__ import annotations

from playwright.sync_api import Page

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": STANDARD, "resultTypes": ["violations"], "preload": False}
"""Every rule of the standard; what passed is not written out, which would take axe as long as the rules themselves."""


def violations(page: Page) -> list[str]:
    """What axe finds on a page, one line for each rule, with the first places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=ASKED).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: " + " | ".join(node["html"][:160] for node in one["nodes"][:4])
        for one in found
    ]
