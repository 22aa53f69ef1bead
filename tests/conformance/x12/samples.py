"""The sample files that nobody here wrote, and what an independent script says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "samples" / "x12"

needs_samples = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the sample files are not at {FOLDER}")


def expected() -> list[dict[str, Any]]:
    """One row of facts for each file; none where the samples are absent."""
    path = FOLDER / "EXPECTED.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def is_sound(facts: dict[str, Any]) -> bool:
    """Valid by the figures: envelope and, for an 835, the three balances. Labels are the origins' opinion."""
    counts = ("unbalanced_tx", "unbalanced_claims", "unbalanced_lines", "line_claim_mismatch")
    return not facts["env_errors"] and not any(facts.get(name) for name in counts)
