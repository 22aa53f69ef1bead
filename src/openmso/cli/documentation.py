"""`openmso docs`: the pages that are generated from the code, and the check that they are not stale."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit.words import counted

FOLDER = Path("docs/generated")


def docs(
    check: Annotated[bool, typer.Option(help="Only say whether the pages are as the code is.")] = False,
) -> None:
    """Write docs/generated: state diagrams, the map of the house, the API description, roles and permissions."""
    setup.ready()
    stale = [path for path, text in pages() if not path.exists() or path.read_text() != text]
    if check:
        for path in stale:
            typer.echo(f"{path} is not as the code is; run: make docs", err=True)
        raise typer.Exit(1 if stale else 0)
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    typer.echo(f"{counted(len(stale), 'page')} rewritten in {FOLDER}")


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: its path and its text."""
    makers: list[tuple[str, Callable[[], str]]] = [
        ("states.md", states_page),
        ("map.md", map_page),
        ("access.md", access_page),
        ("tables.md", tables_page),
        ("scrub-rules.md", scrub_rules_page),
        ("openapi.json", _openapi),
    ]
    for name, make in makers:
        yield FOLDER / name, make()


def states_page() -> str:
    """Each app's tables of moves as diagrams."""
    from openmso.kit.states import mermaid

    parts = ["# States\n\nEach diagram is drawn from the app's own table of moves (`states.py`).\n"]
    for name, tables in _state_tables():
        for title, moves in tables:
            parts.append(f"## {name}: {title}\n\n```mermaid\n{mermaid(moves)}\n```\n")
    return "\n".join(parts)


def map_page() -> str:
    """The floors of the house and the sign on each door."""
    import openmso

    parts = ["# The map of the house\n\nLowest floor last; an app calls only what stands below it.\n"]
    for package in sorted(pkgutil.iter_modules(openmso.__path__, "openmso."), key=lambda found: found.name):
        sign = (importlib.import_module(package.name).__doc__ or "").strip()
        parts.append(f"## {package.name.removeprefix('openmso.')}\n\n{sign}\n")
    return "\n".join(parts)


def access_page() -> str:
    """Permissions with their service line and data classes, and the roles that hold them."""
    from openmso.platform.access import registry

    rows = [
        "# Who may do what\n",
        "| permission | may ... | service line | data | reserved | roles |",
        "|" + "---|" * 6,
    ]
    for permission in sorted(registry.permissions().values(), key=lambda each: each.code):
        roles = ", ".join(role.words for role in registry.roles().values() if permission.code in role.permissions)
        classes = ", ".join(sorted(permission.classes))
        rows.append(
            f"| `{permission.code}` | {permission.words} | {permission.line or 'none'} | {classes or 'business'} "
            f"| {'yes' if permission.reserved else ''} | {roles} |"
        )
    return "\n".join(rows) + "\n"


def tables_page() -> str:
    """Every table: whose rows, how they change, and the data class of each field."""
    from openmso.platform.tenancy import walls

    parts = ["# Tables\n"]
    for model in sorted(walls.our_models(), key=lambda each: each._meta.label):
        doc = (model.__doc__ or "").strip().splitlines()[0]
        classes = "; ".join(f"{field}: {kind}" for field, kind in sorted(model.classified.items()))  # type: ignore[attr-defined]
        parts.append(f"- **{model._meta.label}** ({model.scope}, {model.temper}): {doc} {classes}")  # type: ignore[attr-defined]
    return "\n".join(parts) + "\n"


def scrub_rules_page() -> str:
    """What rules written on screen may ask of a claim, and the house's own rules."""
    from openmso.claims.rules.book import SCRUB
    from openmso.claims.rules.properties import EVERY
    from openmso.kit.conditions import OPERATORS

    parts = [
        "# Rules of the scrubber\n\n## Properties\n\nA property of `line.` is asked of each line. One that the claim "
        "does not know is never taken for a no: the rule fails, and holds the claim with words.\n",
        "| property | what it is | answers with | note |\n|---|---|---|---|",
        *(f"| `{one.name}` | {one.label} | {one.kind.words} | {one.note} |" for one in EVERY),
        "\n## Comparisons\n\n| operator | means | of | takes |\n|---|---|---|---|",
        *(
            f"| `{one.name}` | {one.words} | {', '.join(sorted(kind.words for kind in one.kinds))} "
            f"| {one.takes_words} |"
            for one in OPERATORS.values()
        ),
        "\n## The house's own rules\n\n| rule | asks | does | who asks for it |\n|---|---|---|---|",
        *(
            f"| `{one.code}` | {one.title} | {one.severity.value}{' (firm)' if one.is_firm else ''} | {one.source} |"
            for one in SCRUB
        ),
    ]
    return "\n".join(parts) + "\n"


def _openapi() -> str:
    from django.conf import settings
    from django.utils.module_loading import import_string

    describe: Callable[[], str] = import_string(settings.API_DESCRIPTION)
    return describe()


def _state_tables() -> Iterator[tuple[str, list[tuple[str, dict[StrEnum, frozenset[StrEnum]]]]]]:
    import openmso

    for package in pkgutil.walk_packages(openmso.__path__, "openmso."):
        if package.name.rsplit(".", 1)[-1] != "states" or package.name.startswith("openmso.kit"):
            continue
        module = importlib.import_module(package.name)
        tables = [(key.lower(), value) for key, value in vars(module).items() if key.endswith("MOVES")]
        if tables:
            yield package.name.removeprefix("openmso.").removesuffix(".states"), tables
