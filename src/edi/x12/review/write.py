"""278 out (005010X217): the request for an authorization, and the answer of who reviews it."""

from __future__ import annotations

from collections.abc import Iterable

from edi.x12.claim.write_parts import procedure
from edi.x12.output import Envelope, SegmentWriter, Unwritable, day, number
from edi.x12.review.model import Decision, Person, Review, Service

VERSION = "005010X217"
ORIGIN_MAX = 10


def write_278(reviews: Iterable[Review], envelope: Envelope, *, origin: str) -> bytes:
    """One interchange with one group, a set for each event; `origin` is TRN03, the tax id of who asks with a 1 or 9.

    Raises Unwritable, in words.
    """
    if len(origin) != ORIGIN_MAX:
        raise Unwritable(f"TRN03 has ten characters, {origin!r} has not. Give the tax id with a 1 before it.")
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HI", VERSION)
    for count, review in enumerate(reviews, start=1):
        writer.open_set("278", f"{count:04d}", VERSION)
        _write(writer, review, origin)
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _write(w: SegmentWriter, review: Review, origin: str) -> None:
    header = review.header
    clock = f"{header.created_at:%H%M}" if header.created_at else "0000"
    kind = "18" if review.is_answer else ""
    w.add("BHT", "0007", header.purpose, w.required(header.reference, "BHT03"), day(header.created_on), clock, kind)
    w.add("HL", "1", "", "20", "1")
    w.required(review.payer.id, "The id of the payer")
    w.nm1(review.payer)
    w.add("HL", "2", "1", "21", "1")
    w.required(review.provider.id, "The id of the provider who asks")
    w.nm1(review.provider)
    w.references(review.provider.references)
    w.address(review.provider.address)
    w.contacts(review.provider.contacts)
    w.add("HL", "3", "2", "22", "1")
    _person(w, review.subscriber)
    level = 3
    if review.dependent is not None:
        level = 4
        w.add("HL", "4", "3", "23", "1")
        _person(w, review.dependent)
    _refusals(w, review, {"20", "21", "22", "23"})
    event = level + 1
    w.add("HL", str(event), str(level), "EV", "1" if review.services else "0")
    _event(w, review, origin)
    for count, service in enumerate(review.services, start=event + 1):
        w.add("HL", str(count), str(event), "SS", "0")
        _service(w, service)


def _person(w: SegmentWriter, person: Person) -> None:
    w.nm1(person.party)
    w.address(person.party.address)
    if person.birth_on or person.gender:
        w.add("DMG", "D8" if person.birth_on else "", day(person.birth_on), person.gender)


def _refusals(w: SegmentWriter, review: Review, levels: set[str]) -> None:
    for one in review.refusals:
        if one.level in levels:
            w.add("AAA", "N", "", one.reason, one.follow_up or "N")


def _event(w: SegmentWriter, review: Review, origin: str) -> None:
    w.add("TRN", "2" if review.is_answer else "1", w.required(review.trace, "TRN02"), origin)
    _refusals(w, review, {"EV", ""})
    place = w.composite(review.place, review.place_qualifier) if review.place else ""
    w.add("UM", review.category, review.kind, review.service_type, place)
    _decision(w, review.decision)
    w.references(review.references)
    for date in review.dates:
        w.dtp(date)
    codes = [
        w.composite("ABK" if at == 0 else "ABF", w.code(code.replace(".", ""), "Diagnosis"))
        for at, code in enumerate(review.diagnoses)
    ]
    if codes:
        w.add("HI", *codes[:12])
    if review.units is not None:
        w.add("HSD", "VS", number(review.units))
    for text in review.messages:
        w.add("MSG", w.word(text, 264))
    if review.performer is not None:
        w.nm1(review.performer)


def _decision(w: SegmentWriter, decided: Decision | None) -> None:
    if decided is not None:
        w.add("HCR", decided.action, w.code(decided.number, "HCR02"), decided.reason)


def _service(w: SegmentWriter, service: Service) -> None:
    _decision(w, service.decision)
    for date in service.dates:
        w.dtp(date)
    done = procedure(w, service.procedure) if service.procedure.code else ""
    units = number(service.units) if service.units is not None else ""
    if service.revenue_code:
        w.add("SV2", w.code(service.revenue_code, "SV201"), done, "", service.unit if units else "", units)
    else:
        w.add("SV1", done, "", service.unit if units else "", units)
