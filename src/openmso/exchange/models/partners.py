"""Trading partners and routes: registers of the network, kept by the MSO."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.exchange.contracts import PartnerKind, Transaction, Way
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField, Tenant
from openmso.platform.vault.fields import SecretField


class Partner(models.Model):
    """A clearinghouse, or a payer that takes files itself: how it is reached and what its envelope asks for."""

    scope = "global"
    temper = "register"
    classified = classify(
        business="name kind way host port host_key user outgoing incoming realtime sender sender_qualifier receiver "
        "receiver_qualifier group_sender group_receiver submitter receiver_name usage separators newlines versions "
        "is_down down_since down_words polled_at poll_words closed_on",
        identity_secret="password private_key",
    )

    public_id = PublicIdField("PTR", unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=13, choices=[(k.value, k.label) for k in PartnerKind])
    way = models.CharField(max_length=6, choices=[(w.value, w.label) for w in Way])
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(default=0)
    host_key = models.TextField(blank=True, help_text="SFTP: the one public key that its server may show (OpenSSH)")
    user = models.CharField(max_length=100, blank=True)
    password = SecretField()
    private_key = SecretField()
    outgoing = models.CharField(max_length=300, blank=True, help_text="Folder (SFTP) or path (HTTPS) that takes files")
    incoming = models.CharField(max_length=300, blank=True, help_text="Folder or path of its answers")
    realtime = models.CharField(
        max_length=300, blank=True, help_text="Path where questions are posted and answered at once (HTTPS)"
    )
    sender = models.CharField(max_length=15, blank=True, help_text="ISA06")
    sender_qualifier = models.CharField(max_length=2, blank=True, help_text="ISA05")
    receiver = models.CharField(max_length=15, blank=True, help_text="ISA08")
    receiver_qualifier = models.CharField(max_length=2, blank=True, help_text="ISA07")
    group_sender = models.CharField(max_length=15, blank=True, help_text="GS02")
    group_receiver = models.CharField(max_length=15, blank=True, help_text="GS03")
    submitter = models.CharField(max_length=80, blank=True, help_text="1000A NM109")
    receiver_name = models.CharField(max_length=60, blank=True, help_text="1000B NM103")
    usage = models.CharField(max_length=1, blank=True, help_text="ISA15")
    separators = models.CharField(max_length=4, blank=True)
    newlines = models.BooleanField(default=True)
    versions = models.CharField(max_length=200, blank=True, help_text="GS08 by transaction")
    is_down = models.BooleanField(default=False)
    down_since = models.DateTimeField(null=True)
    down_words = models.CharField(max_length=200, blank=True)
    polled_at = models.DateTimeField(null=True)
    poll_words = models.CharField(max_length=300, blank=True, help_text="Why the last look into its mailbox failed")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_down=False, down_since__isnull=True) | Q(is_down=True, down_since__isnull=False),
                name="partners_that_are_down_say_since_when",
            ),
            models.CheckConstraint(
                condition=Q(way__in=[Way.MANUAL.value, Way.PAPER.value]) | ~Q(host="") & Q(port__gt=0),
                name="partners_of_a_wire_have_a_host",
            ),
            models.CheckConstraint(
                condition=~Q(way=Way.SFTP.value) | ~Q(host_key=""), name="sftp_partners_have_their_host_key_pinned"
            ),
        ]


class Route(models.Model):
    """One step of a route: the partner of a rank, for a payer (or all), a transaction, a practice (or all)."""

    scope = "global"
    temper = "register"
    classified = classify(business="transaction rank starts_on ends_on")

    public_id = PublicIdField("RTE", unique=True)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+")
    transaction = models.CharField(max_length=4, choices=[(t.value, t.label) for t in Transaction])
    practice = models.ForeignKey(Tenant, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(help_text="1 is asked first")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day on which it no longer holds")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="routes_end_after_they_start"
            ),
            models.UniqueConstraint(
                fields=["payer", "transaction", "practice", "rank"], condition=Q(ends_on=None),
                nulls_distinct=False, name="a_route_has_one_partner_of_a_rank",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["transaction", "payer"], name="route_by_transaction")]
