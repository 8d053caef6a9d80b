import pytest

from rehab.identity import words

SAME = [
    "Muhammad Muhamad Mohammad Mohamad Mochammad Mochamad Mokhamad Muhammed Moch Muh Moh Mohd Muhd Mhd",
    "Ahmad Achmad Akhmad Ahmat",
    "Djoko Joko",
    "Tjandra Candra Chandra",
    "Soeharto Suharto",
    "Jusuf Yusuf",
    "Novi Nofi Nophi Novy",
    "Chairul Khairul Khoirul Choirul Chaerul Hairul",
    "Syarif Sjarif Syarief",
    "Rahmat Rachmat Rachmad",
    "Fatimah Fatima Vatimah",
    "Dessy Desy Desi",
    "Dharma Darma",
    "Aziz Azis",
    "Taufiq Taufik",
    "Christina Kristina",
    "Stephanus Stefanus",
    "Mochtar Muchtar Mukhtar",
    "Wahjudi Wahyudi",
    "Nyoman Njoman",
]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_name_sound_alike(spellings):
    assert len({words.sound(word) for word in spellings.lower().split()}) == 1


@pytest.mark.parametrize(
    "pair", ["rina rani", "budi bayu", "joko joni", "santoso susanto", "sari siti", "made wayan", "ahmad hamid"]
)
def test_other_names_sound_different(pair):
    first, second = pair.split()
    assert words.sound(first) != words.sound(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ma’ruf", "maruf"),
        ("Ma'ruf", "maruf"),
        ("  Él-Amin  BIN Umar ", "el amin bin umar"),
        ("Ｒina", "rina"),
        ("…", ""),
    ],
)
def test_case_accents_and_apostrophes_do_not_count(text, expected):
    assert words.plain(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prof. Dr. H. M. Rina Contoh, S.Pd., M.Si.", ["rina", "contoh"]),
        ("Budi alias Kancil", ["budi", "kancil"]),
        ("H", ["h"]),
        ("", []),
    ],
)
def test_titles_and_single_letters_are_dropped_unless_nothing_else_is_there(name, expected):
    assert words.name_words(name) == expected
