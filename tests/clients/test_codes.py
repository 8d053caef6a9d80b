from clients.codes import ROOM, as_code, code_of, is_code


def test_numbers_in_a_row_give_codes_that_tell_nothing():
    codes = [code_of(number) for number in range(3)]
    assert len(set(codes)) == 3
    assert all(len(code) == 10 for code in codes)
    assert abs(int(codes[1][2:]) - int(codes[0][2:])) > 1000


def test_every_number_has_a_code_of_its_own():
    assert len({code_of(number) for number in range(0, ROOM, 97)}) == len(range(0, ROOM, 97))


def test_the_check_digit_catches_a_wrong_digit_and_a_swap():
    code = code_of(7)
    digits = code[2:]
    assert is_code(code)
    assert not is_code(f"K-{(int(digits[0]) + 1) % 10}{digits[1:]}")
    swapped = next(i for i in range(7) if digits[i] != digits[i + 1] and {digits[i], digits[i + 1]} != {"0", "9"})
    assert not is_code(f"K-{digits[:swapped]}{digits[swapped + 1]}{digits[swapped]}{digits[swapped + 2 :]}")


def test_what_people_type_is_read_as_a_code():
    assert as_code(" k 41903319 ") == "K-41903319"
    assert as_code("k-41903319") == "K-41903319"
    assert as_code("Rina") == ""
