"""Where each province stands in the grid of tiles: drawn by ourselves, roughly as they lie, in a western and an eastern half.

The halves stand side by side where there is room and one above the other on a phone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """`label` is short enough for a tile; column and row count from 1 within the half."""

    label: str
    east: bool
    column: int
    row: int


COLUMNS, ROWS = 8, 7

PLACES: dict[str, Place] = {
    "11": Place("Aceh", False, 1, 1),
    "12": Place("Sumut", False, 2, 2),
    "13": Place("Sumbar", False, 2, 3),
    "14": Place("Riau", False, 3, 3),
    "21": Place("Kepri", False, 4, 3),
    "17": Place("Bengk.", False, 2, 4),
    "15": Place("Jambi", False, 3, 4),
    "16": Place("Sumsel", False, 4, 4),
    "19": Place("Babel", False, 5, 4),
    "18": Place("Lamp.", False, 4, 5),
    "36": Place("Banten", False, 4, 6),
    "31": Place("DKI", False, 5, 6),
    "32": Place("Jabar", False, 5, 7),
    "33": Place("Jateng", False, 6, 6),
    "34": Place("DIY", False, 6, 7),
    "35": Place("Jatim", False, 7, 6),
    "61": Place("Kalbar", False, 6, 3),
    "62": Place("Kalteng", False, 7, 3),
    "63": Place("Kalsel", False, 7, 4),
    "64": Place("Kaltim", False, 8, 3),
    "65": Place("Kaltara", False, 8, 2),
    "51": Place("Bali", False, 8, 6),
    "52": Place("NTB", True, 1, 6),
    "53": Place("NTT", True, 2, 6),
    "76": Place("Sulbar", True, 1, 3),
    "73": Place("Sulsel", True, 1, 4),
    "72": Place("Sulteng", True, 2, 3),
    "74": Place("Sultra", True, 2, 4),
    "75": Place("Goron.", True, 2, 2),
    "71": Place("Sulut", True, 3, 2),
    "82": Place("Malut", True, 4, 3),
    "81": Place("Maluku", True, 4, 4),
    "96": Place("PBD", True, 5, 3),
    "92": Place("Pabar", True, 6, 3),
    "94": Place("Pateng", True, 6, 4),
    "95": Place("Papeg", True, 7, 4),
    "91": Place("Papua", True, 7, 3),
    "93": Place("Pasel", True, 7, 5),
}
