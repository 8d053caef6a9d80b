"""A warning letter as PDF: the same bytes whenever it is printed, since it prints what was sealed."""

from clients.models import WarningLetter
from clients.queries.letters import content_of
from rehab.pdf import render

TEMPLATE = "warning.typ"


def letter_pdf(letter: WarningLetter) -> bytes:
    """Raises `rehab.pdf.PdfFailed`."""
    return render(TEMPLATE, content_of(letter))
