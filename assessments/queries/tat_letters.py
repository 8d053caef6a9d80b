"""The kept result letter: what binds it to its case, and the code that proves a print."""

from datetime import date
from typing import cast

from assessments.models import TatCase, TatLetter
from rehab import vault


def letter_context(case: TatCase) -> str:
    """What binds the kept letter to its place: it does not open elsewhere."""
    return f"assessments.tatletter.content:{case.code}"


def letter_code(case: TatCase) -> str:
    """Sixteen signs under the installation's key over what identifies the letter: nobody guesses one."""
    told = [
        str(case.pk),
        case.code,
        case.unit.code,
        case.letter_number,
        cast(date, case.letter_on).isoformat(),
        case.recommendation,
    ]
    return cast(bytes, vault.blind("tat.letter", "|".join(told))).hex()[:16]


def verified(code: str) -> TatLetter | None:
    """The letter that carries this code, as long as its row still says what the paper says."""
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    if len(typed) != 16:
        return None
    found = TatLetter.objects.select_related("case__unit").filter(code=typed).first()
    return found if found and letter_code(found.case) == typed else None
