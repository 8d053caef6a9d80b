from facilities.models.bed import Bed
from facilities.models.capacity import Capacity
from facilities.models.facility import Facility, FacilityTerm
from facilities.models.ipwl import IpwlDesignation
from facilities.models.posting import Posting
from facilities.models.qualification import Qualification
from facilities.models.recount import Recount
from facilities.models.region import Region
from facilities.models.strengthening import Strengthening
from facilities.models.two_step_reset import TwoStepReset
from facilities.models.unit import Unit, UnitTerm

__all__ = [
    "Bed",
    "Capacity",
    "Facility",
    "FacilityTerm",
    "IpwlDesignation",
    "Posting",
    "Qualification",
    "Recount",
    "Region",
    "Strengthening",
    "TwoStepReset",
    "Unit",
    "UnitTerm",
]
