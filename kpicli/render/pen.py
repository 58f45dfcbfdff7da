"""What writes harmless, styled, wrapped text for one terminal."""

import io

from rich.console import Console
from rich.text import Text

from kpicli.render.safe import clean
from kpicli.render.signs import SIGNS, WORDS, write_plain

_NO_LIMIT = 100_000
_STYLES = {
    "plain": "", "strong": "bold", "grey": "bright_black", "green": "green", "yellow": "yellow",
    "red": "bold red", "no_data": "bright_black",
}  # fmt: skip


class Pen:
    """Writes lines in the width, the colours and the signs of one stream.

    width None is without a limit; plain is ASCII where our own signs are meant.
    """

    def __init__(self, width: int | None, colour: bool, plain: bool) -> None:
        self.width = width
        self.plain = plain
        self.sign_width = max(map(len, (WORDS if plain else SIGNS).values()))
        self._console = Console(
            file=io.StringIO(), width=_NO_LIMIT, force_terminal=colour, highlight=False,
            color_system="standard" if colour else None, legacy_windows=False, markup=False,
            emoji=False, _environ={},
        )  # fmt: skip

    def text(self, text: str, tone: str = "plain") -> Text:
        """A text in its tone; what came from data cannot bring control characters along."""
        return Text(write_plain(clean(text), self.plain), _STYLES[tone])

    def write_line(self, *texts: Text | str) -> str:
        """One line, however long, without blanks at its end."""
        line = Text.assemble(*texts)
        line.rstrip()
        with self._console.capture() as capture:
            self._console.print(line, soft_wrap=True, end="")
        return capture.get() + "\n"

    def write_paragraph(self, text: Text, lead: Text | None = None) -> str:
        """A text wrapped at the width, what follows the first line as far in as the first."""
        lead = lead or Text("")
        lines = self.wrap(text, (self.width or _NO_LIMIT) - lead.cell_len)
        indent = Text(" " * lead.cell_len)
        return "".join(
            self.write_line(indent if position else lead, line)
            for position, line in enumerate(lines)
        )

    def wrap(self, text: Text, width: int, most: int | None = None) -> list[Text]:
        """The lines of a text; where there are more than most the last ends with a sign."""
        lines = list(text.wrap(self._console, max(width, 1))) or [Text("")]
        if most is None or len(lines) <= most:
            return lines
        return [*lines[: most - 1], self.cut(lines[most - 1], width, always=True)]

    def cut(self, text: Text, width: int, always: bool = False) -> Text:
        """A text cut to a width, with a sign that something is missing."""
        if text.cell_len <= width and not always:
            return text
        more = self.text("…")
        kept = text.copy()
        kept.truncate(max(width - more.cell_len, 0))
        kept.rstrip()
        return kept.append_text(more)
