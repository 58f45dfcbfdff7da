"""Whether an expression looks at the size of an amount, or only at its sign or presence."""

import pytest

from kpicli.words.parsing import parse_expression
from kpicli.words.sizes import sized_names


@pytest.mark.parametrize(
    ("text", "sized"),
    [
        ("amount", ("amount",)),
        ("amount > 0", ()),
        ("0 < amount", ()),
        ("amount <> 0 and amount is not null", ()),
        ("amount > 1000", ("amount",)),
        ("amount > discount", ("amount", "discount")),
        ("amount - discount > 0", ("amount", "discount")),
        ("status = 'paid' and (amount is null or amount >= 50)", ("status", "amount")),
        ("coalesce(amount, 0) = 0", ("amount",)),
    ],
)
def test_sized_names(text: str, sized: tuple[str, ...]) -> None:
    assert sized_names(parse_expression(text)) == sized
