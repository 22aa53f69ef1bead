"""Small steps over frames of claims: what stands in a segment, what stands beside what, what a rule says of each."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def by_rule(frame: pl.DataFrame, keys: list[str], rule: Callable[..., str], name: str) -> pl.DataFrame:
    """With what a rule says of some columns, asked once for each combination that there is."""
    asked = frame.select(keys).unique()
    answers = asked.with_columns(pl.Series(name, [rule(*row) for row in asked.rows()], dtype=pl.String))
    return frame.join(answers, on=keys, how="left", maintain_order="left")


def trimmed(element: str) -> pl.Expr:
    return pl.col(element).str.strip_chars().fill_null("")


def joined(parts: list[str]) -> pl.Expr:
    """Those that are not empty, a comma between them."""
    given = [pl.when(pl.col(part) != "").then(pl.col(part)) for part in parts]
    return pl.concat_str(given, separator=",", ignore_nulls=True)


def counted(key: str) -> pl.Expr:
    """From 1 within neighbours of one key."""
    at, is_first = pl.int_range(pl.len()), pl.col(key) != pl.col(key).shift(1, fill_value=0)
    return at - pl.when(is_first).then(at).forward_fill() + 1


def first(frame: pl.DataFrame, key: str, *conditions: pl.Expr) -> pl.LazyFrame:
    """For each key the first row that fulfils the conditions."""
    return frame.lazy().filter(*conditions).filter(pl.col(key) != pl.col(key).shift(1, fill_value=0))


def beside(frame: pl.DataFrame, key: str, *more: pl.LazyFrame) -> pl.DataFrame:
    """A frame with what else is known of its keys: of each of them at most once, and in its order."""
    for one in pl.collect_all(more):
        if one.height == frame.height:  # something of every key: nothing to look for
            frame = frame.hstack(one.drop(key))
        else:
            frame = frame.join(one, on=key, how="left", maintain_order="left")
    return frame
