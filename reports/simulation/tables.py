"""What the streams of clients write: tables with their columns in the order of the lines, and how values are written."""

from datetime import date
from functools import cache

# Names of columns are those of the database. The last three are temporary tables, unfolded by `derived`.
COLUMNS: dict[str, tuple[str, ...]] = {
    "clients_person": ("id",),
    "clients_client": ("id", "code", "person_id", "sex", "birth_year", "region_id", "data_key", "created_at"),
    "clients_personlink": ("client_id", "person_id", "ground", "linked_at", "ended_at"),
    "clients_identity": (
        "client_id", "name", "birth_date", "nik", "phone", "address", "mother_name", "no_nik_reason", "nik_index",
        "phone_index", "birth_index", "name_tokens", "edit",
    ),
    "clients_matchkeys": ("client_id", "keys"),
    "clients_guardian": ("client_id", "relation", "name", "phone", "edit"),
    "clients_episode": (
        "id", "client_id", "number", "admission", "admission_group", "referrer", "status", "responsible_facility_id",
        "opened_on", "facts_on", "assessed_on", "main_substance", "closed_on", "outcome", "registered_by_id",
    ),
    "clients_treatment": (
        "id", "client_id", "episode_id", "facility_id", "programme", "setting", "planned_on", "started_on", "ended_on",
        "outcome", "outcome_note", "counted_on", "unit_id", "admission_group", "sex", "age_group", "main_substance",
        "ownership",
    ),
    "sim_way": (
        "episode", "client", "number", "facility", "opened_on", "assessed_on", "facts_on", "substance", "minor",
        "recorded_at", "by_user",
    ),
    "sim_tat": ("client", "unit", "received_on", "letter_on", "status", "recommendation", "months", "by_user"),
    "sim_alike": ("client", "born", "name", "card"),
}  # fmt: skip
TEMPORARY = """
    CREATE TEMPORARY TABLE sim_way (episode bigint, client bigint, number int, facility bigint, opened_on date,
        assessed_on date, facts_on date, substance text, minor boolean, recorded_at timestamptz, by_user bigint)
        ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_tat (client bigint, unit bigint, received_on date, letter_on date, status text,
        recommendation text, months int, by_user bigint) ON COMMIT DROP;
    CREATE TEMPORARY TABLE sim_alike (client bigint, born date, name text, card boolean) ON COMMIT DROP;
"""
NULL = "\\N"


def binary(value: bytes | None) -> str:
    return NULL if value is None else f"\\\\x{value.hex()}"


@cache
def day(ordinal: int | None) -> str:
    return NULL if ordinal is None else date.fromordinal(ordinal).isoformat()


def line(*values: object) -> str:
    """One line of COPY; None is NULL. Nothing written here holds a tab, a line's end or a backslash of its own."""
    return "\t".join([NULL if value is None else str(value) for value in values])
