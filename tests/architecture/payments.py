"""Who moves or instructs money, and what each asks first: no service that does so is in neither list.

A new service that posts to the ledger, makes out, files or takes payments, or gives a bank an instruction belongs in
`CLEARED`, where it asks `compliance.services.clearing.clear` (or, where nothing may stand in the way, says what was
told), or in `APART` with the reason why no rule of law between practice, MSO and sources of referrals is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/openmso"
OF_THE_BOOKS = frozenset({"ledger", "platform", "simulator", "parties", "agreements"})
"""The ledger itself keeps what others post; the demo and the others below move no money."""
CLEARED: Mapping[str, str] = {
    "settlement.services.settling:pay": "FEE",
    "settlement.services.paying_out:pay_part": "FEE",
    "treasury.services.running:propose": "RUN",
    "treasury.services.running:post": "RUN ADVANCE SWEEP",
    "treasury.services.instructing:instruct": "SWEEP",
    "treasury.services.paying:prepare": "FILE",
    "treasury.services.paying:approve": "FILE",
    "treasury.services.paying:take": "FILE",
    "equity.services.lending:draw": "DRAW",
    "equity.services.lending:pay": "INSTALMENT",
    "equity.services.lending:pay_unused": "INSTALMENT",
    "equity.services.lending:prepay": "INSTALMENT",
    "equity.services.capital:pay_share": "CALL",
    "equity.services.capital:pay": "DISTRIBUTION",
    "equity.services.keeping:move_units": "UNITS",
}
"""Services that ask and refuse, with the flows that they ask for."""
TOLD: Mapping[str, str] = {"leaving.queries.closing:closing": "CLOSING"}
"""What says what stops a payment and refuses nothing: a practice may leave at any time."""
_COMES_IN = "Money of payers and patients comes in to the practice that it is owed to."
_PATIENT = "A patient's own money goes back, or is no longer asked for: nobody who refers has a part in it."
_PAYER = "A payer is given back what it paid too much, within sixty days of knowing it (42 CFR 401.305)."
_STOPS = "The practice stops what its account would pay; nothing and nobody stands in the way of that (42 CFR 424.73)."
_UNDONE = "What was posted or filed is taken back: money stays where it was, or returns there."
_BOOKS = "It says in the books what is owed or earned; nothing moves."
_PART = "A part of an act that has asked."
_GIVEN_BACK = (
    "The practice gets back its own money, which was no fee: what stops the fee of the MSO must not let it keep that."
)
APART: Mapping[str, str] = {
    "billing.services.crediting:give_back": _PAYER,
    "billing.services.depositing:_bank": _COMES_IN,
    "billing.services.giving_up:give_up": _PATIENT,
    "billing.services.paying_out:_send": _COMES_IN,
    "billing.services.receiving:_leaves_the_bank": _UNDONE,
    "billing.services.receiving:reverse": _UNDONE,
    "billing.services.receiving:take": _COMES_IN,
    "billing.services.receiving:take_from_agency": _COMES_IN,
    "billing.services.refunding:pay": _PATIENT,
    "billing.services.regarding:_move": _BOOKS,
    "billing.services.settling:by_payment": _COMES_IN,
    "claims.services.recognising:recognise": _BOOKS,
    "claims.services.recognising:recognise_first": _BOOKS,
    "claims.services.recognising:take_back": _BOOKS,
    "denials.services.money:move": _BOOKS,
    "equity.services.capital:allocate": _BOOKS,
    "equity.services.keeping:post": _PART,
    "remittances.services.asking:_reckon": _BOOKS,
    "remittances.services.deposits:_keep": _COMES_IN,
    "remittances.services.matching:match_claim": _COMES_IN,
    "remittances.services.posting:_journals": _COMES_IN,
    "settlement.services.crediting:credit": _BOOKS,
    "settlement.services.crediting:pay_back": _GIVEN_BACK,
    "settlement.services.paying_out:lent_no_more": _BOOKS,
    "settlement.services.rebating:pass_on": _BOOKS,
    "settlement.services.rebating:record": _BOOKS,
    "settlement.services.settling:_post": _BOOKS,
    "treasury.services.crediting:credit": _BOOKS,
    "treasury.services.instructing:_stop": _STOPS,
    "treasury.services.instructing:revoke": _STOPS,
    "treasury.services.lending:make_payments": _PART,
    "treasury.services.lending:post": _PART,
    "treasury.services.paying:cancel": _UNDONE,
    "treasury.services.returning:_return": _UNDONE,
    "treasury.services.running:reverse": _UNDONE,
    "treasury.services.standing:sent_back": _UNDONE,
    "treasury.services.standing:stopped": _STOPS,
}
"""Services that post or move and ask nothing, with the reason."""
_POSTS = frozenset({"post", "post_staged", "pay_part"})
_MOVES = frozenset({"PAYMENT_MOVES", "FILE_MOVES", "INSTRUCTION_MOVES"})
_MAKES = ("models.Payment.objects.create", "models.BankFile(", "models.Instruction(")


def moving(source: Path = SOURCE) -> dict[str, ast.FunctionDef]:
    """The functions of services that post to the ledger, or move payments, files and instructions, by their names."""
    found = {}
    for path in sorted(source.glob("*/services*.py")) + sorted(source.glob("*/services/*.py")):
        app = path.relative_to(source).parts[0]
        if app in OF_THE_BOOKS:
            continue
        module = ".".join(path.relative_to(source).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and (is_moving(node) or f"{module}:{node.name}" in CLEARED):
                found[f"{module}:{node.name}"] = node
    return found


def is_moving(node: ast.FunctionDef) -> bool:
    """Whether a function itself posts to a ledger, or moves a payment, a bank file or an instruction."""
    for each in ast.walk(node):
        if not isinstance(each, ast.Call):
            continue
        named = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
        given = {arg.id for arg in each.args if isinstance(arg, ast.Name)}
        posts = named in _POSTS and (each.args or any(word.arg == "under" for word in each.keywords))
        if posts or given & _MOVES or ast.unparse(each.func).startswith(_MAKES):
            return True
    return False


def asks(node: ast.FunctionDef, flow: str, helpers: Mapping[str, ast.FunctionDef]) -> bool:
    """Whether a function asks for a flow: itself, or by a helper of its module that it calls."""
    called = {each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    bodies = [node, *(helpers[name] for name in called if name in helpers)]
    return any(f".{flow}" in ast.unparse(body) and "clear" in ast.unparse(body) for body in bodies)


def helpers_of(name: str, source: Path = SOURCE) -> dict[str, ast.FunctionDef]:
    """The functions of the module of a service, by name."""
    path = source / f"{name.split(':')[0].replace('.', '/')}.py"
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def faults(found: Mapping[str, ast.FunctionDef]) -> Iterator[str]:
    """What is in neither list or in both, and what does not ask for a flow that it stands for."""
    for name in sorted(found):
        if (name in CLEARED) == (name in APART):
            yield f"{name} moves money and is in {'both lists' if name in APART else 'neither list'}"
    for name, flows in {**CLEARED, **TOLD}.items():
        helpers = helpers_of(name)
        for flow in flows.split():
            if not asks(helpers[name.split(":")[1]], flow, helpers):
                yield f"{name} does not ask for {flow}"
