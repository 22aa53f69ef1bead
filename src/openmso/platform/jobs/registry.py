"""The jobs of the house; filled at start-up from every app's `jobs.py` and validated there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
_TOLD = {"practice", "at", "actor"}


class UnknownJob(LookupError):
    """A job was asked for that no app declares."""


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work: its name, its queue and the function that does it.

    `network` gives it all practices and books in scope; `cron` has the worker ask for it by the clock (UTC).
    """

    name: str
    queue: str
    function: Callable[..., Any]
    network: bool
    cron: str

    def accepted(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments the function takes; what an older or newer deferrer also gave is left out."""
        parameters = inspect.signature(self.function).parameters
        if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
            return arguments
        return {name: value for name, value in arguments.items() if name in parameters}


_jobs: dict[str, Job] = {}


def job(name: str, *, queue: str = "default", network: bool = False, cron: str = "") -> Callable[[Function], Function]:
    """Declare a job: `@job("remittances.post_file", queue="files")`.

    The function takes `practice`, `at` and `actor` by keyword, and plain values. It calls one service and is safe
    to run twice: a worker may be killed between its commit and the record of it.
    """

    def register(function: Function) -> Function:
        parameters = inspect.signature(function).parameters.values()
        keywords = {p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}
        if "." not in name:
            raise TypeError(f"a job is named app.verb; {name!r} is not")
        if not keywords >= _TOLD:
            raise TypeError(f"the job {name} must take {', '.join(sorted(_TOLD - keywords))} by keyword")
        if cron and not network:
            raise TypeError(f"the job {name} runs by the clock and so belongs to no practice: network=True")
        if name in _jobs and _jobs[name].function is not function:
            raise TypeError(f"the job {name} is declared twice")
        _jobs[name] = Job(name, queue, function, network, cron)
        return function

    return register


def known(name: str) -> Job:
    """The job of a name; raises `UnknownJob`."""
    try:
        return _jobs[name]
    except KeyError:
        raise UnknownJob(f"No app declares the job {name!r}.") from None


def jobs() -> dict[str, Job]:
    """All of them by name."""
    return _jobs
