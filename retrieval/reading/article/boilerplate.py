"""
Boilerplate lines of a saved page: share buttons, counters, contacts.

Every rule asks for positive evidence. A line that only looks odd stays: it may be a law, a verse or a memo.
"""

from __future__ import annotations

import re

from retrieval.reading.text.characters import CAPITAL

_FURNITURE = re.compile(
    r"(?:scroll|spot_img|img|quảng cáo|advertisements?|skip to (?:main )?content|menu|trang chủ|home"
    r"|đăng nhập"
    r"|đăng ký|đăng xuất|tìm kiếm|search|login|toggle navigation|loading\.*|đang tải\.*"
    r"|chia sẻ(?: bài viết| tin| qua)?|share(?: this)?|facebook|twitter|zalo|linkedin|pinterest|messenger"
    r"|email|tweet"
    r"|google news|gửi (?:email|bài viết|cho bạn bè|tin)|copy link|sao chép(?: liên kết)?|lưu(?: bài| tin)?"
    r"|like|thích"
    r"|in (?:trang|bài|tin|bài viết|ấn|trang này)|bản in|print|a[-+]{1,2}|cỡ chữ|xem cỡ chữ"
    r"|nghe(?: đọc)? (?:bài|tin)"
    r"|nghe đọc bài viết|nghe audio|0:00|theo dõi(?: (?:chúng tôi|trên google news"
    r"|báo .{1,40} trên .{1,30}))?|follow us"
    r"|xem lịch sử tin bài|về đầu trang|lên đầu trang|đầu trang|back to top|top|quay lại|trở lại|trở về"
    r"|back|next|prev"
    r"|(?:trang|tin|bài)(?: viết)? (?:trước|sau|tiếp|tiếp theo)|gửi|hủy|đóng|close|xem tất cả|tất cả"
    r"|read more|xem tiếp"
    r"|đánh giá(?: bài viết)?|bạn thích bài viết này\??|click để đánh giá bài viết"
    r"|your browser does not support.*"
    r"|sơ đồ (?:cổng|trang|site)|sitemap|rss|tiếng việt|english"
    r"|©.*|copyright\b.*|all rights reserved.*|bản quyền(?: thuộc|:| ©|©).*|®.*)",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"(?:(?:số )?lượt (?:xem|đọc|truy cập|thích|tải)|đã xem|views?|hits?|số lần (?:xem|đọc)|đang truy cập"
    r"|hôm nay|tổng lượt truy cập"
    r"|đang online|trực tuyến)\s*:?\s*\(?\d[\d.,]*\)?"
    r"|\d[\d.,]*\s*(?:lượt (?:xem|đọc|thích|truy cập)|bình luận|người đọc|views?|likes?|shares?|comments?)"
    r"|\(\d+\)"
    r"|(?:trang|page) \d+\s*(?:/|trên|of)\s*\d+|[-–—] ?\d{1,3} ?[-–—]"
    r"|(?:chia sẻ|thích|like|share|bình luận|đánh giá)\s*:?\s*\(?\d[\d.,]*\)?",
    re.IGNORECASE,
)
_TAGS = re.compile(r"(?:tags?|từ khóa|từ khoá|keywords?)(?:\s*:.*)?", re.IGNORECASE)
_POINTER = re.compile(
    r"(?:>>+|»|\[?\+?\]?(?:xem thêm|đọc thêm|tin liên quan|bài liên quan|mời (?:độc giả|bạn|quý vị) (?:đọc"
    r"|xem)[\w ]{0,20}|see also"
    r"|read more)\s*[:>»]+)\s*\S.*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)(?:\+84|0)[\d .()-]{8,13}\d(?!\d)|https?://|www\.")
_OFFICE = re.compile(
    r"tòa soạn|toà soạn|hotline|đường dây nóng|tổng biên tập|ban biên tập|giấy phép (?:số|hoạt động"
    r"|xuất bản)|bản quyền"
    r"|liên hệ quảng cáo|quảng cáo\s*:|(?:toasoan|bbt|banbientap|quangcao)[\w.]*@",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"e-?mail|điện thoại|đt\b|tel\b|fax|hotline|liên hệ|website", re.IGNORECASE)
_SECTION = (
    r"(?:trang chủ|thời sự|chính trị|xã hội|kinh tế|quốc phòng|an ninh|thế giới|văn hóa|văn hoá|thể thao"
    r"|giáo dục|pháp luật"
    r"|đời sống|sức khỏe|y tế|du lịch|khoa học|công nghệ|giải trí|đối ngoại|tin tức|tin trong nước"
    r"|trong nước|quốc tế"
    r"|sự kiện|bạn đọc|video|ảnh|media|multimedia|podcast|kinh doanh|home|news|nghệ thuật|môi trường"
    r"|giao thông|tin mới"
    r"|tin hoạt động|tin tức sự kiện|giới thiệu|liên hệ|văn bản|thông báo|đảng|xây dựng đảng|biển đảo"
    r"|quân sự)"
)
_MENU = re.compile(rf"{_SECTION}(?:\s*[-–|/>»›·•&,]*\s*{_SECTION})*", re.IGNORECASE)
_CRUMBS = re.compile(r"[^>»›|.!?]{1,60}(?:\s+[>»›|]+\s*[^>»›|.!?]{1,60})+|.{1,60}[»›].{1,90}")
_JOINED_BY_NBSP = re.compile(rf"{CAPITAL}[^.:;!?\u00a0]{{5,60}}(?:\u00a0+{CAPITAL}[^.:;!?\u00a0]{{5,60}})+")
_LONGEST = 300  # characters; contact lines can be long, sentences about them are longer


def is_boilerplate(text: str) -> bool:
    """Whether a line is boilerplate anywhere: wordless, a button, a counter, tags."""
    if not any(char.isalnum() for char in text):
        return True
    if len(text) > _LONGEST:
        return False
    bare = text.strip(" \t\u00a0|*•·>«»-–—:")
    return any(rule.fullmatch(bare) for rule in (_FURNITURE, _TAGS)) or any(
        rule.fullmatch(text) for rule in (_COUNTER, _POINTER)
    )


def is_office_line(text: str) -> bool:
    """Whether a line names a newsroom, hotline or licence with a number or an address."""
    return len(text) <= _LONGEST and bool(_OFFICE.search(text)) and bool(_ADDRESS.search(text))


def is_contact_line(text: str) -> bool:
    """Whether a line is a labelled telephone number or address: boilerplate above a title."""
    return len(text) <= _LONGEST and bool(_ADDRESS.search(text)) and bool(_CONTACT.search(text))


def is_section_path(text: str) -> bool:
    """Whether a line may be a menu or breadcrumbs; only conclusive above a title."""
    return any(rule.fullmatch(text) for rule in (_MENU, _CRUMBS, _JOINED_BY_NBSP))
