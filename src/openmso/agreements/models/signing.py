"""Counsel's review of a draft, a draft out for signature, its named signers, and what each of them did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.contracts import Side
from openmso.agreements.models.agreement import SHA256, ServiceAgreement
from openmso.agreements.paper.contracts import Act, AddressClass, Review, Signing
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class CounselReview(PracticeModel):
    """A draft given to a named reviewer, as it stood then, and their answer in words."""

    classified = classify(
        business="agreement number content_sha256 reviewer reviewer_user state note asked_at asked_by answered_at"
    )

    agreement = PracticeForeignKey(ServiceAgreement)
    number = models.PositiveSmallIntegerField(help_text="The version that the draft would become")
    content_sha256 = models.CharField(max_length=64, help_text="Of the terms and the text that are looked at")
    reviewer = models.CharField(max_length=120)
    reviewer_user = models.CharField(max_length=16, help_text="Public id of the reviewer's account")
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Review])
    note = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "agreement"], condition=Q(state=Review.ASKED.value), name="one_review_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Review.SIGNED_OFF.value, Review.RETURNED.value])
                | Q(answered_at__isnull=False) & ~Q(note=""),
                name="counsel_answers_in_words",
            ),
            models.CheckConstraint(condition=~Q(reviewer="") & ~Q(reviewer_user=""), name="counsel_is_named"),
        ]


class SigningRound(PracticeModel):
    """A draft sent for signature: its bytes are frozen, and every signer signs those."""

    classified = classify(
        business="agreement number provider content_sha256 document document_sha256 articles state sent_at sent_by "
        "sent_user ended_at ended_why certificate"
    )

    public_id = PublicIdField("SGN")
    agreement = PracticeForeignKey(ServiceAgreement)
    number = models.PositiveSmallIntegerField(help_text="The version that the draft becomes")
    provider = models.CharField(max_length=16, help_text="By which way it is signed")
    content_sha256 = models.CharField(max_length=64, help_text="Of the terms and the text")
    document = models.CharField(max_length=16, help_text="Public id of the frozen paper")
    document_sha256 = models.CharField(max_length=64)
    articles = models.JSONField(help_text="The text of the frozen paper, clause by clause")
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Signing])
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=120)
    sent_user = models.CharField(max_length=16, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    certificate = models.CharField(max_length=16, blank=True, help_text="Public id of the certificate of completion")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="signings_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "agreement"], condition=Q(state=Signing.OPEN.value), name="one_signing_at_a_time"
            ),
            models.CheckConstraint(condition=Q(document_sha256__regex=SHA256), name="what_is_signed_is_frozen"),
            models.CheckConstraint(
                condition=Q(state=Signing.OPEN.value, ended_at=None)
                | Q(state=Signing.COMPLETE.value, ended_at__isnull=False)
                | Q(state__in=[Signing.DECLINED.value, Signing.VOID.value], ended_at__isnull=False) & ~Q(ended_why=""),
                name="ended_signings_say_when_and_why",
            ),
        ]  # fmt: skip


class RoundSigner(PracticeModel):
    """Who is to sign, named before it is sent; without an account where it is signed on paper."""

    temper = "journal"
    classified = classify(business="round place side name title user")

    round = PracticeForeignKey(SigningRound)
    place = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Side])
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    user = models.CharField(max_length=16, blank=True, help_text="Public id of the account that signs")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "round", "place"], name="signers_stand_in_order"),
            models.UniqueConstraint(
                fields=["practice", "round", "user"], condition=~Q(user=""), name="an_account_signs_for_one_side"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(title=""), name="named_signers_have_a_title"),
        ]


class SigningAct(PracticeModel):
    """What a signer did: signed these bytes with this sentence, or declined in words."""

    temper = "journal"
    classified = classify(business="round signer act at by user address_class intent document_sha256 why")

    round = PracticeForeignKey(SigningRound)
    signer = PracticeForeignKey(RoundSigner)
    act = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Act])
    at = models.DateTimeField()
    by = models.CharField(max_length=120, help_text="Name of the account that acted")
    user = models.CharField(max_length=16, blank=True)
    address_class = models.CharField(max_length=8, choices=[(one.value, one.label) for one in AddressClass])
    intent = models.CharField(max_length=300, blank=True, help_text="The sentence that was confirmed")
    document_sha256 = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "round", "signer"], name="a_named_signer_acts_once"),
            models.CheckConstraint(
                condition=Q(act=Act.SIGNED.value, document_sha256__regex=SHA256) & ~Q(intent="")
                | Q(act=Act.DECLINED.value) & ~Q(why=""),
                name="who_signs_says_so_and_who_declines_says_why",
            ),
        ]  # fmt: skip
