"""What the network itself decides about denials: its map of codes, what needs no approval. Versions, never changed."""

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
