"""Roles and permissions, in code. A permission names a depth; the posting gives the reach (facilities/access.py)."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    REGISTER = "register"  # take a person in: identity, consent, admission
    SEE_CLIENTS = "see_clients"  # know that a client of one's scope exists: code, masked name, status
    SEE_IDENTITY = "see_identity"  # reveal name, NIK, address of a client of one's scope; each look is recorded
    SEE_CLINICAL = "see_clinical"  # answers, scores, notes
    SEE_CLINICAL_SUMMARY = "see_clinical_summary"  # that an assessment exists, its date and bands
    ASSESS = "assess"  # administer instruments, record the six facts
    TREAT = "treat"  # plan and start a treatment, record services, close it
    PRESCRIBE = "prescribe"  # methadone and buprenorphine: set a dose and stop it
    FOLLOW_UP = "follow_up"  # aftercare plans and follow-ups
    SEE_PLACEMENT = "see_placement"  # placement and attendance only
    TAT_MANAGE = "tat_manage"  # documents, clock and letter of assigned TAT cases
    TAT_MEDICAL = "tat_medical"
    TAT_LEGAL = "tat_legal"
    SEE_FACILITIES = "see_facilities"
    EDIT_FACILITIES = "edit_facilities"  # every facility below one's unit
    EDIT_OWN_FACILITY = "edit_own_facility"
    STRENGTHEN = "strengthen"  # record what the unit does to strengthen institutions
    MANAGE_PEOPLE = "manage_people"  # accounts and posts below one's unit
    EDIT_SETTINGS = "edit_settings"  # values that stand for unverified facts
    SEE_FIGURES = "see_figures"  # targets and realisation of one's units
    SEE_MEMBERS = "see_members"  # the treatments behind a number, without identity
    EDIT_TARGETS = "edit_targets"
    BUILD_REPORTS = "build_reports"
    SEAL_REPORTS = "seal_reports"
    LINK_PERSONS = "link_persons"
    SEE_AUDIT = "see_audit"
    TECHNICAL = "technical"  # technical reference data; no client, no figure


class Role(models.TextChoices):
    CLERK = "clerk", _("Registration clerk")
    COUNSELOR = "counselor", _("Counselor / assessor")
    DOCTOR = "doctor", _("Doctor / psychologist")
    NURSE = "nurse", _("Nurse / social worker")
    FACILITY_ADMIN = "facility_admin", _("Facility admin")
    UNIT_ADMIN = "unit_admin", _("Unit admin")
    UNIT_STAFF = "unit_staff", _("Rehabilitation staff of a unit")
    SIGNATORY = "signatory", _("Signatory")
    RECOVERY_AGENT = "recovery_agent", _("Recovery agent")
    TAT_SECRETARIAT = "tat_secretariat", _("TAT secretariat")
    TAT_MEDICAL = "tat_medical", _("TAT medical member")
    TAT_LEGAL = "tat_legal", _("TAT legal member")
    CORRECTIONS = "corrections", _("Corrections officer")
    DATA_STEWARD = "data_steward", _("Data steward")
    ANALYST = "analyst", _("National analyst")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System admin")


P = Permission  # the table below is read across


@dataclass(frozen=True)
class RoleRule:
    """What a role may do, where it may be held, one sentence for the person who gives it, and the page it opens first."""

    permissions: frozenset[Permission]
    at_facility: bool
    sentence: str
    home: str


_CARE = {P.SEE_CLIENTS, P.SEE_IDENTITY, P.SEE_CLINICAL, P.ASSESS, P.TREAT, P.FOLLOW_UP, P.REGISTER, P.SEE_FACILITIES, P.SEE_FIGURES, P.SEE_MEMBERS}  # fmt: skip
_FIGURES = {P.SEE_FIGURES, P.SEE_FACILITIES}


def _rule(permissions: set[Permission], sentence, *, at_facility: bool, home: str = "today") -> RoleRule:
    return RoleRule(frozenset(permissions), at_facility, sentence, home)


ROLES: dict[Role, RoleRule] = {
    Role.CLERK: _rule(
        {P.REGISTER, P.SEE_CLIENTS, P.SEE_IDENTITY, P.SEE_FACILITIES, P.SEE_FIGURES},
        _("Registers clients of the own facility and sees their identity, nothing clinical."),
        at_facility=True,
    ),
    Role.COUNSELOR: _rule(
        _CARE, _("Registers, assesses, treats and follows up clients of the own facility."), at_facility=True
    ),
    Role.DOCTOR: _rule(
        _CARE | {P.TAT_MEDICAL, P.PRESCRIBE},
        _("Examines and treats clients of the own facility, prescribes; takes the medical part of TAT cases."),
        at_facility=True,
    ),
    Role.NURSE: _rule(
        _CARE, _("Cares for clients of the own facility; HIV results only where treating."), at_facility=True
    ),
    Role.FACILITY_ADMIN: _rule(
        {P.EDIT_OWN_FACILITY} | _FIGURES,
        _("Keeps the data, staff and capacity of the own facility; sees no clients."),
        at_facility=True,
        home="facilities:list",
    ),
    Role.UNIT_ADMIN: _rule(
        {P.EDIT_FACILITIES, P.MANAGE_PEOPLE, P.EDIT_SETTINGS, P.STRENGTHEN} | _FIGURES,
        _("Keeps facilities, people, posts and settings below the unit; sees no clients."),
        at_facility=False,
        home="facilities:list",
    ),
    Role.UNIT_STAFF: _rule(
        {
            P.SEE_CLIENTS,
            P.SEE_IDENTITY,
            P.SEE_CLINICAL_SUMMARY,
            P.SEE_MEMBERS,
            P.EDIT_TARGETS,
            P.BUILD_REPORTS,
            P.STRENGTHEN,
        }
        | _FIGURES,
        _("Watches targets against realisation of the unit, opens numbers down to treatments and builds reports."),
        at_facility=False,
        home="reports:dashboard",
    ),
    Role.SIGNATORY: _rule(
        {P.SEAL_REPORTS, P.BUILD_REPORTS} | _FIGURES,
        _("Approves and seals the unit's reports."),
        at_facility=False,
        home="reports:dashboard",
    ),
    Role.RECOVERY_AGENT: _rule(
        {P.SEE_FACILITIES}, _("Screens and follows up own clients in the community."), at_facility=False
    ),
    Role.TAT_SECRETARIAT: _rule(
        {P.TAT_MANAGE} | _FIGURES,
        _("Keeps documents, clock and letter of the unit's TAT cases."),
        at_facility=False,
    ),
    Role.TAT_MEDICAL: _rule(
        {P.TAT_MEDICAL, P.SEE_FACILITIES}, _("Takes the medical part of assigned TAT cases."), at_facility=False
    ),
    Role.TAT_LEGAL: _rule(
        {P.TAT_LEGAL, P.SEE_FACILITIES}, _("Takes the legal part of assigned TAT cases."), at_facility=False
    ),
    Role.CORRECTIONS: _rule(
        {P.SEE_CLIENTS, P.SEE_IDENTITY, P.SEE_PLACEMENT, P.SEE_FACILITIES},
        _("Sees placement and attendance of the own institution's people."),
        at_facility=True,
        home="clients:list",
    ),
    Role.DATA_STEWARD: _rule(
        {P.LINK_PERSONS},
        _("Links and unlinks persons on masked factors."),
        at_facility=False,
        home="clients:candidates",
    ),
    Role.ANALYST: _rule(
        {P.SEE_MEMBERS} | _FIGURES,
        _("Sees the nation's figures side by side, no identities."),
        at_facility=False,
        home="reports:dashboard",
    ),
    Role.AUDITOR: _rule(
        {P.SEE_AUDIT, P.SEE_MEMBERS} | _FIGURES,
        _("Sees all figures and the audit log, masked."),
        at_facility=False,
        home="reports:dashboard",
    ),
    Role.SYSTEM_ADMIN: _rule(
        {P.TECHNICAL}, _("Keeps technical reference data; sees no client and no figure."), at_facility=False
    ),
}


# At BNN itself people are masked, whatever the role: the reach over the whole nation is for figures (DOMAIN.md section 8).
NOT_NATIONWIDE = frozenset({P.SEE_IDENTITY, P.SEE_CLINICAL, P.SEE_CLINICAL_SUMMARY})


def permissions_at(role: str, *, nationwide: bool) -> frozenset[Permission]:
    """What the role may do; `nationwide` where it is held at BNN itself."""
    granted = ROLES[Role(role)].permissions
    return granted - NOT_NATIONWIDE if nationwide else granted


def roles_with(permission: Permission) -> list[str]:
    return [role.value for role, rule in ROLES.items() if permission in rule.permissions]
