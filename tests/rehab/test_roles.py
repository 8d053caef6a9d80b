"""Who sees what: one test for each cell of the field's table of roles."""

import pytest

from rehab.roles import ROLES, Permission, Role

P = Permission
NO = frozenset()
IDENTITY = {P.SEE_IDENTITY}
CLINICAL = {P.SEE_CLINICAL}
SUMMARY = {P.SEE_CLINICAL_SUMMARY}
FIGURES = {P.SEE_FIGURES}
# role: identity, clinical, TAT, figures
TABLE = {
    Role.SYSTEM_ADMIN: (NO, NO, NO, NO),
    Role.CLERK: (IDENTITY, NO, NO, FIGURES),
    Role.COUNSELOR: (IDENTITY, CLINICAL, NO, FIGURES),
    Role.DOCTOR: (IDENTITY, CLINICAL, {P.TAT_MEDICAL}, FIGURES),
    Role.NURSE: (IDENTITY, CLINICAL, NO, FIGURES),
    Role.RECOVERY_AGENT: (NO, NO, NO, NO),
    Role.TAT_LEGAL: (NO, NO, {P.TAT_LEGAL}, NO),
    Role.TAT_MEDICAL: (NO, NO, {P.TAT_MEDICAL}, NO),
    Role.TAT_SECRETARIAT: (NO, NO, {P.TAT_MANAGE}, FIGURES),
    Role.UNIT_STAFF: (IDENTITY, SUMMARY, NO, FIGURES),
    Role.ANALYST: (NO, NO, NO, FIGURES),
    Role.CORRECTIONS: (IDENTITY, NO, NO, NO),
    Role.FACILITY_ADMIN: (NO, NO, NO, FIGURES),
    Role.UNIT_ADMIN: (NO, NO, NO, FIGURES),
    Role.SIGNATORY: (NO, NO, NO, FIGURES),
    Role.DATA_STEWARD: (NO, NO, NO, NO),
    Role.AUDITOR: (NO, NO, NO, FIGURES),
}
COLUMNS = (
    {P.SEE_IDENTITY},
    {P.SEE_CLINICAL, P.SEE_CLINICAL_SUMMARY},
    {P.TAT_MANAGE, P.TAT_MEDICAL, P.TAT_LEGAL},
    {P.SEE_FIGURES},
)
CELLS = [(role, column, TABLE[role][number]) for role in TABLE for number, column in enumerate(COLUMNS)]


@pytest.mark.parametrize(("role", "column", "expected"), CELLS, ids=lambda value: str(value)[:30])
def test_a_role_sees_what_the_table_says_and_no_more(role, column, expected):
    assert ROLES[role].permissions & column == expected


def test_every_role_has_a_rule_and_a_sentence():
    assert set(ROLES) == set(Role) == set(TABLE)
    assert all(str(rule.sentence).endswith(".") for rule in ROLES.values())


def test_who_manages_people_or_technique_sees_no_clients():
    for role, rule in ROLES.items():
        if rule.permissions & {P.MANAGE_PEOPLE, P.TECHNICAL, P.SEAL_REPORTS}:
            assert not rule.permissions & {P.SEE_CLIENTS, P.SEE_IDENTITY, P.SEE_CLINICAL}, role


def test_only_the_signatory_seals():
    assert [role for role, rule in ROLES.items() if P.SEAL_REPORTS in rule.permissions] == [Role.SIGNATORY]
