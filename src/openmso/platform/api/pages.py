"""Pages: lists are answered by page number, with the total in the body and the neighbours in `Link` (RFC 8288)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from openmso.platform.ui.contracts import Page, Tally

T = TypeVar("T")
SIZE_MAX = 200
NUMBER_MAX = 10_000


class PageAsk(Schema):
    """Which page: `page: Query[PageAsk]`."""

    page: Annotated[int, Field(ge=1, le=NUMBER_MAX, description="Number of the page, from 1")] = 1
    size: Annotated[int, Field(ge=1, le=SIZE_MAX, description="Rows a page")] = 50

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.size


class PageOut(Schema, Generic[T]):
    """One page of a list: `response=PageOut[ClaimOut]`."""

    items: list[T]
    total: Annotated[int, Field(ge=0, description="Rows on all pages together")]
    page: int
    size: int


@dataclass(frozen=True, slots=True)
class Paged:
    """What an operation returns: the rows of a page, and how many there are in all."""

    items: Sequence[Any]
    total: int
    page: int
    size: int


def total_of(found: Page[Any], tally: Callable[[], Tally]) -> int:
    """The exact total of what was found, counted now where the list itself did not wait for it."""
    return tally().total if found.total is None else found.total


def paged(request: Any, items: Sequence[Any], total: int, ask: PageAsk) -> Paged:
    """The answer of a list; the guard adds the links to its neighbours."""
    request.paged = Paged(items, total, ask.page, ask.size)
    return request.paged


def linked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, with links to the first, previous, next and last page where it is a page."""
    page: Paged | None = getattr(request, "paged", None)
    if page is None or response.status_code != 200:
        return response
    last = max(1, min(NUMBER_MAX, -(-page.total // page.size)))
    numbers = {"first": 1, "prev": page.page - 1, "next": page.page + 1, "last": last}
    links = [
        f'<{_address(request, number, page.size)}>; rel="{name}"'
        for name, number in numbers.items()
        if 1 <= number <= last
    ]
    response.headers["Link"] = ", ".join(links)
    return response


def _address(request: HttpRequest, number: int, size: int) -> str:
    query = request.GET.copy()
    query["page"], query["size"] = str(number), str(size)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
