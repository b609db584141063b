"""Passages: exact offsets, stable ids, and what hangs on a paragraph: footnotes, captions, headings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.errors import DocumentError
from retrieval.passage import Passage, identifying_text, split_document
from retrieval.reading.article.article import outline_of_page
from retrieval.reading.document import Document, Outline
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.markdown import outline_of_markdown
from retrieval.reading.reader import read_document, read_markdown
from retrieval.reading.text.encoding import decode
from tests.support.corpus import SEEDS
from tests.support.documents import document_of

PROSE = (
    "Hội nghị đánh giá kết quả công tác đối ngoại quốc phòng và thống nhất nhiệm vụ năm tới.",
    "Các lĩnh vực hợp tác được mở rộng với tần suất cao hơn những năm trước đây1.",
    "Quân đội đã làm tốt công tác nghiên cứu, dự báo, nắm chắc diễn biến tình hình quốc tế2; mọi việc khác vẫn vậy.",
    "Ho\u0323\u0302p ta\u0301c quo\u0302\u0301c pho\u0300ng trong NFD, viết rời từng dấu một, dài đủ để là một câu.",
    "A line with \u2028 a separator, a tab\tand an emoji 🎉 that is long enough to be a paragraph of prose.",
)
FURNITURE = (
    "Quang cảnh hội nghị. Ảnh: TTXVN",
    "Chương I",
    "Điều 5. Giải thích từ ngữ",
    "I. TÌNH HÌNH",
    "_________",
    "",
)
PAGE_NOTES = ("1 - Ghi chú thứ nhất của bài viết.", "2 - Ghi chú thứ hai của bài viết.")
MARKDOWN = (
    "# Tiêu đề",
    "## Phần một",
    "### Phần hai ###",
    "Một đoạn văn có ghi chú[^a] và [^b].",
    "![ảnh](x.png)",
    "- mục một\n- mục hai",
    "```\nmã\n\n# không phải tiêu đề\n```",
    "Tiêu đề gạch chân\n=====",
    "---",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> trích dẫn",
)
MARKDOWN_NOTES = ("[^a]: Ghi chú a.", "[^b]: Ghi chú b.")
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\n \n", "\n\n\n"])


def document(text: str, outline_of: Callable[[str], Outline], source: str = "a.txt") -> Document:
    data = text.encode()
    read = decode(data, source)
    outline = outline_of(read)
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(source, source, outline.title, "", "", None, read, sha256, outline.blocks)


def markdown(text: str) -> dict[str, Passage]:
    passages = split_document(document(text, outline_of_markdown, "a.md"))
    return {passage.passage_id: passage for passage in passages}


@st.composite
def texts(draw: st.DrawFn, lines: tuple[str, ...], notes: tuple[str, ...]) -> str:
    """Lines in any order, glued by any kind of break, with each note at most once at the end."""
    chosen = draw(st.lists(st.sampled_from(lines) | st.text(max_size=40), min_size=1, max_size=12))
    chosen += draw(st.lists(st.sampled_from(notes), unique=True, max_size=len(notes)))
    return "".join(line + draw(BREAKS) for line in chosen)


def passages_of(text: str, outline_of: Callable[[str], Outline]) -> tuple[Document, tuple[Passage, ...]]:
    try:
        whole = document(text, outline_of)
    except (DocumentError, UnicodeEncodeError):
        assume(False)
        raise
    return whole, split_document(whole)


def check_promises(whole: Document, passages: tuple[Passage, ...]) -> None:
    ids = [passage.passage_id for passage in passages]
    numbers = [passage.paragraph for passage in passages if passage.kind == "paragraph"]
    assert [whole.text[p.start : p.end] for p in passages] == [p.text for p in passages]
    assert len(set(ids)) == len(ids)
    assert numbers == list(range(1, len(numbers) + 1))
    assert {p.paragraphs for p in passages} <= {len(numbers)}
    assert {note for p in passages for note in p.notes} <= set(ids)


@given(texts((*PROSE, *FURNITURE), PAGE_NOTES))
def test_passages_of_a_page_are_slices_with_ids_of_their_own(text: str) -> None:
    """Whatever the page: exact offsets, unique ids, paragraphs counted from 1, no link that leads nowhere."""
    whole, passages = passages_of(text, outline_of_page)

    check_promises(whole, passages)


@given(texts((*PROSE, *MARKDOWN), MARKDOWN_NOTES))
def test_passages_of_markdown_are_slices_with_ids_of_their_own(text: str) -> None:
    """The same promises for Markdown."""
    whole, passages = passages_of(text, outline_of_markdown)

    check_promises(whole, passages)


def test_a_footnote_belongs_to_the_paragraph_that_refers_to_it() -> None:
    """Note 2 of the long seed hangs on the paragraph that ends in its marker, and carries its number."""
    whole = read_document(SEEDS / "004_4c3ef6669cf3b03f.txt", SEEDS)
    passages = {passage.passage_id: passage for passage in split_document(whole)}
    (carrier,) = (p for p in passages.values() if p.text.endswith("trước đây2."))

    notes = [passages[note] for note in carrier.notes]

    assert [note.passage_id for note in notes] == [f"{carrier.passage_id}.n1", f"{carrier.passage_id}.n2"]
    assert [note.paragraph for note in notes] == [carrier.paragraph] * 2
    assert (
        notes[1].text
        == "2 - Năm 2022, tổ chức 21 đoàn ra, đón 163 đoàn vào, ký kết 15 văn bản thỏa thuận quốc tế, v.v."
    )


def test_the_long_seeds_ids() -> None:
    """The ids of the long seed's notes name document, paragraph and marker, as counted in the file by hand."""
    whole = read_document(SEEDS / "004_4c3ef6669cf3b03f.txt", SEEDS)

    found = [p.passage_id for p in split_document(whole) if p.kind == "footnote"]

    assert found == [f"004_4c3ef6669cf3b03f.txt#{place}" for place in ("2.n1", "2.n2", "7.n3")]


def test_a_caption_is_numbered_after_its_paragraph() -> None:
    """Two pictures after the second paragraph are c1 and c2 of it; the next paragraph starts over."""
    text = "Một.\n\nHai.\n\n![x](x.png)\n\n![y](y.png)\n\nBa.\n\n![z](z.png)"

    found = markdown(text)

    assert list(found) == ["a.md#1", "a.md#2", "a.md#2.c1", "a.md#2.c2", "a.md#3", "a.md#3.c1"]
    assert [found[f"a.md#{i}"].kind for i in ("2", "2.c1", "3.c1")] == ["paragraph", "caption", "caption"]


def test_a_section_is_the_path_of_headings() -> None:
    """Deeper headings extend the path, equal or higher ones end it, and the title is not repeated in it."""
    text = "# Luật\n\nMở đầu.\n\n## Chương I\n\n### Điều 1\n\nMột.\n\n### Điều 2\n\nHai.\n\n## Chương II\n\nBa."

    sections = [passage.section for passage in markdown(text).values()]

    assert sections == ["", "Chương I › Điều 1", "Chương I › Điều 2", "Chương II"]


def test_a_note_referred_to_twice_hangs_on_the_first_paragraph() -> None:
    """Both paragraphs name the one note, whose id is that of the first."""
    found = markdown("Một[^x].\n\nHai[^x].\n\n[^x]: Ghi chú.")

    assert [found[f"a.md#{i}"].notes for i in (1, 2)] == [("a.md#1.nx",), ("a.md#1.nx",)]


def test_a_note_that_nobody_refers_to_is_still_found() -> None:
    """It hangs on the paragraph before it, and no paragraph names it."""
    found = markdown("Một.\n\nHai.\n\n[^x]: Ghi chú.")

    assert (found["a.md#2.nx"].text, found["a.md#2"].notes) == ("Ghi chú.", ())


def test_notes_of_one_marker_have_names_of_their_own() -> None:
    """The first ones are marked, the rest counted, and a note that is called so already keeps its name."""
    notes = "".join(f"[^x]: Ghi chú {number}.\n\n" for number in range(7))

    found = [name for name, passage in markdown(f"Một.\n\n[^x'5]: Khác.\n\n{notes}").items() if passage.marker]

    assert found == [f"a.md#1.n{name}" for name in ("x'5", "x", "x'", "x''", "x'''", "x'4", "x'6", "x'7")]


def test_thousands_of_notes_of_one_marker_take_no_time() -> None:
    """Their names together stay as short as the notes."""
    found = markdown("Một.\n\n" + "".join(f"[^x]: Ghi chú {number}.\n\n" for number in range(2000)))

    assert len(found) == 2001
    assert max(map(len, found)) == len("a.md#1.nx'1999")


def test_a_long_heading_is_shortened_in_sections_and_titles() -> None:
    """Thousands of paragraphs below it do not repeat it thousands of times."""
    long = "Tiêu đề " + "rất dài " * 10_000
    text = f"# {long}\n\n## Phần {long}\n\nMột.\n\n### Ngắn\n\nHai."
    whole = document_of(read_markdown(text.encode(), "a.md"), "a.md", sidecar=Sidecar(), sha256="")

    found = [passage.section for passage in split_document(whole)]

    assert len(whole.title) <= 150
    assert [whole.title[:12], whole.title[-1]] == ["Tiêu đề rất ", "…"]
    assert [len(section) <= 160 for section in found] == [True, True]
    assert found[1] == f"{found[0]} › Ngắn"
    assert found[0].startswith("Phần Tiêu đề rất dài")


@given(st.lists(st.text(alphabet="ăb c", min_size=1, max_size=90), min_size=1, max_size=4))
def test_what_identifies_a_passage_stands_in_no_other(texts: list[str]) -> None:
    """Unless all of it stands in another; it is always a beginning of the passage."""
    passages = [
        Passage(f"d#{n}", "d", "paragraph", n, len(texts), 0, len(text), text) for n, text in enumerate(texts, 1)
    ]

    found = identifying_text(passages[0], passages[1:])

    assert texts[0].startswith(found)
    copied = any(texts[0] in other for other in texts[1:])
    assert copied or not any(found in other for other in texts[1:])
