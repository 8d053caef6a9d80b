from collections import Counter

from assessments.lottery import drawn

POOL = [f"K-{number:07d}" for number in range(40)]


def test_seed_and_list_alone_decide():
    assert drawn("benih", POOL, 5) == drawn("benih", list(reversed(POOL)), 5)
    assert drawn("benih", POOL, 5) != drawn("lain", POOL, 5)
    assert drawn("benih", POOL, 0) == []
    assert set(drawn("benih", POOL, 40)) == set(POOL)


def test_everybody_is_drawn_about_as_often():
    found = Counter(code for seed in range(2000) for code in drawn(str(seed), POOL, 4))
    assert len(found) == 40
    assert 140 < min(found.values()) <= max(found.values()) < 270
