from assessments.models.alert import SafetyAlert
from assessments.models.assessment import Assessment, AssessmentScore
from assessments.models.case_facts import CaseFacts
from assessments.models.life import LifeChange, MeasuredTreatment, MeasuringAssessment, MeasuringScore
from assessments.models.severity import ProblemSeverity
from assessments.models.tat import TatCase
from assessments.models.text import TextSet
from assessments.models.urine import CustodyEntry, RandomDraw, UrineTest

__all__ = [
    "Assessment",
    "AssessmentScore",
    "CaseFacts",
    "CustodyEntry",
    "LifeChange",
    "MeasuredTreatment",
    "MeasuringAssessment",
    "MeasuringScore",
    "ProblemSeverity",
    "RandomDraw",
    "SafetyAlert",
    "TatCase",
    "TextSet",
    "UrineTest",
]
