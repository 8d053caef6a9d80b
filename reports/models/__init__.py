from reports.models.figure import ReportedFigure
from reports.models.report import Report, ReportLine, ReportMember
from reports.models.target import Target, TargetRevision

__all__ = ["Report", "ReportLine", "ReportMember", "ReportedFigure", "Target", "TargetRevision"]
