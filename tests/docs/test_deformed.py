from tests.docs import deformed
from tests.figures.made import assert_legible


def test_the_picture_of_deformed_digits_is_what_the_code_draws() -> None:
    assert deformed.picture() == deformed.PICTURE.read_bytes(), "python -m tests.docs.deformed"


def test_the_picture_of_deformed_digits_can_be_read() -> None:
    assert_legible(deformed.sheet(), 1500)
