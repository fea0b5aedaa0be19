"""The last net: what lines of an article are chrome by their words, whatever markup they came in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanfeed.blocks import RULE, Block, Part
from cleanfeed.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NEVER = re.compile(r"(?!)")


def _joined(patterns: Iterable[str]) -> re.Pattern[str]:
    found = [f"(?:{pattern})" for pattern in patterns]
    return re.compile("|".join(found)) if found else _NEVER


@dataclass(frozen=True, slots=True)
class Lines:
    """An outlet's patterns, compiled; each is matched against whole lines."""

    sentinels: re.Pattern[str] = _NEVER
    stop: re.Pattern[str] = _NEVER
    boxes: re.Pattern[str] = _NEVER
    source: re.Pattern[str] = _NEVER
    erased: re.Pattern[str] | None = field(default=None)

    @classmethod
    def of(
        cls,
        *,
        sentinels: Iterable[str] = (),
        stop: Iterable[str] = (),
        boxes: Iterable[str] = (),
        source: str = "",
        erase: Iterable[str] = (),
    ) -> Lines:
        erased = _joined(erase) if erase else None
        source_line = re.compile(source) if source else _NEVER
        return cls(_joined(sentinels), _joined(stop), _joined(boxes), source_line, erased)

    def erase(self, text: str) -> str:
        return self.erased.sub("", text) if self.erased else text

    def is_chrome(self, line: str) -> bool:
        return bool(self.sentinels.fullmatch(line) or self.boxes.fullmatch(line) or self.stop.fullmatch(line))

    @property
    def has_boxes(self) -> bool:
        return self.boxes is not _NEVER

    def heads_box(self, line: str) -> bool:
        return bool(self.boxes.fullmatch(line))

    def filter(self, blocks: Sequence[Block], title: str = "") -> tuple[list[Block], str | None]:
        """The blocks without chrome lines, and the source that a last line named."""
        kept = self.without_chrome(self._until_stop(blocks))
        first = next((i for i, block in enumerate(kept) if block.has_text), None)
        if first is not None and title and _repeats(kept[first], title):
            del kept[first]
        source = self._take_source(kept)
        return _without_idle_rules(kept), source

    def without_chrome(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks without sentinel lines, and without boxes of links."""
        kept: list[Block] = []
        in_box = False
        for block in blocks:
            parts: list[Part] = []
            for part in block.parts:
                if not (in_box and part.linked):
                    heads = bool(part.text) and self.heads_box(part.text)
                    # What has no words, a rule or a picture, ends no box.
                    in_box = heads or (in_box and not part.text)
                    if not heads and not self._is_sentinel(part.text):
                        parts.append(part)
            if len(parts) == len(block.parts):
                kept.append(block)
            elif any(part.text or part.media for part in parts):
                kept.append(replace(block, parts=tuple(parts)))
        return kept

    def _is_sentinel(self, text: str) -> bool:
        return bool(text) and all(self.sentinels.fullmatch(line) for line in text.split("\n"))

    def _until_stop(self, blocks: Sequence[Block]) -> Sequence[Block]:
        if self.stop is _NEVER:
            return blocks
        kept: list[Block] = []
        for block in blocks:
            for number, part in enumerate(block.parts):
                if any(self.stop.fullmatch(line) for line in part.text.split("\n")):
                    return [*kept, replace(block, parts=block.parts[:number])] if number else kept
            kept.append(block)
        return kept

    def _take_source(self, blocks: list[Block]) -> str | None:
        """The last line that has words, taken away where it names the source."""
        index = next((i for i in reversed(range(len(blocks))) if blocks[i].has_text), None)
        if index is None:
            return None
        block = blocks[index]
        found = self.source.fullmatch(squeeze(block.parts[-1].text))
        if found is None:
            return None
        if len(block.parts) > 1:
            blocks[index] = replace(block, parts=block.parts[:-1])
        else:
            del blocks[index]
        return squeeze(found[1])


def _repeats(block: Block, title: str) -> bool:
    said = " ".join(block.lines())
    return len(said) < len(title) * 2 and fold(said) == fold(title)


def _without_idle_rules(blocks: Sequence[Block]) -> list[Block]:
    """A rule separates: not the first thing from nothing, nor another rule from what follows."""
    kept: list[Block] = []
    for block in blocks:
        if block != RULE or (kept and kept[-1] != RULE):
            kept.append(block)
    return kept[:-1] if kept and kept[-1] == RULE else kept
