from assessments.models.alert import SafetyAlert
from assessments.models.assessment import Assessment, AssessmentScore
from assessments.models.case_facts import CaseFacts
from assessments.models.life import LifeChange, MeasuredTreatment, MeasuringAssessment, MeasuringScore
from assessments.models.severity import ProblemSeverity
from assessments.models.tat import TatCase, TatMember
from assessments.models.tat_outcome import TatDocument, TatLetter, TatPlacement, TatPlenary
from assessments.models.tat_record import TatEvidence, TatLegalRecord, TatMedicalRecord
from assessments.models.text import TextSet
from assessments.models.urine import CustodyEntry, RandomDraw, UrineTest
from assessments.models.vct import VctReferral

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
    "TatDocument",
    "TatEvidence",
    "TatLegalRecord",
    "TatLetter",
    "TatMedicalRecord",
    "TatMember",
    "TatPlacement",
    "TatPlenary",
    "TextSet",
    "UrineTest",
    "VctReferral",
]
