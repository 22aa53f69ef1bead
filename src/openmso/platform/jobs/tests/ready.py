"""Imported once by the process that workers are forked from: Django is ready, the cast declared, nothing connected."""

from __future__ import annotations

import django

from openmso.platform.jobs.tests import cast

django.setup()
cast.declare()
