"""Where a text in quotes ends, seen as SQL and as people write it."""


def quoted(text: str) -> str:
    """The text in YAML quotes that keep it as it is."""
    if "'" in text and not any(sign in text for sign in '"\\'):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def closing_quote(text: str, start: int) -> int | None:
    """Where the quote that opens at start closes, a doubled one being part of the text."""
    sign, at = text[start], start + 1
    while at < len(text):
        if text[at] == sign and text[at + 1 : at + 2] != sign:
            return at
        escapes = text[at] == sign or (text[at] == "\\" and sign == '"')
        at += 2 if escapes else 1
    return None


def outside(text: str, start: int = 0) -> list[int]:
    """The positions that are in no quotes.

    A quote opens after anything but a letter or digit (so not in "don't"); one that never closes
    is a plain sign.
    """
    found, at = [], start
    while at < len(text):
        end = closing_quote(text, at) if opens_quote(text, at) else None
        if end is None:
            found.append(at)
        at = at + 1 if end is None else end + 1
    return found


def opens_quote(text: str, at: int) -> bool:
    """Whether the sign at this place is a quote that could open a text."""
    return text[at] in "'\"" and not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))


def comment_start(text: str) -> int:
    """Where a comment begins, its leading spaces included; the length of the text if none does."""
    for at in outside(text) if "#" in text else ():
        if text[at] == "#" and (at == 0 or text[at - 1].isspace()):
            return len(text[:at].rstrip())
    return len(text.rstrip())


def split_commas(text: str) -> list[tuple[int, int]]:
    """Start and end of the pieces between commas that stand in no bracket and no quotes.

    Ends before a bracket that closes what the text did not open.
    """
    pieces: list[tuple[int, int]] = []
    depth, start = 0, 0
    for at in outside(text):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0 and text[at] in "]}":
            return [*pieces, (start, at)]
        if text[at] == "," and depth <= 0:
            pieces.append((start, at))
            start = at + 1
    return [*pieces, (start, comment_start(text))]


def closing_bracket(text: str) -> int | None:
    """Where the bracket that the text begins with closes."""
    depth = 0
    for at in outside(text):
        depth += (text[at] in "[{") - (text[at] in "]}")
        if depth == 0:
            return at
    return None
