"""Past-tense facts of exchange: ids and plain values; safe to hear twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PaperMailed:
    """A person mailed what was printed: `subject_kind` and `subject` say what, a batch of claims."""

    transmission: str
    subject_kind: str
    subject: str


@dataclass(frozen=True)
class FileArrived:
    """A partner sent a file that was not there before; `document` is its bytes, kept at the MSO and sealed.

    `kinds` are the transactions in it, separated by blanks: `TA1 999 277CA 835 271 277 278`.
    """

    arrival: str
    document: str
    kinds: str
    name: str
