"""Which ids are one: the same as a recursive query says, whatever the order of the rows."""

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicli.engine.kin import AT_ODDS, ID, OF, ONE, SPACE, find_kin

# From every id all that it leads to, as far as one of the list; both are in one space or in two.
ORACLE = """
    with recursive ways as (
        select space as s, id as i, 'user' as s2, one as i2 from said
        union select 'user', one, space, id from said),
    reach(s, i, s2, i2) as (
        select distinct s, i, s, i from ways where not (s = 'user' and i in (from listed))
        union
        select r.s, r.i, w.s2, w.i2 from reach r join ways w on w.s = r.s2 and w.i = r.i2
        where not (r.s2 = 'user' and r.i2 in (from listed))),
    told as (
        select s, i, count(distinct i2) filter (s2 = 'user' and i2 in (from listed)) as n,
            min(i2) filter (s2 = 'user' and i2 in (from listed)) as known,
            min(i2) filter (s2 = 'user') as least
        from reach group by s, i),
    clashes as (
        select distinct space as s, id as i from said where space = 'user' and id <> one
            and id in (from listed) and one in (from listed))
    select s, i, case n when 0 then least when 1 then known end as one, n > 1 as odd from told
        where not (s = 'user' and n < 2 and i = case n when 0 then least else known end)
    union all select s, i, null, true from clashes
    order by s, i
"""
Said = list[tuple[str, str, str]]

IDS = st.sampled_from("abcdefgh")
ROWS = st.lists(st.tuples(st.sampled_from(("user", "device", "mail")), IDS, IDS), max_size=14)


def found(said: Said, listed: list[str]) -> list[tuple[object, ...]]:
    frame = pl.DataFrame(said, schema=dict.fromkeys((SPACE, ID, OF), pl.String), orient="row")
    ids = find_kin(frame, "user", pl.Series(ID, listed, dtype=pl.String))
    return ids.select(SPACE, ID, ONE, AT_ODDS).rows()


def expected(said: Said, listed: list[str]) -> list[tuple[object, ...]]:
    with duckdb.connect() as sql:
        sql.execute("create table said(space text, id text, one text)")
        sql.execute("create table listed(id text)")
        if said:
            sql.executemany("insert into said values (?, ?, ?)", said)
        if listed:
            sql.executemany("insert into listed values (?)", [[one] for one in listed])
        return sql.execute(ORACLE).fetchall()


@settings(max_examples=25, deadline=None)
@given(said=ROWS, listed=st.lists(IDS, unique=True, max_size=4), data=st.data())
def test_ids_are_those_that_a_recursive_query_reaches(
    said: Said, listed: list[str], data: st.DataObject
) -> None:
    told = found(said, listed)
    assert told == expected(said, listed)
    again = data.draw(st.permutations([*said, *said[:3]]))
    assert found(again, listed[::-1]) == told


def test_a_long_chain_is_followed_to_its_end() -> None:
    links = [("user", f"u{n:05}", f"u{n + 1:05}") for n in range(20_000)]
    told = found(links, ["u20000"])
    assert len(told) == 20_000
    assert {one for _, _, one, _ in told} == {"u20000"}


def test_two_devices_of_one_user_are_that_user_and_stay_apart_from_anothers() -> None:
    said = [("device", "d1", "u1"), ("device", "d2", "u1"), ("device", "d3", "u2")]
    said += [("device", "shared", "u1"), ("device", "shared", "u2")]
    assert found(said, ["u1", "u2"]) == [
        ("device", "d1", "u1", False),
        ("device", "d2", "u1", False),
        ("device", "d3", "u2", False),
        ("device", "shared", None, True),
    ]
