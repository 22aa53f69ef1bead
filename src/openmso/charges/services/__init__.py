"""Publishing fees, capturing and changing charges; the only writers of these tables."""

from __future__ import annotations

from openmso.charges.services.capturing import capture, capture_more, keep_stay, mark_waiting, take_up
from openmso.charges.services.changing import add_beside, amend, hold, let_go, recode, void
from openmso.charges.services.common import NotALine, OnAClaim
from openmso.charges.services.pricing import FeesTwice, NoFees, expect_anew, price_anew, publish_fees

__all__ = [
    "FeesTwice",
    "NoFees",
    "NotALine",
    "OnAClaim",
    "add_beside",
    "amend",
    "capture",
    "capture_more",
    "expect_anew",
    "hold",
    "keep_stay",
    "let_go",
    "mark_waiting",
    "price_anew",
    "publish_fees",
    "recode",
    "take_up",
    "void",
]
