"""Card numbers are never kept: what looks like one is refused wherever it is typed (PCI DSS 3.2)."""

from __future__ import annotations

import re

_RUN = re.compile(r"\d(?:[ .-]?\d){11,18}")


def holds_card_number(text: str) -> bool:
    """Whether 12 to 19 digits stand in a text that satisfy the check digit of card numbers (ISO/IEC 7812-1)."""
    return any(_checks(re.sub(r"\D", "", found.group())) for found in _RUN.finditer(text))


def _checks(digits: str) -> bool:
    doubled = (int(one) * (2 if place % 2 else 1) for place, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
