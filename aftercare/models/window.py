"""What is known about relapse at the end of a completed way's window: kept beside the rows it follows from, by the database.

Nothing is looked up when it is counted, and bulk changes and raw SQL keep it right as well. Whoever changes what it rests on
takes the client's row for a moment, so that of two at once the second sees what the first wrote. Rows are changed first and
the client is taken then: who holds the client already must hold the client's treatments and plans too.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.enums import Relapse
from aftercare.models.plan import AftercarePlan, FollowUp
from clients.enums import AdmissionGroup, Outcome, Setting
from clients.models import Client, Treatment
from facilities.models import Facility, Unit
from rehab.enums import Sex

WINDOW_MONTHS, TOLERANCE_DAYS = 6, 30
# What a window takes over from its treatment, to be counted by.
_COLUMNS = ("client_id", "unit_id", "facility_id", "setting", "admission_group", "sex")
_NEW = ", ".join(("ends_on", "relapse", *_COLUMNS))

# The definition: of every completed treatment after which none came in its episode, what is known at the window's end.
# Relapsed: a follow-up in the window says so. Not relapsed: the follow-up nearest the window's end, within the tolerance,
# says so (of two equally near the later one, which knows more). Else unknown, which is never counted as success.
# `{clients}` narrows it to some clients.
_COMPUTED = f"""
    SELECT t.id AS treatment_id, t.ends_on,
        CASE WHEN bool_or(f.relapse = '{Relapse.YES}' AND f.done_on <= t.ends_on) THEN '{Relapse.YES}'
             WHEN (array_agg(f.relapse ORDER BY abs(f.done_on - t.ends_on), f.done_on DESC, f.id DESC)
                   FILTER (WHERE abs(f.done_on - t.ends_on) <= t.tolerance_days))[1] = '{Relapse.NO}' THEN '{Relapse.NO}'
             ELSE '{Relapse.UNKNOWN}' END AS relapse,
        {", ".join(f"t.{name}" for name in _COLUMNS)}
    FROM (
        SELECT t.*, (t.ended_on + make_interval(months => r.months))::date AS ends_on, r.tolerance_days
        FROM clients_treatment t CROSS JOIN (
            SELECT months, tolerance_days FROM (
                SELECT id, months, tolerance_days FROM aftercare_relapserule
                UNION ALL SELECT 0, {WINDOW_MONTHS}, {TOLERANCE_DAYS}
            ) rules ORDER BY id DESC LIMIT 1
        ) r
        WHERE t.outcome = '{Outcome.COMPLETED}' AND t.ended_on IS NOT NULL {{clients}} AND NOT EXISTS (
            SELECT FROM clients_treatment later
            WHERE later.episode_id = t.episode_id AND later.started_on IS NOT NULL
            AND (later.ended_on IS NULL OR (later.ended_on, later.id) > (t.ended_on, t.id)))
    ) t
    LEFT JOIN (aftercare_aftercareplan p JOIN aftercare_followup f ON f.plan_id = p.id)
        ON p.client_id = t.client_id AND f.done_on BETWEEN t.ended_on AND t.ends_on + t.tolerance_days
    GROUP BY t.id, t.ends_on, {", ".join(f"t.{name}" for name in _COLUMNS)}
"""
_REWRITE = f"""
    WITH computed AS ({_COMPUTED}), gone AS (
        DELETE FROM aftercare_relapsewindow w
        WHERE NOT EXISTS (SELECT FROM computed c WHERE c.treatment_id = w.treatment_id) {{windows}})
    INSERT INTO aftercare_relapsewindow (treatment_id, {_NEW}) SELECT treatment_id, {_NEW} FROM computed
    ON CONFLICT (treatment_id) DO UPDATE SET ({_NEW}) = ({", ".join(f"EXCLUDED.{name.strip()}" for name in _NEW.split(","))})
    WHERE ({", ".join(f"aftercare_relapsewindow.{name.strip()}" for name in _NEW.split(","))})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name.strip()}" for name in _NEW.split(","))})
"""
REWRITE_ALL = _REWRITE.format(clients="", windows="")


def _rewriting(clients: str) -> str:
    """The body of a trigger that computes the windows of these clients anew, given as an array.

    A rebuild of all shuts the table for a moment; each statement here sees what was committed before it, the locks' waits
    included.
    """
    # One client at a time: for an array the statement would be planned anew each time, which costs more than it.
    one = _REWRITE.format(clients="AND t.client_id = one", windows="AND w.client_id = one")
    return f"""
        behind := ARRAY(SELECT DISTINCT unnest FROM unnest({clients}) WHERE unnest IS NOT NULL ORDER BY unnest);
        LOCK TABLE aftercare_relapsewindow IN ROW EXCLUSIVE MODE;
        PERFORM FROM clients_client WHERE id = ANY(behind) ORDER BY id FOR NO KEY UPDATE;
        FOREACH one IN ARRAY behind LOOP
            {one};
        END LOOP;
        RETURN NULL;
    """


def _trigger(name: str, operation: pgtrigger.Operation, clients: str, condition: pgtrigger.Condition | None = None):
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        declare=[("behind", "bigint[]"), ("one", "bigint")],
        func=_rewriting(clients),
    )


_PLAN = "(SELECT client_id FROM aftercare_aftercareplan WHERE id = {0}.plan_id)"


class RelapseRule(models.Model):
    """By which settings the windows stand computed; the latest row, else the declared defaults."""

    months = models.PositiveSmallIntegerField()
    tolerance_days = models.PositiveSmallIntegerField()
    since = models.DateTimeField(db_default=models.functions.Now())

    personal: frozenset[str] = frozenset()
    plain = frozenset({"id", "months", "tolerance_days", "since"})

    def __str__(self) -> str:
        return f"{self.months} months, {self.tolerance_days} days"


class RelapseWindow(models.Model):
    """A completed way: when its window ends, what is known by then, and what it is counted by. Kept by triggers, see above."""

    treatment = models.OneToOneField(
        Treatment, on_delete=models.CASCADE, primary_key=True, related_name="relapse_window"
    )
    ends_on = models.DateField(_("window ends on"))
    relapse = models.CharField(_("relapse"), max_length=8, choices=Relapse)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting)
    admission_group = models.CharField(_("report group"), max_length=10, choices=AdmissionGroup)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)

    personal = frozenset({"relapse"})
    plain = frozenset(
        {"treatment", "ends_on", "client", "unit", "facility", "setting", "admission_group", "sex"}
    )  # fmt: skip

    class Meta:
        ordering = ["-ends_on", "-treatment"]
        indexes = [
            models.Index(
                fields=["unit", "ends_on"],
                include=["relapse", "admission_group", "setting", "sex", "facility"],
                name="window_counted",
            ),
            models.Index(
                fields=["ends_on"],
                include=["unit", "relapse", "admission_group", "setting", "sex", "facility"],
                name="window_counted_all",
            ),
            models.Index(
                fields=["facility", "ends_on"],
                include=["unit", "relapse", "admission_group", "setting", "sex"],
                name="window_counted_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.ends_on}"


class WindowedTreatment(Treatment):
    """Treatments, with what a change of them does to their client's windows."""

    class Meta:
        proxy = True
        triggers = [
            _trigger(
                "window_treatment_comes",
                pgtrigger.Insert,
                "ARRAY[NEW.client_id]",
                pgtrigger.Q(new__started_on__isnull=False) | pgtrigger.Q(new__outcome=Outcome.COMPLETED),
            ),
            _trigger(
                "window_treatment_changes",
                pgtrigger.Update,
                "ARRAY[OLD.client_id, NEW.client_id]",
                pgtrigger.AnyChange(
                    "client",
                    "episode",
                    "started_on",
                    "ended_on",
                    "outcome",
                    "unit",
                    "facility",
                    "setting",
                    "admission_group",
                    "sex",
                ),
            ),
            _trigger("window_treatment_goes", pgtrigger.Delete, "ARRAY[OLD.client_id]"),
        ]


class WindowedPlan(AftercarePlan):
    """Plans, with what another client behind one does to both clients' windows."""

    class Meta:
        proxy = True
        triggers = [
            _trigger(
                "window_plan_changes",
                pgtrigger.Update,
                "ARRAY[OLD.client_id, NEW.client_id]",
                pgtrigger.AnyChange("client"),
            )
        ]


class WindowedFollowUp(FollowUp):
    """Follow-ups that were done, with what they do to the client's windows."""

    class Meta:
        proxy = True
        triggers = [
            _trigger(
                "window_follow_up_comes",
                pgtrigger.Insert,
                f"ARRAY[{_PLAN.format('NEW')}]",
                pgtrigger.Q(new__done_on__isnull=False),
            ),
            _trigger(
                "window_follow_up_changes",
                pgtrigger.Update,
                f"ARRAY[{_PLAN.format('OLD')}, {_PLAN.format('NEW')}]",
                pgtrigger.AnyChange("done_on", "relapse", "plan"),
            ),
            _trigger(
                "window_follow_up_goes",
                pgtrigger.Delete,
                f"ARRAY[{_PLAN.format('OLD')}]",
                pgtrigger.Q(old__done_on__isnull=False),
            ),
        ]
