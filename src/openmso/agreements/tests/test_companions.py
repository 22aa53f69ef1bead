"""The papers beside an agreement: what each may say, what is needed, what is missing, what ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.contracts import Mode
from openmso.agreements.law.judging import Verdict
from openmso.agreements.law.rulebook import Moment
from openmso.agreements.models.companion import CompanionAsset, CompanionDocument
from openmso.agreements.paper.companions import (
    Asset,
    AssetKind,
    BadCompanion,
    CompanionKind,
    Disposition,
    Held,
    Licence,
    faults,
)
from openmso.agreements.paper.needs import held
from openmso.agreements.queries import agreements
from openmso.agreements.queries import companions as queries
from openmso.agreements.queries import law as law_queries
from openmso.agreements.services import companions, drafting, execution
from openmso.agreements.services.companions import CompanionDraft, CompanionMissing
from openmso.agreements.testing import NOW, Cast, builder
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.parties.contracts import Person
from openmso.parties.services import clinicians
from openmso.parties.testing import House
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import atomic, scope
from openmso.platform.work.models import WorkItem

MARCH = date(2026, 3, 1)
NOTE = {"limit": "100,000.00", "rate": "6.00"}
POWER = {"powers": ["bill", "receive"], "is_revocable": True, "excludes_government": True}
BILLING = {"pay": "flat", "agent_receives": False, "is_revocable": True, "account": "Rockland government receipts"}
LEASE = {"premises": "12 Main Street", "landlord": "mso", "rent_kind": "fixed", "rent": "4200.00", "is_fmv": True}
SHARES = {"holder": "Dr. Ana Rockland", "events": ["death", "licence_lost"], "price": "1000.00"}


def drafted(cast: Cast, kind: CompanionKind, terms: Mapping[str, Any], **more: Any) -> str:
    return companions.draft(
        actor=builder(NOW), agreement=cast.agreement.agreement, kind=kind,
        new=CompanionDraft(terms, more.pop("starts_on", MARCH), **more), at=NOW,
    )  # fmt: skip


def signed(cast: Cast, kind: CompanionKind, terms: Mapping[str, Any], **more: Any) -> str:
    made = drafted(cast, kind, terms, **more)
    companions.sign(
        actor=builder(NOW), companion=made, document=testing.pdf(made), mso_signer="Elena Vass, Chief executive",
        practice_signer="Dr. Ana Rockland, Owner", signed_on=MARCH, at=NOW,
    )  # fmt: skip
    return made


def held_of(cast: Cast, kind: CompanionKind, *, mode: Mode = Mode.FRIENDLY_PC, on: date = MARCH) -> Held | None:
    found = agreements.agreement(cast.agreement.agreement)
    terms = replace(cast.agreement.terms, mode=mode)
    return next((one.held for one in queries.needed(found, terms, state="ME", on=on) if one.need.kind is kind), None)


def test_an_agreement_needs_papers_by_its_mode_and_tells_which_are_there(cast: Cast) -> None:
    with cast.scope(), atomic.open():
        assert held_of(cast, CompanionKind.BAA) is Held.THERE
        assert held_of(cast, CompanionKind.SHARES, mode=Mode.BPO) is None, "tasks by the piece need no share paper"
        assert held_of(cast, CompanionKind.LOAN) is Held.MISSING
        note = drafted(cast, CompanionKind.LOAN, NOTE, ends_on=date(2026, 6, 1))
        assert held_of(cast, CompanionKind.LOAN) is Held.DRAFTED
        with pytest.raises(BadCompanion, match="Say who signed"):
            companions.sign(actor=builder(NOW), companion=note, document=testing.pdf(), mso_signer="Elena",
                            practice_signer=" ", signed_on=MARCH, at=NOW)  # fmt: skip
        companions.sign(actor=builder(NOW), companion=note, document=testing.pdf(), mso_signer="Elena",
                        practice_signer="Ana", signed_on=MARCH, at=NOW)  # fmt: skip
        assert held_of(cast, CompanionKind.LOAN) is Held.THERE
        assert held_of(cast, CompanionKind.LOAN, on=date(2026, 4, 15)) is Held.ENDS
        assert held_of(cast, CompanionKind.LOAN, on=date(2026, 6, 1)) is Held.ENDED
        with pytest.raises(BadCompanion, match="is not changed"):
            companions.revise(actor=builder(NOW), companion=note, new=CompanionDraft(NOTE, MARCH), at=NOW)
        with pytest.raises(DatabaseError, match="stays as it was signed"), transaction.atomic():
            CompanionDocument.objects.filter(public_id=note).update(terms={})
    with cast.scope(cast.rival), atomic.open():
        assert queries.of(cast.agreement.agreement) == []


def test_who_drafts_a_paper_does_not_record_it_as_signed(cast: Cast) -> None:
    kate = testing.person("kate@harborridge.example", "Kate", practice=cast.rockland.id, role="mso_executive", at=NOW)
    actor = cast.actor(kate, fresh=True)
    with cast.scope(), atomic.open():
        made = companions.draft(actor=actor, agreement=cast.agreement.agreement, kind=CompanionKind.LOAN,
                                new=CompanionDraft(NOTE, MARCH), at=NOW)  # fmt: skip
        with pytest.raises(SamePerson):
            companions.sign(actor=actor, companion=made, document=testing.pdf(), mso_signer="Kate",
                            practice_signer="Ana", signed_on=MARCH, at=NOW)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "terms", "field"),
    [
        (CompanionKind.POWER, POWER | {"is_revocable": False}, "is_revocable"),
        (CompanionKind.POWER, POWER | {"excludes_government": False}, "excludes_government"),
        (CompanionKind.POWER, POWER | {"powers": []}, "powers"),
        (CompanionKind.BILLING, BILLING | {"agent_receives": True, "pay": "collections"}, "pay"),
        (CompanionKind.BILLING, BILLING | {"is_revocable": False}, "is_revocable"),
        (CompanionKind.LEASE, LEASE | {"rent": ""}, "rent"),
        (CompanionKind.LOAN, NOTE | {"rate": "six"}, "rate"),
        (CompanionKind.LOAN, NOTE | {"limit": "-1"}, "limit"),
        (CompanionKind.LOAN, NOTE | {"colour": "red"}, "colour"),
        (CompanionKind.SHARES, SHARES | {"transferee": "CLN-22222222"}, "transferee"),
    ],
)
def test_what_a_paper_may_not_say_is_refused_at_its_term(
    cast: Cast, kind: CompanionKind, terms: Mapping[str, Any], field: str
) -> None:
    with cast.scope(), atomic.open():
        with pytest.raises(BadCompanion) as refused:
            drafted(cast, kind, terms)
        assert refused.value.field == field
        drafted(cast, CompanionKind.POWER, POWER)  # the other way each stands
        drafted(cast, CompanionKind.BILLING, BILLING | {"pay": "collections"})
        drafted(cast, CompanionKind.LEASE, LEASE)


def test_a_clinical_asset_is_never_for_sale_neither_by_the_service_nor_by_the_database(cast: Cast) -> None:
    chair = Asset("Reception chairs", AssetKind.FURNITURE, False, Disposition.SALE, Decimal("900.00"))
    charts = Asset("Charts", AssetKind.RECORDS, True, Disposition.SALE, Decimal("1.00"))
    with cast.scope(), atomic.open():
        list_of = lambda *assets: drafted(cast, CompanionKind.ASSETS, {"purpose": "Schedule 4"}, assets=assets)  # noqa: E731
        for asset in (charts, replace(charts, kind=AssetKind.EQUIPMENT, name="Slit lamp")):
            with pytest.raises(BadCompanion, match="never sold"):
                list_of(chair, asset)
        with pytest.raises(BadCompanion, match="are clinical"):
            list_of(replace(charts, is_clinical=False, disposition=Disposition.STAYS))
        made = list_of(chair, replace(charts, disposition=Disposition.STAYS))
        assert [one.name for one in queries.companion(made).assets] == ["Reception chairs", "Charts"]
        companions.revise(
            actor=builder(NOW), companion=made, at=NOW,
            new=CompanionDraft({"purpose": "Schedule 4"}, MARCH, assets=(chair,)),
        )  # fmt: skip
        assert [one.name for one in queries.companion(made).assets] == ["Reception chairs"]
        row = CompanionDocument.objects.get(public_id=made)
        for kind, is_clinical, promise in (
            (AssetKind.EQUIPMENT, True, "clinical_assets_are_never_for_sale"),
            (AssetKind.DRUGS, False, "clinical_kinds_are_clinical"),
        ):
            with pytest.raises(IntegrityError, match=promise), transaction.atomic():
                CompanionAsset.objects.create(
                    practice_id=cast.rockland.id, companion=row, revision=2, place=9, name="x", kind=kind.value,
                    is_clinical=is_clinical, disposition="sale", amount=0,
                )  # fmt: skip


def test_shares_go_to_a_licensee_of_the_state_alone(cast: Cast) -> None:
    at = {"actor": builder(NOW), "practice": cast.rockland.id, "taxonomy": parties.FAMILY_MEDICINE, "at": NOW}
    with cast.scope(), atomic.open():
        here, there = (
            clinicians.add(person=Person(last, "Nora", credential="MD", licence_number="M1", licence_state=state),
                           npi=parties.npi(number), starts_on=MARCH, **at)
            for last, state, number in (("Hale", "ME", 77_000_001), ("Wood", "NH", 77_000_002))
        )  # fmt: skip
        with pytest.raises(BadCompanion, match="licensed in NH"):
            drafted(cast, CompanionKind.SHARES, SHARES | {"transferee": there.public_id})
        with pytest.raises(BadCompanion, match="no licence on file"):
            drafted(cast, CompanionKind.SHARES, SHARES | {"transferee": cast.rockland.clinician.public_id})
        signed(cast, CompanionKind.SHARES, SHARES | {"transferee": here.public_id})
        assert queries.legal_facts(cast.rockland.id, MARCH) == {
            "stock.mso_controls": True, "stock.listed_events_only": True, "stock.mso_replaces": False,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "rule", "verdict"),
    [("OR", "OR-951-03", Verdict.STOPS), ("CA", "CA-ART-08", Verdict.TELLS), ("ME", "OR-951-03", None)],
)
def test_a_share_paper_at_the_will_of_the_mso_is_stopped_in_oregon_and_warned_of_in_california(
    cast: Cast, state: str, rule: str, verdict: Verdict | None
) -> None:
    house: House = parties.practice(at=NOW, code="WEST", name="West Practice", state=state)
    fee = {"period": "month", "components": [{"kind": "flat", "amount": "100.00"}]}
    terms = testing.terms(cast.mso, house, mode=Mode.FRIENDLY_PC, lines="accounting", fee=fee)
    with scope(practices=[house.id]), atomic.open():
        agreement = drafting.begin(actor=builder(NOW), practice=house.id, terms=terms, at=NOW)
        heir = clinicians.add(
            actor=builder(NOW), practice=house.id, npi=parties.npi(77_000_003), taxonomy=parties.FAMILY_MEDICINE,
            person=Person("Hale", "Nora", credential="MD", licence_number="M1", licence_state=state), starts_on=MARCH,
            at=NOW,
        )  # fmt: skip
        at_will = replace(cast, agreement=replace(cast.agreement, agreement=agreement))
        signed(at_will, CompanionKind.SHARES, SHARES | {"events": ["at_will"], "transferee": heir.public_id})
        known = law_queries.known_of(agreements.agreement(agreement), on=MARCH)
        found = {
            one.rule.code: one.verdict for one in law_queries.findings(house.id, known, moment=Moment.SIGN, on=MARCH)
        }
    assert found.get(rule) is verdict


def test_a_missing_paper_keeps_an_agreement_from_being_signed_where_an_office_wrote_so(cast: Cast) -> None:
    cora = testing.person("cora@harborridge.example", "Cora", practice=cast.mso.id, role="compliance_officer", at=NOW)
    need = {"kind": "deficit_note", "modes": ["third_party"], "blocks": True, "words": "Agreed by counsel."}
    writer = cast.actor(cora)
    with scope(practices=[cast.rockland.id, cast.mso.id]), atomic.open():
        companions.write_need(actor=writer, mso=cast.mso.id, given=need, why="Policy 7", at=NOW)
        drafting.amend(actor=builder(NOW), agreement=cast.agreement.agreement, starts_on=date(2026, 4, 1), at=NOW,
                       terms=cast.agreement.terms, summary="The same again")  # fmt: skip
        execute = {"actor": builder(NOW), "agreement": cast.agreement.agreement, "document": testing.pdf("v2"),
                   "signers": testing.signers(NOW), "at": NOW}  # fmt: skip
        with pytest.raises(CompanionMissing, match="Deficit loan note: missing"):
            execution.execute(**execute)
        signed(cast, CompanionKind.LOAN, NOTE)
        assert execution.execute(**execute).number == 2


def test_what_ends_waits_in_time_and_no_longer_once_there_is_a_next_one(cast: Cast) -> None:
    def waiting() -> int:
        return WorkItem.objects.filter(kind="agreements.companion").exclude(state="done").count()

    with cast.scope(), atomic.open():
        signed(cast, CompanionKind.LOAN, NOTE, ends_on=date(2026, 6, 1))
        companions.watch(actor=builder(NOW), at=NOW)
        assert waiting() == 0, "it holds for three months yet"
        late = NOW + timedelta(days=45)
        companions.watch(actor=builder(late), at=late)
        companions.watch(actor=builder(late), at=late)
        assert waiting() == 1
        next_one = drafted(cast, CompanionKind.LOAN, NOTE, starts_on=date(2026, 6, 1))
        companions.sign(actor=builder(late), companion=next_one, document=testing.pdf("next"), mso_signer="Elena",
                        practice_signer="Ana", signed_on=MARCH, at=late)  # fmt: skip
        assert waiting() == 0
        with pytest.raises(BadCompanion, match="is past"):
            companions.end(actor=builder(NOW), companion=next_one, ends_on=date(2026, 1, 1), why="x", at=NOW)
        companions.end(actor=builder(late), companion=next_one, ends_on=date(2026, 7, 1), why="Repaid", at=late)
        assert queries.companion(next_one).ends_on == date(2026, 7, 1)


def test_days_of_papers_and_the_licence_are_judged_plainly() -> None:
    spans = [(MARCH, date(2026, 4, 1)), (date(2026, 4, 1), None)]
    assert held(spans, has_draft=False, on=MARCH) == (Held.ENDS, date(2026, 4, 1))
    assert held(spans, has_draft=False, on=date(2026, 4, 1)) == (Held.THERE, None)
    assert held([], has_draft=False, on=MARCH) == (Held.MISSING, None)
    gone = Licence("Nora Hale, MD", "OR", "M1", is_there=False)
    (told,) = faults(CompanionKind.SHARES, SHARES, state="OR", starts_on=MARCH, ends_on=None, licence=gone)
    assert "not at the practice" in told.sentence


def test_papers_are_kept_by_screens_and_api(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for practice in (cast.mso.id, cast.rockland.id):
        users = [
            testing.person(f"{name}@harborridge.example", name, practice=practice, role="mso_executive", at=NOW)
            for name in ("kate", "elena")
        ]
    kate, elena = map(signed_in, users)
    agreement = cast.agreement.agreement
    papers = reverse("agreements:papers", args=[agreement])
    assert "Power of attorney towards payers" in kate.get(papers).content.decode()
    new = reverse("agreements:companion-new", args=[agreement, "asset_list"])
    rows = {"assets-TOTAL_FORMS": "1", "assets-INITIAL_FORMS": "0", "assets-0-name": "Vaccines", "assets-0-kind": "drugs",
            "assets-0-disposition": "sale", "assets-0-amount": "10.00"}  # fmt: skip
    refused = kate.post(new, {"purpose": "Schedule 4", "starts_on": "2026-03-01", **rows})
    assert refused.status_code == 422
    assert "never sold" in refused.content.decode()
    made = kate.post(
        new, {"purpose": "Schedule 4", "starts_on": "2026-03-01", **rows | {"assets-0-disposition": "stays"}}
    )
    assert made.status_code == 303, made.content
    place = made["Location"]
    assert "You wrote this draft" in kate.get(place).content.decode()
    scan = SimpleUploadedFile("a.pdf", testing.pdf("list").content, "application/pdf")
    done = elena.post(f"{place}sign/", {"document": scan, "mso_signer": "Elena, CEO", "practice_signer": "Ana, Owner",
                                        "signed_on": "2026-03-02"})  # fmt: skip
    assert done.status_code == 303, done.content
    assert elena.get(f"{place}signed.pdf").content == testing.pdf("list").content
    assert "Vaccines" in kate.get(place).content.decode()
    needed = kate.get(f"/api/agreements/{agreement}/companions").json()
    assert {one["kind"]: one["held"] for one in needed}["asset_list"] == "there"
    sale = {"kind": "asset_list", "starts_on": "2026-03-01", "values": {"purpose": "Schedule 5"},
            "assets": [{"name": "Charts", "kind": "records", "is_clinical": True, "disposition": "sale"}]}  # fmt: skip
    told = kate.post(f"/api/agreements/{agreement}/companions", sale, "application/json")
    assert (told.status_code, told.json()["field"]) == (422, "assets")
    assert signed_in(cast.theo).get(place).status_code == 404
