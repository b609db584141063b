"""
The letter case of state organs, where Nghị định 30/2020/NĐ-CP leaves no choice.

Its annex II writes places with a capital in each word, and the field of a ministry or department as in these lists.
"""

from __future__ import annotations

import re
from typing import Final

_FIELDS: Final = (
    *("Công an", "Công Thương", "Dân tộc và Tôn giáo", "Du lịch", "Giáo dục và Đào tạo", "Giao thông vận tải"),
    *("Kế hoạch và Đầu tư", "Khoa học và Công nghệ", "Lao động - Thương binh và Xã hội", "Ngoại giao", "Ngoại vụ"),
    *("Nội vụ", "Nông nghiệp và Môi trường", "Nông nghiệp và Phát triển nông thôn", "Quốc phòng", "Tài chính"),
    *("Tài nguyên và Môi trường", "Thông tin và Truyền thông", "Tư pháp", "Văn hóa, Thể thao và Du lịch"),
    *("Văn hóa và Thể thao", "Xây dựng", "Y tế"),
)
_KINDS: Final = (
    *("Ủy ban nhân dân", "Uỷ ban nhân dân", "UBND", "Hội đồng nhân dân", "HĐND", "Đảng ủy", "Tỉnh ủy", "Thành ủy"),
    *("Huyện ủy", "Công an", "Tòa án nhân dân", "Toà án nhân dân", "Viện kiểm sát nhân dân", "Chính phủ", "Quốc hội"),
    *("Thủ tướng Chính phủ", "Ủy ban thường vụ Quốc hội", "Tòa án nhân dân tối cao"),
    *("Toà án nhân dân tối cao", "Viện kiểm sát nhân dân tối cao"),
    *(f"{kind} {field}" for field in _FIELDS for kind in ("Bộ", "Sở", "Phòng")),
)
_WRITTEN: Final = {kind.lower(): kind for kind in _KINDS}
_ORGAN = re.compile(
    rf"(?P<kind>{'|'.join(sorted(map(re.escape, _WRITTEN), key=len, reverse=True))})"
    r"(?: (?P<unit>tỉnh|thành phố|quận|huyện|thị xã|thị trấn|xã|phường)(?P<place>(?: [^\W\d_]+){1,4}))?"
)


def organ_in_its_case(name: str) -> str:
    """
    A name printed in capitals as it is written, "" where that is not certain.

    Example: "UBND TỈNH HÀ GIANG" -> "UBND tỉnh Hà Giang"; "SỞ NỘI VỤ" -> "Sở Nội vụ"; "CÔNG TY SÔNG XANH" -> ""
    """
    found = _ORGAN.fullmatch(" ".join(name.lower().split()))
    if found is None:
        return ""
    place = f" {found['unit']}{found['place'].title()}" if found["unit"] else ""
    return f"{_WRITTEN[found['kind']]}{place}"
