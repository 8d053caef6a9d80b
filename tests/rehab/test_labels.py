"""The words for what a row holds of fixed choices."""

from django.utils import translation

from clients.models import Client, Episode
from rehab.labels import label


def test_the_word_is_that_of_the_choice_in_the_language_of_the_page():
    episode = Episode(status="closed", outcome=None)
    for language in ("en", "id"):
        with translation.override(language):
            assert str(label(episode, "status")) == str(episode.get_status_display())


def test_nothing_has_no_word_and_what_is_no_choice_stands_for_itself():
    assert label(None, "status") == label(Episode(outcome=None), "outcome") == ""
    assert label(Client(sex="?"), "sex") == "?"
