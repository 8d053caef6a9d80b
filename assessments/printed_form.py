"""An instrument's form as it was answered, on paper: every question asked, its answer, and room for the signatures.

One declaration gives it: sections in their order, and sections of a grid that ask the same rows beside each other in one
table. The paper is in Indonesian, whatever the screen speaks; the client's identity stands on it only when it was revealed.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.forms.questionnaire import answer_label
from assessments.instruments import Answers
from assessments.instruments.answers import State
from assessments.instruments.framework import Item, Section
from assessments.models import Assessment
from assessments.queries import alert_titles, qualification_flag, result_of, severities_of, title_of, worded_answers
from clients.queries import RevealedIdentity
from rehab.numbers import NOTHING, format_date
from rehab.pdf import render

TEMPLATE = "form.typ"


def form_pdf(assessment: Assessment, identity: RevealedIdentity | None = None) -> bytes:
    """The form of a completed assessment as PDF. Raises `rehab.pdf.PdfFailed`."""
    return render(TEMPLATE, form_data(assessment, identity))


def form_data(assessment: Assessment, identity: RevealedIdentity | None = None) -> dict[str, object]:
    """What templates/pdf/form.typ prints."""
    with translation.override("id"):
        return _data(assessment, identity)


def _data(assessment: Assessment, identity: RevealedIdentity | None) -> dict[str, object]:
    facility, result = assessment.facility, result_of(assessment)
    day = format_date(assessment.administered_on)
    place = facility.region.name.removeprefix("Kota ").removeprefix("Kabupaten ")
    return {
        "demo": settings.DEMO,
        "letterhead": {"lines": [str(facility.unit), facility.name], "address": facility.address},
        "foot": f"{title_of(assessment)} · {assessment.client.code}",
        "title": title_of(assessment),
        "subtitle": _("version %(version)s") % {"version": assessment.version},
        "number": "",
        "date": day,
        "date_iso": assessment.administered_on.isoformat(),
        "hash": "",
        "unsealed": _("Confidential: medical record"),
        "facts": _facts(assessment, identity),
        "notices": [*alert_titles(assessment), *filter(None, [qualification_flag(assessment)])],
        "parts": [*_parts(worded_answers(assessment)), *_judged(assessment)],
        "scores": [[line.title, line.shown, line.band_title] for line in result.lines],
        "signatures": [
            {"place": "", "position": _("Client"), "name": identity.name if identity else ""},
            {"place": f"{place}, {day}", "position": _("Assessor"), "name": _assessor(assessment)},
        ],
    }


def _facts(assessment: Assessment, identity: RevealedIdentity | None) -> list[list[str]]:
    client = assessment.client
    facts = [[_("Client code"), client.code]]
    if identity:
        facts += [
            [_("Name"), identity.name],
            [_("NIK"), identity.nik or NOTHING],
            [_("Birth date"), format_date(identity.birth_date)],
            [_("Mother's name"), identity.mother_name or NOTHING],
            [_("Address"), identity.address or NOTHING],
            [_("Phone"), identity.phone or NOTHING],
        ]
    return [*facts, [_("Sex"), str(client.get_sex_display())], [_("Assessor"), _assessor(assessment)]]


def _assessor(assessment: Assessment) -> str:
    return assessment.completed_by.name if assessment.completed_by else NOTHING


def _parts(answers: Answers) -> Iterator[dict[str, object]]:
    for group in _beside(answers.instrument.sections):
        if len(group) == 1:
            rows = [[_(item.label), _answer(item, answers)] for item in group[0].items if _stands(item, answers)]
            if rows:
                yield {"title": _(group[0].title), "columns": [], "rows": rows}
        else:
            yield _table(group, answers)


def _judged(assessment: Assessment) -> Iterator[dict[str, object]]:
    """Severities that stand beside the answers, not among them."""
    judged = [each for each in severities_of(assessment) if each.by]
    if judged:
        rows = [[each.title, f"{each.value} – {each.word}", f"{each.by}, {format_date(each.at)}"] for each in judged]
        yield {
            "title": _("Severity of the problems"),
            "columns": [_("Severity (0–9)"), _("Judged by")],
            "rows": rows,
        }


def _beside(sections: Iterable[Section]) -> Iterator[list[Section]]:
    """Sections in groups: those of a grid that ask no other rows than the one before them go with it."""
    group: list[Section] = []
    for section in sections:
        if group and section.grid and group[0].grid and _labels(section) <= _labels(group[0]):
            group.append(section)
            continue
        if group:
            yield group
        group = [section]
    if group:
        yield group


def _labels(section: Section) -> set[str]:
    return {item.label for item in section.items}


def _table(group: list[Section], answers: Answers) -> dict[str, object]:
    asked = [section for section in group if any(_stands(item, answers) for item in section.items)]
    by_label = [{item.label: item for item in section.items} for section in asked]
    rows = [
        [_(first.label), *(_cell(column.get(first.label), answers) for column in by_label)]
        for first in group[0].items
        if any(_stands(column[first.label], answers) for column in by_label if first.label in column)
    ]
    # Of "Psychiatric, past 30 days" and "Psychiatric, in life" beside each other the heading says the first word.
    title = _(group[0].title).partition(", ")[0]
    return {"title": title, "columns": [_(section.title) for section in asked], "rows": rows}


def _cell(item: Item | None, answers: Answers) -> str:
    return _answer(item, answers) if item and _stands(item, answers) else ""


def _stands(item: Item, answers: Answers) -> bool:
    """What the rules skip is left out; what stayed open is printed open."""
    return item.code in answers.kept or answers.states[item.code] is State.ASKED


def _answer(item: Item, answers: Answers) -> str:
    value = answers.kept.get(item.code)
    return answer_label(item, value) if value is not None else NOTHING
