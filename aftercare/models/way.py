"""How far each episode has come, from registration to aftercare: kept beside the rows it follows from, by the database.

So the way of everybody registered in a year is one index to read, whatever became of them, and bulk changes and raw SQL keep
it right as well. Whoever changes what it rests on takes the episode's row for a moment, so that of two at once the second
sees what the first wrote.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftercare.models.plan import AftercarePlan
from clients.enums import Outcome
from clients.models import Episode, Treatment
from facilities.models import Facility


class Reached(models.IntegerChoices):
    """The steps of the way, each of which holds those after it."""

    REGISTERED = 0, _("Registered")
    ASSESSED = 1, _("Assessed")
    FACTS = 2, _("Six facts complete")
    PLANNED = 3, _("Treatment planned")
    STARTED = 4, _("Treatment started")
    COUNTED = 5, _("Counted")
    COMPLETED = 6, _("Completed")
    AFTERCARE = 7, _("In aftercare")


_COLUMNS = "facility_id, opened_on, closed, reached"

# The definition: the last step to which an episode has come without leaving one out. `{episodes}` narrows it.
_COMPUTED = f"""
    SELECT e.id AS episode_id, e.responsible_facility_id AS facility_id, e.opened_on, e.closed_on IS NOT NULL AS closed,
        CASE WHEN e.assessed_on IS NULL THEN {Reached.REGISTERED}
             WHEN e.facts_on IS NULL THEN {Reached.ASSESSED}
             WHEN count(t.id) = 0 THEN {Reached.FACTS}
             WHEN count(t.started_on) = 0 THEN {Reached.PLANNED}
             WHEN count(t.counted_on) = 0 THEN {Reached.STARTED}
             WHEN NOT bool_or(t.counted_on IS NOT NULL AND t.outcome = '{Outcome.COMPLETED}') IS TRUE THEN {Reached.COUNTED}
             WHEN NOT bool_or(t.counted_on IS NOT NULL AND t.outcome = '{Outcome.COMPLETED}' AND p.id IS NOT NULL)
                  THEN {Reached.COMPLETED}
             ELSE {Reached.AFTERCARE} END AS reached
    FROM clients_episode e
    LEFT JOIN clients_treatment t ON t.episode_id = e.id
    LEFT JOIN aftercare_aftercareplan p ON p.treatment_id = t.id
    {{episodes}}
    GROUP BY e.id
"""
REWRITE = f"""
    INSERT INTO aftercare_episodeway (episode_id, {_COLUMNS}) SELECT episode_id, {_COLUMNS} FROM ({_COMPUTED}) computed
    ON CONFLICT (episode_id) DO UPDATE SET ({_COLUMNS}) =
        (EXCLUDED.facility_id, EXCLUDED.opened_on, EXCLUDED.closed, EXCLUDED.reached)
    WHERE (aftercare_episodeway.facility_id, aftercare_episodeway.opened_on, aftercare_episodeway.closed,
           aftercare_episodeway.reached)
        IS DISTINCT FROM (EXCLUDED.facility_id, EXCLUDED.opened_on, EXCLUDED.closed, EXCLUDED.reached)
"""
REWRITE_ALL = REWRITE.format(episodes="")


def _trigger(name: str, operation: pgtrigger.Operation, episodes: str, condition: pgtrigger.Condition | None = None):
    """Computes the ways of these episodes anew, given as an array; each statement sees what was committed before it, the wait
    for the lock included. One episode at a time: for an array the statement would be planned anew each time."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        declare=[("behind", "bigint[]"), ("one", "bigint")],
        func=f"""
            behind := ARRAY(SELECT DISTINCT unnest FROM unnest({episodes}) WHERE unnest IS NOT NULL ORDER BY unnest);
            PERFORM FROM clients_episode WHERE id = ANY(behind) ORDER BY id FOR NO KEY UPDATE;
            FOREACH one IN ARRAY behind LOOP
                {REWRITE.format(episodes="WHERE e.id = one")};
            END LOOP;
            RETURN NULL;
        """,
    )


_OF_PLAN = "(SELECT episode_id FROM clients_treatment WHERE id = {0}.treatment_id)"


class EpisodeWay(models.Model):
    """The last step that an episode has reached, with what it is counted by. Kept by triggers, see above."""

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, primary_key=True, related_name="way")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_on = models.DateField(_("registered on"))
    closed = models.BooleanField(_("closed"))
    reached = models.PositiveSmallIntegerField(_("reached"), choices=Reached)

    personal: frozenset[str] = frozenset()
    plain = frozenset({"episode", "facility", "opened_on", "closed", "reached"})

    class Meta:
        ordering = ["-opened_on", "-episode"]
        indexes = [
            models.Index(fields=["facility", "opened_on"], include=["reached", "closed"], name="way_of_facility"),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} {self.get_reached_display()}"


class WayEpisode(Episode):
    """Episodes, with what a change of them does to their way."""

    class Meta:
        proxy = True
        triggers = [
            _trigger("way_episode_comes", pgtrigger.Insert, "ARRAY[NEW.id]"),
            _trigger(
                "way_episode_changes",
                pgtrigger.Update,
                "ARRAY[NEW.id]",
                pgtrigger.AnyChange("responsible_facility", "opened_on", "assessed_on", "facts_on", "closed_on"),
            ),
        ]


class WayTreatment(Treatment):
    """Treatments, with what they do to the way of their episode."""

    class Meta:
        proxy = True
        triggers = [
            _trigger("way_treatment_comes", pgtrigger.Insert, "ARRAY[NEW.episode_id]"),
            _trigger(
                "way_treatment_changes",
                pgtrigger.Update,
                "ARRAY[OLD.episode_id, NEW.episode_id]",
                pgtrigger.AnyChange("episode", "started_on", "counted_on", "outcome"),
            ),
            _trigger("way_treatment_goes", pgtrigger.Delete, "ARRAY[OLD.episode_id]"),
        ]


class WayPlan(AftercarePlan):
    """Aftercare plans, with what they do to the way of the episode that they follow."""

    class Meta:
        proxy = True
        triggers = [
            _trigger("way_plan_comes", pgtrigger.Insert, f"ARRAY[{_OF_PLAN.format('NEW')}]"),
            _trigger(
                "way_plan_changes",
                pgtrigger.Update,
                f"ARRAY[{_OF_PLAN.format('OLD')}, {_OF_PLAN.format('NEW')}]",
                pgtrigger.AnyChange("treatment"),
            ),
            _trigger("way_plan_goes", pgtrigger.Delete, f"ARRAY[{_OF_PLAN.format('OLD')}]"),
        ]
