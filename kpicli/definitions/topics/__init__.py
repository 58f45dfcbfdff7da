"""The shelf of pages that tell what may be written beside the KPIs."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def topic_names() -> tuple[str, ...]:
    """What there is a page of."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


def topic_page(name: str) -> str:
    """The page, as Markdown."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
