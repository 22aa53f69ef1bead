"""The ten pains that billing departments complain of most: each has a story named after it, beside its app."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/openmso"
PAINS = {
    1: "work across practices and tax numbers", 2: "wrong or lost money on posting", 3: "secondary claims",
    4: "underpayments unseen", 5: "denials pile up", 6: "front-end causes", 7: "scrubbing absent",
    8: "rules drift and fail silently", 9: "lock-in", 10: "clearinghouse outage",
}  # fmt: skip
NAMED = re.compile(r"def test_pain_1_4_(\d+)_\w+\(")


def without_a_story(tests: Iterable[str]) -> list[str]:
    """The pains that no test is named after."""
    told = {int(number) for text in tests for number in NAMED.findall(text)}
    return [f"{number}: {words}" for number, words in PAINS.items() if number not in told]


def test_each_of_the_ten_pains_has_a_story() -> None:
    assert without_a_story(path.read_text() for path in SOURCE.rglob("tests/test_*.py")) == []


def test_negative_control_a_pain_without_a_story_is_named() -> None:
    stories = [f"def test_pain_1_4_{number}_x(" for number in PAINS if number != 9]
    assert without_a_story(stories) == ["9: lock-in"]
