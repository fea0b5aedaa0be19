"""A wrapper: no video becomes an entry, whatever outlet it is from.

Try it: cleanfeed --plugin examples/no_videos.py build examples/cleanfeed.toml
"""

from collections.abc import Generator

from cleanfeed import Entry, hookimpl


@hookimpl(wrapper=True)
def cleanfeed_extract() -> Generator[None, Entry | None, Entry | None]:
    entry = yield
    return None if entry and entry.kind == "video" else entry
