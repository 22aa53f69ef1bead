"""What rules hit: the first time of each claim, how it came out, and dry runs over the claims of the last months."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from openmso.claims.models.claims import Claim
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class RuleHit(PracticeModel):
    """A rule said something of a claim, the first time; it stays when the claim is mended."""

    temper = "journal"
    classified = classify(business="code first_at")

    claim = PracticeForeignKey(Claim, db_index=False)
    code = models.CharField(max_length=40)
    first_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "claim", "code"], name="a_first_hit_is_kept_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "first_at"], name="hit_by_first_time")]


class RuleTally(PracticeModel):
    """What came of the claims that a rule hit in a practice in the last 90 days, as it was counted last."""

    temper = "workpaper"
    classified = classify(business="code hits mended set_aside denied paid waiting counted_at")

    code = models.CharField(max_length=40)
    hits = models.PositiveIntegerField()
    mended = models.PositiveIntegerField(help_text="The rule says nothing of them any more")
    set_aside = models.PositiveIntegerField(help_text="A person set the finding aside")
    denied = models.PositiveIntegerField(help_text="They went out with the finding, and were denied")
    paid = models.PositiveIntegerField(help_text="They went out with the finding, and were paid: a false alarm")
    waiting = models.PositiveIntegerField(help_text="They went out with the finding, or wait; nothing is decided")
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "code"], name="a_rule_is_tallied_once_a_practice"),
        ]


class DryRun(PracticeModel):
    """What a rule would have said of the claims of one practice: how far it is, what it hit, some claims to look at."""

    classified = classify(
        business="key rule text since total done last hits denied paid waiting set_aside unsure denied_amount "
        "started_at finished_at actor_name user",
        clinical="samples",
    )

    public_id = PublicIdField("DRY")
    key = models.CharField(max_length=16, help_text="What the parts of one dry run over several practices share")
    rule = models.CharField(max_length=40)
    text = models.JSONField(help_text="What the rule said when it was asked for")
    since = models.DateField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    last = models.BigIntegerField(default=0, help_text="The key of the last claim that was judged")
    hits = models.PositiveIntegerField(default=0)
    denied = models.PositiveIntegerField(default=0)
    paid = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    unsure = models.PositiveIntegerField(default=0, help_text="Claims of which the rule cannot be judged")
    denied_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    samples = models.JSONField(default=dict, help_text="Public ids of some claims, by how they came out")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="dry_runs_have_one_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "key"], name="dry_run_by_key")]
