"""Whether money may move: what is asked of its flow, and what the answers come to today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openmso.agreements.contracts import Agreement
from openmso.agreements.queries import agreements, law
from openmso.compliance.contracts import Fee
from openmso.compliance.queries import runs
from openmso.compliance.rules import clearing
from openmso.compliance.rules.clearing import ASKED, Ask, Stop
from openmso.compliance.rules.clearing import Asked as Asked
from openmso.compliance.rules.clearing import Cleared as Cleared
from openmso.compliance.states import Flow as Flow
from openmso.parties.contracts import AccountUse, BankAccount
from openmso.parties.queries import practices
from openmso.platform.access import queries as access
from openmso.platform.tenancy import queries as tenancy


def told(asked: Asked, *, at: datetime, supposing: bool = False) -> Cleared:
    """What a flow comes to on the day of an instant in the practice's zone: nothing is refused, all is explained.

    `supposing` takes it that the practice itself orders it, where nobody has ordered it yet.
    """
    on = tenancy.today(asked.practice, at)
    asks = ASKED[asked.flow]
    paper = _agreement(asked, on) if Ask.LAW in asks else None
    stops = list[Stop]()
    shown: dict[str, Any] = {}
    if Ask.ACCOUNT in asks and asked.account:
        stops, shown = _of_account(asked, on, supposing=supposing)
    if paper is not None:
        stops += [Stop(one.rule, one.says, one.fix) for one in law.stops_payment(paper, on=on, shown=shown)]
    if Ask.OWNERS in asks:
        stops += clearing.of_owners(asked.owners, runs.for_practice(asked.practice))
    return Cleared(asked.flow, on, paper.public_id if paper else "", tuple(stops))


def of_practice(practice: int, *, at: datetime) -> Iterator[Cleared]:
    """What each flow of a practice would come to now, as far as it is known before somebody orders it."""
    held = [one for one in practices.accounts(practice) if _takes_government(one) and one.closed_on is None]
    account = held[0].public_id if held else ""
    for flow, asks in ASKED.items():
        if Ask.OWNERS not in asks and (account or flow is not Flow.SWEEP):
            leaves = account if flow is Flow.SWEEP else ""
            yield told(Asked(flow, practice, account=leaves), at=at, supposing=True)


def fee_of(practice: int, *, on: date) -> Fee:
    """Who a practice's MSO is, and which rules of law stop what it is paid on a day."""
    papers = [one.version_on(on) or one.latest for one in agreements.of(practice)]
    mso = [paper.terms.mso for paper in papers if paper is not None]
    held = _agreement(Asked(Flow.FEE, practice), on)
    stops = law.stops_payment(held, on=on) if held else []
    names = tuple(sorted({one.legal_name for one in mso}))
    return Fee(
        names, tuple(sorted({one.ein for one in mso})), tuple((one.rule, f"{one.says} {one.fix}") for one in stops)
    )


def _agreement(asked: Asked, on: date) -> Agreement | None:
    """The agreement under which it moves: the one that is named, the one in force, or the last that was signed."""
    if asked.agreement:
        return agreements.agreement(asked.agreement)
    signed = [one for one in agreements.of(asked.practice) if one.versions]
    return next((one for one in signed if one.version_on(on)), signed[-1] if signed else None)


def _of_account(asked: Asked, on: date, *, supposing: bool) -> tuple[list[Stop], dict[str, Any]]:
    """What the account that the money leaves says, and the facts that this shows to the rules of law."""
    account = practices.account(asked.account, practice=asked.practice)
    if not _takes_government(account):
        return [], {}
    own = supposing or access.is_of_the_practice(asked.ordered_by, asked.practice, on=on)
    shown = {
        "sweep.government": True, "sweep.practice_instructs": own,
        "reassign.account_of_practice": practices.entity(account.entity, on=on).practice == asked.practice,
    }  # fmt: skip
    stops = clearing.of_account(is_government=True, is_the_practices=own, name=account.name)
    return list(stops), shown


def _takes_government(account: BankAccount) -> bool:
    return account.use is AccountUse.DEPOSIT_GOVERNMENT
