"""
Probe texts on which engines must agree: Vietnamese and English, all lengths.
"""

_LAW = (
    "Điều 12. Người lao động làm việc đủ mười hai tháng cho một người sử dụng lao động thì được nghỉ hằng năm, hưởng "
    "nguyên lương theo hợp đồng lao động: 12 ngày làm việc đối với người làm công việc trong điều kiện bình thường. "
)
_NEWS = (
    "The delegation visited the field hospital on Friday, discussed training for peacekeepers and agreed that 70 "
    "officers would leave for South Sudan early next year; the programme costs 4.5 million dollars. "
)

PROBES = (
    "query: a",
    "query: Hà Nội",
    "query: ?",
    "query: thu tuc cap lai the can cuoc cong dan bi mat",
    "query: Thủ tục cấp lại thẻ căn cước công dân bị mất như thế nào?",
    "query: Who declared the independence of Vietnam, and when?",
    "query: Nghị định 15/2020/NĐ-CP quy định xử phạt vi phạm hành chính trong lĩnh vực gì?",
    "query: emoji 🎉 và chữ 漢字",
    f"passage: {_LAW}",
    f"passage: {_NEWS}",
    f"passage: {_LAW}{_NEWS}{_LAW}",
    f"passage: {_NEWS * 5}",
    f"passage: {_LAW * 20}",
)
