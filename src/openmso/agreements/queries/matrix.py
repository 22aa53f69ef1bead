"""The scope of an agreement as it stands on a day: which lines are open, what they open, and why not."""

from __future__ import annotations

from datetime import date

from openmso.agreements import rules
from openmso.agreements.contracts import LineToday, Version
from openmso.agreements.queries import baas
from openmso.kit.classes import PHI
from openmso.platform.access import queries as access
from openmso.platform.access.registry import LINES


def lines_today(practice: int, version: Version, *, on: date) -> list[LineToday]:
    """Every line of a version with what is open of it on a day, and the grant behind it."""
    grants = [grant for grant in access.grants_in(practice) if on in grant.days]
    covered = baas.in_force(practice, on) is not None
    found = []
    for line in version.terms.lines:
        grant = next((one for one in grants if one.line == line.code), None)
        opens = (rules.opens(line) if covered else rules.opens(line) - PHI) if grant else ()
        seen = tuple(rules.CLASS_WORDS[one] for one in sorted(opens))
        reason = ""
        if grant is None:
            reason = f"from {line.days.starts_on:%-d %b %Y}" if on < line.days.starts_on else "not in force today"
        elif not covered and rules.opens(line) & PHI:
            reason = "patient data closed: no business associate agreement in force"
        elif grant.read_only:
            reason = "only readable: the agreement is winding down"
        found.append(
            LineToday(
                line, LINES[line.code], grant is not None, reason, seen,
                grant.public_id if grant else "",
            )
        )  # fmt: skip
    return found


def behind(practice: int, on: date) -> str:
    """The grant under which the house goes on with an agreement by itself: of its first line that is open on a day."""
    return next((grant.public_id for grant in access.grants_in(practice) if on in grant.days), "")


def lines_kept(version: Version) -> list[str]:
    """The lines that stay with the practice, in words."""
    mine = {line.code for line in version.terms.lines}
    return [words for code, words in LINES.items() if code not in mine]
