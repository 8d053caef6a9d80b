"""Satisfaction at the end of completed treatments: who was asked and answered or declined, and the sheets apart from them.

A sheet's id is scattered, so that it does not stand in the order of the treatments; each number comes once.
"""

from aftercare.models.survey import ELEMENTS

# Two of three are asked, one of nine of them declines.
_ASKED = """
    FROM clients_treatment t {joined} WHERE t.id >= %(treatment)s AND t.id < %(treatment_end)s AND t.outcome = 'completed'
      AND pg_temp.dice(t.id - %(first_treatment)s, 31) < 0.66
"""
_GIVEN = "pg_temp.dice(t.id - %(first_treatment)s, 32) >= 0.11"
SURVEYS = f"""
    INSERT INTO aftercare_satisfactionsurvey (treatment_id, given, asked_on, asked_by_id)
    SELECT t.id, {_GIVEN}, t.ended_on, w.by_user {_ASKED.format(joined="JOIN sim_way w ON w.episode = t.episode_id")}
"""
# Around three and a quarter of four, better or worse by facility; one element in thirty is left out.
_ANSWER = """CASE WHEN pg_temp.dice((t.id - %(first_treatment)s) * 16 + {number}, 33) >= 0.033 OR {number} < 5 THEN
    least(4, greatest(1, round(2.15 + pg_temp.dice(l.place, 34)
        + 1.5 * pg_temp.dice((t.id - %(first_treatment)s) * 16 + {number}, 35))))::smallint END"""
SHEETS = f"""
    INSERT INTO aftercare_satisfactionsheet (id, facility_id, unit_id, given_on, {", ".join(ELEMENTS)})
    SELECT t.id * 48271 %% 2147483647, t.facility_id, k.unit_id, t.ended_on,
           {", ".join(_ANSWER.format(number=number) for number in range(len(ELEMENTS)))}
    FROM (SELECT t.* {_ASKED.format(joined="")} AND {_GIVEN}) t
    JOIN sim_leader l ON l.facility = t.facility_id JOIN facilities_facilityterm k ON k.facility_id = t.facility_id
        AND k.starts_on <= t.ended_on AND (k.ends_on IS NULL OR k.ends_on > t.ended_on)
"""
STEPS = (SURVEYS, SHEETS)
