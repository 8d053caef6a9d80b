"""Names as they are compared: without case, accents, apostrophes, titles; and how they sound in Indonesian.

The phonetic key is meant to bring together the spellings that one person's papers show: old and new spelling (Soeharto,
Suharto; Djoko, Joko; Tjandra, Candra), Arabic names (Achmad, Akhmad, Ahmad; Chairul, Khoirul), and f, v, ph.
"""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´ʼʻʿʾ]")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")

# Forms of address, academic and religious titles, and words that link names without telling people apart.
TITLES = frozenset(
    """
    bapak bpk pak ibu bu sdr sdri saudara saudari tuan tn nyonya ny nona nn an alm almh almarhum almarhumah dr
    drg dra drs ir prof hj haji hajah kh kyai kiai ust ustad ustadz ustadzah sh se st sp sk si sos sag spd spdi
    ssi sst skom skep skm sked spsi sked amd md pd pdi ag kom kep kes keb hum kn psi ap mh mm mt mp mk msi mkes
    mpd mkom ma mba phd bin binti bt bte als alias
    """.split()
)

_MUHAMMAD = re.compile(r"(?:m[ou](?:c?h|kh)a?m+[ae]?[dt]?|m[ou](?:c?h|kh)d?|mhd|mch)\Z")

# In this order. The key is never shown, so it need not be pronounceable.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"^ch(?=[aou][ei]|us)", "h"),  # Chairul, Choirul, Chusnul as Khairul, Khoirul, Khusnul
        (r"^ch(?=[lr])", "k"),  # Christina as Kristina
        (r"^ch", "c"),  # Chandra as Candra
        (r"(?:ch|kh)", "h"),  # Achmad, Akhmad as Ahmad
        (r"oe", "u"),
        (r"^moh", "muh"),  # Mochtar as Muchtar
        (r"^ho[iy](?=r)", "hai"),  # Khoirul as Khairul
        (r"ie|ee", "i"),
        (r"ae|ay(?![aeiou])|ei", "ai"),
        (r"dj", "j"),
        (r"tj", "c"),
        (r"([ns])[jy](?=[aeiou])", r"\1"),  # Njoman, Nyoman; Sjarif, Syarif, Sarif
        (r"y(?=[aeiou])", "j"),  # Yusuf as Jusuf
        (r"y", "i"),
        (r"ph|v", "f"),
        (r"dz|ts|z", "s"),
        (r"q", "k"),
        (r"x", "ks"),
        (r"(?<=[bdgjklmnprst])h", ""),  # Dharma, Thoriq, Ghazali
        (r"(.)\1+", r"\1"),
        (r"(?<=.)h$", ""),  # Fatimah as Fatima
        (r"d$", "t"),  # Rahmad as Rahmat
    ]
]


def plain(text: str) -> str:
    """Lower case ASCII words with single blanks: "Ma’ruf  Él-Amin" → 'maruf el amin'."""
    bare = _APOSTROPHES.sub("", text)
    if bare.isascii():
        return _NOT_A_LETTER.sub(" ", bare.lower()).strip()
    letters = unicodedata.normalize("NFKD", bare).casefold()
    ascii_only = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _NOT_A_LETTER.sub(" ", ascii_only).strip()


def name_words(name: str) -> list[str]:
    """The words that tell people apart, in order: no titles, no single letters; all of them when nothing else is left."""
    words = plain(name).split()
    return [word for word in words if len(word) > 1 and word not in TITLES] or words


def sound(word: str) -> str:
    """Phonetic key of one plain word: 'mochamad' and 'muhammad' → 'muhamat', 'djoko' → 'joko'."""
    if _MUHAMMAD.match(word):
        return "muhamat"
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
