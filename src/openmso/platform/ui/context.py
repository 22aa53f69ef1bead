"""What the shell around every page knows: whose house it is, the person's menu, where this page stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from openmso.platform.access.contracts import ActorKind
from openmso.platform.identity.rules import IDLE_MAX, SEEN_EVERY
from openmso.platform.ui import preferences, registry
from openmso.platform.ui.contracts import MenuEntry

PUBLIC_ID = re.compile(r"[A-Z]{2,4}-[0-9A-Z]{8,13}")
FOLDED = "openmso_folded"
"""The cookie in which a browser keeps the names of the menu's sections that somebody folded; `fold.js` writes it."""
ACCOUNT_PAGES = (
    ("Second factors", "mfa_index", "shield"),
    ("Sessions", "accounts:sessions", "clock"),
    ("API tokens", "accounts:tokens", "key"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the menu as it is shown."""

    key: str
    label: str
    url: str
    icon: str
    keys: str
    counted: bool
    current: bool

    @property
    def drawn(self) -> SafeString:
        """The line as HTML."""
        return _drawn(self)


class Shell:
    """The shell of one page; every part is worked out only when a template asks for it."""

    themes = (("system", "As the device"), ("light", "Light"), ("dark", "Dark"))
    densities = (("compact", "Compact"), ("regular", "Regular"), ("roomy", "Roomy"))

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = getattr(request, "actor", None)
        self.is_demo = bool(settings.DEMO)

    @cached_property
    def house(self) -> str:
        """The name at the head of the menu."""
        return registry.house_of(self.actor)

    @cached_property
    def menu(self) -> list[tuple[str, list[Line]]]:
        """The person's menu; the entry whose address is the longest beginning of this page's is the current one."""
        sections = registry.menu_for(self.actor)
        urls = {entry.key: _url(entry.url_name) for _, entries in sections for entry in entries}
        path = self.request.path
        within = [
            (len(url), key)
            for key, url in urls.items()
            if url and (path == url or (url != "/" and path.startswith(url)))
        ]
        here = max(within, default=(0, ""))[1]
        return [
            (section, [_line(one, urls[one.key], here) for one in entries if urls[one.key]])
            for section, entries in sections
        ]

    @cached_property
    def folded(self) -> frozenset[str]:
        """The sections that are folded in this browser, but never the one of this page."""
        kept = unquote(self.request.COOKIES.get(FOLDED, "")).split("|")
        return frozenset(kept) - {self._here[0] if self._here else ""}

    @cached_property
    def _here(self) -> tuple[str, Line] | None:
        return next(((section, line) for section, lines in self.menu for line in lines if line.current), None)

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The beginning of the breadcrumbs: the section, and the entry unless this page is the entry's own."""
        if self._here is None:
            return []
        section, line = self._here
        above = [(section, "")] if section else []
        return above if line.url == self.request.path else [*above, (line.label, line.url)]

    @property
    def title(self) -> str:
        """The name of this page, where its view does not say `here`: the id in its address, else the entry's name."""
        last = self.request.path.rstrip("/").rpartition("/")[2]
        return last if PUBLIC_ID.fullmatch(last) else self._here[1].label if self._here else ""

    @property
    def counts_url(self) -> str:
        """Where the live numbers of the menu are asked for, when there are any."""
        return reverse("ui:counts") if any(line.counted for _, lines in self.menu for line in lines) else ""

    @property
    def person(self) -> str:
        """The public id of who is signed in; empty for nobody."""
        return self.actor.user if self.actor is not None and self.actor.kind is ActorKind.PERSON else ""

    @property
    def idle_seconds(self) -> int:
        """How long a session lives without a sign of its person; it may end a minute earlier than that."""
        return int((IDLE_MAX - SEEN_EVERY).total_seconds())

    @property
    def idle_minutes(self) -> int:
        """The same, as it is promised."""
        return int(IDLE_MAX.total_seconds() // 60)

    @property
    def role(self) -> str:
        """The person's roles in words."""
        return registry.role_of(self.actor)

    @property
    def account(self) -> list[tuple[str, str, str]]:
        """The person's own pages: label, address, icon."""
        return [(label, url, icon) for label, name, icon in ACCOUNT_PAGES if (url := _url(name))]

    @property
    def sign_out_url(self) -> str:
        """Where signing out is posted to."""
        return _url("account_logout")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme, density and shortcuts of the person, for the document element, and the shell."""
    chosen = preferences.of(request)
    return {
        "theme": chosen.theme,
        "density": chosen.density,
        "single_keys": chosen.single_keys,
        "shell": Shell(request),
    }


@lru_cache(maxsize=1024)
def _drawn(line: Line) -> SafeString:
    """A line, drawn once: every page has forty of them, and they are alike on all."""
    return mark_safe(render_to_string("ui/side_line.html", {"entry": line}).strip())  # noqa: S308 - a template's own


def _line(entry: MenuEntry, url: str, here: str) -> Line:
    return Line(entry.key, entry.label, url, entry.icon, entry.keys, entry.count is not None, entry.key == here)


@lru_cache(maxsize=1024)
def _url(name: str) -> str:
    """The address of a route that takes no argument; empty where there is none of that name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
