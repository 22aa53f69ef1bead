"""The shell: registries, preferences, refusals, errors, headers; and what every component promises."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context
from django.test import Client, RequestFactory

from openmso.kit.errors import Conflict
from openmso.platform.ui import charts, preferences, registry, respond
from openmso.platform.ui.context import Shell
from openmso.platform.ui.contracts import MenuEntry, PanelEntry, Tone
from openmso.platform.ui.preferences import Preferences
from openmso.platform.ui.templatetags.ui import panels

UI = Path(registry.__file__).parent
INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\s(?:src=|type=\"application/json\"))|\son[a-z]+=\"|javascript:")
COMPONENTS = sorted((UI / "templates/cotton").glob("*.html"))
CLAIMS = MenuEntry("test.claims", "Claims", "ui:gallery", "claims.read", section="Revenue", icon="claim", order=10)


@dataclass
class Holder:
    """An actor who holds some permissions, in some practices or in any."""

    held: frozenset[str] = frozenset()
    practices: frozenset[int] = frozenset()

    def can(self, permission: str, practice: int | None = None) -> bool:
        return permission in self.held and (practice is None or not self.practices or practice in self.practices)

    def sees(self, data_class: Any, practice: int) -> bool:
        return False


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_menu", "_sources", "_panels", "_tiles"):
        monkeypatch.setattr(registry, name, {})


def test_a_menu_shows_what_its_person_may_see() -> None:
    registry.menu(CLAIMS, MenuEntry("test.home", "Home", "ui:gallery", "", order=1))

    assert [section for section, _ in registry.menu_for(Holder(frozenset({"claims.read"})))] == ["", "Revenue"]
    assert [section for section, _ in registry.menu_for(Holder())] == [""]
    assert [section for section, _ in registry.menu_for(None)] == [""]


def test_a_folded_section_stays_folded_but_not_around_its_own_page() -> None:
    registry.menu(CLAIMS, MenuEntry("test.books", "Books", "ui:counts", "claims.read", section="Finance", order=20))

    def folded(path: str, cookie: str) -> frozenset[str]:
        request = RequestFactory().get(path, HTTP_COOKIE=f"openmso_folded={cookie}")
        request.actor = Holder(frozenset({"claims.read"}))  # type: ignore[attr-defined]
        return Shell(request).folded

    assert folded("/ui/gallery/", "Revenue%7CFinance") == {"Finance"}
    assert folded("/ui/counts/", "Revenue%7CFinance") == {"Revenue"}
    assert not folded("/ui/counts/", "") & {"Revenue", "Finance"}


@pytest.mark.parametrize(
    "second",
    [
        MenuEntry("test.claims", "Other", "ui:gallery", "claims.read", icon="claim"),
        MenuEntry("test.x", "X", "ui:gallery", "", icon="no-such"),
    ],
)
def test_what_is_double_or_malformed_stops_the_start(second: MenuEntry) -> None:
    registry.menu(CLAIMS)

    with pytest.raises(ValueError, match=r"test\."):
        registry.menu(second)


def test_registering_the_same_twice_changes_nothing() -> None:
    registry.menu(CLAIMS, CLAIMS)

    assert len(registry.menu_for(Holder(frozenset({"claims.read"})))[0][1]) == 1


def test_the_checks_name_urls_and_permissions_that_do_not_exist() -> None:
    registry.menu(MenuEntry("test.lost", "Lost", "nowhere:at-all", "no.such"))

    found = list(registry.faults())

    assert any("no URL named nowhere:at-all" in fault for fault in found)
    assert any("no app declares the permission no.such" in fault for fault in found)


def test_panels_of_higher_apps_stand_on_the_pages_of_lower_ones() -> None:
    registry.panel(
        PanelEntry("claims.claim", "denials", "Denials", "denials.read", url=lambda claim: f"/denials/{claim}/")
    )

    assert registry.panels_for("claims.claim", Holder(frozenset({"denials.read"})))[0].url("CLM-1") == "/denials/CLM-1/"
    assert registry.panels_for("claims.claim", Holder()) == []


def test_a_page_of_a_practice_has_no_panels_that_the_person_may_not_read_there() -> None:
    registry.panel(PanelEntry("claims.claim", "denials", "Denials", "denials.read", url=lambda claim: "/denials/"))
    context = Context({"request": SimpleNamespace(actor=Holder(frozenset({"denials.read"}), frozenset({7})))})

    assert [one["title"] for one in panels(context, "claims.claim", SimpleNamespace(practice=7))["panels"]] == [
        "Denials"
    ]
    assert panels(context, "claims.claim", SimpleNamespace(practice=8))["panels"] == []


def test_preferences_take_one_choice_and_ignore_what_is_none() -> None:
    now = Preferences()

    assert preferences.changed(now, theme="dark") == Preferences(theme="dark")
    assert preferences.changed(now, theme="pink", density="tiny", single_keys="perhaps") == now
    assert preferences.changed(now, single_keys="off").single_keys is False


def test_a_browser_keeps_preferences_before_anybody_signs_in() -> None:
    client = Client()
    client.post("/ui/preferences/", {"theme": "dark", "back": "/ui/gallery/"})
    client.post("/ui/preferences/", {"density": "compact", "back": "https://example.org/"})

    page = client.get("/ui/gallery/signin/").content.decode()

    assert 'data-theme="dark" data-density="compact"' in page


def test_nobody_is_sent_to_a_foreign_address() -> None:
    answer = Client().post("/ui/preferences/", {"theme": "dark", "back": "//example.org/"})

    assert answer["Location"] == "/"


def test_a_refusal_is_a_page_or_a_fragment_with_its_own_status() -> None:
    no = Conflict("It changed meanwhile.", fix="Load it again.")
    plain, asked = RequestFactory().get("/"), RequestFactory().get("/", headers={"HX-Request": "true"})
    for request in (plain, asked):
        request.user = request.actor = None  # type: ignore[attr-defined, assignment]

    fragment = respond.refusal(asked, no)

    assert respond.refusal(plain, no).status_code == 409
    assert (fragment.status_code, fragment["HX-Retarget"]) == (409, "#flash")
    assert b"It changed meanwhile." in fragment.content
    assert b"<html" not in fragment.content


def test_a_toast_and_an_announcement_travel_together() -> None:
    request = RequestFactory().post("/", headers={"HX-Request": "true"})

    told = json.loads(
        respond.announce(respond.done(request, "Assigned 3", back="/", undo_url="/undo/"), "3")["HX-Trigger"]
    )

    assert told["toast"] == {"text": "Assigned 3", "undo": "/undo/", "tone": Tone.GOOD.value}
    assert set(told) == {"toast", "list-changed", "announce"}


def test_a_blocked_button_says_why_and_what_to_do() -> None:
    button = respond.button("Send", why_not=Conflict("It was sent.", fix="Open the batch."))

    assert (button.why_not, button.fix) == ("It was sent.", "Open the batch.")


@pytest.mark.parametrize("path", ["/ui/gallery/", "/ui/gallery/list/", "/ui/gallery/zzz/"])
def test_pages_carry_a_strict_policy_and_are_never_kept(path: str) -> None:
    answer = Client().get(path)
    page = answer.content.decode()

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert not INLINE.search(page)
    assert "<c-" not in page


def test_a_fault_of_ours_is_a_page_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from openmso.platform.ui import samples

    monkeypatch.setattr(samples, "page", lambda *_: 1 / 0)
    answer = Client(raise_request_exception=False).get("/ui/gallery/list/")

    assert answer.status_code == 500
    assert b"We could not show this page" in answer.content


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_declares_every_attribute_it_reads(path: Path) -> None:
    """What is not declared would also be spilled by {{ attrs }}, or be taken from the page around it."""
    text = path.read_text()
    head = re.match(r"<c-vars([^>]*?)/>", text)
    assert head, "the first line declares the attributes"
    declared = set(re.findall(r"([a-z_]+)(?:=|\s|$)", head[1]))
    bound = set(re.findall(r"(?:for|as) ([a-z_, ]+?) in|with [^%]*?([a-z_]+)=", text))
    local = {word for pair in bound for part in pair for word in re.split(r"[, ]+", part) if word}
    local |= {
        match for group in re.findall(r"\{% with ([^%]+) %\}", text) for match in re.findall(r"([a-z_]+)=", group)
    }
    local |= set(re.findall(r" as ([a-z_]+) ?%\}", text))
    read = set(re.findall(r"\{\{ ?([a-z_]+)", text))
    read |= set(re.findall(r"\{% (?:if|elif) (?:not )?([a-z_]+)", text))

    assert read - declared - local - {"slot", "attrs", "forloop", "request"} == set()


PAIR = re.compile(r"--([a-z0-9-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\)")


@pytest.mark.parametrize(("at", "theme"), [(0, "light"), (1, "dark")])
def test_the_colours_of_charts_are_the_tokens(at: int, theme: charts.Theme) -> None:
    tokens = {name: pair for name, *pair in PAIR.findall((UI / "static/ui/css/tokens.css").read_text())}

    for role, colour in charts.ROLES[theme].items():
        wanted = srgb(*map(float, tokens[role][at].split()))
        given = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert all(abs(a - b) <= 1 for a, b in zip(wanted, given, strict=True)), (
            f"{theme} {role}: {wanted}, not {given}"
        )


def srgb(lightness: float, chroma: float, hue: float) -> tuple[int, ...]:
    """OKLCH to sRGB, by Ottosson's matrices."""
    import math

    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long, mid, short = (
        (lightness + x * a + y * b) ** 3
        for x, y in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    linear = (
        4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
    )
    gamma = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return tuple(round(min(max(c, 0), 1) * 255) for c in gamma)


def test_our_own_scripts_stay_small() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in (UI / "static/ui/js").glob("*.js")}

    assert sum(lines.values()) < 2_000
    assert max(lines.values()) < 150


TEMPLATES = sorted((UI.parents[1]).rglob("templates/**/*.html"))
COMPONENT = re.compile(r"<c-([a-z-]+)")


def test_every_component_that_a_template_uses_exists() -> None:
    """A tag that names no component would be left raw in the page, and no browser would complain."""
    known = {"vars", "slot", *(component.stem.replace("_", "-") for component in COMPONENTS)}

    assert {path: used for path in TEMPLATES if (used := set(COMPONENT.findall(path.read_text())) - known)} == {}


def test_no_template_needs_what_the_policy_refuses() -> None:
    assert {path: found[0] for path in TEMPLATES if (found := INLINE.search(path.read_text()))} == {}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = re.compile(r'(?:\bicon=|\{% icon )"([a-z]+)"')
    house = UI.parent.parent
    files = [one for ending in ("*.py", "*.html") for one in house.rglob(ending) if "tests" not in one.parts]
    missing = {f"{one.relative_to(house)}: {name}" for one in files for name in named.findall(one.read_text())
               if name not in registry.ICONS}  # fmt: skip

    assert missing == set()
