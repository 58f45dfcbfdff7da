"""A bakery whose numbers can be added up by eye, and one number of it looked at."""

from datetime import date
from pathlib import Path

from kpicli.definitions.book import Book
from kpicli.engine.focus import Focus, focus_on
from kpicli.flow import open_book
from kpicli.planning.question import Question

TODAY = date(2025, 6, 1)

DEFINITIONS = """\
version: 1
timezone: Europe/Berlin
sources:
  sales:
    path: sales.csv
    time: day
    unique: sale_id
    types: {price: money}
    dates: DD.MM.YYYY
    skip_bad_rows: 50%
  shops: {path: shops.csv, key: shop_id}
  visits: {path: visits.csv, time: day}
exclude:
  - {source: shops, where: is_test, reason: test shop}
kpis:
  income:
    kind: sum
    source: sales
    of: price
    where: kind = 'bread'
    by: [shops.town]
    grain: month
  paid: {kind: share, source: sales, where: kind = 'bread', count_if: paid = 'yes', grain: month}
  buyers: {kind: count, source: sales, distinct: buyer, grain: month}
  usual: {kind: percentile, source: sales, of: price, grain: month}
  per_visit:
    kind: ratio
    numerator: {sum: price, source: sales}
    denominator: {count: visits}
    grain: month
  rating: {kind: score, source: sales, of: stars, grain: month}
  worth: {kind: formula, formula: "income / lag(buyers, 1)", grain: month}
"""

# Data rows 3 and 4 are alike, and the later one stands; row 5 has no day, row 6 is of the test
# shop, row 7 of another month, row 8 is no bread, row 9 has no price, row 10 has one that is none.
SALES = """\
sale_id,day,shop_id,buyer,kind,price,paid,stars
1,01.02.2025,A,ann,bread,2.50,yes,10
2,02.02.2025,B,bob,bread,1.00,no,6
3,03.02.2025,A,ann,bread,3.50,yes,9
3,03.02.2025,A,ann,bread,3.50,yes,9
4,,A,ann,bread,9.00,yes,9
5,05.02.2025,T,tim,bread,7.00,yes,1
6,31.01.2025,A,ann,bread,4.00,yes,8
7,07.02.2025,B,cleo,cake,5.00,yes,8
8,08.02.2025,A,ann,bread,,yes,7
9,28.02.2025,B,bob,bread,lots,,
10,01.03.2025,A,ann,bread,1.00,yes,7
"""

SHOPS = "shop_id,town,is_test\nA,Ulm,no\nB,Bonn,no\nT,Test,yes\n"
VISITS = "day,door\n2025-01-31,1\n2025-02-01,1\n2025-02-02,2\n2025-02-28,1\n2025-03-01,1\n"


def bakery(folder: Path) -> Book:
    """The bakery's definitions, its files beside them."""
    files = {"kpi.yaml": DEFINITIONS, "sales.csv": SALES, "shops.csv": SHOPS, "visits.csv": VISITS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return open_book(folder / "kpi.yaml", {})


def look(folder: Path, kpi: str, part: str | None = None, **by: str) -> Focus:
    """A number of February."""
    split = {name.replace("__", "."): value for name, value in by.items()}
    return focus_on(bakery(folder), Question(kpi, period="2025-02", by=split, part=part), TODAY)
