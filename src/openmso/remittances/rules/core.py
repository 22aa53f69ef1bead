"""When a remittance (835) and its money (EFT) are apart, late or missing, in business days.

CAQH CORE EFT and ERA reassociation rule (CCD+/835, adopted by 45 CFR 162.1603): a health plan releases the 835 within
three business days before or after the effective day of the CCD+ entry. Either one counts as late or missing when four
business days have passed since the other was received; the plan has written procedures for that, and is asked by them.
"""

from __future__ import annotations

from datetime import date

from openmso.kit.money import Money
from openmso.kit.words import counted, day
from openmso.remittances.contracts import Wait

WINDOW = 3
MISSING_AFTER = 4


def gap_words(days: int) -> str:
    """`The 835 came 5 business days after the money; CORE allows 3.`"""
    if days == 0:
        return "The 835 and the money came on one business day."
    said = f"The 835 came {counted(abs(days), 'business day')} {'after' if days > 0 else 'before'} the money"
    return f"{said}; CORE allows {WINDOW}." if abs(days) > WINDOW else f"{said}."


def wait(days: int, *, due: bool = True, electronic: bool = True) -> Wait:
    """How what was received so many business days ago waits; money is not late before its own day is over (`due`).

    CORE speaks of EFT alone: what is paid by check is late by the same count, and the words say so.
    """
    late = days >= MISSING_AFTER and due
    if not electronic:
        return Wait(days, late, f"{counted(days, 'business day')}, a check")
    if late:
        return Wait(days, late, f"Late: {counted(days, 'business day')}")
    return Wait(days, late, f"{days} of {counted(MISSING_AFTER, 'business day')}")


_ASKS = (
    "Please treat this under your procedures for late or missing EFT and ERA "
    "(CAQH CORE EFT and ERA reassociation rule, CCD+/835)"
)


def ask_for_money(
    *, trace: str, trace_payer: str, amount: Money, paid_on: date, received_on: date, npi: str, tin: str, waited: Wait,
    electronic: bool = True, other: Money | None = None,
) -> str:  # fmt: skip
    """What to write to a payer whose 835 is here and whose money is not, or is another amount."""
    payee = " and ".join(filter(None, (f"NPI {npi}" if npi else "", f"TIN {tin}" if tin else "")))
    said = (
        f"On {day(received_on)} we received your remittance advice (835) with trace number {trace}"
        f"{f' of payer {trace_payer}' if trace_payer else ''}: ${amount:,.2f} to be paid on {day(paid_on)} to {payee}. "
    )
    if other is not None:
        return (
            f"{said}The EFT with this trace number was ${other:,.2f}, ${abs(other - amount):,.2f} "
            f"{'more' if other > amount else 'less'}. {_ASKS}, and tell us which amount is right and why they differ."
        )
    passed = f"{counted(waited.days, 'business day has', 'business days have')} passed."
    if not electronic:
        return (
            f"{said}No check of this number has reached our bank; {passed} "
            "Please tell us when it was mailed, to which address, and whether it was cashed, or issue it again."
        )
    return (
        f"{said}No payment with this trace number has reached our bank; {passed} "
        f"{_ASKS}, and tell us when and to which account it was sent, or issue it again."
    )


def ask_for_remittance(
    *, trace: str, trace_payer: str, amount: Money, posted_on: date, account: str, waited: Wait
) -> str:  # fmt: skip
    """What to write to a payer whose money is here and whose 835 is not."""
    named = f" with trace number {trace}{f' of payer {trace_payer}' if trace_payer else ''}" if trace else ""
    return (
        f"On {day(posted_on)} your EFT of ${amount:,.2f}{named} was credited to our account {account}. "
        f"The remittance advice (835) for it has not arrived; "
        f"{counted(waited.days, 'business day has', 'business days have')} passed. "
        f"{_ASKS}, and send the 835 again, or tell us where it was delivered."
    )
