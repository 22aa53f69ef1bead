"""The terms of a contract as sentences, for whoever does not write them: a page, a dispute. Pure.

What is written in `rules.terms` is read here once more; what is no such line is told as it stands.
"""

from __future__ import annotations

import re

_MEDICARE = re.compile(r"(.+) of medicare(?: (20\d\d))? in (\S+)", re.IGNORECASE)
_LIMIT = re.compile(r"([a-z ]+): ?(\d{1,4}) days from ([a-z ]+)", re.IGNORECASE)
_WHAT = {
    "initial": "A claim", "corrected": "A corrected claim", "secondary": "A claim to the secondary payer",
    "appeal": "An appeal", "second appeal": "A second appeal",
}  # fmt: skip
_SINCE = {
    "service": "the service", "last service": "the last service", "remittance": "the remittance",
    "primary remittance": "the primary payer's remittance",
}  # fmt: skip


def pays(term: str) -> str:
    """How a term pays: `100% of Medicare's fee schedule on the day, locality 06302/00`."""
    how = term.partition(":")[2].strip() or term.strip()
    if found := _MEDICARE.fullmatch(how):
        when = f"of {found[2]}" if found[2] else "on the day of service"
        return f"{found[1]} of Medicare's fee schedule {when}, locality {found[3]}"
    if how.lower().endswith(("% of charge", "% of charges")):
        return f"{how.split(' ')[0]} of the charge"
    if how.lower().endswith((" each", " per unit")):
        return f"{how.split(' ')[0]} for each unit"
    return {"fee schedule": "its amount in the fee schedule", "not paid": "nothing"}.get(how.lower(), how)


def term(line: str, *, is_only: bool = False) -> str:
    """A term: `For 99202-99499: 110% of Medicare's fee schedule of 2026, locality 15202/00`."""
    named, colon, _ = line.partition(":")
    if not colon:
        return line
    everything = named.strip().lower() in {"all", "others", "all others"}
    whom = ("every service" if is_only else "every other service") if everything else named.strip()
    if everything and line.partition(":")[2].strip().lower() == "fee schedule":
        whom = "every service that the fee schedule lists"
    return f"For {whom}: {pays(line)}"


def limit(line: str) -> str:
    """A time limit: `An appeal reaches the payer within 60 days of the remittance`."""
    found = _LIMIT.fullmatch(line.strip())
    if not found or found[1].lower() not in _WHAT or found[3].lower() not in _SINCE:
        return line
    return f"{_WHAT[found[1].lower()]} reaches the payer within {found[2]} days of {_SINCE[found[3].lower()]}"


def procedures(words: str) -> str:
    """What is paid for several procedures of a day."""
    said = words.strip().lower()
    if said == "medicare":
        return "Several procedures of a day are paid as Medicare pays them"
    if said == "none":
        return "Several procedures of a day are each paid in full"
    shares, _, rank = words.strip().partition(" by ")
    return f"Of several procedures of a day, ranked by {rank or 'fee'}, these percentages are paid: {shares}"
