"""What is rendered while migrations run."""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from rehab.schema import rendering_alone


def two_connected() -> ProjectState:
    state = ProjectState()
    for name, fields in {
        "House": [("id", models.AutoField(primary_key=True))],
        "Room": [("id", models.AutoField(primary_key=True)), ("house", models.ForeignKey("t.House", models.CASCADE))],
    }.items():
        migrations.CreateModel(name, fields).state_forwards("t", state)
    return state


def add_colour(state: ProjectState) -> None:
    migrations.AddField("house", "colour", models.TextField(default="")).state_forwards("t", state)


def test_only_the_changed_model_is_rendered_anew():
    state = two_connected()
    room, house = state.apps.get_model("t", "room"), state.apps.get_model("t", "house")
    with rendering_alone():
        add_colour(state)
    assert state.apps.get_model("t", "room") is room
    assert state.apps.get_model("t", "house") is not house
    assert {field.name for field in state.apps.get_model("t", "house")._meta.fields} == {"id", "colour"}


def test_python_in_a_migration_finds_the_models_connected():
    state = two_connected()
    assert state.apps.get_model("t", "house")
    with rendering_alone():
        add_colour(state)
        state.clear_delayed_apps_cache()
    house = state.apps.get_model("t", "house")
    assert state.apps.get_model("t", "room")._meta.get_field("house").remote_field.model is house


def test_afterwards_connected_models_are_rendered_as_django_does():
    state = two_connected()
    room = state.apps.get_model("t", "room")
    with rendering_alone():
        pass
    add_colour(state)
    assert state.apps.get_model("t", "room") is not room
