"""Errors: "no" is an answer with words; anything else is a bug."""

from __future__ import annotations


class Refused(Exception):
    """An answer of "no" that a person can act on.

    `code` is for machines (`claim_not_ready`), the sentence for people, `field` names the input it is about
    and `fix` says what to do. Subclasses live beside the function that raises them.
    """

    code = "refused"
    status = 422

    def __init__(self, sentence: str, *, code: str = "", field: str = "", fix: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or type(self).code
        self.field = field
        self.fix = fix


class NotFound(Refused):
    """There is no such thing for this person: absent and forbidden are the same answer."""

    code = "not_found"
    status = 404


class Forbidden(Refused):
    """This person may not do this; the sentence says why and who can."""

    code = "forbidden"
    status = 403


class Conflict(Refused):
    """The thing changed meanwhile, or was already done; nothing was done twice."""

    code = "conflict"
    status = 409
