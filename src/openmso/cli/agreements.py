"""`openmso agreements` and `openmso clauses`: what was agreed, in which words, what changed, and who signed it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.kit.errors import NotFound

agreements = typer.Typer(no_args_is_help=True, help="Agreements: versions, their words, and who signed them.")
clauses = typer.Typer(no_args_is_help=True, help="Clauses: the library that agreements are drafted from.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Named = Annotated[str, typer.Argument(metavar="AGREEMENT", help="Public id of the agreement: AGR-7K2P9M4X")]
Number = Annotated[int, typer.Argument(min=1, help="Number of the version, or of the draft.")]


@contextmanager
def _network() -> Iterator[None]:
    """Read over the whole network."""
    from openmso.platform.tenancy.queries import whole_network
    from openmso.platform.tenancy.scope import reading, scope

    within = whole_network()
    with scope(practices=within.practices, entities=within.entities), reading():
        yield


@agreements.command("list")
def list_agreements(
    practice: Annotated[str, typer.Option(help="Code of one practice; without it, each of them.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the agreements of practices: mode, standing, fee, and the days they hold."""
    with setup.django():
        from openmso.agreements.queries import agreements as queries
        from openmso.kit import clock
        from openmso.platform.tenancy.queries import network_day, tenants
        from openmso.platform.ui.contracts import Filters, PageAsk

        codes = {one.code for one in tenants(code=practice)}
        with _network():
            page = PageAsk(size=10_000, sort="practice_name")
            found = queries.listing(filters=Filters(), page=page, on=network_day(clock.now())).rows
        told = [
            {
                "id": row.public_id, "practice": row.practice_code, "mode": row.mode.value,
                "standing": row.standing.value, "version": row.version, "starts_on": str(row.starts_on),
                "ends_on": str(row.ends_on or ""), "lines": row.lines, "fee": row.fee,
            }
            for row in found if row.practice_code in codes
        ]  # fmt: skip
    if as_json:
        _print(told)
        return
    for one in told:
        typer.echo(f"{one['id']}  {one['practice']}  {one['mode']}, {one['standing']}, version {one['version']}")


@agreements.command()
def show(agreement: Named, as_json: AsJson = False) -> None:
    """Tell an agreement with its versions: from when each holds, what it changed, its paper, and who signed it."""
    with setup.django():
        from openmso.agreements.queries import agreements as queries

        with _network():
            one = queries.agreement(agreement)
        versions: list[dict[str, Any]] = [
            {
                "number": each.number, "starts_on": str(each.starts_on), "summary": each.summary,
                "document": each.document, "document_sha256": each.document_sha256,
                "executed_at": each.executed_at.isoformat(),
                "signers": [
                    {"side": s.side.value, "name": s.name, "title": s.title, "at": s.signed_at.isoformat()}
                    for s in each.signers
                ],
            }
            for each in one.versions
        ]  # fmt: skip
        told = {
            "id": one.public_id, "state": one.state.value, "draft": one.draft.number if one.draft else None,
            "ends_on": str(one.terminated_on or ""), "ended_why": one.terminated_why, "versions": versions,
        }  # fmt: skip
    if as_json:
        _print(told)
        return
    typer.echo(f"{told['id']}: {told['state']}")
    for each in versions:
        names = ", ".join(s["name"] for s in each["signers"])
        typer.echo(f"  version {each['number']} from {each['starts_on']}, signed by {names}: {each['summary']}")


@agreements.command()
def text(
    agreement: Named,
    version: Annotated[int, typer.Option(help="Which version; without it the draft, or the last version.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Print the words of a draft or of a version, clause by clause, and which of them leave the library."""
    with setup.django():
        from openmso.agreements.paper.text import as_data
        from openmso.agreements.queries import agreements as queries
        from openmso.agreements.queries import paper

        with _network():
            found = queries.agreement(agreement)
            shown = _paper(found, version)
            said = paper.of(found, shown)
            if said is None:
                raise NotFound(f"The paper of version {shown.number} was made elsewhere, and is all there is of it.")
        told = {"number": shown.number, "content_sha256": said.content_sha256, "articles": as_data(said.articles)}
    if as_json:
        _print(told)
        return
    for one in said.articles:
        if not one.is_left_out:
            typer.echo(f"{one.title}{' (own words: ' + one.why + ')' if one.deviates else ''}\n{one.text}\n")


@agreements.command()
def compare(
    agreement: Named,
    number: Number,
    beside: Annotated[int, typer.Option(help="Beside which earlier version; without it the one before.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare a version, or the draft, with an earlier one: terms, and text, also of a paper signed elsewhere.

    A paper that is a scan has no words to compare; the answer says so.
    """
    with setup.django():
        from openmso.agreements import rules
        from openmso.agreements.queries import agreements as queries
        from openmso.agreements.queries import comparing

        with _network():
            found = queries.agreement(agreement)
            after = _paper(found, number)
            older = [one for one in found.versions if one.number < number]
            before = _paper(found, beside) if beside else older[-1] if older else None
            terms = rules.difference(before.terms, after.terms) if before else []
            said = comparing.compared(found, before, after)
        told = {
            "before": before.number if before else None, "after": after.number,
            "terms": [{"what": one.what, "before": one.before, "after": one.after} for one in terms],
            "text": {"by": said.by, "note": said.note, "alike": said.alike, "changes": [_beside(one) for one in
                                                                                         said.changes]},
        }  # fmt: skip
    if as_json:
        _print(told)
        return
    for one in terms:
        typer.echo(f"{one.what}: {one.before or 'nothing'} -> {one.after or 'nothing'}")
    for each in map(_beside, said.changes):
        typer.echo(f"{each['title']}\n- {each['before']}\n+ {each['after']}")
    typer.echo(said.note or f"{said.alike} clauses stay as they were.")


@agreements.command()
def signing(agreement: Named, as_json: AsJson = False) -> None:
    """Tell how an agreement was signed: counsel's review, each round, and what every named signer did, and when."""
    with setup.django():
        from openmso.agreements.queries import signing as queries

        with _network():
            rounds = queries.rounds(agreement)
            review = queries.review(agreement, rounds[0].number) if rounds else None
        told: list[dict[str, Any]] = [
            {
                "id": one.public_id, "version": one.number, "way": one.provider, "state": one.state.value,
                "document": one.document, "document_sha256": one.document_sha256, "sent_at": one.sent_at.isoformat(),
                "sent_by": one.sent_by, "certificate": one.certificate,
                "signers": [
                    {
                        "side": s.side.value, "name": s.name, "title": s.title, "act": s.act.value if s.act else "",
                        "at": s.at.isoformat() if s.at else "", "document_sha256": s.document_sha256, "why": s.why,
                    }
                    for s in one.signers
                ],
            }
            for one in rounds
        ]  # fmt: skip
        reviewed = None if review is None else {"state": review.state.value, "by": review.reviewer, "note": review.note}
    if as_json:
        _print({"review": reviewed, "rounds": told})
        return
    if reviewed:
        typer.echo(f"Counsel {reviewed['by']}: {reviewed['state']}. {reviewed['note']}")
    for round_ in told:
        typer.echo(f"{round_['id']}  version {round_['version']}, {round_['way']}: {round_['state']}")
        for s in round_["signers"]:
            typer.echo(f"  {s['side']}  {s['name']}, {s['title']}: {s['act'] or 'waits'} {s['at']}".rstrip())


@agreements.command()
def certificate(
    agreement: Named,
    number: Number,
    to: Annotated[Path, typer.Option(help="File to write the PDF to; it must not exist yet.")],
    as_json: AsJson = False,
) -> None:
    """Write the certificate of completion of a version that was signed here: who signed which bytes, and when."""
    with setup.django():
        from openmso.agreements.queries import agreements as queries
        from openmso.agreements.queries import signing as signings
        from openmso.platform.documents import queries as documents

        with _network():
            found = queries.agreement(agreement)
            done = next((one for one in signings.rounds(agreement) if one.number == number and one.certificate), None)
            if done is None:
                raise NotFound("This version was not signed here; its paper says who signed it.")
            content = documents.read(done.certificate, found.practice)
    try:
        with to.open("xb") as file:
            file.write(content)
    except OSError as no:
        typer.echo(f"{to} cannot be written: {no.strerror}.", err=True)
        raise typer.Exit(2) from no
    told = {"certificate": done.certificate, "document_sha256": done.document_sha256, "file": str(to)}
    if as_json:
        _print(told)
    else:
        typer.echo(f"{done.certificate} is in {to}.")


@clauses.command("list")
def list_clauses(
    mode: Annotated[str, typer.Option(help="Only those of a mode: bpo, third_party, joint_venture, friendly_pc")] = "",
    state: Annotated[str, typer.Option(help="Only those of a state, and of all: ME")] = "",
    as_json: AsJson = False,
) -> None:
    """List the clauses that drafts are made of, each as it is written now."""
    with setup.django():
        from openmso.agreements.paper.clauses import as_data
        from openmso.agreements.queries import paper

        with _network():
            found = [
                one for one in paper.library()
                if (not mode or not one.modes or mode in one.modes)
                and (not state or not one.states or state.upper() in one.states)
            ]  # fmt: skip
        told = [{**as_data(one), "number": one.number} for one in found]
    if as_json:
        _print(told)
        return
    table = Table("Clause", "Part", "Title", "Version")
    for one in found:
        table.add_row(one.code, one.block.label, one.title, str(one.number) if one.number else "starting text")
    Console().print(table)


@clauses.command("show")
def show_clause(
    code: Annotated[str, typer.Argument(help="Code of the clause.")],
    as_json: AsJson = False,
) -> None:
    """Print a clause with all its versions, the latest first, and why each was written."""
    with setup.django():
        from openmso.agreements.queries import paper

        with _network():
            found = paper.versions(code)
        told = [
            {
                "number": one.number, "title": one.clause.title if one.clause else "",
                "text": one.clause.text if one.clause else "", "why": one.why,
                "at": one.at.isoformat() if one.at else "", "by": one.by, "withdrawn": one.clause is None,
            }
            for one in found
        ]  # fmt: skip
    if as_json:
        _print(told)
        return
    for one in told:
        typer.echo(f"Version {one['number']}, {one['by'] or 'OpenMSO'}: {one['why']}\n{one['title']}\n{one['text']}\n")


@clauses.command("compare")
def compare_clause(
    code: Annotated[str, typer.Argument(help="Code of the clause.")],
    before: Annotated[int, typer.Argument(min=-99, help="Number of the earlier version; 0 is the starting text.")],
    after: Annotated[int, typer.Argument(min=-99, help="Number of the later version.")],
    as_json: AsJson = False,
) -> None:
    """Compare two versions of a clause word by word; what the starting text said before is -1, after two dashes."""
    with setup.django():
        from openmso.agreements.paper import text as words
        from openmso.agreements.queries import paper

        with _network():
            held = {one.number: one.clause for one in paper.versions(code) if one.clause}
        if missing := [number for number in (before, after) if number not in held]:
            raise NotFound(f"There is no version {missing[0]} of {code} with words.")
        left, right = words.side_by_side(held[before].text, held[after].text)
        told = {"code": code, "before": before, "after": after, "left": _spans(left), "right": _spans(right)}
    if as_json:
        _print(told)
        return
    typer.echo(f"- {_marked(left)}\n+ {_marked(right)}")


def _paper(found: Any, number: int) -> Any:
    """The version or draft of a number; without one the draft, or the last version."""
    papers = [*found.versions, *([found.draft] if found.draft else [])]
    shown = papers[-1] if not number else next((one for one in papers if one.number == number), None)
    if shown is None:
        raise NotFound(f"There is no version {number} of {found.public_id}.")
    return shown


def _beside(one: Any) -> dict[str, str]:
    return {"title": one.title, "before": _marked(one.before), "after": _marked(one.after)}


def _marked(spans: Any) -> str:
    """Words in a line; what the other side has otherwise stands in brackets."""
    return "".join(f"[{span.words}]" if span.is_changed and span.words.strip() else span.words for span in spans)


def _spans(spans: Any) -> list[dict[str, Any]]:
    return [{"words": one.words, "is_changed": one.is_changed} for one in spans]


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
