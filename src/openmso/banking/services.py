"""Verbs of banking: a statement is imported, whole or not at all, and each line is kept once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.db import connection

from edi.bank.delimited import CsvMapping
from edi.bank.model import Entry, Finding, Reading, warning
from edi.bank.model import Statement as FileStatement
from edi.bank.read import read_bank_file
from openmso.banking.contracts import IMPORT, Imported, ImportFinding
from openmso.banking.events import StatementImported
from openmso.banking.models import Line, Statement, Unexplained
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import CENT
from openmso.kit.words import counted, day
from openmso.parties.contracts import BankAccount
from openmso.parties.queries import practices as parties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, current, reading

LOCK = 0x62616E6B
"""Advisory lock class of imports: one at a time for an account."""
DESCRIPTION_MAX = 400
KEY_SHOWN = 64
"""A longer id of the bank is told by its SHA-256."""
TOLD_MAX = 20
"""Of lines under an id that is no id, so many are told of one by one."""
TAIL = 4
"""Digits of an account number that a file and we can compare."""


class Unreadable(Refused):
    """The file cannot be trusted as a bank statement; nothing of it is kept but the file itself."""

    code = "statement_unreadable"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = next((f for f in self.findings if f.severity == "error"), self.findings[0])
        place = "" if first.line is None else f"Line {first.line}: "
        super().__init__(place + first.message, field="file", fix=first.fix)


class OtherAccount(Refused):
    """The file is a statement of another account."""

    code = "other_account"


def import_statement(
    *, actor: Actor, account: str, name: str, content: Content, at: datetime, columns: str = ""
) -> Imported:
    """Store a bank file and keep each of its lines that is new; the same file twice changes nothing.

    The file is stored before it is read, in a transaction of its own, so that even a refused one can be looked at.
    `columns` names those of a CSV whose headings are not the usual ones: `date=Gebucht,amount=Betrag`, or by place.
    Raises `Unreadable` with findings in words, `OtherAccount`, or `NotFound` for an account out of scope.
    """
    mapping = _mapping(columns)
    with reading():
        found = find_account(account)
    decision = actor.must(IMPORT.code, found.practice)
    document = documents.store(
        actor=actor, practice=found.practice, name=name, content=content, media_type="text/plain",
        purpose="banking.statement", at=at, under=decision,
    )  # fmt: skip
    with documents.telling_refusal(actor=actor, document=document, at=at, under=decision):
        read = read_bank_file(as_file(content).read(), mapping)
        if not read.is_sound:
            raise Unreadable(read.findings)
        said = _of_account(read, found)
    return _keep(actor=actor, account=found, document=document, read=read, said=said, at=at, decision=decision)


def _mapping(columns: str) -> CsvMapping | None:
    """A mapping from `date=Posted,amount=Sum`; raises `Refused` for a name it does not know."""
    if not columns.strip():
        return None
    known = {one.name for one in fields(CsvMapping)}
    pairs = {name.strip(): told.strip() for name, _, told in (part.partition("=") for part in columns.split(","))}
    if unknown := sorted(pairs.keys() - known):
        raise Refused(
            f"There is no column {unknown[0]!r} to map.", field="columns", fix=f"Known: {', '.join(sorted(known))}."
        )
    return CsvMapping(**pairs)


def find_account(public_id: str) -> BankAccount:
    """The bank account of that public id in the scope; raises `NotFound`."""
    for practice in sorted(current().practices):
        for account in parties.accounts(practice):
            if account.public_id == public_id:
                return account
    raise NotFound(f"There is no bank account {public_id}.", field="account")


def _of_account(read: Reading, account: BankAccount) -> list[FileStatement]:
    """The statements of a file that are of this account, in dollars."""
    tail = account.masked_number[-TAIL:]
    mine = [one for one in read.statements if not one.account.number or _tail(one.account.number) in {tail, ""}]
    if not mine:
        others = ", ".join(sorted({f"…{_tail(one.account.number)}" for one in read.statements}))
        raise OtherAccount(
            f"The file is of the account {others}, not of {account.name} (…{tail}).",
            field="account",
            fix="Choose the account that the file is of.",
        )
    foreign = sorted({one.account.currency for one in mine} - {"USD", ""})
    if foreign:
        raise Refused(
            f"The statement is in {', '.join(foreign)}; these books are kept in US dollars.",
            code="foreign_currency",
            field="file",
        )
    return mine


def _tail(number: str) -> str:
    return "".join(c for c in number if c.isalnum())[-TAIL:]


@atomic
def _keep(
    *, actor: Actor, account: BankAccount, document: DocumentRef, read: Reading, said: list[FileStatement],
    at: datetime, decision: Decision,
) -> Imported:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, account.id % 2**31])
    entries, repeated = distinct(entry for one in said for entry in one.entries)
    here = _here(account, entries)
    keyed = list(zip(keys_of(entries, here), entries, strict=True))
    fresh = [(key, entry) for key, entry in keyed if key not in here]
    known = {key for key, _ in keyed if key in here}
    earlier = Statement.objects.filter(
        practice_id=account.practice, account_id=account.id, sha256=document.sha256
    ).first()
    told = (*read.findings, *repeated[:TOLD_MAX], *islice(_reused(keyed, here), TOLD_MAX))
    findings = tuple(ImportFinding(f.code, f.severity, f.message, f.fix, f.line) for f in told)
    if earlier is not None or (entries and not fresh):
        first = earlier or _bringer(account, known)
        came_on = day(tenancy.today(account.practice, first.imported_at))
        words = f"All {len(entries)} lines are here already, from {first.public_id} of {came_on}."
        return Imported(
            first.public_id, document.public_id, read.format, False, len(entries), 0, len(entries), words, findings
        )
    statement = _write(actor, account, document, read, said, fresh, len(entries) - len(fresh), at)
    _tell(actor, account, statement, document, len(fresh), at, decision)
    words = f"{counted(len(fresh), 'new line')}" + (f", {len(known)} here already." if known else ".")
    return Imported(
        statement.public_id, document.public_id, read.format, True, len(entries), len(fresh), len(known), words,
        findings,
    )  # fmt: skip


def distinct(entries: Iterable[Entry]) -> tuple[list[Entry], list[Finding]]:
    """Entries without those that the file says twice, and what is to be told of these.

    A bank's id names one movement of its account (OFX: a FITID is unique within the account). The same id with the
    same day, amount and words is that movement once more; with anything else it is another, whatever the bank says.
    """
    seen: set[tuple[object, ...]] = set()
    kept, again = [], []
    for entry in entries:
        mark = (entry.key, entry.posted_on, entry.amount, entry.description, entry.reference)
        if entry.key and mark in seen:
            again.append(entry)
        else:
            kept.append(entry)
        seen.add(mark)
    words = "{amount} of {posted_on} stands twice under the bank's id {key}, word for word; it is kept once."
    return kept, [warning("said_twice", _say(words, entry)) for entry in again]


Held = Mapping[str, tuple[date, Decimal, str]]
"""Lines that are here, by their key: day, amount and words."""


def keys_of(entries: Iterable[Entry], here: Held) -> list[str]:
    """What makes each entry itself: the bank's id, else its content and its place among entries just like it.

    An id that names another day or amount already, here or before in the file, makes no key: its content goes along.
    """
    seen: Counter[str] = Counter()
    taken = {key: (day, amount) for key, (day, amount, _) in here.items()}
    keys = []
    for entry in entries:
        base = _base(entry)
        if entry.key and taken.setdefault(base, _movement(entry)) != _movement(entry):
            base = _own(entry)
        seen[base] += 1
        keys.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return keys


def _movement(entry: Entry) -> tuple[date, Decimal]:
    return entry.posted_on, entry.amount


def _base(entry: Entry) -> str:
    if not entry.key:
        return f"as:{_content(entry)}"
    return f"id:{entry.key if len(entry.key) <= KEY_SHOWN else hashlib.sha256(entry.key.encode()).hexdigest()}"


def _own(entry: Entry) -> str:
    """The key of an entry whose id names another one."""
    return f"{_base(entry)}|{entry.posted_on}|{entry.amount.normalize():f}"


def _here(account: BankAccount, entries: Sequence[Entry]) -> dict[str, tuple[date, Decimal, str]]:
    """The lines of an account that entries may be, by their key."""
    count = Counter(key for entry in entries for key in (_base(entry), _own(entry)))
    wanted = [f"{key}#{number}" if number > 1 else key for key, most in count.items() for number in range(1, most + 1)]
    rows = Line.objects.filter(practice_id=account.practice, account_id=account.id, bank_key__in=wanted)
    return {key: (on, amount, said) for key, on, amount, said in rows.values_list(
        "bank_key", "posted_on", "amount", "description")}  # fmt: skip


def _reused(keyed: Sequence[tuple[str, Entry]], here: Held) -> Iterator[Finding]:
    """What is to be told of ids that name more than one movement, and of lines that are here in other words."""
    for key, entry in keyed:
        if entry.key and key.partition("#")[0] != _base(entry) and key not in here:
            words = "The bank gave the id {key} to another movement too; {amount} of {posted_on} is kept as a line."
            yield warning("id_reused", _say(words, entry), "Look whether both are on the bank's own statement.")
        elif entry.key and "#" in key and key not in here:
            words = "The bank gave the id {key} to several movements of {amount} on {posted_on}; each is kept."
            yield warning("id_reused", _say(words, entry), "Look whether both are on the bank's own statement.")
        elif entry.key and key in here and here[key][2] != entry.description[:DESCRIPTION_MAX]:
            words = "{amount} of {posted_on} is here under the bank's id {key}, in other words; it is not kept again."
            yield warning("said_otherwise", _say(words, entry))


def _say(text: str, entry: Entry) -> str:
    return text.format(amount=f"{entry.amount:,.2f}", posted_on=day(entry.posted_on), key=repr(entry.key[:40]))


def _content(entry: Entry) -> str:
    said = "|".join((str(entry.posted_on), str(entry.amount.normalize()), entry.description, entry.reference))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _bringer(account: BankAccount, keys: set[str]) -> Statement:
    """The latest statement that brought one of these lines."""
    line = (
        Line.objects.filter(practice_id=account.practice, account_id=account.id, bank_key__in=keys)
        .select_related("statement")
        .latest("pk")
    )
    return line.statement


def _write(
    actor: Actor, account: BankAccount, document: DocumentRef, read: Reading, said: list[FileStatement],
    fresh: list[tuple[str, Entry]], known: int, at: datetime,
) -> Statement:  # fmt: skip
    days = [entry.posted_on for one in said for entry in one.entries]
    starts = [one.starts_on for one in said if one.starts_on] or days
    ends = [one.ends_on for one in said if one.ends_on] or days
    statement = Statement.objects.create(
        practice_id=account.practice, account_id=account.id, entity_id=account.entity, document=document.public_id,
        sha256=document.sha256, file_name=document.name[:200], format=read.format, bank_key=said[0].key[:100],
        starts_on=min(starts, default=None), ends_on=max(ends, default=None), opening_amount=_balance(said[0].opening),
        closing_amount=_balance(said[-1].closing), line_count=len(fresh), known_count=known, imported_at=at,
        imported_by=actor.name[:160],
    )  # fmt: skip
    lines = Line.objects.bulk_create(
        (_line(account, statement, position, key, entry) for position, (key, entry) in enumerate(fresh, start=1)),
        batch_size=2000,
    )
    Unexplained.objects.bulk_create(
        (Unexplained(practice_id=account.practice, line=line) for line in lines if line.amount > 0), batch_size=2000
    )
    return statement


def _line(account: BankAccount, statement: Statement, position: int, key: str, entry: Entry) -> Line:
    trace = entry.trace
    return Line(
        practice_id=account.practice, account_id=account.id, entity_id=account.entity, statement=statement,
        position=position, bank_key=key, posted_on=entry.posted_on, amount=_cents(entry.amount),
        kind=entry.kind[:20], description=entry.description[:DESCRIPTION_MAX], reference=entry.reference[:100],
        originator=entry.originator[:100], trace=trace.number if trace else "",
        trace_payer=trace.payer if trace else "", span_start=entry.start, span_end=entry.end,
    )  # fmt: skip


@atomic
def explain(*, practice: int, lines: Collection[int]) -> None:
    """What these lines of money in pay was found: they are unexplained no more.

    Raises `Conflict` where somebody found meanwhile what one of them pays.
    """
    ended, _ = Unexplained.objects.filter(practice_id=practice, line_id__in=lines).delete()
    if ended != len(set(lines)):
        raise Conflict("Somebody has found meanwhile what a bank line pays.", fix="Load the list again.")


@atomic
def unexplain(*, practice: int, line: int) -> None:
    """What a line was thought to pay it does not pay: it is unexplained again."""
    Unexplained.objects.create(practice_id=practice, line_id=line)


def _balance(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else _cents(amount)


def _cents(amount: Decimal) -> Decimal:
    """A bank's amount in whole cents; one with fractions is refused, for it would not add up."""
    if amount != amount.quantize(CENT):
        raise Refused(f"The amount {amount} has a fraction of a cent.", code="fraction_of_a_cent", field="file")
    return amount.quantize(CENT)


def _tell(
    actor: Actor, account: BankAccount, statement: Statement, document: DocumentRef, added: int, at: datetime,
    decision: Decision,
) -> None:  # fmt: skip
    subject = ("banking.statement", statement.public_id)
    documents.became(document=document, subject=subject, practice=account.practice, at=at)
    audit.record(
        actor=actor, action="banking.imported", practice=account.practice, subject=subject, at=at,
        facts={"account": account.public_id, "added": added, "format": statement.format}, decision=decision,
    )  # fmt: skip
    outbox.publish(StatementImported(statement.public_id, account.public_id, added), practice=account.practice, at=at)
