"""What a kind's page says of its choices."""

import re
from collections.abc import Iterator

# Code keeps its stars: they multiply.
_MARKS = re.compile(r"`([^`]*)`|\*([^*\s][^*]*)\*")


def page_choices(page: str) -> Iterator[str]:
    """The list on top of a page, before its parts, without marks."""
    for line in page.splitlines():
        if line.startswith(("Parts:", "```", "|")):
            return
        if line.startswith("- "):
            yield _MARKS.sub(lambda found: found[1] or found[2], line[2:])
