"""A corrected supervision moves the live figure to the unit that held it; what is sealed stays, and the difference is told."""

import pytest

from clients.actions import counting
from facilities.actions import terms
from rehab.roles import Role
from reports.indicators import REGISTRY
from reports.models import Report
from reports.queries.changes import changes
from reports.queries.figures import realised
from tests import factories
from tests.reports.ready import YEAR, people, province, quiet, sealed

pytestmark = pytest.mark.django_db


def test_live_figures_move_and_sealed_ones_stay(monkeypatch):
    quiet(monkeypatch)
    where, clinic = province(2)
    bali = factories.unit("BNNP-51")
    report = sealed(where, people(where)[1])
    values = terms.Values(**(vars(terms.Values.of(clinic)) | {"unit": bali}))
    by = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    terms.correct(by=by, term=clinic.terms.get(), values=values, reason="Salah catat")
    counting.recount_facility(facility=clinic)

    indicator = REGISTRY["clients_rehabilitated"]
    assert [realised(indicator, unit, YEAR) for unit in (where, bali)] == [0, 2]
    line = next(each for each in changes(Report.objects.get(pk=report.pk)) if each.line.indicator == indicator.key)
    assert (line.sealed, line.now, line.line.realised) == (2, 0, 2)
