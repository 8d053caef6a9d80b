from rehab.models.audit import AuditEvent, AuditSeal
from rehab.models.draft import Draft
from rehab.models.once import FormToken
from rehab.models.tunable import TunableValue
from rehab.models.user import User

__all__ = ["AuditEvent", "AuditSeal", "Draft", "FormToken", "TunableValue", "User"]
