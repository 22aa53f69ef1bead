"""Questions about text: the library of clauses, and what a draft or a version says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.agreements import termsheet
from openmso.agreements.contracts import Agreement, Draft, Version
from openmso.agreements.models.paper import ClauseVersion, OwnWords, VersionText
from openmso.agreements.paper import clauses, text
from openmso.agreements.paper.clauses import Clause
from openmso.agreements.paper.contracts import Article, Deviation
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices


@dataclass(frozen=True, slots=True)
class ClauseWritten:
    """A version of a clause; none where it was withdrawn. The house's own is 0, what it said before is below that."""

    clause: Clause | None
    number: int
    why: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What a draft or a version says, clause by clause, and the fingerprint of its terms and text."""

    articles: tuple[Article, ...]
    content_sha256: str

    @property
    def deviates(self) -> bool:
        """Whether a clause is not the library's."""
        return any(one.deviates for one in self.articles)


def library() -> tuple[Clause, ...]:
    """The clauses that are chosen from here, by code."""
    held = {one.code: one for one in clauses.of_the_house()}
    for row in ClauseVersion.objects.order_by("number"):
        held.pop(row.code, None)
        if not row.withdrawn:
            held[row.code] = clauses.clause_of(row.body, number=row.number)
    return tuple(held[code] for code in sorted(held))


def clause(code: str) -> Clause:
    """The clause of a code as it is written now; raises `NotFound`."""
    found = next((one for one in library() if one.code == code), None)
    if found is None:
        raise NotFound(f"There is no clause {code}.", field="code")
    return found


def versions(code: str) -> list[ClauseWritten]:
    """The versions of a clause, the latest first; raises `NotFound` for a code that never was one."""
    made = [
        ClauseWritten(
            None if row.withdrawn else clauses.clause_of(row.body, number=row.number), row.number, row.why, row.at,
            row.by,
        )
        for row in ClauseVersion.objects.filter(code=code).order_by("-number")
    ]  # fmt: skip
    ours = [one for one in clauses.of_the_house() if one.code == code]
    made += [ClauseWritten(one, 0, "comes with OpenMSO, for counsel to work from", None, "") for one in ours]
    made += [ClauseWritten(one, one.number, why, None, "") for one, why in clauses.before_of_the_house(code)]
    if not made:
        raise NotFound(f"There is no clause {code}.", field="code")
    return made


def own_words(agreement: str) -> dict[str, Deviation]:
    """What the draft of an agreement says in its own words, by clause."""
    rows = OwnWords.objects.filter(agreement__public_id=agreement)
    return {row.code: Deviation(row.code, row.text, row.why, row.by, row.user, row.at) for row in rows}


def of_draft(agreement: Agreement) -> Paper:
    """What the draft on the desk says, with the library as it is now."""
    draft = agreement.draft
    assert draft is not None, "a draft is on the desk"
    made = _written(agreement, draft)
    return Paper(made, text.fingerprint(termsheet.to_json(draft.terms), draft.starts_on, made))


def _written(agreement: Agreement, draft: Draft) -> tuple[Article, ...]:
    state = practices.practice(agreement.practice, on=draft.starts_on).state
    chosen = clauses.chosen(library(), mode=draft.terms.mode, state=state, on=draft.starts_on)
    values = clauses.values_of(draft.terms, state=state, starts_on=draft.starts_on)
    return tuple(clauses.articles(chosen, values, own_words(agreement.public_id)))


def of_version(version: Version) -> Paper | None:
    """What a version says; none where its paper was made elsewhere and is all there is of it."""
    row = VersionText.objects.filter(version__public_id=version.public_id).first()
    return Paper(tuple(text.of_data(row.articles)), row.content_sha256) if row else None


def of(agreement: Agreement, paper: Draft | Version) -> Paper | None:
    """The text of a draft or a version."""
    return of_draft(agreement) if isinstance(paper, Draft) else of_version(paper)
