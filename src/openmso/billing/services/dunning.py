"""Dunning: what is due of each account, done: letters and final notices are written, calls become work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from openmso.agreements.queries import clocks
from openmso.billing import paper
from openmso.billing.contracts import ACCOUNT, LINE, TO_CALL
from openmso.billing.models import Sweep, SweptAccount
from openmso.billing.queries import chasing, policies
from openmso.billing.rules import letters
from openmso.billing.rules.dunning import DEEDS
from openmso.billing.services.proposing import Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import Deed, Swept
from openmso.kit.money import ZERO, Money
from openmso.kit.words import day
from openmso.parties.queries import practices, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.documents import services as documents
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem


def propose(practice: int, on: date, only: Collection[int] | None) -> list[Proposal]:
    """The step that is due of each account that owes, or why none is."""
    found = []
    for patient, (facts, stand) in chasing.stands(practice=practice, on=on, only=only).items():
        if facts.owed <= ZERO:
            continue
        deed = DEEDS.get(stand.next, Deed.NOTHING) if stand.next is not None and stand.is_due(on) else Deed.NOTHING
        words = stand.words
        if deed is Deed.NOTHING and stand.next is not None and stand.due_on is not None:
            words = f"{stand.next.label} from {day(stand.due_on)}. {stand.words}"
        found.append(Proposal(patient, deed, facts.owed, words))
    return found


def finish(sweep: Sweep, act: Act) -> None:
    """Write the letters and final notices of the whole run, as one file."""
    rows = SweptAccount.objects.filter(sweep=sweep, state=Swept.DONE.value, deed__in=[Deed.LETTER, Deed.FINAL])
    written = list(rows.order_by("number"))
    people = patients.by_ids([row.patient_id for row in written])
    if written:
        head = letter_head(sweep.practice_id, act.on)
        waits = policies.current(sweep.practice_id).agency_days
        pages = [
            letters.page(head, to(people[row.patient_id]), letters.dunning(
                Deed(row.deed), Money.of(row.amount), head, waits
            ))
            for row in written
        ]  # fmt: skip
        sweep.paper = documents.store(
            actor=act.actor, practice=sweep.practice_id, name=f"letters-{act.on}.pdf", content=paper.letters(pages),
            media_type="application/pdf", purpose="billing.letters", at=act.at, under=act.under,
        ).public_id  # fmt: skip


def do(sweep: Sweep, rows: Sequence[SweptAccount], act: Act) -> None:
    """Have called who is to be called; letters are written when all accounts are done."""
    calls = [row for row in rows if row.deed == Deed.CALL]
    people = patients.by_ids([row.patient_id for row in calls])
    if calls:
        due = clocks.sla_due(sweep.practice_id, LINE, TO_CALL, act.at)
        items = [
            NewItem(
                kind=TO_CALL, subject=(ACCOUNT, people[row.patient_id].public_id), title=f"{row.amount} is owed",
                why=f"{row.words} Offer a plan, and help to those who cannot pay.", priority=30,
                priority_why=f"{row.amount} is owed, and the final notice comes next", due_at=due,
                key=f"{TO_CALL}:{people[row.patient_id].public_id}:{sweep.public_id}", amount=row.amount,
            )
            for row in calls
        ]  # fmt: skip
        work.open_items(practice=sweep.practice_id, items=items, at=act.at)


def letter_head(practice: int, on: date) -> letters.Head:
    """Who writes: the practice, where it is paid and called."""
    biller = next((one for one in providers.billers(practice, on=on) if one.closed_on is None), None)
    return letters.Head(
        practices.practice(practice, on=on).name, (biller.pay_to or biller.address).one_line if biller else "",
        biller.phone if biller else "", day(on),
    )  # fmt: skip


def to(who: Patient) -> letters.To:
    """Whom a letter goes to."""
    where = who.person.address
    zip_code = f"{where.zip[:5]}-{where.zip[5:]}" if len(where.zip) == 9 else where.zip
    lines = (where.line1, where.line2, f"{where.city}, {where.state} {zip_code}")
    return letters.To(who.name, who.public_id, tuple(one for one in lines if one.strip(", ")))
