"""Which finder gave a value: the names of finders, and what they chose on a page."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanfeed.model import Page

P = ParamSpec("P")
F = TypeVar("F", bound="Callable[..., Any]")

_LABEL, _INNER, _AMONG = "cleanfeed_label", "cleanfeed_inner", "cleanfeed_among"
FROM_BODY = "the content"
"""The label of what no finder gave, but the body."""
_LONGEST = 80
_DEEPEST = 20
"""Finders within finders."""


def named(make: Callable[P, F]) -> Callable[P, F]:
    """A maker of finders whose finders are labelled by its call, as `css("div.story")`."""

    @wraps(make)
    def make_named(*args: P.args, **kwargs: P.kwargs) -> F:
        return labelled(make(*args, **kwargs), _call(make.__name__, args))

    return make_named


def _call(name: str, arguments: tuple[object, ...]) -> str:
    # Lists of patterns are the same in all recipes of an outlet, and too long to tell anything.
    told = ", ".join(f'"{each}"' for each in arguments if isinstance(each, str))
    return f"{name}({told if len(told) <= _LONGEST else told[: _LONGEST - 1] + '…'})"


def labelled(finder: F, label: str) -> F:
    finder.__dict__[_LABEL] = label
    return finder


def around(finder: F, inner: Callable[..., Any]) -> F:
    """A finder that has its values from another, and is told by that one's label."""
    finder.__dict__[_INNER] = inner
    return finder


def among(finder: F, alternatives: tuple[Callable[..., Any], ...]) -> F:
    """A finder that has its values from one of several, as `choices` tells for each page."""
    finder.__dict__[_AMONG] = alternatives
    return finder


def choices(page: Page) -> dict[int, Callable[..., Any]]:
    """Which alternative gave the value on this page, by the `id` of the finder that has them."""
    return page.view("choices", _none)


def _none(_page: Page) -> dict[int, Callable[..., Any]]:
    return {}


def label_of(finder: Callable[..., Any], page: Page) -> str:
    """What gave this finder's value on the page: a made finder by its call, a function by its name."""
    chosen = choices(page)
    for _ in range(_DEEPEST):
        inner = chosen.get(id(finder)) or _behind(finder)
        if inner is None:
            break
        finder = inner
    return _own(finder)


def _behind(finder: Callable[..., Any]) -> Callable[..., Any] | None:
    """The finder that stands for this one, which has no label of its own."""
    inner: Callable[..., Any] | None = getattr(finder, _INNER, None)
    return None if hasattr(finder, _LABEL) else inner


def _own(finder: Callable[..., Any]) -> str:
    label: str | None = getattr(finder, _LABEL, None)
    return label or _name(finder)


def labels_of(finder: Callable[..., Any]) -> frozenset[str]:
    """All labels that the values of this finder may have."""
    found: set[str] = set()
    waiting = [finder]
    while waiting:
        finder = waiting.pop()
        inner = _behind(finder)
        behind = (inner,) if inner else getattr(finder, _AMONG, ())
        waiting += behind
        if not behind:
            found.add(_own(finder))
    return frozenset(found)


def _name(finder: Callable[..., Any]) -> str:
    # A function within a function is known by the outer one's name.
    name = str(getattr(finder, "__qualname__", "")).partition(".<locals>")[0]
    return name if name and "<" not in name else "function"
