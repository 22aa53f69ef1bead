"""Tables of rules that the house loads, edition by edition."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.billing.states import Loaded, TableKind
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField


class RuleTable(models.Model):
    """One edition of a table: read whole, checked, and put in force; taken back, what held before holds again."""

    scope = "global"
    temper = "register"
    classified = classify(
        public="kind edition rows checks sha256",
        business="name document state loaded_at loaded_by active_at active_by undone_at undone_by undone_why",
    )

    public_id = PublicIdField("TBL", unique=True)
    kind = models.CharField(max_length=8, choices=[(one.value, one.label) for one in TableKind])
    edition = models.CharField(max_length=40)
    name = models.CharField(max_length=120, help_text="Of the file, as its sender named it")
    document = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()
    checks = models.JSONField(help_text="What the checks found, in words")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Loaded], default=Loaded.CHECKED.value
    )  # fmt: skip
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=160)
    active_at = models.DateTimeField(null=True)
    active_by = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=160, blank=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "sha256"], condition=~Q(state=Loaded.UNDONE.value), name="the_same_table_is_loaded_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=Loaded.ACTIVE.value) | Q(active_at__isnull=False),
                name="tables_in_force_say_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=Loaded.UNDONE.value) | Q(undone_at__isnull=False, undone_why__gt=""),
                name="tables_taken_back_say_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-active_at", "-id"], name="rule_table_in_force")]
