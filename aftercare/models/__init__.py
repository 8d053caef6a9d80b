from aftercare.models.plan import AftercarePlan, FollowUp
from aftercare.models.window import RelapseRule, RelapseWindow, WindowedFollowUp, WindowedPlan, WindowedTreatment

__all__ = [
    "AftercarePlan",
    "FollowUp",
    "RelapseRule",
    "RelapseWindow",
    "WindowedFollowUp",
    "WindowedPlan",
    "WindowedTreatment",
]
