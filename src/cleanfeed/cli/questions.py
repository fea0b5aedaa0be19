"""The questions of `cleanfeed init`: each is asked again until a build could live with the answer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from cleanfeed.cli.console import complain, say
from cleanfeed.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cleanfeed.outlet import Outlet
    from cleanfeed.starter.configuration import Answers


def ask(outlets: Sequence[Outlet], answers: Answers, check: Callable[[Answers], object]) -> Answers:
    """The user's answers, in place of those given; `check` raises a `ConfigError` for what is wrong."""
    _show(outlets)
    slugs = [outlet.slug for outlet in outlets]
    for question in (partial(_outlets, slugs), _title, _base_url):
        answers = _settled(question, answers, check)
    answers = _topics(answers, check)
    for question in (_auto, _output, _contact):
        answers = _settled(question, answers, check)
    return answers


def _settled(
    question: Callable[[Answers], Answers], answers: Answers, check: Callable[[Answers], object]
) -> Answers:
    while True:
        try:
            found = question(answers)
            check(found)
        except ConfigError as error:
            complain(error)
        else:
            return found


def _title(answers: Answers) -> Answers:
    return replace(answers, title=_text("Title of the collection", answers.title))


def _base_url(answers: Answers) -> Answers:
    return replace(answers, base_url=_text("Address where it will be published", answers.base_url))


_YES_OR_NO: Final = {"y": True, "yes": True, "n": False, "no": False}


def _auto(answers: Answers) -> Answers:
    answer = _text("A topic for each section and tag, too, y or n", "y" if answers.auto else "n")
    wanted = _YES_OR_NO.get(answer.casefold())
    if wanted is None:
        raise ConfigError(f"{answer}: write y for yes, or n for no")
    return replace(answers, auto=wanted)


def _output(answers: Answers) -> Answers:
    return replace(answers, output=_text("Folder for the files", answers.output))


def _contact(answers: Answers) -> Answers:
    question = "Address under which outlets can reach you, such as me@example.org (Enter for none)"
    return replace(answers, contact=_text(question, answers.contact))


def _text(question: str, suggested: str) -> str:
    answer: str = click.prompt(question, default=suggested, show_default=bool(suggested))
    return answer.strip()


def _show(outlets: Sequence[Outlet]) -> None:
    for number, outlet in enumerate(outlets, 1):
        say(f"{number:3}  {outlet.slug}  {outlet.name}")


def _outlets(slugs: Sequence[str], answers: Answers) -> Answers:
    answer = _text("Outlets, by number or name, such as 1, 3-5 (Enter for all)", "")
    words = [word for word in re.split(r"[\s,]+", answer) if word]
    chosen = {slug: None for word in words if word != "all" for slug in _meant(word, slugs)}
    return replace(answers, outlets=() if "all" in words else tuple(chosen))


_RANGE: Final = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def _meant(word: str, slugs: Sequence[str]) -> Sequence[str]:
    if word in slugs:
        return [word]
    numbers = _RANGE.fullmatch(word)
    first, last = (int(numbers[1]), int(numbers[2] or numbers[1])) if numbers else (0, 0)
    if not 1 <= first <= last <= len(slugs):
        raise ConfigError(f"{word}: no such outlet; write numbers from 1 to {len(slugs)}, or names")
    return slugs[first - 1 : last]


def _topics(answers: Answers, check: Callable[[Answers], object]) -> Answers:
    """One topic after the other, until none is named."""
    say("Each entry is in the topic Everything. A topic of your own has those in which certain words occur.")
    before = None
    while answers is not before:
        before, answers = answers, _settled(_topic, answers, check)
    return answers


def _topic(answers: Answers) -> Answers:
    title = _text("Title of a topic (Enter when there is no other)", "")
    if not title:
        return answers
    words = tuple(_words(_text("Words or phrases that bring an entry into it, separated by commas", title)))
    return replace(answers, topics=(*answers.topics, (title, words)))


def _words(answer: str) -> Iterator[str]:
    return (word.strip() for word in re.split("[,،]", answer) if word.strip())
