"""The few pages of the shell itself: preferences, columns, palette, the menu's numbers, and the gallery."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from openmso.platform.access.edges import ActorRequest, asking, open_to_all, own
from openmso.platform.tenancy.scope import scope
from openmso.platform.ui import preferences, registry, respond, services
from openmso.platform.ui.contracts import COUNTED_MOST

PALETTE_EACH_MAX = 6
PALETTE_TEXT_MAX = 80


@open_to_all("theme and density of a browser, also on the sign-in page")
@require_POST
def set_preferences(request: ActorRequest) -> HttpResponse:
    """Take one choice of theme, density or shortcuts, and go back."""
    said = {key: request.POST.get(key, "") for key in ("theme", "density", "single_keys")}
    chosen = preferences.changed(preferences.of(request), **said)
    quiet = request.headers.get("HX-Request") or request.headers.get("X-Requested-With")
    response = HttpResponse(status=204) if quiet else respond.redirect(request, _back(request))
    with scope(user=request.actor.user_id):
        return preferences.keep(response, request.actor, chosen)


@own("that they are there, so that their session goes on")
@require_POST
def present(request: ActorRequest) -> HttpResponse:
    """Somebody types on a page, or says that they are there; 409 where the page is of another person."""
    return HttpResponse(status=204 if request.POST.get("person") == request.actor.user else 409)


@own("which columns they see")
@require_POST
def choose_columns(request: ActorRequest) -> HttpResponse:
    """Remember the columns of a table for a person, and show the list with them."""
    assert request.actor.user_id is not None
    columns = [] if request.POST.get("usual") else request.POST.getlist("columns")
    services.choose_columns(user=request.actor.user_id, table=request.POST.get("table", ""), columns=columns)
    parts = urlsplit(_back(request))
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "cols"]
    return respond.redirect(request, f"{parts.path}?{urlencode(query)}" if query else parts.path)


@open_to_all("answers only with what the person may do; nobody gets nothing")
@require_GET
def palette(request: ActorRequest) -> HttpResponse:
    """What the palette finds for some words: places to go, things to do, things to find."""
    text = request.GET.get("q", "").strip()[:PALETTE_TEXT_MAX]
    found = []
    for source in registry.sources_for(request.actor):
        with asking(request.actor, source.permission):
            items = source.find(request.actor, text, PALETTE_EACH_MAX)[:PALETTE_EACH_MAX]
        if items:
            found.append((source, items))
    places = registry.places(request.actor, text, PALETTE_EACH_MAX)
    if places is not None:
        found.append(places)
    return respond.page(request, "ui/palette.html", {"found": found, "q": text})


@open_to_all("answers only with the numbers of what the person may see")
@require_GET
def counts(request: ActorRequest) -> HttpResponse:
    """The live numbers of the menu, each counted within the scope of its entry's permission."""
    counted = []
    for _, entries in registry.menu_for(request.actor):
        for entry in entries:
            if entry.count is None:
                continue
            with asking(request.actor, entry.permission):
                counted.append((entry.key, _small(entry.count(request.actor))))
    shape = '<span class="count" id="count-{}" hx-swap-oob="true">{}</span>'
    return HttpResponse(format_html_join("", shape, counted))


def _small(number: int) -> str:
    return f"{COUNTED_MOST}+" if number > COUNTED_MOST else str(number or "")


def _back(request: HttpRequest) -> str:
    """Where somebody came from, if that is a page of ours."""
    url = request.POST.get("back", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/") else "/"
