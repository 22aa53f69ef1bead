"""Loads, and the rows they brought. Rows never change: which load counts is asked of the register."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField


class Load(models.Model):
    """One edition of one kind, taken in whole; undone, it no longer counts and stays on record."""

    scope = "global"
    temper = "register"
    classified = classify(
        public="kind edition starts_on is_packaged sha256 rows checks words",
        business="files licence_holder licence_users loaded_at loaded_by undone_at undone_by undone_why",
    )

    public_id = PublicIdField("LOD", unique=True)
    kind = models.CharField(max_length=20)
    edition = models.CharField(max_length=40)
    starts_on = models.DateField(help_text="The first day the edition holds")
    sha256 = models.CharField(max_length=64, help_text="Of the file; of the digests of several, in order of name")
    files = models.JSONField(help_text="Name, digest, size and stored document of each file")
    is_packaged = models.BooleanField(
        default=False, help_text="Shipped with the product: what its publisher sent goes before it"
    )
    rows = models.PositiveIntegerField()
    checks = models.JSONField(help_text="Name and result in words of each check")
    words = models.JSONField(help_text="Texts that rows name by number")
    licence_holder = models.CharField(max_length=160, blank=True)
    licence_users = models.PositiveIntegerField(null=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=160)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=160, blank=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "sha256"], condition=Q(undone_at=None), name="the_same_bytes_are_one_load"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_why=""), name="a_load_is_undone_for_a_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-starts_on", "-id"], name="loads_by_kind")]


class LoadedRow(models.Model):
    """A row of a load. The key is checked by the one service that writes rows, not row by row by the database."""

    scope = "global"
    temper = "journal"

    load = models.ForeignKey(Load, models.PROTECT, related_name="+", db_constraint=False, db_index=False)

    class Meta:
        abstract = True


def code_field(**options: object) -> models.CharField:
    """A code in the order of its bytes, as files are sorted."""
    return models.CharField(max_length=5, db_collation="C", **options)  # type: ignore[arg-type]


class PairEdit(LoadedRow):
    """An NCCI procedure-to-procedure edit: column 2 is not paid beside column 1 of the same day."""

    classified = classify(public="column1 column2 starts_on ends_on indicator rationale")

    pk = models.CompositePrimaryKey("load_id", "column1", "column2", "starts_on")
    column1 = code_field()
    column2 = code_field()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")
    indicator = models.CharField(max_length=1, help_text="0 never both, 1 with a modifier")
    rationale = models.SmallIntegerField(help_text="The number of its words on the load")


class UnitEdit(LoadedRow):
    """A medically unlikely edit: the most units of a code, of a line (1) or of a day (2, 3)."""

    classified = classify(public="code units indicator rationale")

    pk = models.CompositePrimaryKey("load_id", "code")
    code = code_field()
    units = models.PositiveIntegerField()
    indicator = models.CharField(max_length=1)
    rationale = models.CharField(max_length=120)


class AddOnEdit(LoadedRow):
    """An add-on code and a primary it may stand beside; an empty primary is the contractor's choice."""

    classified = classify(public="code primary edit_type starts_on ends_on")

    code = code_field()
    primary = code_field(blank=True)
    edit_type = models.CharField(max_length=1)
    starts_on = models.DateField(null=True, help_text="Nothing: it always held")
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["load", "code"], name="add_ons_by_code")]


class RelativeValue(LoadedRow):
    """Relative values and policy indicators of a code with a modifier (26, TC, 53 or none), as the file says them."""

    classified = classify(
        public="code modifier status work pe_nonfacility pe_facility mp na_nonfacility na_facility pctc global_days "
        "pre intra post mult_proc bilateral asst_surg co_surg team_surg endo_base imaging_family conversion_factor "
        "conversion_factor_qp opps_pe_nonfacility opps_pe_facility opps_mp"
    )

    pk = models.CompositePrimaryKey("load_id", "code", "modifier")
    code = code_field()
    modifier = models.CharField(max_length=2, blank=True)
    status = models.CharField(max_length=1)
    work = models.DecimalField(max_digits=8, decimal_places=2)
    pe_nonfacility = models.DecimalField(max_digits=8, decimal_places=2)
    pe_facility = models.DecimalField(max_digits=8, decimal_places=2)
    mp = models.DecimalField(max_digits=8, decimal_places=2)
    na_nonfacility = models.BooleanField(help_text="Not done there; the file repeats the facility's value")
    na_facility = models.BooleanField(help_text="Not done there; the file repeats the other value")
    pctc = models.CharField(max_length=1, blank=True)
    global_days = models.CharField(max_length=3, blank=True)
    pre = models.DecimalField(max_digits=4, decimal_places=2)
    intra = models.DecimalField(max_digits=4, decimal_places=2)
    post = models.DecimalField(max_digits=4, decimal_places=2)
    mult_proc = models.CharField(max_length=1, blank=True)
    bilateral = models.CharField(max_length=1, blank=True)
    asst_surg = models.CharField(max_length=1, blank=True)
    co_surg = models.CharField(max_length=1, blank=True)
    team_surg = models.CharField(max_length=1, blank=True)
    endo_base = models.CharField(max_length=5, blank=True)
    imaging_family = models.CharField(max_length=2, blank=True)
    conversion_factor = models.DecimalField(max_digits=8, decimal_places=4)
    conversion_factor_qp = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    opps_pe_nonfacility = models.DecimalField(
        max_digits=8, decimal_places=2, default=0, help_text="Of the most that imaging is paid (OPPS cap); 0 where none"
    )
    opps_pe_facility = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    opps_mp = models.DecimalField(max_digits=8, decimal_places=2, default=0)


class Locality(LoadedRow):
    """The geographic practice cost indices of a Medicare locality in a year."""

    classified = classify(public="mac state locality name gpci_work gpci_pe gpci_mp")

    pk = models.CompositePrimaryKey("load_id", "mac", "locality")
    mac = models.CharField(max_length=5)
    state = models.CharField(max_length=2)
    locality = models.CharField(max_length=2, help_text="Two digits, the first may be 0")
    name = models.CharField(max_length=80)
    gpci_work = models.DecimalField(max_digits=5, decimal_places=3)
    gpci_pe = models.DecimalField(max_digits=5, decimal_places=3)
    gpci_mp = models.DecimalField(max_digits=5, decimal_places=3)


class PlaceOfService(LoadedRow):
    """A place of service, and whether Medicare pays there at its facility rate."""

    classified = classify(public="code name is_facility")

    pk = models.CompositePrimaryKey("load_id", "code")
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=80)
    is_facility = models.BooleanField()


class TelehealthService(LoadedRow):
    """A service that Medicare pays by telehealth in a year."""

    classified = classify(public="code action")

    pk = models.CompositePrimaryKey("load_id", "code")
    code = code_field()
    action = models.CharField(max_length=80, blank=True)


class AgeSexLimit(LoadedRow):
    """The completed years and the sex that codes from a first to a last one are for; no two rows of a load overlap."""

    classified = classify(public="is_diagnosis first last sex age_first age_last")

    pk = models.CompositePrimaryKey("load_id", "is_diagnosis", "first")
    is_diagnosis = models.BooleanField(help_text="ICD-10-CM, else HCPCS and CPT")
    first = models.CharField(max_length=7, db_collation="C")
    last = models.CharField(max_length=7, db_collation="C", help_text="Codes that begin with it are within")
    sex = models.CharField(max_length=1, blank=True, help_text="F or M; nothing: either")
    age_first = models.PositiveSmallIntegerField(null=True)
    age_last = models.PositiveSmallIntegerField(null=True, help_text="Included")


class FrequencyLimit(LoadedRow):
    """How often a kind of payer, or one payer, pays a service of a family."""

    classified = classify(public="code family most months payer_kind payer document")

    code = code_field()
    family = models.CharField(max_length=40, help_text="Codes of one family are counted together")
    most = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(null=True, help_text="Full calendar months; nothing: in a lifetime")
    payer_kind = models.CharField(max_length=20, blank=True, help_text="Nothing: of every kind")
    payer = models.CharField(max_length=15, blank=True, help_text="Its id in EDI; nothing: every payer of the kind")
    document = models.CharField(max_length=120, help_text="Who says so, and where")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["load", "code"], name="frequencies_by_code")]


class CoveredDiagnosis(LoadedRow):
    """Diagnoses for which a payer covers a service, by a national or local determination or its own policy."""

    classified = classify(public="code first last payer_kind payer state document starts_on ends_on listed")

    code = code_field()
    first = models.CharField(max_length=7, db_collation="C", blank=True)
    last = models.CharField(max_length=7, db_collation="C", blank=True, help_text="Codes that begin with it are within")
    payer_kind = models.CharField(max_length=20, blank=True, help_text="Nothing: of every kind")
    payer = models.CharField(max_length=15, blank=True, help_text="Its id in EDI; nothing: every payer of the kind")
    state = models.CharField(
        max_length=200, blank=True, help_text="States where the contractor decides, blanks between; nothing: everywhere"
    )
    document = models.CharField(max_length=120, help_text="The determination or policy: NCD 80.9, LCD L34760")
    starts_on = models.DateField(null=True, help_text="Nothing: from the beginning of the edition")
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")

    listed = models.PositiveIntegerField(null=True, help_text="The list of diagnoses, instead of a range")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["load", "code"], name="coverage_by_code")]


class ListedDiagnosis(LoadedRow):
    """A diagnosis of a list that rows of covered diagnoses name by its number."""

    classified = classify(public="listed code")

    pk = models.CompositePrimaryKey("load_id", "listed", "code")
    listed = models.PositiveIntegerField()
    code = models.CharField(max_length=7, db_collation="C")


class TherapyThreshold(LoadedRow):
    """What Medicare allows a patient for therapy in a year before the claim must say KX."""

    classified = classify(public="year discipline amount")

    pk = models.CompositePrimaryKey("load_id", "year", "discipline")
    year = models.PositiveSmallIntegerField()
    discipline = models.CharField(max_length=6, help_text="PT-SLP physical and speech together, OT occupational")
    amount = models.DecimalField(max_digits=8, decimal_places=2)


class CodeEntry(LoadedRow):
    """A code of a code set: its short label and its words, its days, and whether it can be billed."""

    classified = classify(public="code category label words starts_on ends_on is_billable")

    pk = models.CompositePrimaryKey("load_id", "code", "category")
    code = models.CharField(max_length=10, db_collation="C")
    category = models.CharField(max_length=80, blank=True, help_text="Its group within the set")
    label = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=2000, blank=True)
    starts_on = models.DateField(null=True, help_text="Nothing: from the beginning of the edition")
    ends_on = models.DateField(null=True, help_text="The first day it is used no more")
    is_billable = models.BooleanField(help_text="Not a heading")

    class Meta:
        indexes: ClassVar = [
            GinIndex(SearchVector("label", "words", config="simple"), name="codes_by_words"),
        ]
