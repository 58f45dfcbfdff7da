"""JUnit's XML, which build servers show as tests: a case per target."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kpicli.render.options import Format, Options
from kpicli.render.safe import clean
from kpicli.reports.sentences import note_verdict, write_title
from kpicli.reports.urgency import fails_check, is_judged, is_met
from kpicli.results import Outcome, Verdict


def render(outcome: Outcome, options: Options) -> str:
    """A miss fails; near passes with output; what was not judged is skipped, or fails if told."""
    suite = Element("testsuite", name=clean(write_title(outcome.meta)))
    cases = [_case(verdict, outcome, options.strict) for verdict in outcome.verdicts]
    suite.extend(cases)
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    for name, number in counts.items():
        suite.set(name, str(number))
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def name_case(verdict: Verdict) -> str:
    """The target as a test: "report_adoption[plan=enterprise]"."""
    place = ",".join(f"{segment}={value}" for segment, value in verdict.by.items())
    return clean(f"{verdict.kpi}[{place}]" if place else verdict.kpi)


def _case(verdict: Verdict, outcome: Outcome, strict: bool) -> Element:
    case = Element("testcase", classname=clean(outcome.meta.report or "kpi"),
                   name=name_case(verdict), time="0")  # fmt: skip
    if verdict.file:
        case.set("file", clean(verdict.file))
    if verdict.line:
        case.set("line", str(verdict.line))
    if not is_met(verdict):
        _tell(case, verdict, outcome, strict)
    return case


def _tell(case: Element, verdict: Verdict, outcome: Outcome, strict: bool) -> None:
    note = note_verdict(verdict, outcome)
    text, action = clean(note.text), clean(note.action or "")
    if fails_check(verdict, strict):
        SubElement(case, "failure", message=text, type=verdict.status or "no_data").text = action
    elif not is_judged(verdict):
        SubElement(case, "skipped", message=text)
    else:
        SubElement(case, "system-out").text = f"{text}\n{action}".rstrip()


FORMAT = Format("junit", (".xml",), render, views=("check",))
