"""Taking in a file: stored first, read to the end, every record accounted for, written through the services below."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from edi.health import stream
from openmso.intake import contracts
from openmso.intake.contracts import Held, Item, Outcome, RunState, Taken
from openmso.intake.models import IntakeItem, IntakeRun
from openmso.intake.rules import bundles, codemap, rows
from openmso.intake.rules.codemap import CodeMap
from openmso.intake.rules.drafts import Load
from openmso.intake.services.landing import Landing
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic

PURPOSE = "intake.file"
STEPS = ("Storing and reading the file", "Patients", "Coverages", "Visits", "Charges and claims", "The account")
Progress = Callable[[str, int, int], object]
"""Is told the step that begins, how many are done, and how many there are."""


@atomic
def take(
    *,
    actor: Actor,
    practice: int,
    name: str,
    content: bytes,
    at: datetime,
    code_map: tuple[str, bytes] | None = None,
    progress: Progress = lambda step, done, whole: None,
) -> Taken:
    """Take in a FHIR or CSV file of visits: they become charges and claims; the same file twice makes nothing new.

    Rows that an earlier file lacked are added to their visit, and its claim is made anew, as long as no payer has it.
    With a code map (name, bytes), what was taken in before under clinical codes gets billing codes, and coverages.
    Raises `NotKept` for dangerous files, `BadCodeMap`, `NotOurColumns`; anything smaller is an item with words.
    """
    decision = actor.must(contracts.RUN.code, practice)
    say = _teller(progress)
    say()
    codes = codemap.read(*code_map) if code_map else CodeMap()
    stored = documents.store(
        actor=actor, practice=practice, name=name, content=content, media_type="application/octet-stream",
        purpose=PURPOSE, at=at,
    )  # fmt: skip
    loaded = _read(content, codes)
    landing = Landing(Actor.system(f"intake for {actor.name}", at=at), practice, at, codes, loaded)
    landing.land(say)
    say()
    run = _record(loaded, landing, stored.public_id, stored.sha256, name, actor)
    documents.became(document=stored, subject=("intake.run", run.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="intake.taken", practice=practice, subject=("intake.run", run.public_id), at=at,
        facts={"name": run.name[:80], "used": run.used, "kept": run.kept, "refused": run.refused}, decision=decision,
    )  # fmt: skip
    return told(run, loaded.items, landing.held)


def _teller(progress: Progress) -> Callable[[], object]:
    """Tells the next step each time it is called."""
    steps = iter(enumerate(STEPS))

    def say() -> None:
        done, step = next(steps)
        progress(step, done, len(STEPS))

    return say


def _read(content: bytes, codes: CodeMap) -> Load:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return bundles.load(stream.entries(io.BytesIO(content)), codes)
    return rows.load(content)


def _record(loaded: Load, landing: Landing, document: str, sha256: str, name: str, actor: Actor) -> IntakeRun:
    counts = Counter(item.outcome for item in loaded.items)
    run = IntakeRun.objects.create(
        practice_id=landing.practice, name=name[:200], kind=loaded.kind, document=document, sha256=sha256,
        code_map=landing.codes.name[:200], state=RunState.DONE, total=len(loaded.items), used=counts[Outcome.USED],
        kept=counts[Outcome.KEPT], refused=counts[Outcome.REFUSED], visits=landing.new_visits, charges=landing.charges,
        claims_ready=landing.ready, claims_held=landing.held_count, started_at=landing.at, finished_at=landing.at,
        actor_name=actor.name[:160], words=_words(loaded, landing, counts)[:300],
    )  # fmt: skip
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
    return run


def _words(loaded: Load, landing: Landing, counts: Counter[Outcome]) -> str:
    """What is to be said of the file as a whole."""
    if landing.new_visits or landing.charges:
        return loaded.words
    if not loaded.items:
        said = "The file holds no records."
    elif loaded.visits:
        said = "Nothing new: it was taken in before."
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
