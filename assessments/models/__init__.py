from assessments.models.alert import SafetyAlert
from assessments.models.assessment import Assessment, AssessmentScore
from assessments.models.case_facts import CaseFacts
from assessments.models.severity import ProblemSeverity
from assessments.models.tat import TatCase
from assessments.models.text import TextSet

__all__ = ["Assessment", "AssessmentScore", "CaseFacts", "ProblemSeverity", "SafetyAlert", "TatCase", "TextSet"]
