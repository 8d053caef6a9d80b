"""The table of a report's life: complete, without dead ends but the seal."""

import pytest

from reports import lifecycle
from reports.enums import ReportStatus


@pytest.mark.parametrize("status", ReportStatus)
def test_every_status_leads_somewhere_but_the_seal(status):
    steps = lifecycle.STEPS[status]
    assert bool(steps) == (status != ReportStatus.SEALED)
    assert all(lifecycle.step(status, found.to) is found for found in steps)


def test_what_people_do_needs_a_permission_and_what_titian_does_needs_none():
    assert {step.to for step in lifecycle.asked_of_people("submitted")} == {"approved", "returned"}
    assert lifecycle.asked_of_people("building") == ()


def test_words_are_typed_only_while_it_is_with_its_builders():
    assert {status for status in ReportStatus if lifecycle.takes_notes(status)} == {"ready", "returned"}
