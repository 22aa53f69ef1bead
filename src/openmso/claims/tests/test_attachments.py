"""Papers beside a claim: in its 837 under a number, and work until they are sent."""

from __future__ import annotations

from typing import Any

import pytest

from openmso.claims import testing
from openmso.claims.queries import attachments as listed
from openmso.claims.queries import telling
from openmso.claims.services import attaching
from openmso.claims.states import S
from openmso.kit.errors import Refused
from openmso.platform.tenancy.scope import reading
from openmso.platform.work import queries as work

pytestmark = pytest.mark.django_db


def kinds(claim: str, at: Any) -> list[str]:
    return [item.kind for item in work.open_for(("claims.claim", claim), at=at)]


def test_a_paper_is_in_the_claim_and_is_work_until_it_went(cast: Any) -> None:
    billing = testing.open_for_billing(cast.rockland, cast.payer, at=cast.at)
    made = testing.claim_at(S.READY, billing, at=cast.at)
    priya = testing.actor(cast.at)
    with billing.scope():
        control = attaching.add(actor=priya, claim=made.public_id, kind="OB", way="FX", at=cast.at, note="2 pages")
        at_hand = attaching.add(actor=priya, claim=made.public_id, kind="M1", way="AA", at=cast.at)
        with reading():
            assert kinds(made.public_id, cast.at) == ["claims.attachment_to_send"], (
                "what is kept at hand waits for nobody"
            )
            said = [f"{s.tag}{s.rest}" for s in telling.previewed(made.public_id, today=cast.at.date()).segments]
        assert f"PWK*OB*FX***AC*{control}~" in said
        assert f"PWK*M1*AA***AC*{at_hand}~" in said

        assert attaching.sent(actor=priya, attachment=control, at=cast.at) == made.public_id
        with reading():
            assert kinds(made.public_id, cast.at) == []
            first, _ = listed.of_claim(made.public_id)
        assert (first.control, first.sent_by, first.waits) == (control, priya.name, False)
        with pytest.raises(attaching.AttachmentGone, match="went already"):
            attaching.withdraw(actor=priya, attachment=control, at=cast.at)


def test_a_withdrawn_paper_is_not_said_any_more(cast: Any) -> None:
    billing = testing.open_for_billing(cast.rockland, cast.payer, at=cast.at)
    made = testing.claim_at(S.READY, billing, at=cast.at)
    priya = testing.actor(cast.at)
    with billing.scope():
        control = attaching.add(actor=priya, claim=made.public_id, kind="RR", way="BM", at=cast.at)
        attaching.withdraw(actor=priya, attachment=control, at=cast.at)
        with reading():
            assert kinds(made.public_id, cast.at) == []
            assert listed.of_claim(made.public_id) == ()
            assert not any(s.tag == "PWK" for s in telling.previewed(made.public_id, today=cast.at.date()).segments)
        with pytest.raises(Refused, match="what it is"):
            attaching.add(actor=priya, claim=made.public_id, kind="??", way="BM", at=cast.at)
