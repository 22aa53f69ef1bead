"""The reassociation trace number: how a payment at the bank names the 835 that explains it.

A payer's CCD+ entry carries `TRN*1*<TRN02>*<TRN03>[*<TRN04>]` with `~` or `\\` behind it in its addenda record, and
banks copy it into the text of the entry (CAQH CORE 370; NACHA Operating Rules, health care EFT).
"""

from __future__ import annotations

import re

from edi.bank.model import Trace

_TRN = re.compile(
    r"TRN\s?\*\s?1\s?\*\s*"
    r"(?:([^*~\\]{1,50}?)\s*\*\s*([0-9A-Z-]{1,12})\s*(?:\*\s*([^*~\\\s]{1,50}))?(?=[~\\\s]|$)"
    r"|([^*~\\\s]{1,50}))",
    re.ASCII,
)


def trace_in(text: str) -> Trace | None:
    """The first trace number in a text of the bank; None where there is none."""
    found = _TRN.search(text)
    if found is None:
        return None
    number, payer, supplement, alone = found.groups()
    return Trace(number or alone, payer or "", supplement or "")
