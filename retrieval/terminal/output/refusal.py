"""
Why a file was refused, in Vietnamese.
"""

from __future__ import annotations

from typing import Final

# By the name of the DocumentError.
_REASONS: Final[dict[str, str]] = {
    "SuffixError": "không có bộ đọc cho loại tệp này; hãy lưu sang định dạng khác hoặc chuyển tệp ra khỏi kho tài liệu",
    "UnreadableError": "không mở được tệp; hãy kiểm tra đường dẫn, tên tệp và quyền đọc",
    "SizeError": "tệp vượt quá giới hạn kích thước; hãy chia thành nhiều tệp",
    "EncodingError": "không xác định chắc chắn được bảng mã; hãy lưu lại dưới dạng văn bản UTF-8",
    "EmptyError": "tệp không có nội dung; hãy bổ sung hoặc xóa tệp",
    "BrokenError": "tệp bị hỏng, hoặc nội dung không đúng với đuôi tệp; hãy mở bằng chương trình gốc rồi lưu lại",
    "LockedError": "tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
    "ScannedError": "các trang là ảnh chụp; hãy nhận dạng chữ bằng --ocr, hoặc dùng bản gốc",
    "ExhaustedError": "cần quá nhiều thời gian hoặc bộ nhớ để đọc; hãy chia thành nhiều tệp",
    "SecretError": "tài liệu mang dấu chỉ độ mật {mark}; hãy chuyển ra khỏi kho tài liệu, hoặc mở thư mục của tài liệu "
    "bằng --secret-collection",
    "SidecarError": "tệp .meta.toml bên cạnh không đúng; hãy sửa hoặc xóa tệp đó",
}


def refusal_text(kind: str, reason: str, mark: str = "") -> str:
    """The reason in Vietnamese, by its kind; of an unknown kind as it was said."""
    return _REASONS[kind].format(mark=mark) if kind in _REASONS else reason
