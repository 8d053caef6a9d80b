"""Whether life was better after a treatment than before it: kept beside the rows it follows from, by the database.

Nothing is looked up when it is counted, and bulk changes and raw SQL keep it right as well. As with the windows of aftercare,
rows are changed first and the client's row is taken then, so that of two writers the second sees what the first wrote.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import LifeResult
from assessments.models.assessment import Assessment, AssessmentScore
from clients.enums import AdmissionGroup, Setting
from clients.models import Client, Treatment
from facilities.models import Facility, Unit
from rehab.enums import Sex

INSTRUMENT = "whoqol_bref"
DOMAINS = ("physical", "psychological", "social", "environment")
# A measure counts as before until so many days after the first service, and as after until so many days after the end.
BEFORE_DAYS, AFTER_DAYS = 14, 30

_DOMAINS = ", ".join(f"'{domain}'" for domain in DOMAINS)
_COLUMNS = ("client_id", "unit_id", "facility_id", "setting", "admission_group", "sex")
_NEW = ("ended_on", "result", "before", "after", *_COLUMNS)

# The definition: of every treatment that was served and ended, the last measure before it (where there is none, the first of
# its first days) and the last one after that, both of its own episode and with all four domains; better where their mean is
# higher after.
_COMPUTED = f"""
    scored AS (
        SELECT a.id, a.episode_id, a.administered_on, avg(s.value) AS mean
        FROM assessments_assessment a JOIN assessments_assessmentscore s ON s.assessment_id = a.id
        WHERE a.instrument = '{INSTRUMENT}' AND a.status = 'completed' AND a.episode_id IS NOT NULL
        AND s.scale IN ({_DOMAINS}) AND s.value IS NOT NULL {{assessed}}
        GROUP BY a.id HAVING count(*) = {len(DOMAINS)}),
    earlier AS (
        SELECT DISTINCT ON (t.id) t.id, s.administered_on, s.mean
        FROM clients_treatment t JOIN scored s USING (episode_id)
        WHERE t.ended_on IS NOT NULL AND s.administered_on <= t.started_on + {BEFORE_DAYS}
        ORDER BY t.id, s.administered_on > t.started_on, abs(s.administered_on - t.started_on), s.id DESC),
    later AS (
        SELECT DISTINCT ON (t.id) t.id, s.mean
        FROM clients_treatment t JOIN earlier e ON e.id = t.id JOIN scored s USING (episode_id)
        WHERE s.administered_on > e.administered_on
        AND s.administered_on BETWEEN t.started_on AND t.ended_on + {AFTER_DAYS}
        ORDER BY t.id, s.administered_on DESC, s.id DESC),
    computed AS (
        SELECT t.id AS treatment_id, t.ended_on,
            CASE WHEN l.mean > e.mean THEN '{LifeResult.BETTER}' ELSE '{LifeResult.NOT_BETTER}' END AS result,
            e.mean::numeric(12, 8) AS before, l.mean::numeric(12, 8) AS after,
            {", ".join(f"t.{name}" for name in _COLUMNS)}
        FROM clients_treatment t JOIN earlier e ON e.id = t.id JOIN later l ON l.id = t.id)
"""
_REWRITE = f"""
    WITH {_COMPUTED}, gone AS (
        DELETE FROM assessments_lifechange c
        WHERE NOT EXISTS (SELECT FROM computed n WHERE n.treatment_id = c.treatment_id) {{kept}})
    INSERT INTO assessments_lifechange (treatment_id, {", ".join(_NEW)})
    SELECT treatment_id, {", ".join(_NEW)} FROM computed
    ON CONFLICT (treatment_id) DO UPDATE SET ({", ".join(_NEW)}) = ({", ".join(f"EXCLUDED.{name}" for name in _NEW)})
    WHERE ({", ".join(f"assessments_lifechange.{name}" for name in _NEW)})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in _NEW)})
"""
REWRITE_ALL = _REWRITE.format(assessed="", kept="")


def _trigger(
    name: str, operation: pgtrigger.Operation, clients: str, condition: str | None = None
) -> pgtrigger.Trigger:
    """Computes the changes of these clients anew, given as an array."""
    some = _REWRITE.format(assessed="AND a.client_id = ANY(behind)", kept="AND c.client_id = ANY(behind)")
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=pgtrigger.Condition(f"({condition})") if condition else None,
        declare=[("behind", "bigint[]")],
        func=f"""
            behind := ARRAY(SELECT DISTINCT unnest FROM unnest({clients}) WHERE unnest IS NOT NULL ORDER BY unnest);
            LOCK TABLE assessments_lifechange IN ROW EXCLUSIVE MODE;
            PERFORM FROM clients_client WHERE id = ANY(behind) ORDER BY id FOR NO KEY UPDATE;
            {some};
            RETURN NULL;
        """,
    )


def _changed(*names: str) -> str:
    """Whether one of the columns says something else now."""
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


_ASSESSED = "(SELECT client_id FROM assessments_assessment WHERE id = {0}.assessment_id)"


class LifeChange(models.Model):
    """A treatment that ended, with quality of life (WHOQOL-BREF) before and after it. Kept by triggers, see above.

    `before` and `after` are the means of the four domains; from `client` on stand the columns it is counted by.
    """

    treatment = models.OneToOneField(Treatment, on_delete=models.CASCADE, primary_key=True, related_name="life_change")
    ended_on = models.DateField(_("ended on"))
    result = models.CharField(_("quality of life"), max_length=10, choices=LifeResult)
    before = models.DecimalField(max_digits=12, decimal_places=8)
    after = models.DecimalField(max_digits=12, decimal_places=8)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    setting = models.CharField(_("setting"), max_length=10, choices=Setting)
    admission_group = models.CharField(_("report group"), max_length=10, choices=AdmissionGroup)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)

    personal = frozenset({"result", "before", "after"})
    plain = frozenset({"treatment", "ended_on", "client", "unit", "facility", "setting", "admission_group", "sex"})

    class Meta:
        ordering = ["-ended_on", "-treatment"]
        indexes = [
            models.Index(
                fields=["unit", "ended_on"],
                include=["result", "admission_group", "setting", "sex", "facility"],
                name="life_counted",
            ),
            models.Index(
                fields=["ended_on"],
                include=["unit", "result", "admission_group", "setting", "sex", "facility"],
                name="life_counted_all",
            ),
            models.Index(
                fields=["facility", "ended_on"],
                include=["unit", "result", "admission_group", "setting", "sex"],
                name="life_counted_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.result}"


class MeasuredTreatment(Treatment):
    """Treatments, with what a change of them does to what their measures say."""

    class Meta:
        proxy = True
        triggers = [
            _trigger("life_treatment_comes", pgtrigger.Insert, "ARRAY[NEW.client_id]", "NEW.ended_on IS NOT NULL"),
            _trigger(
                "life_treatment_changes",
                pgtrigger.Update,
                "ARRAY[OLD.client_id, NEW.client_id]",
                "(OLD.ended_on IS NOT NULL OR NEW.ended_on IS NOT NULL) AND "
                + _changed(
                    "client_id", "episode_id", "started_on", "ended_on", "unit_id", "facility_id", "setting",
                    "admission_group", "sex",
                ),
            ),
            _trigger(
                "life_treatment_goes", pgtrigger.Delete, "ARRAY[OLD.client_id]", "OLD.ended_on IS NOT NULL"
            ),
        ]  # fmt: skip


class MeasuringAssessment(Assessment):
    """Assessments of quality of life, with what they do to their client's treatments."""

    class Meta:
        proxy = True
        triggers = [
            _trigger(
                "life_assessment_comes",
                pgtrigger.Insert,
                "ARRAY[NEW.client_id]",
                f"NEW.instrument = '{INSTRUMENT}' AND NEW.status = 'completed'",
            ),
            _trigger(
                "life_assessment_changes",
                pgtrigger.Update,
                "ARRAY[OLD.client_id, NEW.client_id]",
                f"'{INSTRUMENT}' IN (OLD.instrument, NEW.instrument) AND 'completed' IN (OLD.status, NEW.status) AND "
                + _changed("instrument", "status", "client_id", "episode_id", "administered_on"),
            ),
            _trigger(
                "life_assessment_goes",
                pgtrigger.Delete,
                "ARRAY[OLD.client_id]",
                f"OLD.instrument = '{INSTRUMENT}' AND OLD.status = 'completed'",
            ),
        ]


class MeasuringScore(AssessmentScore):
    """Scores of the four domains; they come after their assessment."""

    class Meta:
        proxy = True
        triggers = [
            _trigger(
                "life_score_comes",
                pgtrigger.Insert,
                f"ARRAY[{_ASSESSED.format('NEW')}]",
                f"NEW.scale IN ({_DOMAINS})",
            ),
            _trigger(
                "life_score_changes",
                pgtrigger.Update,
                f"ARRAY[{_ASSESSED.format('OLD')}, {_ASSESSED.format('NEW')}]",
                _changed("assessment_id", "scale", "value"),
            ),
            _trigger(
                "life_score_goes",
                pgtrigger.Delete,
                f"ARRAY[{_ASSESSED.format('OLD')}]",
                f"OLD.scale IN ({_DOMAINS})",
            ),
        ]
