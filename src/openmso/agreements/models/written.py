"""What an office writes version by version, whatever it is: clauses, rules of law, tasks, initiatives."""

from __future__ import annotations

from django.db import models

from openmso.kit.classes import classify


class Written(models.Model):
    """A version of what an office writes; the last number of a code holds, before the house's own, number 0."""

    scope = "global"
    temper = "journal"
    classified = classify(public="code number body withdrawn why at by user")

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    body = models.JSONField(default=dict, help_text="What was written, as data; empty where it was withdrawn")
    withdrawn = models.BooleanField(default=False, help_text="From here on it is neither chosen nor asked")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True, help_text="Public id of the account that wrote it")

    class Meta:
        abstract = True
