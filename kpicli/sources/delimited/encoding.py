"""In which encoding a text file is written."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kpicli.errors import Problem, SourceError

DAMAGE = "\ufffd"
_BLOCK = 1 << 22
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Codecs of Python's that are not the encoding of a file, or give half characters.
_NOT_FILES = {"utf-7", "idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined"}


@dataclass(frozen=True)
class Encoding:
    """The codec that reads the file; damaged: some bytes are not of it and read as U+FFFD.

    settled: the first bytes already show it. note says a choice that the reader should know.
    """

    codec: str
    settled: bool = True
    damaged: bool = False
    note: str | None = None

    @property
    def utf8(self) -> bool:
        """Whether Polars can read the file as it is."""
        return self.codec in ("utf-8", "utf-8-sig") and not self.damaged


def encoding_of_start(start: bytes, declared: str | None) -> Encoding:
    """The encoding as the first bytes show it; raises SourceError for an unknown name."""
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    if declared:
        return Encoding(_known(declared, marked))
    if marked:
        return Encoding(marked)
    if start.isascii():
        return Encoding("utf-8", settled=False)
    return _guess(*_weigh(iter([start])))


def encoding_of_whole(path: Path, seen: Encoding) -> Encoding:
    """The encoding that the whole file bears out, one pass over its bytes."""
    if _decodes(path, seen.codec):
        return seen
    if seen.settled:
        return replace(seen, damaged=True)
    guess = _guess(*_weigh(_blocks(path)))
    return replace(guess, damaged=not _decodes(path, guess.codec))


def _known(declared: str, marked: str | None) -> str:
    try:
        name = codecs.lookup(declared.strip()).name
        "".encode(name)
    except (LookupError, ValueError) as wrong:
        raise SourceError([_unknown(declared)]) from wrong
    if name in _NOT_FILES:
        raise SourceError([_unknown(declared)])
    # A byte order mark knows better, and belongs to no column's name.
    wins = marked == "utf-8-sig" or (marked and name.startswith("utf"))
    return marked if marked and wins else name


def _unknown(declared: str) -> Problem:
    allowed = "utf-8, utf-16, windows-1252, iso-8859-1"
    return Problem("encoding", f"encoding: {declared} is not known", f"for example: {allowed}")


def _weigh(blocks: Iterator[bytes]) -> tuple[int, int]:
    """How many signs beyond ASCII are UTF-8, and how many bytes are not."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for block in blocks:
        text = decoder.decode(block)
        damage = len(re.findall("[\udc80-\udcff]", text))
        bad += damage
        good += len(re.findall("[^\x00-\x7f]", text)) - damage
    return good, bad


def _guess(good: int, bad: int) -> Encoding:
    if good >= bad:
        return Encoding("utf-8")
    return Encoding(
        "cp1252",
        note="not UTF-8: read as Windows-1252; if letters look wrong, write encoding:",
    )


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
