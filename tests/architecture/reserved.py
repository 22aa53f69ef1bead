"""Which acts of the product carry out which reserved decision, and what keeps each with the practice.

A new service that carries one out belongs in `PERMITTED`, where it asks `platform.access.reserved.permit` (a licensee
does it, or a decision of the practice stands behind it and is used up), or in `OWN`, where its permission is one that
nobody but people of the practice can hold. A decision without an act says why.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from openmso.governance.queries import DECISIONS
from openmso.platform.access import registry, reserved
from openmso.platform.access.contracts import Side

SOURCE = Path(__file__).parents[2] / "src/openmso"
DOCS = Path(__file__).parents[2] / "docs/how-to/boards.md"
PERMITTED: Mapping[str, str] = {
    "billing.services.placing:name_agency": "RD13",
    "billing.services.policies:decide": "RD13",
    "charges.services.pricing:publish_fees": "RD13",
    "contracting.services:publish": "RD07",
    "equity.services.capital:call_capital": "RD15",
    "equity.services.capital:declare": "RD15",
    "equity.services.keeping:add_class": "RD15",
    "equity.services.keeping:move_units": "RD15",
    "equity.services.keeping:open_table": "RD15",
    "parties.services.clinicians:add": "RD06",
    "parties.services.clinicians:leave": "RD06",
    "parties.services.providers:add_site": "FA13",
}
HELPERS = frozenset({"equity.services.keeping:permit", "equity.services.keeping:permit_on"})
"""What asks for others."""
OWN: Mapping[str, tuple[str, str]] = {
    "portability.take": ("RD05", "take the practice's records out of the house"),
    "agreements.join": ("RD14", "take part in an initiative of the network, its advertising among them"),
    "governance.decide": ("FA18", "approve the budget"),
    "settlement.approve": ("FA18", "approve the MSO's invoice"),
    "treasury.approve": ("FA18", "approve a run of payments"),
    "access.approve": ("FA19", "approve who of the MSO works for the practice"),
}
"""Permissions that no role but those of the practice holds, the decision, and the act in words."""
NOTHING: Mapping[str, str] = {
    "RD01": "Tests are ordered in the practice's own record system.",
    "RD02": "Referrals are made in the practice's own record system; here payers are asked about them.",
    "RD03": "Care is planned in the practice's own record system.",
    "RD04": "Hours and lengths of visits come from the practice's own calendar.",
    "RD08": "Clinicians are not paid from here.",
    "RD09": "What a visit is coded with comes from the clinician's record; corrections on claims ask for no decision yet.",
    "RD10": "Nothing is bought from here.",
    "RD11": "Staffing is not planned here.",
    "RD12": "Clinical standards are not kept here.",
    "FA14": "Patients are not discharged here.",
    "FA15": "Peer review is not kept here.",
    "FA20": "There is no emergency access: whoever is not assigned sees nothing.",
}
"""Decisions that nothing here carries out."""


def asking(source: Path = SOURCE) -> dict[str, str]:
    """The functions of services that ask to be permitted, and the decision of the act that each names."""
    found = {}
    for path in sorted(source.glob("*/services*.py")) + sorted(source.glob("*/services/*.py")):
        module = ".".join(path.relative_to(source).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and f"{module}:{node.name}" not in HELPERS:
                for act in _acts(node):
                    found[f"{module}:{node.name}"] = _declared(module.split(".")[0], act).decision
    return found


def _acts(node: ast.FunctionDef) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func).split(".")[-1] in {"permit", "permit_on"}:
            named = next((one.value for one in each.keywords if one.arg == "act"), None)
            yield ast.unparse(named if named is not None else each.args[2]).split(".")[-1]


def _declared(app: str, name: str) -> reserved.Act:
    act = getattr(importlib.import_module(f"openmso.{app}.contracts"), name)
    assert isinstance(act, reserved.Act)
    return act


def faults() -> Iterator[str]:
    """Acts that ask and stand in no list, or the other way round; decisions of which nothing is said."""
    found = asking()
    yield from (f"{name} asks for {found.get(name)}, the list says {PERMITTED.get(name)}"
                for name in sorted(set(found) | set(PERMITTED)) if found.get(name) != PERMITTED.get(name))  # fmt: skip
    said = {*PERMITTED.values(), *(code for code, _ in OWN.values())}
    yield from (f"{code}: acts and none" for code in sorted(said & set(NOTHING)))
    yield from (f"nothing is said of {code}" for code in sorted(set(DECISIONS) - said - set(NOTHING)))
    for permission in OWN:
        others = [role.code for role in registry.roles().values()
                  if permission in role.permissions and role.side is not Side.PRACTICE]  # fmt: skip
        yield from (f"{role} holds {permission}" for role in others)


def table() -> str:
    """The lists as the documentation shows them."""
    lines = ["| Decision | | Acts here | Kept by |", "|---|---|---|---|"]
    for code, words in DECISIONS.items():
        acts = [act.words for act in reserved.acts_of(code)]
        own = [act for of, act in OWN.values() if of == code]
        if acts:
            lines.append(f"| {code} | {words} | {'; '.join(acts)} | a licensee, or an approved decision |")
        if own:
            lines.append(f"| {code} | {words} | {'; '.join(own)} | people of the practice alone |")
        if not acts and not own:
            lines.append(f"| {code} | {words} | none | {NOTHING[code]} |")
    return "\n".join(lines)
