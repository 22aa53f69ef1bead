"""A file of many sets as files of one."""

from __future__ import annotations

from edi.x12.check import check_bytes
from edi.x12.claim.model import Claim
from edi.x12.claim.read import read_837
from edi.x12.claim.write import write_837p
from edi.x12.cut import singles
from tests.edi.x12.builders import ENVELOPE, batch, claim


def controls(content: bytes) -> list[str]:
    return [one.control for one in read_837(content) if isinstance(one, Claim)]


def test_each_set_stands_in_an_interchange_of_its_own_and_together_they_are_the_file_again() -> None:
    file = write_837p([batch(claim("A1"), control="0001"), batch(claim("B1"), claim("B2"), control="0002")], ENVELOPE)

    parts = list(singles(file))

    assert [controls(part) for part in parts] == [["A1"], ["B1", "B2"]]
    assert all(check_bytes(part, strict=True).valid for part in parts)
    assert controls(b"".join(parts)) == controls(file)


def test_what_is_no_set_is_left_out() -> None:
    file = write_837p([batch(claim("A1"))], ENVELOPE)

    assert list(singles(b"")) == []
    assert list(singles(file[: file.index(b"SE*")])) == []
