from reports.models.budget import Budget, BudgetRevision, Spending
from reports.models.cell import CountCell, CountDelta, KeptCase, KeptPlan, KeptSheet, KeptTreatment, KeptWindow
from reports.models.figure import ReportedFigure
from reports.models.jump import JumpReason
from reports.models.report import Report, ReportLine
from reports.models.run import ReportRun, RunCount, RunMember
from reports.models.step import ReportStep
from reports.models.target import Target, TargetRevision

__all__ = [
    "Budget",
    "BudgetRevision",
    "CountCell",
    "CountDelta",
    "JumpReason",
    "KeptCase",
    "KeptPlan",
    "KeptSheet",
    "KeptTreatment",
    "KeptWindow",
    "Report",
    "ReportLine",
    "ReportRun",
    "ReportStep",
    "ReportedFigure",
    "RunCount",
    "RunMember",
    "Spending",
    "Target",
    "TargetRevision",
]
