"""What patients allow, written down as they say it."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import ACCOUNT, STATE
from openmso.billing.models import TextConsent
from openmso.billing.queries import consents
from openmso.billing.rules import notices as rules
from openmso.kit.errors import Refused
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


class NoConsent(Refused):
    """What a patient allows cannot be written down so."""

    code = "no_consent"


@atomic
def texts(*, actor: Actor, patient: str, is_given: bool, how: str, at: datetime) -> None:
    """Write down that a patient allows text messages, or no longer does, and how they said it. Raises `NoConsent`."""
    who = patients.get(patient)
    decision = actor.must(STATE.code, who.practice)
    if not how.strip():
        raise NoConsent("Say how the patient said it.", field="how", fix="On a form, on the telephone, on line.")
    if is_given and not who.phone:
        raise NoConsent("The patient has no telephone number.", fix="Write it in the patient's record first.")
    TextConsent.objects.create(
        practice_id=who.practice, patient_id=who.id, is_given=is_given, how=how.strip()[:160], at=at,
        by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action=f"billing.texts_{'allowed' if is_given else 'stopped'}", practice=who.practice,
        subject=(ACCOUNT, patient), at=at, why=how, decision=decision,
    )  # fmt: skip


@atomic
def replied(*, practice: int, number: str, text: str, at: datetime) -> int:
    """What patients with a number replied to a text message holds for each of them; of how many it changed something.

    STOP ends text messages, START allows them again (47 CFR 64.1200(a)(12)); anything else changes nothing.
    """
    is_given = rules.replied(text)
    if is_given is None:
        return 0
    mine = patients.with_phone(practice=practice, phone=number)
    allowed = consents.texts_allowed(practice, mine)
    asked = [one for one in mine if (one in allowed) != is_given]
    word = text.strip().upper()[:12]
    actor = Actor.system("The patient, by text message", at=at)
    names = patients.by_ids(asked)
    for one in asked:
        TextConsent.objects.create(
            practice_id=practice, patient_id=one, is_given=is_given, how=f"Replied {word} to a text message", at=at,
            by=actor.name[:160],
        )  # fmt: skip
        audit.record(
            actor=actor, action="billing.texts_replied", practice=practice, subject=(ACCOUNT, names[one].public_id),
            at=at, facts={"word": word},
        )  # fmt: skip
    return len(asked)
