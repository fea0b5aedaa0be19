"""How surprising a change is, given how things were before."""

from __future__ import annotations

from math import exp, lgamma

FEW = 5
"""Readings; fewer say nothing about what is usual."""
SELDOM = 2e-4
"""Where something has never been missing: 3 of 3 after 20 readings, 5 of 5 after 10."""
RARELY = 1e-5
"""The same, where many such readings overlap, each with a chance of its own."""
_HARDLY_EVER = 1e-6
"""Where it is missing now and then, and has many chances to be missing several times in a row."""
LEAST = 3
"""Misses; fewer are no change."""


def surprise(hits: int, tries: int, hits_before: int, tries_before: int) -> float:
    """How likely so few hits (or fewer) were, if nothing had changed: between 0 and 1.

    Beta-binomial with Jeffreys' prior: what was seen before is a sample too, and a small one is vague.
    """
    ahead, behind = hits_before + 0.5, tries_before - hits_before + 0.5
    base = _log_beta(ahead, behind) - lgamma(tries + 1)
    terms = (
        _log_beta(number + ahead, tries - number + behind) - lgamma(number + 1) - lgamma(tries - number + 1)
        for number in range(hits + 1)
    )
    return min(1.0, sum(exp(term - base) for term in terms))


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def is_broken_off(
    hits: int,
    tries: int,
    hits_before: int,
    tries_before: int,
    *,
    usual: float = 0.5,
    most: float = 0.6,
    seldom: float = SELDOM,
) -> bool:
    """Whether what was usual has become rare, by more than chance does.

    Usual is a share of at least `usual` before; rare is one of less than `most` times the share before.
    """
    if tries_before < FEW or tries - hits < LEAST:
        return False
    before = hits_before / tries_before
    if before < usual or hits / tries > most * before:
        return False
    limit = seldom if hits_before == tries_before else _HARDLY_EVER
    return surprise(hits, tries, hits_before, tries_before) < limit
