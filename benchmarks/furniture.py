"""What most of a news page is: menus, cards of other articles, icons, styles, scripts and their data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from words import Tongue

_BYTES_OF_AN_ELEMENT = 70
_FEWEST, _MOST = 450, 4000
_OF_A_MENU_ITEM, _OF_A_CARD, _OF_AN_ICON = 2, 9, 4
_STYLE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Furniture:
    """The parts around an article; `cards` come after it."""

    styles: str
    scripts: str
    menus: str
    cards: str


Card = Callable[[Random, Tongue], str]


def furnish(rng: Random, tongue: Tongue, card: Card, size: int) -> Furniture:
    """Parts of about so many bytes together, with about as many elements as real pages of that size have."""
    elements = max(_FEWEST, min(_MOST, size // _BYTES_OF_AN_ELEMENT))
    menus = _menus(rng, tongue, elements * 4 // 10 // _OF_A_MENU_ITEM)
    cards = "\n".join(card(rng, tongue) for _ in range(elements * 5 // 10 // _OF_A_CARD))
    icons = "".join(_icon(rng) for _ in range(elements // 10 // _OF_AN_ICON))
    rest = size - sum(len(part.encode()) for part in (menus, cards, icons))
    styles = _until(rest * _STYLE_SHARE, lambda: _style(rng))
    scripts = "".join(_scripts(rng, tongue, rest * (1 - _STYLE_SHARE)))
    return Furniture(styles=f"<style>{styles}</style>", scripts=scripts, menus=icons + menus, cards=cards)


def _until(size: float, make: Callable[[], str]) -> str:
    made: list[str] = []
    while size > 0:
        made.append(make())
        size -= len(made[-1].encode())
    return "".join(made)


def _menus(rng: Random, tongue: Tongue, items: int) -> str:
    made = (
        f'<li class="menu-item"><a href="/{_slug(rng)}/">{tongue.title(rng, 1, 3)}</a></li>'
        for _ in range(items)
    )
    rows = list(made)
    lists = ("\n".join(rows[start : start + 12]) for start in range(0, len(rows), 12))
    return "".join(f'<nav class="main-nav"><ul class="menu">{each}</ul></nav>\n' for each in lists)


def _slug(rng: Random) -> str:
    return f"s{rng.randrange(10**6):06d}"


def _icon(rng: Random) -> str:
    paths = "".join(
        f'<path d="{_path(rng)}" fill="#{rng.randrange(1 << 24):06x}"/>' for _ in range(_OF_AN_ICON - 2)
    )
    return f'<svg class="icon" viewBox="0 0 24 24" width="24" height="24"><g>{paths}</g></svg>'


def _path(rng: Random) -> str:
    return (
        "M"
        + "".join(
            f"{rng.choice('clhvs')}{rng.uniform(-9, 9):.2f},{rng.uniform(-9, 9):.2f}" for _ in range(14)
        )
        + "z"
    )


def _style(rng: Random) -> str:
    return (
        f".c-{_slug(rng)}>.b-{_slug(rng)}{{display:flex;margin:{rng.randrange(32)}px {rng.randrange(32)}px;"
        f"color:#{rng.randrange(1 << 24):06x};padding:{rng.randrange(24)}px}}\n"
    )


def _scripts(rng: Random, tongue: Tongue, size: float) -> Iterator[str]:
    """Half of it data for scripts, half scripts, in blocks of some kilobytes."""
    while size > 0:
        block = min(size, rng.randint(2000, 12000))
        data = [_record(rng, tongue) for _ in range(max(1, int(block // 700)))]
        yield f"<script>window.state_{_slug(rng)}={json.dumps(data, ensure_ascii=False)};</script>\n"
        yield f"<script>(function(){{{_until(block / 2, lambda: _statement(rng))}}})();</script>\n"
        size -= block


def _record(rng: Random, tongue: Tongue) -> dict[str, object]:
    return {
        "id": rng.randrange(10**6),
        "title": tongue.title(rng),
        "url": f"/{_slug(rng)}/{_slug(rng)}",
        "tags": [tongue.words(rng, 1) for _ in range(3)],
        "flags": {"live": rng.random() < 0.1, "ads": True, "score": round(rng.random(), 4)},
    }


def _statement(rng: Random) -> str:
    a, b = _slug(rng), _slug(rng)
    made = f'var {a}=function(e,t){{return e&&t<{rng.randrange(999)}?e.{b}("{a}"):{rng.randrange(9999)}}};'
    return f"{made}if({a}){{n.push({b})}}"
