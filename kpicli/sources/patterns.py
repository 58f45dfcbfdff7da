"""How a date is written, in a spreadsheet's letters: `DD-MM-YY`, `MMM DD, YYYY hh:mm am`."""

import re
from dataclasses import dataclass

ISO = "YYYY-MM-DD"
# Whole numbers since 1970 in UTC, declared by these words; how many microseconds each unit has.
EPOCHS = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}
# Days as a spreadsheet counts them, 1 is 1 January 1900 and 60 the day that year did not have; with
# the time of day as their fraction, on the clock of the place.
SERIAL = "excel"

_TOKEN = re.compile(r"y+|m+|d+|h+|s+(?:[.,][s0]+)?|am/pm|a/p|am|pm|z+|\s+|.", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:[ ,]+|T)h{1,2}:mm(?::ss(?:[.,][s0]+)?)?\s*(?:am/pm|am|pm)?\s*z?$", re.IGNORECASE
)
_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_FRACTION = r"(?:[.,](?P<fraction>[0-9]+))?"
_HALF = r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)"
_ZONE = r"(?:\s?(?P<zone>Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?"
_ANY_CLOCK = (
    r"(?:(?:[ ,]+|T)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    rf"(?::(?P<second>[0-9]{{2}}){_FRACTION})?{_HALF}?{_ZONE})?"
)
_ALLOWED = (
    "the letters are YYYY, YY, MMM, MM, DD, hh, mm, ss, am; for numbers since 1970 write seconds, "
    "milliseconds or microseconds, for those of a spreadsheet excel"
)
# What a letter means, by how often it stands.
_FIELDS = {
    ("y", 4): "year",
    ("y", 2): "short_year",
    ("m", 1): "month",
    ("m", 2): "month",
    ("m", 3): "month",
    ("m", 4): "month",
    ("d", 1): "day",
    ("d", 2): "day",
    ("d", 3): "weekday",
    ("d", 4): "weekday",
    ("h", 1): "hour",
    ("h", 2): "hour",
}
_NUMERIC = ("year", "short_year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True)
class Pattern:
    """A date's way of writing: a regular expression whose named groups are its parts.

    epoch: how many microseconds one unit has, where the texts are numbers since 1970; serial: they
    are days as a spreadsheet counts them. exact: the one way that every text is written, in the
    letters of a faster reader.
    """

    written: str
    regex: str
    parts: frozenset[str]
    epoch: int | None = None
    exact: str | None = None
    serial: bool = False


# Columns that are written in one way to the letter, which a faster reader takes: the regular
# expression that every text must match, and the way in the reader's letters.
_DATE, _TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
EXACT = {
    "exactly YYYY-MM-DD": (f"^{_DATE}$", "%Y-%m-%d"),
    "exactly YYYY-MM-DD hh:mm:ss": (f"^{_DATE} {_TIME}$", "%Y-%m-%d %H:%M:%S"),
    "exactly YYYY-MM-DDThh:mm:ss": (f"^{_DATE}T{_TIME}$", "%Y-%m-%dT%H:%M:%S"),
    "exactly YYYY-MM-DDThh:mm:ssZ": (f"^{_DATE}T{_TIME}Z$", "%Y-%m-%dT%H:%M:%SZ"),
}


def _exactly(written: str) -> Pattern:
    regex, letters = EXACT[written]
    parts = {"year", "month", "day"} | ({"hour"} if "hh" in written else set())
    return Pattern(written, regex, frozenset(parts), exact=letters)


def parse_pattern(written: str) -> Pattern:
    """The pattern that letters mean; ValueError, with what is allowed, where they mean none.

    `mm` after `hh` or before `ss` is minutes, else the month. A clock time behind the date may
    always follow, with or without seconds, am, offset: the letters for it are only for reading.
    A pattern without day means the first of the month.
    """
    if written in EXACT:
        return _exactly(written)
    if written.strip().lower() in EPOCHS:
        return _epoch(written.strip().lower())
    if written.strip().lower() == SERIAL:
        regex = r"^\s*(?P<whole>[0-9]{1,7})(?:\.(?P<fraction>[0-9]*))?\s*$"
        return Pattern(SERIAL, regex, frozenset({"whole", "fraction"}), serial=True)
    date_part = _CLOCK.sub("", written.strip())
    tokens = [_Token(found) for found in _TOKEN.findall(date_part)]
    fields = _fields(tokens, written)
    _check(fields, written)
    regex = "".join(_regex(tokens, fields, at) for at in range(len(tokens)))
    regex = rf"^\s*{regex}{_ZONE if 'hour' in fields else _ANY_CLOCK}\s*$"
    return Pattern(written, regex, frozenset(re.findall(r"\?P<(\w+)>", regex)))


def _epoch(word: str) -> Pattern:
    digits = {"seconds": 11, "milliseconds": 14, "microseconds": 17}[word]
    regex = rf"^\s*(?P<whole>-?[0-9]{{1,{digits}}})(?:\.(?P<fraction>[0-9]*))?\s*$"
    return Pattern(word, regex, frozenset({"whole", "fraction"}), EPOCHS[word])


@dataclass(frozen=True)
class _Token:
    text: str

    @property
    def letter(self) -> str:
        return self.text[0].lower()

    @property
    def half(self) -> bool:
        return self.text.lower() in ("am", "pm", "am/pm", "a/p")


def _fields(tokens: list[_Token], written: str) -> list[str | None]:
    """What each token stands for; None for a literal."""
    fields = [_field(token, written) for token in tokens]
    named = [at for at, field in enumerate(fields) if field]
    for place, at in enumerate(named):
        before = fields[named[place - 1]] if place else None
        after = fields[named[place + 1]] if place + 1 < len(named) else None
        if fields[at] == "month" and len(tokens[at].text) < 3:
            fields[at] = "minute" if before == "hour" or after == "second" else "month"
    return fields


def _field(token: _Token, written: str) -> str | None:
    if token.half:
        return "half"
    field = _FIELDS.get((token.letter, len(token.text)))
    if field is None and token.letter.isalpha() and token.letter not in "stz":
        raise ValueError(f"{token.text} in {written!r} means nothing; {_ALLOWED}")
    return "second" if token.letter == "s" else field


def _check(fields: list[str | None], written: str) -> None:
    named = [field for field in fields if field and field != "weekday"]
    years = [field for field in named if field in ("year", "short_year")]
    if len(years) != 1 or "month" not in named:
        raise ValueError(f"{written!r} needs one year and a month; {_ALLOWED}")
    twice = sorted({field for field in named if named.count(field) > 1})
    if twice:
        raise ValueError(f"{written!r} has the {twice[0]} twice; {_ALLOWED}")
    if ("minute" in named) != ("hour" in named):
        raise ValueError(f"{written!r} needs both hh and mm, or neither; {_ALLOWED}")


def _regex(tokens: list[_Token], fields: list[str | None], at: int) -> str:
    field, text = fields[at], tokens[at].text
    if field is None:
        return r"\s+" if text.isspace() else re.escape(text)
    touching = _touching(fields, at)
    digits = "[0-9]{2}" if touching else "[0-9]{1,2}"
    if field == "month" and len(text) > 2:
        return f"(?P<month_name>{_MONTH})"
    special = {
        "year": "(?P<year>(?:19|20)[0-9]{2})" if touching else "(?P<year>[0-9]{4})",
        "short_year": "(?P<short_year>[0-9]{2})",
        "weekday": r"[^\W\d_]+\.?",
        "half": _HALF,
        "second": f"(?P<second>{digits}){_FRACTION}",
    }
    return special.get(field, f"(?P<{field}>{digits})")


def _touching(fields: list[str | None], at: int) -> bool:
    """Whether digits stand directly beside digits, as in YYYYMMDD."""
    beside = [fields[near] for near in (at - 1, at + 1) if 0 <= near < len(fields)]
    return any(field in _NUMERIC for field in beside)
