"""Taking in a file: kept first, read to the end, every record accounted for, written through the services below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from io import BufferedReader

from edi.health import stream
from openmso.intake import contracts, queries
from openmso.intake.contracts import Held, Item, Outcome, RunState, Taken
from openmso.intake.models import IntakeItem, IntakeRun
from openmso.intake.rules import bundles, codemap, rows
from openmso.intake.rules.codemap import BadCodeMap, CodeMap
from openmso.intake.rules.drafts import Load
from openmso.intake.services.landing import Landing
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.progress import Steps, Tell
from openmso.platform.documents import queries as kept
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import MEGABYTE, Content, size_of
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

PURPOSE, MAP_PURPOSE = "intake.file", "intake.code_map"
JOB = "intake.read"
RUN = "intake.run"
AT_ONCE_BYTES_MAX = 250_000
"""A file up to this size is read while its sender waits, in about a second; a larger one by a job."""
STEPS = ("Reading the file", "Patients", "Coverages", "Visits", "Charges and claims", "The account")
Given = tuple[str, Content]
"""A file as it was given: its name and its content."""
HEAD = 4096


FOREIGN = (
    (b"<", "XML or HTML", "Export it as FHIR JSON, or as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "Unpack it, or save it as CSV."),
    (b"MSH|", "an HL7 version 2 message", "Export it as FHIR JSON, or as CSV."),
    (b"ISA", "an X12 interchange", "Send it where such files are taken in; visits come as FHIR JSON or CSV."),
)
"""How files begin that somebody took for visits."""


class NotVisits(Refused):
    """The file is of another kind."""

    code = "not_visits"


class TooLarge(Refused):
    """The list of visits is larger than any of as many rows as are read."""

    code = "too_large"


def _silent(step: str, done: int, whole: int) -> None:
    """Nobody watches."""


def receive(
    *, actor: Actor, practice: int, name: str, content: Content, at: datetime, code_map: Given | None = None
) -> Taken:
    """Take in a file for somebody who waits: a large one is only kept now, and read by a job (state `running`)."""
    if size_of(content) <= AT_ONCE_BYTES_MAX:
        return take(actor=actor, practice=practice, name=name, content=content, at=at, code_map=code_map)
    return _later(actor=actor, practice=practice, name=name, content=content, at=at, code_map=code_map)


def take(
    *,
    actor: Actor,
    practice: int,
    name: str,
    content: Content,
    at: datetime,
    code_map: Given | None = None,
    tell: Tell = _silent,
) -> Taken:
    """Take in a FHIR or CSV file of visits: they become charges and claims; the same file twice makes nothing new.

    Rows that an earlier file lacked are added to their visit, and its claim is made anew, as long as no payer has it.
    With a code map (name, bytes), what was taken in before under clinical codes gets billing codes, and coverages.
    Raises `NotKept` for dangerous files, `BadCodeMap`, `NotOurColumns`; anything smaller is an item with words.
    """
    run = _keep(actor=actor, practice=practice, name=name, content=content, at=at, code_map=code_map)
    try:
        return read(actor=actor, practice=practice, run=run, at=at, tell=tell)
    except Exception as error:
        if not isinstance(error, Refused):
            told = "The file is kept, but a fault of ours kept us from reading it."
            _refuse(practice, run, Refused(told, fix="Take it in again once that is mended."), at)
        raise


@atomic
def _later(*, actor: Actor, practice: int, name: str, content: Content, at: datetime, code_map: Given | None) -> Taken:
    run = _keep(actor=actor, practice=practice, name=name, content=content, at=at, code_map=code_map)
    behind = actor.must(contracts.RUN.code, practice).grant
    jobs.defer(JOB, practice=practice, lock=f"intake:{practice}", behind=behind, run=run)
    return queries.run(run)


@atomic
def _keep(*, actor: Actor, practice: int, name: str, content: Content, at: datetime, code_map: Given | None) -> str:
    """Keep a file and its code map before anything reads them; the run that is to read them."""
    decision = actor.must(contracts.RUN.code, practice)
    stored = documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="application/octet-stream",
        purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    run = IntakeRun.objects.create(
        practice_id=practice, name=name[:200], document=stored.public_id, sha256=stored.sha256,
        code_map=code_map[0][:200] if code_map else "",
        code_map_document=_keep_map(actor, practice, code_map, at, decision) if code_map else "",
        state=RunState.RUNNING, started_at=at, actor_name=actor.name[:160],
    )  # fmt: skip
    documents.became(document=stored, subject=(RUN, run.public_id), practice=practice, at=at)
    return run.public_id


def _keep_map(actor: Actor, practice: int, code_map: Given, at: datetime, decision: Decision) -> str:
    try:
        return documents.store(
            actor=actor, practice=practice, name=code_map[0], content=code_map[1], media_type="text/plain",
            purpose=MAP_PURPOSE, at=at, under=decision,
        ).public_id  # fmt: skip
    except documents.NotKept as no:
        raise BadCodeMap(no.sentence, field="code_map", fix=no.fix) from no


def read(*, actor: Actor, practice: int, run: str, at: datetime, tell: Tell = _silent) -> Taken:
    """Read a file that was kept; one that was read already is answered as it stands.

    Raises `NotFound`, and what refuses the file as a whole; its run then says so too.
    """
    try:
        return _take(actor=actor, practice=practice, public_id=run, at=at, tell=tell)
    except Refused as no:
        _refuse(practice, run, no, at)
        raise


@atomic
def _take(*, actor: Actor, practice: int, public_id: str, at: datetime, tell: Tell) -> Taken:
    decision = actor.must(contracts.RUN.code, practice)
    run = _run(practice, public_id)
    if run.state != RunState.RUNNING:
        return queries.run(public_id)
    steps = Steps(STEPS, tell)
    steps.begin()
    codes = _codes(run)
    loaded = _read(kept.flowing(run.document, practice), codes, tenancy.today(practice, at))
    house = Actor.system(f"intake for {run.actor_name}", at=at, behind=decision.grant)
    landing = Landing(house, practice, at, codes, loaded)
    landing.land(steps)
    steps.begin()
    _record(run, loaded, landing)
    audit.record(
        actor=actor, action="intake.taken", practice=practice, subject=(RUN, run.public_id), at=at,
        facts={"name": run.name[:80], "used": run.used, "kept": run.kept, "refused": run.refused}, decision=decision,
    )  # fmt: skip
    return told(run, loaded.items, landing.held)


@atomic
def _refuse(practice: int, public_id: str, no: Refused, at: datetime) -> None:
    """The file as a whole is refused, in words; nothing of it was written."""
    run = _run(practice, public_id)
    run.state, run.finished_at = RunState.REFUSED, at
    run.words = f"{no.sentence} {no.fix}".strip()[:300]
    run.save(update_fields=["state", "words", "finished_at"])


def _run(practice: int, public_id: str) -> IntakeRun:
    run = IntakeRun.objects.select_for_update().filter(practice_id=practice, public_id=public_id).first()
    if run is None:
        raise NotFound(f"There is no intake {public_id}.")
    return run


def _codes(run: IntakeRun) -> CodeMap:
    if not run.code_map_document:
        return CodeMap()
    return codemap.read(run.code_map, kept.read(run.code_map_document, run.practice_id))


def _read(file: BufferedReader, codes: CodeMap, today: date) -> Load:
    """Resources of health records one by one; rows, which are few and small, all at once."""
    start = file.peek(HEAD)[:HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if start[:1] in {b"{", b"["}:
        return bundles.load(stream.entries(file), codes)
    for begin, what, fix in FOREIGN:
        if start.startswith(begin):
            raise NotVisits(f"The file is {what}.", field="file", fix=fix)
    content = file.read(rows.BYTES_MAX + 1)
    if len(content) > rows.BYTES_MAX:
        raise TooLarge(
            f"A list of visits has at most {rows.BYTES_MAX // MEGABYTE} MB.", field="file",
            fix="Send it in parts, each with the line of headings.",
        )  # fmt: skip
    return rows.load(content, today)


def _record(run: IntakeRun, loaded: Load, landing: Landing) -> None:
    counts = Counter(item.outcome for item in loaded.items)
    run.kind, run.state, run.total = loaded.kind, RunState.DONE, len(loaded.items)
    run.used, run.kept, run.refused = counts[Outcome.USED], counts[Outcome.KEPT], counts[Outcome.REFUSED]
    run.visits, run.charges = landing.new_visits, landing.charges
    run.claims_ready, run.claims_held = landing.ready, landing.held_count
    run.finished_at, run.words = landing.at, _words(loaded, landing, counts, mapped=bool(run.code_map))[:300]
    run.save()
    IntakeItem.objects.bulk_create(
        [
            IntakeItem(
                practice_id=landing.practice, run=run, position=item.position, kind=item.kind,
                record_id=item.record_id, outcome=item.outcome, words=item.words, field=item.field, fix=item.fix,
                became=item.became,
            )
            for item in loaded.items
        ],
        batch_size=2000,
    )  # fmt: skip


def _words(loaded: Load, landing: Landing, counts: Counter[Outcome], *, mapped: bool) -> str:
    """What is to be said of the file as a whole."""
    if landing.new_visits or landing.charges:
        return loaded.words
    if not loaded.items:
        said = "The file holds no records."
    elif loaded.visits:
        again = "its claims were looked at again with the code map" if mapped else "nothing is new"
        said = f"It was taken in before; {again}."
    else:
        said = "Nothing of it could be used." if counts[Outcome.REFUSED] else "Nothing of it is a visit."
    return f"{said} {loaded.words}".strip()


def told(run: IntakeRun, items: Sequence[Item] = (), held: Sequence[Held] = ()) -> Taken:
    """A run as it leaves the app."""
    return Taken(
        run.public_id, run.practice_id, run.name, run.kind, run.document, run.sha256, RunState(run.state), run.total,
        run.used, run.kept, run.refused, run.visits, run.charges, run.claims_ready, run.claims_held, run.words,
        tuple(items), tuple(held),
    )  # fmt: skip
