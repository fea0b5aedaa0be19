"""The Harbour: a WordPress site with a byline of its own."""

from collections.abc import Iterable
from dataclasses import replace

from cleanfeed import Outlet, Page, hookimpl, recipes
from cleanfeed.finders import css, text

WORDS = text("p.story-byline", strip=r"^By\s+|\s+in\s+[A-Z][\w ]*$")


def byline(page: Page) -> list[str] | None:
    """Both names of "By Ada Obi with Bola Ige in Abuja"."""
    names = WORDS(page)
    return names.split(" with ") if names else None


HARBOUR = Outlet(
    slug="harbour",
    name="The Harbour",
    language="en",
    timezone="Africa/Lagos",
    hosts=("harbour.example",),
    article=replace(
        recipes.WORDPRESS,
        content=css("div.story-content"),
        authors=byline,
        drop=(*recipes.WORDPRESS.drop, ".share-row", ".more-stories"),
    ),
    sentinels=(r"Sign up for the Tide Letter.*",),
)


@hookimpl
def cleanfeed_outlets() -> Iterable[Outlet]:
    return [HARBOUR]
