"""What the clock does for the register and its people."""

from facilities.actions import two_step
from rehab import jobs


@jobs.every_minute
def overdue_resets() -> None:
    two_step.expire_overdue()
