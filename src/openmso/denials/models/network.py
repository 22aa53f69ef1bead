"""What the network decides about denials: its map of codes, what needs no approval, what is not made a rule.

Versions, never changed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.denials.contracts import Category, Owner
from openmso.kit.classes import classify


class MapLine(models.Model):
    """A line of the network's own map of codes. The last number for the same codes and payer holds."""

    scope = "global"
    temper = "journal"
    classified = classify(public="number group reason remark payer category owner action stage withdrawn why at by")

    number = models.PositiveIntegerField(unique=True, help_text="Version of the map that it made")
    group = models.CharField(max_length=2, blank=True)
    reason = models.CharField(max_length=5, blank=True)
    remark = models.CharField(max_length=10, blank=True)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=24, choices=[(one.value, one.label) for one in Category])
    owner = models.CharField(max_length=20, choices=[(one.value, one.label) for one in Owner])
    action = models.CharField(max_length=50)
    stage = models.CharField(max_length=20, blank=True)
    withdrawn = models.BooleanField(default=False, help_text="From here on the house's own map holds again")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason="") | ~Q(remark="") | Q(payer__isnull=False), name="lines_of_the_map_name_something"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="lines_of_the_map_say_why"),
        ]


class Limit(models.Model):
    """Up to what a denial is written off by one person alone. The last one holds."""

    scope = "global"
    temper = "journal"
    classified = classify(public="amount why at by")

    amount = models.DecimalField(max_digits=14, decimal_places=2)
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0) & ~Q(why=""), name="limits_of_write_offs_say_why"),
        ]


class SuggestionAnswer(models.Model):
    """What was made of a suggested rule: the draft that was written, or why none is wanted. The last one holds."""

    scope = "global"
    temper = "journal"
    classified = classify(public="payer code reason count rule why at by")

    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=48)
    reason = models.CharField(max_length=5)
    count = models.PositiveIntegerField(help_text="Denials at the time; dismissed, it comes back with more of them")
    rule = models.CharField(max_length=40, blank=True, help_text="Code of the rule that was drafted")
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule="", why__gt="") | Q(rule__gt="", why=""), name="suggestions_are_drafted_or_dismissed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "code", "reason"], name="answers_to_suggestion")]
