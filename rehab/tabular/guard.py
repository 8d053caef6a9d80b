"""Text that a spreadsheet would take for a formula gets an apostrophe on the way out and loses it on the way in."""

# The last four are the wide forms that a spreadsheet set to an East Asian language takes for the first four.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MARK = "'"


def guard(text: str) -> str:
    """The text, harmless in a spreadsheet: `=1+1` becomes `'=1+1`."""
    return MARK + text if text.startswith(STARTS) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith(STARTS) else text
