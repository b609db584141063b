"""Questions that name an article or a document get it first, or are told that it does not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.answering.answer import absent_text
from retrieval.reading.provision import article_in
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
LAW = (
    f"QUỐC HỘI\n{STATE}Luật số: 91/2031/QH17\nHà Nội, ngày 5 tháng 6 năm 2031\nLUẬT\nTRỒNG RỪNG\n"
    "Căn cứ Hiến pháp;\nQuốc hội ban hành Luật Trồng rừng.\n"
    "Điều 1. Phạm vi điều chỉnh\nLuật này quy định việc trồng rừng ngập mặn ven biển.\n"
    "Điều 2. Trách nhiệm\n1. Chủ rừng trồng cây.\n2. Ủy ban nhân dân xã kiểm tra cây mỗi năm.\n"
    "Điều 3. Hiệu lực\nLuật này có hiệu lực từ ngày 01 tháng 01 năm 2032.\n"
)
DECREE = (
    f"CHÍNH PHỦ\n{STATE}Số: 45/2031/NĐ-CP\nHà Nội, ngày 9 tháng 7 năm 2031\nNGHỊ ĐỊNH\nQuy định mức hỗ trợ trồng rừng\n"
    "Căn cứ Luật Trồng rừng;\n"
    "Điều 1. Đối tượng\nHộ gia đình được hỗ trợ theo Nghị định số 70/2025/NĐ-CP.\n"
    "Điều 2. Mức hỗ trợ\nMức hỗ trợ là hai triệu đồng mỗi hécta.\n"
    "Điều 3. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 8 năm 2031.\n"
    "Điều 4. Trách nhiệm\nCác bộ thi hành Nghị định này.\n"
    "Điều 5. Hồ sơ\n1. Hồ sơ gồm:\na) Đơn;\nb) Bản đồ.\n2. Hồ sơ nộp tại xã.\n"
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """An index of a law and a decree."""
    folder: Path = tmp_path_factory.mktemp("lookup")
    (folder / "docs").mkdir()
    (folder / "docs" / "luat.txt").write_text(LAW, encoding="utf-8")
    (folder / "docs" / "nghi-dinh.txt").write_text(DECREE, encoding="utf-8")
    build_index(folder / "docs", folder / "index", BagEncoder())
    return Retriever(folder / "index", BagEncoder())


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Điều 2 Luật Trồng rừng", "1. Chủ rừng trồng cây."),
        ("dieu 2 khoan 2 luat trong rung quy dinh gi", "2. Ủy ban nhân dân xã kiểm tra cây mỗi năm."),
        ("Luật Trồng rừng 2031, Điều 3", "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2032."),
        ("Điều 2 Nghị định 45/2031/NĐ-CP", "Mức hỗ trợ là hai triệu đồng mỗi hécta."),
        ("điều 3 NĐ 45/2031 nói gì", "Nghị định này có hiệu lực từ ngày 01 tháng 8 năm 2031."),
        ("điều 4 nghị định 45", "Các bộ thi hành Nghị định này."),
        ("dieu 4 nd 45/2031/nđ-cp noi ve cai gi", "Các bộ thi hành Nghị định này."),
        ("cho toi xem dieu 3 luat trong rung", "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2032."),
        ("k2 đ2 luật trồng rừng", "2. Ủy ban nhân dân xã kiểm tra cây mỗi năm."),
        ("khoản 2 của điều 2 trong luật trồng rừng nói về cái gì", "2. Ủy ban nhân dân xã kiểm tra cây mỗi năm."),
        ("luat trong rung dieu 2 khoan 1", "1. Chủ rừng trồng cây."),
        ("luật TR điều 3", "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2032."),
        ("điều 3 trồng rừng", "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2032."),
    ],
)
def test_a_named_provision_comes_first(retriever: Retriever, question: str, first: str) -> None:
    """However the article, the clause and the document are named."""
    answer = retriever.ask(question)

    assert (answer.state, answer.hits[0].quote.text.removeprefix("Điều 4. Trách nhiệm\n")) == ("found", first)


def test_only_what_is_named_is_quoted(retriever: Retriever) -> None:
    """An article that is asked for by itself comes whole, in reading order, and alone."""
    answer = retriever.ask("Điều 2 Luật Trồng rừng quy định gì?")

    assert [hit.quote.text[:2] for hit in answer.hits] == ["1.", "2."]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Điều 9 Luật Trồng rừng", "Không có Điều 9 trong Luật Trồng rừng: văn bản này có 3 điều."),
        ("khoản 5 Điều 2 Luật Trồng rừng", "Không có khoản 5 Điều 2: điều này có 2 khoản."),
        ("khoản 2 Điều 3 Luật Trồng rừng", "Không có khoản 2 Điều 3: điều này không chia thành khoản."),
        ("điểm d khoản 1 Điều 5 Nghị định 45", "Không có điểm d khoản 1 Điều 5: ở đó có 2 điểm."),
        ("nghị định 88/2030", "Không có tài liệu nào mang hoặc nhắc đến số 88/2030."),
        ("12/2030/NĐ-CP quy định gì", "Không có tài liệu nào mang hoặc nhắc đến số 12/2030/NĐ-CP."),
        ("Luật Trồng rừng 2019", "Không có Luật Trồng rừng 2019; tài liệu hiện có là Luật Trồng rừng năm 2031."),
    ],
)
def test_what_does_not_exist_is_not_found(retriever: Retriever, question: str, sentence: str) -> None:
    """The answer says what there is instead, and quotes nothing."""
    answer = retriever.ask(question)

    assert answer.absence is not None
    assert (answer.state, answer.hits, absent_text(answer.absence)) == ("none", (), sentence)


def test_an_article_of_another_law_is_not_lent(retriever: Retriever) -> None:
    """Điều 2 of a law that is not here is not answered by Điều 2 of one that is."""
    assert retriever.ask("Điều 2 Luật Hải quan").state != "found"


def test_a_number_that_a_document_mentions_finds_the_mention(retriever: Retriever) -> None:
    """The decree is not here, but a paragraph speaks of it."""
    answer = retriever.ask("ai được hỗ trợ theo Nghị định số 70/2025/NĐ-CP")

    assert answer.absence is None
    assert "70/2025/NĐ-CP" in answer.hits[0].quote.text


@pytest.mark.parametrize("question", ["NĐ 70/2025 quy định gì?", "nghị định 70/2025/NĐ-CP"])
def test_what_a_document_says_is_not_answered_by_a_mention_of_it(retriever: Retriever, question: str) -> None:
    """The mention is shown, and said to be no more than one."""
    answer = retriever.ask(question)

    assert answer.absence is not None
    assert absent_text(answer.absence).endswith(", chỉ nhắc đến văn bản này.")
    assert (answer.state, "70/2025/NĐ-CP" in answer.hits[0].quote.text) == ("weak", True)


def test_what_a_document_is_about_may_be_answered_by_a_mention(retriever: Retriever) -> None:
    """It stands beside the number; that the document itself is not here is said all the same."""
    about, says = (retriever.ask(f"NĐ 70/2025 quy định {what}") for what in ("về gì?", "gì?"))

    assert about.absence is not None
    assert about.confidence >= says.confidence


def test_a_hidden_collection_is_not_named(tmp_path: Path) -> None:
    """Who may not see a law does not learn how many articles it has."""
    for name, text in (("a", LAW), ("b", "Thông báo\n\nPhòng họp mở cửa lúc bảy giờ sáng mỗi ngày làm việc.\n")):
        (tmp_path / "docs" / name).mkdir(parents=True)
        (tmp_path / "docs" / name / "x.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "docs", tmp_path / "index", BagEncoder())
    retriever = Retriever(tmp_path / "index", BagEncoder())

    answer = retriever.ask("Điều 9 Luật Trồng rừng", within=frozenset({"b"}))

    assert (answer.absence, answer.state) == (None, "none")


def test_an_article_of_an_annex_is_not_the_document_s_own(tmp_path: Path) -> None:
    """An annexed regulation counts its articles anew."""
    annex = (
        "Phụ lục I\nMẪU HỢP ĐỒNG\nĐiều 1. Bên bán\nBên bán giao cây giống.\nĐiều 5. Giá\nGiá do hai bên thỏa thuận.\n"
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "luat.txt").write_text(LAW + annex, encoding="utf-8")
    build_index(tmp_path / "docs", tmp_path / "index", BagEncoder())
    retriever = Retriever(tmp_path / "index", BagEncoder())

    hits = retriever.ask("Điều 1 Luật Trồng rừng").hits

    assert [hit.quote.text for hit in hits] == ["Luật này quy định việc trồng rừng ngập mặn ven biển."]


DECISION = (
    f"TRƯỜNG ĐẠI HỌC BẮC HÀ\n{STATE}Số: 215/QĐ-ĐHBH\nBắc Ninh, ngày 12 tháng 3 năm 2024\nQUYẾT ĐỊNH\n"
    "Về việc ban hành Quy chế thi\nCăn cứ Luật Giáo dục;\nQUYẾT ĐỊNH:\n"
    "Điều 1. Ban hành kèm theo Quyết định này Quy chế thi.\nĐiều 2. Trưởng phòng Đào tạo thi hành Quyết định này.\n"
    "HIỆU TRƯỞNG\nTrần Văn Bình\n"
    "QUY CHẾ\nThi kết thúc học phần\n(Ban hành kèm theo Quyết định số 215/QĐ-ĐHBH)\n"
    "Điều 1. Phạm vi\nQuy chế này áp dụng cho các kỳ thi chính quy.\n"
    "Điều 2. Coi thi\n1. Mỗi phòng có hai người coi thi.\n2. Người coi thi đeo thẻ.\n"
    "Điều 3. Xử lý\nThí sinh thi hộ bị đình chỉ một năm.\n"
    "PHỤ LỤC I\nMẪU CAM KẾT\nĐiều 1. Bên A\nBên A nộp bài đúng giờ.\n"
)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """An index of a decision with its regulation, beside a law."""
    folder: Path = tmp_path_factory.mktemp("annex")
    (folder / "docs").mkdir()
    (folder / "docs" / "quyet-dinh.txt").write_text(DECISION, encoding="utf-8")
    (folder / "docs" / "luat.txt").write_text(LAW, encoding="utf-8")
    build_index(folder / "docs", folder / "index", BagEncoder())
    return Retriever(folder / "index", BagEncoder())


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("điều 2 quy chế thi", ["Điều 2, khoản 1 Quy chế", "Điều 2, khoản 2 Quy chế"]),
        ("dieu 3 quy che thi ket thuc hoc phan quy dinh gi", ["Điều 3 Quy chế"]),
        ("quy chế thi điều 1 nói gì", ["Điều 1 Quy chế"]),
        ("khoản 2 điều 2 quy chế thi ban hành kèm theo quyết định 215/QĐ-ĐHBH", ["Điều 2, khoản 2 Quy chế"]),
        ("Điều 1 Quyết định 215/QĐ-ĐHBH", ["Điều 1"]),
        ("điều 2 quyết định 215 quy định gì", ["Điều 2"]),
        ("điều 3 quyết định 215", ["Điều 3 Quy chế"]),
        ("điều 1 phụ lục I quyết định 215", ["PHỤ LỤC I, Điều 1"]),
    ],
)
def test_the_articles_of_a_decision_and_of_its_regulation_are_told_apart(
    school: Retriever, question: str, cited: list[str]
) -> None:
    """By what stands next to the article."""
    hits = school.ask(question).hits

    assert [article_in(hit.quote.citation.section) for hit in hits] == cited


def test_a_regulation_s_articles_are_counted_by_themselves(school: Retriever) -> None:
    """Neither those of the decision nor those of its forms are."""
    absence = school.ask("Điều 9 Quy chế thi").absence

    assert absence is not None
    assert (absence.title, absence.count) == ("QUY CHẾ Thi kết thúc học phần", 3)


def test_the_name_of_a_law_beside_another_kind_of_document_lends_no_article(retriever: Retriever) -> None:
    """A circular on planting forests is not the law on it."""
    assert retriever.ask("Điều 3 Thông tư 7/2030 về trồng rừng").state != "found"
