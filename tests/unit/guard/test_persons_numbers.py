"""Persons' numbers in a text: found beside anything and in any spelling, and nothing else taken for one."""

import pytest

from minsheng.guard.numbers import kind_in
from tests.growth import grows_with_its_input

# Made up; the check digits are right. Region 410423, born 1900-01-01.
ID, OTHER_ID, WITH_X = "410423190001010028", "410423190001010036", "41042319000101001X"
CARD = "6222021234567890128"
PHONE, OTHER_PHONE = "13800138000", "13900139000"
LETTERS = 2_000_000


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{ID}\n{OTHER_ID}",
            f"{ID} {OTHER_ID}",
            f"1 {ID}\n2 {OTHER_ID}",
            f"{ID} 62",
            f"62 6 {ID} 5",
            f"甲{WITH_X}乙",
        ),
        *(ID + OTHER_ID, WITH_X + ID, ID + PHONE, f"{PHONE[:10]} {ID}"),
        *("410423 19000101 0028", "410423-1900-01-01-0028", "4104 2319 0001 0100 28", " ".join(ID), "\u200b".join(ID)),
        *("410423900101001", "410423 900101 001"),
        *("410423190001010000", "身份证4.10423190001010E17", "4.10423190001010E+17\n4.10423190001010E+17"),
    ],
)
def test_an_identity_number_is_found(text: str) -> None:
    assert kind_in(text) == "id_number"


@pytest.mark.parametrize(
    "text", [f"{CARD} 62", "6222 0212 3456 7890 128", "622202 1234567890128", f"2022 {CARD}", "6222021234567894 12"]
)
def test_a_card_is_found(text: str) -> None:
    assert kind_in(text) == "card"


@pytest.mark.parametrize(
    "text",
    [
        *(f"{PHONE} {OTHER_PHONE}", PHONE + OTHER_PHONE, PHONE + OTHER_PHONE + PHONE, f"1.{PHONE}\n2.{OTHER_PHONE}"),
        *(
            f"回访 2022-03-05 {PHONE}",
            f"共2人 {PHONE} 5月",
            f"2022 {PHONE}",
            f"M06-04 {PHONE}",
            f"5/7/{PHONE}",
            f"①{PHONE}",
        ),
        *("138 0013 8000 62", "138—0013—8000", "138 - 0013 - 8000", "138/0013/8000", "138·0013·8000", "138.0013.8000"),
        *("(138)00138000", "（138）0013-8000", "1380 013 8000", "1380013 8000", "138 00 13 80 00", " ".join(PHONE)),
        *(
            "013800138000",
            "86-138-0013-8000",
            "+86 138 0013 8000",
            "１３８００１３８０００",
            "138-0013-8000/139-0013-9000",
        ),
        *(f"138{unseen}00138000" for unseen in "\u200b\u200c\u200d\u2060\ufeff\u00ad"),
    ],
)
def test_a_telephone_is_found(text: str) -> None:
    assert kind_in(text) == "phone"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "投资1380013.8000万元",
            "0.13800138000",
            "138.00138000",
            "13.8265300101449",
            "13 800 138 000元",
            "1，380，013，800",
        ),
        *("2022-01-15 2022-02-15", "2022.1.5 2022.2.5", "18 2022-01-05 3", "2022-05-31 18:00", "3.15-4.15 13.5"),
        *("1380-1390", "15000-160000", "15 20 33 18 200", "5 12 15 20 33 18 20 7", "12 345 678 901", "130、1200、1500"),
        *(
            "0375-5051234",
            "2203-410423-04-01-123456",
            "152-2022-0331-0001",
            "410423001 410423002",
            "见附件 1-12345678901",
        ),
        *("20220501000123456", "114104230054834567", "11410423MB1234567X", "202203011201001", "410423199001010018"),
        *("6222021234567890129", "7.2E+09", "证号M3E15-1"),
    ],
)
def test_what_is_nobodys_is_left_alone(text: str) -> None:
    assert kind_in(text) is None


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1   ",
        "1 9 ",
        "1",
        "13",
        "1(",
        "((((",
        "<<<<",
        "1.1",
        "13800 ",
        "6222 ",
        "410423 ",
        "4104 2319 9001 01 ",
        "1.5E+1 ",
    ],
)
def test_a_text_takes_no_longer_than_its_length_asks_for(piece: str) -> None:
    long, short = (piece * (letters // len(piece)) for letters in (LETTERS // 4, LETTERS // 80))
    assert kind_in(long) is None
    assert grows_with_its_input(kind_in, long, short)
