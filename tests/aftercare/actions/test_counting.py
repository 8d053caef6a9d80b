"""The unit that a plan counts for, after what was recorded of its facility was corrected."""

from datetime import date

import pytest

from aftercare import tasks
from facilities.actions import terms
from facilities.models import Recount
from rehab import jobs
from rehab.models import AuditEvent
from rehab.roles import Role
from tests import factories
from tests.reports.makers import completed, plan, sheet

pytestmark = pytest.mark.django_db


def test_a_correction_counts_plans_again_by_the_day_of_first_contact(monkeypatch, django_capture_on_commit_callbacks):
    place, bali = factories.facility(of=factories.unit("BNNP-53")), factories.unit("BNNP-51")
    by = factories.user(Role.UNIT_ADMIN, factories.unit("BNN"))
    days = [date(2019, 12, 31), date(2020, 1, 1), None]
    plans = [plan(completed(place, date(2019, 6, 1)), first_contact_on=day) for day in days]
    sheets = [sheet(place, day, 4) for day in days if day]
    values = terms.Values(**(vars(terms.Values.of(place)) | {"unit": bali}))
    terms.change(by=by, facility=place, from_on=date(2020, 1, 1), values=values)

    monkeypatch.setattr(jobs, "_send", lambda task, keys: tasks.recount(**keys) if task == tasks.recount.name else None)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.recounts_left_over()

    for each in plans:
        each.refresh_from_db()
    assert [each.counted_unit and each.counted_unit.code for each in plans] == ["BNNP-53", "BNNP-51", None]
    for each in sheets:
        each.refresh_from_db()
    assert [each.unit.code for each in sheets] == ["BNNP-53", "BNNP-51"]
    assert AuditEvent.objects.get(verb="aftercare.recounted").data == {"since": "2020-01-01", "changed": 2}
    assert list(Recount.objects.values_list("what", flat=True)) == ["clients.recount"]
    assert tasks.recounts_left_over in jobs.due_work()
