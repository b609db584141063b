"""How much of a phone a message takes, counted by hand."""

from __future__ import annotations

import pytest

from tests.support.bot.phone import on_phone


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("một dòng", 1),
        ("a\n\nb", 3),
        ("x" * 38, 1),
        ("x" * 39, 2),
        (f"<blockquote>{'x' * 37}</blockquote>", 2),
        (f"<blockquote expandable>{'từ ngữ ' * 100}</blockquote>", 3),
        ("<blockquote expandable>ngắn</blockquote>", 1),
        ("a\n<blockquote>b</blockquote>\nc\n\n<u>d</u>\n<blockquote expandable>e</blockquote>", 6),
    ],
)
def test_lines_are_counted(markup, lines):
    """Thirty-eight characters each, thirty-six in a quotation, three of a folded one."""
    assert on_phone(markup).lines == lines


def test_a_row_of_buttons_takes_two_lines():
    """However many buttons it has."""
    keyboard = {"inline_keyboard": [[{"text": "a"}, {"text": "b"}], [{"text": "c"}]]}

    assert on_phone("một dòng", keyboard).lines == 5


def test_what_a_fold_hides_is_not_visible():
    """The words of the first three lines are."""
    seen = on_phone(f"Tên\n<blockquote expandable>đầu {'từ ' * 60}cuối</blockquote>\nnguồn").visible

    assert ("đầu" in seen, "cuối" in seen, "nguồn" in seen) == (True, False, True)
