"""The last net: what lines of an article are chrome by their words, whatever markup they came in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cleanfeed.text import fold, squeeze

if TYPE_CHECKING:
    from cleanfeed.clean import Block

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
        cls, *, sentinels: Iterable[str] = (), stop: Iterable[str] = (), boxes: Iterable[str] = (), source: str = "",
        erase: Iterable[str] = (),
    ) -> Lines:  # fmt: skip
        erased = _joined(erase) if erase else None
        source_line = re.compile(source) if source else _NEVER
        return cls(_joined(sentinels), _joined(stop), _joined(boxes), source_line, erased)

    def erase(self, text: str) -> str:
        return self.erased.sub("", text) if self.erased else text

    def is_chrome(self, line: str) -> bool:
        return bool(self.sentinels.fullmatch(line) or self.boxes.fullmatch(line) or self.stop.fullmatch(line))

    def heads_box(self, line: str) -> bool:
        return bool(self.boxes.fullmatch(line))

    def filter(self, blocks: Sequence[Block], title: str = "") -> tuple[list[Block], str | None]:
        """The blocks without chrome lines, and the source that a last line named."""
        kept = self._without_boxes(self._until_stop(blocks))
        kept = [block for each in kept if (block := self._without_sentinels(each)) is not None]
        if kept and title and fold(" ".join(kept[0].lines())) == fold(title):
            kept = kept[1:]
        source = self._take_source(kept)
        while kept and kept[-1].parts == (("<hr>", ""),):
            kept.pop()
        return kept, source

    def _until_stop(self, blocks: Sequence[Block]) -> list[Block]:
        kept: list[Block] = []
        for block in blocks:
            for number, (_html, text) in enumerate(block.parts):
                if any(self.stop.fullmatch(line) for line in text.split("\n")):
                    return [*kept, replace(block, parts=block.parts[:number])] if number else kept
            kept.append(block)
        return kept

    def _without_boxes(self, blocks: Sequence[Block]) -> list[Block]:
        kept: list[Block] = []
        in_box = False
        for block in blocks:
            if in_box and block.linked:
                continue
            in_box = len(block.parts) == 1 and self.heads_box(squeeze(block.parts[0][1]))
            if not in_box:
                kept.append(block)
        return kept

    def _without_sentinels(self, block: Block) -> Block | None:
        parts = tuple(part for part in block.parts if not part[1] or not self._is_sentinel(part[1]))
        if len(parts) == len(block.parts):
            return block
        return replace(block, parts=parts) if any(text for _html, text in parts) else None

    def _is_sentinel(self, text: str) -> bool:
        return any(self.sentinels.fullmatch(line) or self.boxes.fullmatch(line) for line in text.split("\n"))

    def _take_source(self, blocks: list[Block]) -> str | None:
        """The last line that has words, taken away where it names the source."""
        index = next((i for i in reversed(range(len(blocks))) if any(text for _h, text in blocks[i].parts)), None)
        if index is None:
            return None
        block = blocks[index]
        found = self.source.fullmatch(squeeze(block.parts[-1][1]))
        if found is None:
            return None
        if len(block.parts) > 1:
            blocks[index] = replace(block, parts=block.parts[:-1])
        else:
            del blocks[index]
        return squeeze(found[1])
