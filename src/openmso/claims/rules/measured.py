"""What is billed by measure: minutes of therapy, psychotherapy and anaesthesia, drugs given and thrown away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.lines import is_anaesthesia_by_time, is_drug
from openmso.claims.rules.sheet import ClaimSheet, Context, Line
from openmso.kit.words import counted

# ---- therapy, by units of a quarter of an hour -----------------------------------------------------------------

TIMED = frozenset(
    "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 97530 97533 97535 97537 97542 97750 97755 97760 "
    "97761 97763".split()
)
"""Therapies of which a unit is fifteen minutes."""
EVALUATED: Mapping[str, str] = {
    **dict.fromkeys(("97161", "97162", "97163", "97164"), "GP"),
    **dict.fromkeys(("97165", "97166", "97167", "97168"), "GO"),
    **dict.fromkeys(("92507", "92508", "92521", "92522", "92523", "92524", "92526", "92610"), "GN"),
}
"""Evaluations and treatments of one discipline alone."""
THERAPIES = frozenset({*TIMED, *EVALUATED, "97012", "97016", "97018", "97022", "97024", "97026", "97028", "97150",
                       "G0283"})  # fmt: skip
"""Codes that are always therapy (Medicare Claims Processing Manual ch. 5 section 20)."""
DISCIPLINES = frozenset({"GP", "GO", "GN"})
BY_DAY = frozenset({"medicare", "medicaid", "tricare"})
"""Payers that add the minutes of a day up; the others look at each service by itself."""


def units_of(minutes: int) -> int:
    """Units of a quarter of an hour: 8 to 22 minutes are one, 23 to 37 two, and so on."""
    return (minutes + 7) // 15


@blocks("Medicare Claims Processing Manual ch. 5 §20.2 (8 minutes), CPT (midpoint of 15 minutes)", codes=TIMED)
def therapy_and_minutes(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Units of timed therapy are those that its minutes give: of a day for Medicare, else of each service."""
    by_day = sheet.payer is not None and sheet.payer.kind in BY_DAY
    together: dict[tuple[date, str], list[Line]] = defaultdict(list)
    for line in sheet.lines:
        if line.code in TIMED:
            together[line.service_on, "" if by_day else line.code].append(line)
    for group in together.values():
        minutes = [line.minutes for line in group if line.minutes is not None]
        if len(minutes) < len(group):
            continue  # minutes that nobody told cannot be added up
        given, billed = units_of(sum(minutes)), sum((line.units for line in group), Decimal(0))
        if billed == given:
            continue
        last, what = group[-1], f"{sum(minutes)} minutes of {'the day' if by_day else group[0].code}"
        yield Said(
            f"Line {last.number}: {what} give {counted(given, 'unit')}; {billed.normalize():f} are billed.",
            "Correct the units, or the minutes.",
            "units",
            last.number,
            None if billed > given else Severity.WARN,
        )


@blocks("Medicare Claims Processing Manual ch. 5 §20.1: therapy says under which plan of care", codes=THERAPIES)
def therapy_discipline(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Therapy for Medicare patients says its discipline once: GP physical, GO occupational, GN speech."""
    if sheet.payer is None or sheet.payer.kind != "medicare":
        return
    for line in sheet.lines:
        if line.code not in THERAPIES:
            continue
        said, own = DISCIPLINES & set(line.modifiers), EVALUATED.get(line.code)
        if len(said) != 1 or (own is not None and said != {own}):
            yield Said(
                f"Line {line.number}: {line.code} {'says' if said else 'lacks'} "
                f"{' and '.join(sorted(said)) or 'its discipline'}.",
                f"{own} alone." if own else "One of GP, GO and GN.",
                "modifiers",
                line.number,
            )


# ---- psychotherapy, by its minutes ----------------------------------------------------------------------------

SESSIONS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("90832", "90833"), (16, 37)),
    **dict.fromkeys(("90834", "90836"), (38, 52)),
    **dict.fromkeys(("90837", "90838"), (53, 1440)),
    "90839": (30, 1440),
}
"""From and to how many minutes a session is the code (CPT)."""


@blocks("CPT: psychotherapy 16 to 37, 38 to 52, from 53 minutes on; crisis from 30 on", codes=SESSIONS)
def session_and_minutes(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A session of psychotherapy is the code of its minutes."""
    for line in sheet.lines:
        if line.code not in SESSIONS or line.minutes is None:
            continue
        first, last = SESSIONS[line.code]
        if not first <= line.minutes <= last:
            yield Said(
                f"Line {line.number}: {line.code} is not for {counted(line.minutes, 'minute')}.",
                "Choose the code of its minutes; below 16 there is none.",
                "code",
                line.number,
            )


@blocks("Medicare Claims Processing Manual ch. 12 §50; 837P 2400 SV103 MJ", codes=is_anaesthesia_by_time)
def anaesthesia_and_minutes(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The units of anaesthesia are its minutes."""
    for line in sheet.lines:
        if not is_anaesthesia_by_time(line.code):
            continue
        if line.units != line.minutes if line.minutes is not None else line.units <= 1:
            took = "nobody said how long it took" if line.minutes is None else f"it took {line.minutes} minutes"
            yield Said(
                f"Line {line.number}: {line.code} is billed by the minute, its units are {line.units.normalize():f}, "
                f"and {took}.",
                "Enter the minutes from its start to its end as units.",
                "units",
                line.number,
            )


# ---- drugs of single-dose containers ---------------------------------------------------------------------------

JZ_SINCE = date(2023, 7, 1)


def _of_part_b(sheet: ClaimSheet) -> bool:
    return sheet.payer is not None and sheet.payer.filing == "MB"


def _given(sheet: ClaimSheet) -> Iterator[list[Line]]:
    """The lines of one drug on one day."""
    together: dict[tuple[str, date], list[Line]] = defaultdict(list)
    for line in sheet.lines:
        if is_drug(line.code):
            together[line.code, line.service_on].append(line)
    yield from together.values()


@warns("42 U.S.C. 1395w-3a(h); 42 CFR 414.940: JW or JZ on drugs of single-dose containers", codes=is_drug)
def discard_not_said(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A drug for a Part B patient says whether some of its container was thrown away: JW, or JZ for none."""
    for group in _given(sheet) if _of_part_b(sheet) else ():
        first = group[0]
        said = {"JW", "JZ"} & {modifier for line in group for modifier in line.modifiers}
        if not said and first.service_on >= JZ_SINCE:
            yield Said(
                f"Line {first.number}: {first.code} does not say whether some of it was thrown away.",
                "JZ if nothing was, a line with JW for what was; neither for a container of several doses.",
                "modifiers",
                first.number,
            )


@blocks("42 CFR 414.940; Medicare Claims Processing Manual ch. 17 §40", modifiers={"JW", "JZ"})
def discard_contradicts(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """What was thrown away (JW) stands beside what was given, and not beside JZ, which says that nothing was."""
    for group in _given(sheet):
        wasted = [line for line in group if "JW" in line.modifiers]
        if not wasted:
            continue
        number, code = wasted[0].number, wasted[0].code
        if any("JZ" in line.modifiers for line in group):
            yield Said(
                f"Line {number}: {code} was thrown away in part (JW), and was not (JZ).", "Keep the one that is true.",
                "modifiers", number,
            )  # fmt: skip
        elif len(wasted) == len(group):
            yield Said(
                f"Line {number}: {code} was thrown away, and no line says what was given.",
                "Add the line of what was given.",
                "code",
                number,
            )


RULES = (
    therapy_and_minutes,
    therapy_discipline,
    session_and_minutes,
    anaesthesia_and_minutes,
    discard_not_said,
    discard_contradicts,
)
