from aftercare.models.plan import AftercarePlan, FollowUp

__all__ = ["AftercarePlan", "FollowUp"]
