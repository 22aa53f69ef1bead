"""The practices' bank: what arrives on which day, and the OFX file that tells it; remittances that come after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.simulator.network.payers import Delivery
from openmso.simulator.payer.profile import dice
from openmso.simulator.payer.remit import Cheque

WITHOUT_TRACE_PER_1000 = 60
LATE_PER_1000 = 40
DAYS_LATE = 9


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line of the bank statement to come."""

    on: date
    amount: Decimal
    name: str
    memo: str
    fitid: str
    is_check: bool = False
    payer: str = ""


@dataclass(slots=True)
class Delayed:
    """Remittances of one practice that lie at a clearinghouse while their money is on its way."""

    waiting: list[tuple[date, Delivery]] = field(default_factory=list)

    def through(self, fresh: Iterable[Delivery], *, on: date, seed: int) -> Iterator[Delivery]:
        """What arrives on a day: what was held up and is due, then the day's own but a few.

        Only what stands alone is held up: no reversal, nothing taken or carried, no copy.
        """
        due = [one for day, one in self.waiting if day <= on]
        self.waiting = [(day, one) for day, one in self.waiting if day > on]
        yield from due
        for one in fresh:
            if _stands_alone(one) and dice(seed, "late", one.cheque.trace).randrange(1000) < LATE_PER_1000:
                self.waiting.append((on + timedelta(days=DAYS_LATE), one))
            else:
                yield one


def _stands_alone(one: Delivery) -> bool:
    said = one.cheque.remittance
    takes = said.provider_adjustments or any(claim.is_reversal for claim in said.claims)
    return not (one.again or one.broken or takes)


def arrival(cheque: Cheque, *, seed: int) -> Arrival:
    """When and how a payment shows at the bank: an EFT one to three days later with its trace, a cheque later."""
    chance = dice(seed, "bank", cheque.trace)
    electronic = cheque.method == "ACH"
    days = chance.randint(1, 3) if electronic else chance.randint(3, 8)
    header = cheque.remittance.header
    traced = electronic and chance.randrange(1000) >= WITHOUT_TRACE_PER_1000
    memo = f"TRN*1*{cheque.trace}*{header.trace_payer}" if traced else f"DEPOSIT {header.payer.last.upper()[:20]}"
    return Arrival(
        cheque.paid_on + timedelta(days=days), cheque.amount, header.payer.last[:30], memo, cheque.trace,
        is_check=not electronic, payer=header.payer.last,
    )  # fmt: skip


def on_slips(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The same with the checks of each week paid in together: the bank shows one line for a slip."""
    checks = [one for one in arrivals if one.is_check]
    if len(checks) < 2:
        return list(arrivals)
    last = max(checks, key=lambda one: (one.on, one.fitid))
    slip = replace(
        last, amount=sum((one.amount for one in checks), Decimal(0)), name="LOCKBOX",
        memo=f"DEPOSIT OF {len(checks)} ITEMS",
    )  # fmt: skip
    return [*(one for one in arrivals if not one.is_check), slip]


def ofx(arrivals: Sequence[Arrival], *, account: str, at: datetime) -> bytes:
    """An OFX 1.02 statement with these lines."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{one.on:%Y%m%d}<TRNAMT>{one.amount}<FITID>{one.fitid}"
        f"<NAME>{one.name}<MEMO>{one.memo}</STMTTRN>\n"
        for one in arrivals
    )
    first, last = min(one.on for one in arrivals), max(one.on for one in arrivals)
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        f"<DTSERVER>{at:%Y%m%d%H%M%S}<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1"
        "<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>011000015"
        f"<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{first:%Y%m%d}<DTEND>{last:%Y%m%d}\n"
        f"{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>0.00<DTASOF>{last:%Y%m%d}</LEDGERBAL></STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>\n"
    ).encode("ascii", "replace")
