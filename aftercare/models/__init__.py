from aftercare.models.measure import SkippedMeasure
from aftercare.models.plan import AftercarePlan, FollowUp
from aftercare.models.survey import SatisfactionSheet, SatisfactionSurvey
from aftercare.models.way import EpisodeWay, Reached, WayEpisode, WayPlan, WayTreatment
from aftercare.models.window import RelapseRule, RelapseWindow, WindowedFollowUp, WindowedPlan, WindowedTreatment

__all__ = [
    "AftercarePlan",
    "EpisodeWay",
    "FollowUp",
    "Reached",
    "RelapseRule",
    "RelapseWindow",
    "SatisfactionSheet",
    "SatisfactionSurvey",
    "SkippedMeasure",
    "WayEpisode",
    "WayPlan",
    "WayTreatment",
    "WindowedFollowUp",
    "WindowedPlan",
    "WindowedTreatment",
]
