"""What happens to a CSV on its way: cut, swapped, flipped, mixed; and which records it met."""

import random
from collections.abc import Callable
from dataclasses import dataclass

NAMES = ("id", "joined", "amount", "score", "active", "note")
# Names and towns of users, with what CSV has signs for.
_NOTES = ("plain", "", "Zoë; 5 %", 'says "yes"', "two\nlines", "a, b", "Łódź", "Ünal & Söhne")
_ACTIVE = ("yes", "no", "")
ROWS = 60


@dataclass(frozen=True)
class Mutation:
    """A file that something happened to.

    met are the records that may be told otherwise than in the clean file, or not at all.
    """

    name: str
    content: bytes
    met: frozenset[int] = frozenset()


def clean_rows() -> list[list[str]]:
    """Records of a list of customers, by an id each; every kind of cell."""
    rows = []
    for row in range(ROWS):
        note = _NOTES[row % len(_NOTES)]
        joined = f"2025-{row % 12 + 1:02d}-{row % 27 + 1:02d}"
        amount = f"{row * 37 % 1000}.{row % 100:02d}" if row % 9 else ""
        rows.append([f"c{row:03d}", joined, amount, str(row % 11), _ACTIVE[row % 3], note])
    return rows


def quoted(cell: str) -> str:
    """A cell as spreadsheets write it."""
    if any(sign in cell for sign in ',;"\n\t|'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def lines_of(rows: list[list[str]], separator: str = ",") -> list[str]:
    """The header and a line per record, each with its end."""
    return [separator.join(map(quoted, row)) + "\n" for row in [list(NAMES), *rows]]


CLEAN = "".join(lines_of(clean_rows())).encode()


def _ends() -> list[int]:
    """Where the header and every record end, in bytes."""
    at, ends = 0, []
    for line in lines_of(clean_rows()):
        at += len(line.encode())
        ends.append(at)
    return ends


_ENDS = _ends()


def _record_at(at: int) -> int:
    """The record (the header is −1) that a byte belongs to."""
    return next(number for number, end in enumerate(_ENDS, -1) if at < end)


def cut(chance: random.Random) -> Mutation:
    """The file ends in the middle, by bytes."""
    at = chance.randrange(len(CLEAN))
    return Mutation("cut", CLEAN[:at], frozenset(range(max(_record_at(at), 0), ROWS)))


def flipped(chance: random.Random) -> Mutation:
    """One byte is another. A quote may take all up to the next quote with it."""
    at = chance.randrange(len(CLEAN))
    byte = chance.choice([*range(256), *b'",\n\r\0' * 8])
    content = CLEAN[:at] + bytes([byte]) + CLEAN[at + 1 :]
    first = _record_at(at)
    last = first + 1
    if byte == ord('"') or CLEAN[at] == ord('"'):
        then = CLEAN.find(b'"', at + 1)
        last = _record_at(then) + 1 if then >= 0 else ROWS
    return Mutation("flipped", content, frozenset(range(first, last + 1)))


def columns_swapped(chance: random.Random) -> Mutation:
    """The same columns in another order."""
    order = chance.sample(range(len(NAMES)), len(NAMES))
    lines = [[row[at] for at in order] for row in [list(NAMES), *clean_rows()]]
    text = "".join(",".join(map(quoted, line)) + "\n" for line in lines)
    return Mutation("columns swapped", text.encode())


def cells_swapped(chance: random.Random) -> Mutation:
    """One record has its cells in another order."""
    rows, at = clean_rows(), chance.randrange(ROWS)
    rows[at] = chance.sample(rows[at], len(NAMES))
    return Mutation("cells swapped", "".join(lines_of(rows)).encode(), frozenset({at}))


def cells_lost(chance: random.Random) -> Mutation:
    """One record has a cell too few or too many."""
    rows, at = clean_rows(), chance.randrange(ROWS)
    where = chance.randrange(len(NAMES))
    rows[at][where : where + 1] = chance.choice([[], ["x", "y"]])
    return Mutation("cells lost", "".join(lines_of(rows)).encode(), frozenset({at}))


def encodings_mixed(chance: random.Random) -> Mutation:
    """Some lines are written in another encoding than the rest."""
    codec = chance.choice(["cp1252", "utf-16-le", "cp437"])
    met = set(chance.sample(range(ROWS), chance.randint(1, 3)))
    parts = [
        line.encode(codec if number in met else "utf-8", errors="replace")
        for number, line in enumerate(lines_of(clean_rows()), -1)
    ]
    return Mutation("encodings mixed", b"".join(parts), frozenset(met | {one + 1 for one in met}))


def encoded(chance: random.Random) -> Mutation:
    """The whole file in another encoding, with another separator and other line ends."""
    codec = chance.choice(["utf-8-sig", "utf-16", "utf-8"])
    lines = lines_of(clean_rows(), chance.choice([",", ";", "\t", "|"]))
    end = chance.choice(["\n", "\r\n"])
    text = "".join(line.removesuffix("\n") + end for line in lines)
    return Mutation("encoded", text.encode(codec))


def lines_moved(chance: random.Random) -> Mutation:
    """Records in any order, with empty lines between."""
    head, *lines = lines_of(clean_rows())
    chance.shuffle(lines)
    for _ in range(chance.randint(0, 3)):
        lines.insert(chance.randrange(len(lines)), "\n")
    return Mutation("lines moved", (head + "".join(lines)).encode())


MUTATIONS: tuple[Callable[[random.Random], Mutation], ...] = (
    cut,
    flipped,
    flipped,
    flipped,
    columns_swapped,
    cells_swapped,
    cells_lost,
    encodings_mixed,
    encoded,
    lines_moved,
)


def mutated(seed: int) -> Mutation:
    """The mutation of a seed."""
    chance = random.Random(seed)
    return MUTATIONS[seed % len(MUTATIONS)](chance)
