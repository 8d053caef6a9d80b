"""Numbers and dates as Indonesian reports print them, and as they are read back. Decimal throughout: half cents matter."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.dates import MONTHS

NOTHING = "–"

Number = int | float | Decimal

_NUMBER = r"[+\-−]?(?:[0-9][0-9.]*(?:,[0-9]+)?|,[0-9]+)"
_WHOLE_NUMBER = re.compile(rf"{_NUMBER}\Z")
_LEADING_NUMBER = re.compile(rf"{_NUMBER}(?![0-9.,])")
_DOTTED_GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+\Z")


def achievement(
    realised: Number | None,
    target: Number | None,
    lower_is_better: bool = False,
    cap: Number | None = None,
) -> Decimal | None:
    """Realised as percent of target, two decimals, half up, uncapped unless `cap` says otherwise.

    Lower-is-better: (1 + (1 − realised/target)) × 100. None where either is missing or the target is zero: shown as "–".
    """
    if realised is None or target is None:
        return None
    done, aim = to_decimal(realised), to_decimal(target)
    if aim == 0:
        return None
    with localcontext(prec=50):
        percent = (2 * aim - done) * 100 / aim if lower_is_better else done * 100 / aim
        rounded = percent.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded if cap is None else min(rounded, to_decimal(cap).quantize(Decimal("0.01"), ROUND_HALF_UP))


def to_decimal(value: Number) -> Decimal:
    """The decimal that is printed for this number: 96.67 is 96,67 and not the binary fraction beside it."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return number


def round_half_up(value: Number, places: int) -> Decimal:
    with localcontext(prec=50):
        return to_decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def format_number(value: Number | None, places: int | None = None) -> str:
    """13320 → '13.320', Decimal('3.62') → '3,62', None → '–'. Without `places` the decimals that matter are kept."""
    if value is None:
        return NOTHING
    number = to_decimal(value) if places is None else round_half_up(value, places)
    text = f"{number:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(str.maketrans(",.", ".,"))


def format_percent(value: Number | None, places: int = 2) -> str:
    """Decimal('96.67') → '96,67' (without the sign), None → '–'."""
    return format_number(value, places)


def format_rupiah(value: Number | None) -> str:
    """165450000 → 'Rp165.450.000'; sen only where there are some."""
    if value is None:
        return NOTHING
    number = to_decimal(value)
    digits = format_number(abs(number), None if number == number.to_integral_value() else 2)
    return f"-Rp{digits}" if number < 0 else f"Rp{digits}"


def format_date(value: date | None) -> str:
    """'12 November 2019', month in the language of the page (Indonesian unless switched); None → '–'."""
    return NOTHING if value is None else f"{value.day} {MONTHS[value.month]} {value.year}"


def parse_number(value: str | Number) -> Decimal:
    """A number as Indonesian releases print it; numbers (cells of a sheet) are taken as they are.

    Comma is decimal. With a comma, or with several dots in groups of three, every dot is thousands; a single dot before
    exactly three last digits is thousands, else decimal. A percent sign or 'Rp' around it is allowed, anything else is not.
    Raises ValueError for what is not one number, the empty text included.
    """
    if isinstance(value, bool):
        raise ValueError("a truth value is not a number")
    if not isinstance(value, str):
        return to_decimal(value)
    text = value.strip().removeprefix("Rp").removesuffix("%").strip()
    if not _WHOLE_NUMBER.match(text):
        raise ValueError(f"not a number: {value!r}")
    return _read(text)


def leading_number(text: str) -> Decimal | None:
    """The number that a text begins with ('11.370 outpatient' → 11370), None when it begins with none."""
    found = _LEADING_NUMBER.match(text.strip())
    if not found:
        return None
    try:
        return _read(found.group())
    except ValueError:
        return None


def _read(text: str) -> Decimal:
    sign = -1 if text[0] in "-−" else 1
    digits = text.lstrip("+-−")
    dots = digits.count(".")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif dots > 1:
        if not _DOTTED_GROUPS.match(digits):
            raise ValueError(f"not a number: {text!r}")
        digits = digits.replace(".", "")
    elif dots == 1 and len(digits) - digits.index(".") == 4:
        digits = digits.replace(".", "")
    return sign * Decimal(digits)
