"""The web application does not start with a route that declares no permission."""

from __future__ import annotations

import gc
import runpy
import types
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path

WSGI = "openmso.config.wsgi"


def test_it_starts() -> None:
    usual = dict(connections.settings["default"])
    try:
        assert callable(runpy.run_module(WSGI)["application"])
        assert gc.get_freeze_count() > 0, "the collector leaves alone what start-up made"
        assert connections.settings["default"]["CONN_MAX_AGE"], "a connection is kept for the next request"
    finally:
        gc.unfreeze()
        connections.settings["default"] |= usual


def test_a_setting_that_is_not_read_any_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMSO_ELIGIBILITY_URL", "https://clearinghouse.example/270")
    told = [one for one in run_checks() if one.id == "config.W001"]
    assert [one.msg for one in told] == ["OPENMSO_ELIGIBILITY_URL is set and is not read any more."]
    assert "set a route of 270" in str(told[0].hint)


def test_a_route_that_declares_nothing_stops_the_start(settings: Any) -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        return HttpResponse("patients")

    urls = types.ModuleType("urls")
    urls.urlpatterns = [path("silent/", silent)]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    clear_url_caches()
    try:
        with pytest.raises(SystemCheckError, match="declares no permission"):
            runpy.run_module(WSGI)
    finally:
        clear_url_caches()
