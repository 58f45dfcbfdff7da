"""Text from data and definitions, made harmless before any renderer writes it."""

import re

_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Control characters drive a terminal, direction marks turn text around, halves of a surrogate
# pair cannot be written, and the last two are not allowed in XML.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text on one line, with a mark in place of every character that is not to be printed."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub(" ", text))
