"""What a month leaves behind when it is paid out: accounts, an instruction, a run, a loan and a bank file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from openmso.agreements import testing as agreements
from openmso.agreements.services import law
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, EntryDraft, credit, debit
from openmso.ledger.services import posting
from openmso.parties import testing as parties
from openmso.parties.contracts import AccountUse
from openmso.parties.queries import practices as registers
from openmso.parties.services import practices
from openmso.platform.access import queries as access
from openmso.platform.tenancy.scope import reading
from openmso.treasury.queries import loans
from openmso.treasury.queries import paying as files
from openmso.treasury.services import instructing, paying, returning, running
from openmso.treasury.states import Formula


def paid_out(office: Any) -> Mapping[str, str]:
    """The month that is over: its duties are advanced by the MSO, and the advance stands in a file for its bank."""
    owner = agreements.person(
        f"signs@{office.house.practice.code.lower()}.example", "An owner", practice=office.house.id,
        role="practice_owner", at=office.at,
    )  # fmt: skip
    signs = access.actor_for(owner, at=office.at, fresh=True)
    month = Month.of(office.today).plus(-1)
    with office.scope():
        with reading():
            theirs = registers.entities(office.mso.id, on=office.today)[0].id
        law.say(
            actor=office.actor, practice=office.house.id, at=office.at, why=f"{office.canary}: the bank's letter",
            facts={"baa.downstream": "yes", "sweep.offset_waived": "yes", "sweep.receivables_sold": "no"},
        )  # fmt: skip
        government = _account(office, office.house.id, office.house.entity.id, AccountUse.DEPOSIT_GOVERNMENT, "5551")
        ours = _account(office, office.house.id, office.house.entity.id, AccountUse.OPERATING, "5552")
        from_mso = _account(office, office.mso.id, theirs, AccountUse.OPERATING, "5553")
        order = instructing.instruct(
            actor=signs, practice=office.house.id, account=government, target=ours, formula=Formula.ALL,
            clause=f"{office.canary} 5.2", starts_on=office.today, at=office.at,
        )  # fmt: skip
        amount = Money.of("90000.00")
        rent = EntryDraft(
            office.house.entity.id, month.last, f"{office.canary} rent of the month",
            (debit(Accounts.RENT, amount), credit(Accounts.OPERATING_CASH, amount)), key=f"waterfall:{office.canary}",
        )  # fmt: skip
        posting.post(actor=office.actor, entries=[rent], at=office.at)
        run = running.propose(actor=office.actor, practice=office.house.id, month=month, at=office.at)
        running.approve(actor=signs, run=run.public_id, at=office.at)
        running.post(actor=office.actor, run=run.public_id, at=office.at)
        file = paying.prepare(actor=office.actor, practice=office.house.id, account=from_mso, at=office.at)
        noted = _noted(office, file.public_id)
        with reading():
            loan = loans.of_agreement(office.house.id, run.agreement)
    assert loan is not None, "the rent was more than what came in"
    return {
        "payment_run": run.public_id, "figure": "practice_expenses", "deficit_loan": loan.public_id,
        "deposit_account": government, "instruction": order.public_id, "bank_file": file.public_id,
        "account_code": office.house.practice.code,
    } | noted  # fmt: skip


def _noted(office: Any, file: str) -> Mapping[str, str]:
    """The file is sent, its payment comes back to be authorized anew, and the bank notes another account number."""
    second = agreements.person(
        "second@harbor.example", "Second Person", practice=office.mso.id, role="controller", at=office.at
    )
    paying.approve(actor=access.actor_for(second, at=office.at, fresh=True), file=file, at=office.at)
    _, content = paying.take(actor=office.actor, file=file, at=office.at)
    entry = next(line for line in content.decode().splitlines() if line.startswith("6"))
    trace = entry[79:94]
    note = f"798C01{trace}{'':6}{'02100002'}{'5559':29}{'':15}{trace}"
    back = f"799R08{trace}{'':6}{'02100002'}{'':44}{trace}"
    head = content.decode().splitlines()[:2]
    returning.take(
        actor=office.actor, practice=office.house.id, name=f"{office.canary}.ach", at=office.at,
        content="\r\n".join([*head, f"621{entry[3:]}", note, f"621{entry[3:]}", back]).encode(),
    )  # fmt: skip
    with reading():
        (payment,) = files.payments_in(office.house.id, file)
        (correction,) = files.corrections(practice=office.house.id)
    return {"run_payment": payment.public_id, "correction": correction.public_id}


def _account(office: Any, practice: int, entity: int, use: AccountUse, number: str) -> str:
    made = practices.open_account(
        actor=office.actor, practice=practice, entity=entity,
        name=use.label if practice == office.mso.id else f"{office.canary} {use.value}",
        bank_name="Camden", routing="021000021", account_number=number, use=use,
        opened_on=parties.EARLY + timedelta(days=1), at=office.at,
    )  # fmt: skip
    return made.public_id
