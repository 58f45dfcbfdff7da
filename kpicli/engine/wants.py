"""Which columns a plan wants of each source, and which type their use asks for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kpicli.definitions.book import Book, Kpi
from kpicli.definitions.shape import Did
from kpicli.engine.catalogue import Catalogue
from kpicli.engine.currencies import RATE_COLUMNS
from kpicli.engine.deeds import doers_of
from kpicli.engine.dotted import unclear_name
from kpicli.engine.foundkeys import date_problems, undated
from kpicli.engine.routes import Route, Routes
from kpicli.engine.splits import several_values, shown_by_rows, split_by_rows, split_sources
from kpicli.engine.vain_wishes import apart, columns_of, is_column, no_column
from kpicli.engine.wanted import Wants
from kpicli.errors import Problem, did_you_mean
from kpicli.needs import Need, Population
from kpicli.planning.plan import Step
from kpicli.words.demands import demands
from kpicli.words.expressions import Expression, ExpressionError
from kpicli.words.types import ColumnType
from kpicli.words.unknown import offset_of, unknown_name_hint

Asked = Iterator[tuple[str, ColumnType | None]]


@dataclass(frozen=True)
class Wishes:
    """Collects what everything in a plan wants, checking each name against the headers.

    kpi is the one whose texts are read, so that problems stand at their characters.
    """

    book: Book
    catalogue: Catalogue
    routes: Routes
    wants: Wants = field(default_factory=Wants)
    kpi: str | None = None

    def of_source(self, name: str) -> Iterator[Problem]:
        """The columns a source's own keys name, and the one that names currencies."""
        source = self.catalogue.listed[name].source
        for key in ("time", "start", "end", "updated", "valid_from", "valid_to"):
            yield from self._of_key(("sources", name, key), name, getattr(source, key), "time")
        for key in ("currency_column", "key"):
            yield from self._of_key(("sources", name, key), name, getattr(source, key), None)
        for column in source.unique:
            yield from self._of_key(("sources", name, "unique"), name, column, None)

    def of_rates(self, name: str) -> Iterator[Problem]:
        """The columns that converting a source's amounts takes, its own and those of the rates."""
        rates = self.book.sources[name].rates
        if rates is None:
            return
        path = ("sources", name, "rates")
        yield from self._of_key((*path, "on"), name, rates.on, "time")
        for column, want in RATE_COLUMNS.items():
            yield from self._of_key((*path, "source"), rates.source, column, want)

    def of_identity(self, name: str) -> Iterator[Problem]:
        """The columns by which a source says which ids are one."""
        said = self.book.sources[name].identity
        for key, column in (("from", said.from_), ("to", said.to)) if said else ():
            yield from self._of_key(("sources", name, "identity", key), name, column, "text")

    def _of_identities(self, source: str, column: str) -> Iterator[Problem]:
        """What telling a column by other ids takes: who says so, and the lists of who there is."""
        told = self.catalogue.listed[source].origins(column)
        for name, other in self.book.sources.items() if told else ():
            if other.identity and other.identity.to in told:
                yield from self.of_identity(name)
            if other.key in told:
                yield from self._of_key(("sources", name, "key"), name, other.key, "text")

    def of_references(self, name: str) -> Iterator[Problem]:
        """The columns that refers_to names."""
        for table, column in self.book.sources[name].refers_to.items():
            yield from self._of_key(("sources", name, "refers_to", table), name, column, "text")

    def _of_key(
        self, path: tuple[str, ...], source: str, column: str | None, want: ColumnType | None
    ) -> Iterator[Problem]:
        """The column that a key of the definitions names, its problem at the key."""
        if column:
            for problem in self.of_column(source, column, want):
                yield problem.at(self.book.at(*path))

    def of_exclusions(self, name: str, tables: Collection[str]) -> Iterator[Problem]:
        """What takes rows of a source out: its own exclusions and those of what it refers to.

        tables are the sources that have rows to exclude.
        """
        for exclusion in self.book.exclude:
            if exclusion.source == name:
                yield from self.of_expression(name, exclusion.where, "yes_no")
        for hop in self.routes.hops(name):
            known = self.wants.columns.get(hop.table, {})
            if hop.table in tables:
                yield from self._along((hop,))
                if not known:
                    yield from self.of_exclusions(hop.table, tables)

    def of_step(self, step: Step) -> Iterator[Problem]:
        """Everything a KPI names, with the KPI on each problem."""
        for need in step.kpi.needs.values():
            for problem in self.of_need(need):
                yield self._ready_made(problem, step.kpi, need)
        for split in step.by:
            yield from self._of_splits(step, split)

    def _of_splits(self, step: Step, split: Sequence[str]) -> Iterator[Problem]:
        """The columns of a split in every source that tells its values."""
        known = (self.book.segments, self.catalogue.has_column)
        deeds = [one for one in split if one in known[0] and known[0][one].did]
        if deeds and step.kpi.crowd and split_by_rows(step.kpi, split, *known):
            yield apart(split, deeds[0])
            return
        for source in split_sources(step.kpi, split, *known):
            for name in split:
                if name not in self.book.segments:
                    shown = shown_by_rows(step.kpi, name, self.catalogue.has_column)
                    if shown and source != shown:
                        yield several_values(step.kpi.name, name, shown, source)
                        continue
                yield from self.of_split(source, name, step.kpi.crowd)

    def of_request(
        self, step: Step, only: Mapping[str, str], also: Expression | None
    ) -> Iterator[Problem]:
        """What the command line names beside the KPI."""
        for name in only:
            yield from self._of_splits(step, (name,))
        for need in step.kpi.needs.values():
            listed = isinstance(need, Population) and len(step.kpi.sources) > 1
            if also and not listed:
                yield from self.of_expression(need.source, also, "yes_no")

    def of_need(self, need: Need) -> Iterator[Problem]:
        """The columns of a need; its source is read even where it names none."""
        listed = self.catalogue.listed[need.source]
        if listed.problem:
            yield listed.problem
            return
        self.wants.columns.setdefault(need.source, {})
        for asked in need.asked:
            if not (asked.optional and self._lacks(need.source, asked.expression)):
                yield from self.of_expression(need.source, asked.expression, asked.want)
        if need.where:
            yield from self.of_expression(need.source, need.where, "yes_no")
        yield from date_problems(self.book.sources, need)
        yield from undated(listed.source, need)
        for key in ("time", "start", "end"):
            if column := getattr(need, key):
                place = self.book.at("kpis", self.kpi or "", key)
                yield from (one.at(place) for one in self._name(need.source, column, "time"))

    def _lacks(self, source: str, expression: Expression) -> bool:
        return not all(self.catalogue.has_column(source, name) for name in expression.names)

    def _ready_made(self, problem: Problem, kpi: Kpi, need: Need) -> Problem:
        """A column that no key of the file names is named by the library's definition."""
        # A key that is not in the file has the place of the KPI's name.
        nowhere = (None, kpi.place, self.book.at("kpis", kpi.name, "no key"))
        if problem.code != "missing_column" or not kpi.library or problem.place not in nowhere:
            return problem
        named = f"the library's {kpi.library} names it: kpi explain {kpi.library}"
        for column in columns_of(need):
            if problem.message == no_column(problem.source or "", column):
                otherwise = f"columns: {{{column}: …}} to {problem.source}"
                named += f"; if your file calls it otherwise, add {otherwise}"
        return replace(problem, hint=f"{problem.hint}; {named}" if problem.hint else named)

    def of_split(
        self, source: str, name: str, crowd: Population | None = None
    ) -> Iterator[Problem]:
        """The columns of a segment, or a column of the source itself.

        crowd: the entities that are split, where it is no row.
        """
        segment = self.book.segments.get(name)
        if segment is None:
            for problem in self._name(source, name, "text"):
                yield self._neither(problem, source, name)
            return
        if self.catalogue.has_column(source, name) and not is_column(segment, source, name):
            message = f"{name} is a segment and a column of {source}"
            yield Problem("two_meanings", message, "rename the segment")
        if segment.of is not None:
            want: ColumnType = "number" if segment.cut else "text"
            yield from self.of_expression(source, segment.of, want)
        if segment.where is not None:
            yield from self.of_expression(source, segment.where, "yes_no")
        if segment.did is not None:
            yield from self._of_deed(source, segment.did, crowd)

    def _of_deed(self, source: str, did: Did, crowd: Population | None) -> Iterator[Problem]:
        """The columns of what somebody did, and those that say who that was."""
        listed = self.catalogue.listed[did.source]
        if listed.problem:
            yield listed.problem
            return
        self.wants.columns.setdefault(did.source, {})
        doers = doers_of(source, did, crowd, self.routes)
        if isinstance(doers, Problem):
            yield doers
            return
        yield from self.of_expression(did.source, doers.told, "text")
        yield from self.of_expression(source, doers.own, "text")
        if did.where:
            yield from self.of_expression(did.source, did.where, "yes_no")
        if doers.table:
            key = self.book.sources[doers.table].key
            yield from self._of_key(("sources", doers.table, "key"), doers.table, key, "text")

    def _neither(self, problem: Problem, source: str, name: str) -> Problem:
        """A split that is no column was perhaps meant to be a segment."""
        if not _lacks_it(problem, source, name):
            return problem
        known = (*self.book.segments, *self.catalogue.listed[source].columns())
        message = f"there is no segment {name!r}, and {source} has no such column"
        hint = did_you_mean(name, known)
        if reached := list(self._reached(source, name)):
            hint = f"did you mean {' or '.join(reached)}?"
        return replace(problem, message=message, hint=hint)

    def _reached(self, source: str, column: str) -> Iterator[str]:
        """The tables that a source leads to and that have such a column."""
        for table in self.book.sources:
            reachable = table != source and self.catalogue.has_column(table, column)
            if reachable and not isinstance(self.routes.to(source, table), Problem):
                yield f"{table}.{column}"

    def of_expression(
        self, source: str, expression: Expression, want: ColumnType | None
    ) -> Iterator[Problem]:
        """The columns of an expression with the types its use asks for."""
        try:
            asked = demands(expression, want)
        except ExpressionError as wrong:
            place = self.book.spot(self.kpi, expression.text, wrong.offset)
            yield Problem("condition", wrong.message, wrong.hint, place)
            return
        for name in expression.names:
            for problem in self._name(source, name, asked.get(name)):
                yield self._in_text(problem, source, expression, name)

    def _in_text(self, problem: Problem, source: str, expression: Expression, name: str) -> Problem:
        """A problem of a name at the place where the name stands."""
        listed = self.catalogue.listed[source]
        if _lacks_it(problem, source, name) and name not in listed.source.columns:
            hint = unknown_name_hint(expression, name, listed.columns())
            problem = replace(problem, hint=hint)
        return problem.at(self.book.spot(self.kpi, expression.text, offset_of(expression, name)))

    def _name(self, source: str, name: str, want: ColumnType | None) -> Iterator[Problem]:
        table, dot, column = name.partition(".")
        if not dot or self.catalogue.has_column(source, name):
            yield from self.of_column(source, name, want)
            return
        if unclear := unclear_name(self.catalogue, source, name):
            yield unclear
            return
        if table == source:
            yield from self.of_column(source, column, want)
            return
        route = self.routes.to(source, table)
        if isinstance(route, Problem):
            yield route
            return
        yield from self._along(route)
        yield from self.of_column(table, column, want)

    def _along(self, route: Route) -> Iterator[Problem]:
        for hop in route:
            path = ("sources", hop.source, "refers_to", hop.table)
            yield from self._of_key(path, hop.source, hop.column, "text")
            key = self.book.sources[hop.table].key
            yield from self._of_key(("sources", hop.table, "key"), hop.table, key, "text")

    def of_column(self, source: str, column: str, want: ColumnType | None) -> Iterator[Problem]:
        """One column of a source; a problem where no file has it."""
        listed = self.catalogue.listed.get(source)
        if listed is None:
            return
        ambiguous = None if listed.problem else listed.ambiguous(column)
        if listed.problem or ambiguous:
            yield listed.problem or ambiguous  # type: ignore[misc]
        elif listed.has(column):
            new = column not in self.wants.of(source)
            self.wants.add(source, column, want)
            yield from self._of_identities(source, column) if new else ()
        else:
            hint = listed.nearest_to(column)
            yield Problem("missing_column", no_column(source, column), hint, source=source)


def _lacks_it(problem: Problem, source: str, name: str) -> bool:
    """Whether it is the source itself that has no such column."""
    return problem.code == "missing_column" and problem.source == source and "." not in name
