"""A claim of an 835 read at once, from the text between its CLP and the next, as nearly every claim can be.

Here is only what an orderly claim needs: segments where the guide has them, amounts and days that can be read, and
balances that hold. Anything else is given up, and the claim is then read segment by segment, by `read`, which knows
what to say about it. What comes out is the same either way.
"""

from __future__ import annotations

from decimal import Decimal

from edi.x12.quick import maker
from edi.x12.remittance.building import OpenClaim, OpenLine
from edi.x12.tokens import Stretch
from edi.x12.values import Adjustment, Amount, Quantity, Reference, decimal_of, to_event, to_party

_adjustment, _amount, _reference = maker(Adjustment), maker(Amount), maker(Reference)


class _Unusual(ValueError):
    """The claim is not one for here."""


def whole_claim(stretch: Stretch) -> OpenClaim | None:
    """The claim with its lines, complete and balanced; None when it has to be read segment by segment."""
    try:
        claim = _claim(stretch)
    except (IndexError, ValueError):  # an element is missing, or no amount
        return None
    return claim if claim.is_balanced else None


def _claim(stretch: Stretch) -> OpenClaim:
    """One loop over the segments, the most frequent first: every call that is saved here is saved for each of them."""
    text, separator, delimiters, number, start, _ = stretch
    element, component, gap = delimiters.element, delimiters.component, len(separator)
    clp, *rest = text.split(separator)
    claim = OpenClaim(clp.split(element), number, start)
    claim.charge, claim.paid = decimal_of(claim.elements[3]), decimal_of(claim.elements[4])
    line: OpenLine | None = None
    target: OpenLine = claim
    end = start + len(clp) + 1
    for raw in rest:
        e = raw.split(element)
        tag = e[0]
        if tag == "DTM":
            event = to_event(e[1], e[2])
            if event.on is None:
                raise _Unusual
            target.dates.append(event)
        elif tag == "CAS":
            if len(e) == 4:
                amount = decimal_of(e[3])
                target.adjustments.append(_adjustment(e[1], e[2], amount))
                target.adjusted += amount
            else:
                target.take_reasons(e, _no_amount)
        elif tag == "REF":
            target.references.append(_reference(e[1], e[2].strip()))
        elif tag == "AMT":
            target.amounts.append(_amount(e[1], decimal_of(e[2])))
        elif tag == "SVC":
            if line is not None:
                _close(claim, line, number, end, component)
            target = line = OpenLine(e, number + 1, end + gap - 1)
            line.charge, line.paid = decimal_of(e[2]), decimal_of(e[3])
        else:
            _take_rarer(claim, line, tag, e)
        number += 1
        end += len(raw) + gap
    if line is not None:
        _close(claim, line, number, end, component)
    claim.last, claim.end = number, end
    return claim


def _no_amount(position: int) -> Decimal:
    raise _Unusual(position)


def _close(claim: OpenClaim, line: OpenLine, last: int, end: int, component: str) -> None:
    if not line.is_balanced:
        raise _Unusual
    line.last, line.end = last, end
    claim.take(line, component)


def _take_rarer(claim: OpenClaim, line: OpenLine | None, tag: str, e: list[str]) -> None:
    """Segments that a claim has once or twice, and some lines have."""
    if tag == "NM1" and line is None:
        claim.parties.append(to_party(e))
    elif tag == "LQ" and line is not None and e[1] == "HE":
        line.remarks.append(e[2])
    elif tag == "MOA":
        claim.outpatient = tuple(e)
    elif tag == "MIA":
        claim.inpatient = tuple(e)
    elif tag == "QTY":
        (line or claim).quantities.append(Quantity(e[1], decimal_of(e[2])))
    elif tag == "PER":
        claim.contacts.append(tuple(e))
    else:
        raise _Unusual
