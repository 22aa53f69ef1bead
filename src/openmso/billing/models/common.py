"""What models of billing share."""

from __future__ import annotations

from typing import Any

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
