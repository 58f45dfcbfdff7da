"""The value of a YAML scalar, past what YAML reads silently otherwise than it was meant."""

import re

import yaml

from kpicli.definitions.mending import (
    BACKSLASH,
    BOUND,
    COMMENT,
    NO_COMPARISON,
    is_bound,
    needs_quotes,
    plain_escapes,
)
from kpicli.definitions.page import Page, is_plain
from kpicli.definitions.quoting import comment_start, outside, quoted
from kpicli.definitions.scalars import Scalar, plain_value
from kpicli.errors import Problem

Read = tuple[Scalar, Problem | None]

HARMLESS_CODE = re.compile(r'\\([\\"/ntr]|[xuU][0-9A-Fa-f]+|$)')
DRIVE = re.compile(r"[A-Za-z]:\\(?!\\)")
BLOCK_WITH_NUMBER = re.compile(r"[>|][+-]?\d")


def read_scalar(page: Page, node: yaml.ScalarNode, key: str | None) -> Read:
    """The value that was meant, and the problem if YAML would read another.

    key is the name that leads to it. A text below | or > loses its last line break.
    """
    source = page.written(node)
    if is_bound(node.value, key):
        return _bound(page, node, source, node.value)
    if node.style in {"|", ">"}:
        return _block_text(page, node, key, source)
    if source.startswith("!") and not source.startswith("!!str"):
        return _signed(page, node, source)
    if source.startswith('"'):
        return _double_quoted(page, node, source)
    if is_plain(node) and not source.startswith("!!str"):
        return _cut_by_comment(page, node) or (plain_value(node.value), None)
    return node.value, None


def _bound(page: Page, node: yaml.ScalarNode, source: str, text: str) -> Read:
    """The number of a comparison that stands where a number belongs."""
    value = BOUND.sub(r"\g<value>", text)
    hint = page.rewritten(node.start_mark, source, value)
    if "<" in text:
        hint += ", with `better: lower` beside it"
    problem = page.problem("yaml_comparison", NO_COMPARISON, hint, node.start_mark)
    return plain_value(value), problem


def _signed(page: Page, node: yaml.ScalarNode, source: str) -> Read:
    """A text that began with a sign that YAML takes for its own."""
    hint = page.rewritten(node.start_mark, source, quoted(source))
    problem = page.problem("yaml_quotes", needs_quotes(source[0]), hint, node.start_mark)
    return source, problem


def _block_text(page: Page, node: yaml.ScalarNode, key: str | None, source: str) -> Read:
    """The text below | or >; `>5` with nothing below it was meant as a comparison."""
    header = source[: comment_start(source)]
    if node.value or not BLOCK_WITH_NUMBER.match(header):
        return node.value.rstrip("\n"), None
    if is_bound(header, key):
        return _bound(page, node, header, header)
    return _signed(page, node, header)


def _double_quoted(page: Page, node: yaml.ScalarNode, source: str) -> Read:
    r"""The text between double quotes; "\N" or "C:\new" were meant as they stand."""
    inner = source[1:-1]
    odd = "\\" in HARMLESS_CODE.sub("", inner) or DRIVE.match(inner)
    if not odd or node.start_mark.line != node.end_mark.line:
        return node.value, None
    meant = plain_escapes(inner)
    hint = page.rewritten(node.start_mark, source, quoted(meant))
    return meant, page.problem("yaml_backslash", BACKSLASH, hint, node.start_mark)


def _cut_by_comment(page: Page, node: yaml.ScalarNode) -> Read | None:
    """The whole text where ` #` stood inside quotes or brackets that the comment closes."""
    after = page.after(node)
    if page.written(node).startswith("&"):
        return None
    if node.start_mark.line != node.end_mark.line or not re.match(r"\s+#", after):
        return None
    whole = page.written(node) + after.rstrip()
    end = comment_start(whole)
    if end > len(node.value):
        whole = whole[:end]
    elif not _is_open(node.value) or ")" not in after:
        return None
    hint = page.rewritten(node.start_mark, whole, quoted(whole))
    return whole, page.problem("yaml_comment", COMMENT, hint, node.start_mark)


def _is_open(value: str) -> bool:
    """Whether a round bracket is not closed."""
    signs = [value[at] for at in outside(value)]
    return signs.count("(") > signs.count(")")
