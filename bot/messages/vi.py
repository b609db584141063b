"""The bot's texts in Vietnamese, in a neutral official tone."""

from __future__ import annotations

from bot.messages.texts import Texts
from bot.messages.vi_admin import ACCESS, ADMINISTRATION, BROADCAST, DOCUMENTS, GROUPS, NOTICES, PRIVACY
from retrieval.answering import (
    ABSENT,
    FOLLOW_UP,
    ITEMS,
    MISSING,
    NOT_FOUND,
    OLD,
    PART,
    SEARCHING,
    UNANSWERED,
    UNDATED,
    UNDATED_NOW,
    UNKNOWN,
    UNSURE,
)

VI = Texts(
    code="vi",
    commands=(
        ("start", "Bắt đầu sử dụng"),
        ("help", "Hướng dẫn sử dụng"),
        ("nguon", "Danh mục tài liệu"),
        ("tailieu", "Tìm tài liệu theo tên"),
        ("vidu", "Câu hỏi ví dụ"),
        ("quyenriengtu", "Dữ liệu được lưu về người dùng"),
        ("quenlai", "Xóa dữ liệu tra cứu của bản thân"),
    ),
    admin_commands=(
        ("moi", "Tạo liên kết mời dùng một lần"),
        ("xinquyen", "Yêu cầu cấp quyền đang chờ"),
        ("nguoidung", "Danh sách người dùng"),
        ("xoa", "Thu hồi quyền sử dụng"),
        ("nhatky", "Nhật ký quản trị"),
        ("thongbao", "Gửi thông báo đến mọi người dùng"),
        ("baocao", "Báo cáo sử dụng"),
        ("trangthai", "Tình trạng hệ thống"),
        ("monhom", "Mở nhóm để tra cứu (gửi trong nhóm)"),
        ("dongnhom", "Đóng nhóm (gửi trong nhóm)"),
        ("tailen", "Tài liệu đã gửi qua cuộc trò chuyện"),
        ("naplai", "Nạp lại kho tài liệu"),
    ),
    weak=UNSURE,
    none=NOT_FOUND,
    nearest="Tài liệu gần nhất:",
    missing=MISSING,
    unknown=UNKNOWN,
    old=OLD,
    undated_now=UNDATED_NOW,
    part=PART,
    unanswered=UNANSWERED,
    absent=tuple(ABSENT.items()),
    searching=SEARCHING,
    follow_up=FOLLOW_UP,
    down="Hệ thống tra cứu tạm thời không hoạt động nên câu hỏi này chưa được trả lời. "
    "Vui lòng gửi lại câu hỏi sau ít phút. Mã sự cố: {code}",
    outdated="Kho tài liệu phải được nạp lại sau khi hệ thống được nâng cấp nên câu hỏi này chưa được trả lời. "
    "Quản trị viên đã được báo; vui lòng gửi lại câu hỏi sau. Mã sự cố: {code}",
    error="Đã xảy ra lỗi khi xử lý yêu cầu này. Vui lòng thử lại; nếu lỗi lặp lại, xin báo cho quản trị viên "
    "mã sự cố {code}.",
    too_long="Câu hỏi dài quá {limit} ký tự. Vui lòng hỏi từng vấn đề một, mỗi câu hỏi một tin nhắn.",
    ask_contact="✉ Hỏi người phụ trách",
    referred="Đã gửi câu hỏi và các đoạn trên đến người phụ trách. Câu trả lời sẽ được chuyển về đây.",
    already_referred="Câu hỏi này đã được gửi, hoặc hôm nay đã gửi quá nhiều câu hỏi đến người phụ trách.",
    contact_unreachable="Chưa gửi được câu hỏi: hiện không liên hệ được người phụ trách. Vui lòng báo quản trị viên.",
    not_yours="Chỉ người đặt câu hỏi mới gửi được câu hỏi này.",
    contact_asked="Câu hỏi gửi người phụ trách, từ {name}:",
    contact_shown="Hệ thống đã nêu các đoạn sau:",
    contact_how="Trả lời (reply) tin nhắn này để gửi câu trả lời cho người hỏi.",
    contact_replied="Trả lời của người phụ trách ({name}):",
    reply_sent="Đã chuyển câu trả lời cho người hỏi.",
    reply_not_sent="Chưa chuyển được câu trả lời: người hỏi đã chặn hệ thống hoặc không còn ở cuộc trò chuyện đó.",
    approve="Lưu làm câu trả lời đã duyệt (căn cứ đoạn {number})",
    approved="Đã lưu câu trả lời đã duyệt. Câu trả lời được hiển thị khi có người hỏi lại câu này, "
    "cho đến khi đoạn căn cứ thay đổi.",
    withdraw_approval="Thu hồi câu trả lời đã duyệt",
    approval_withdrawn="Đã thu hồi câu trả lời đã duyệt.",
    approved_answer="Câu trả lời đã duyệt ({name}, {day}):",
    approval_source="Căn cứ: {source}",
    too_many="Mỗi tin nhắn được trả lời tối đa {limit} câu hỏi. Vui lòng gửi các câu còn lại trong tin nhắn khác.",
    ask_alone="Hỏi riêng câu này",
    question_gone="Câu hỏi này không còn được lưu. Vui lòng gửi lại câu hỏi.",
    no_words="Tin nhắn chưa có nội dung câu hỏi. Vui lòng nhập câu hỏi bằng chữ.",
    not_text="Hệ thống chỉ trả lời câu hỏi bằng chữ. Vui lòng nhập câu hỏi thành tin nhắn văn bản.",
    flood="Đang có quá nhiều câu hỏi của tài khoản này chờ trả lời. Vui lòng chờ các câu trả lời trước rồi gửi tiếp.",
    nothing_open="Chưa có tài liệu nào được mở để tra cứu tại đây. Vui lòng liên hệ quản trị viên.",
    items=ITEMS,
    further_places="Kết quả khác:",
    footnotes_omitted="… (còn chú thích, xem toàn văn tài liệu)",
    document="Văn bản",
    context="Ngữ cảnh",
    others="Kết quả khác",
    close="Thu gọn",
    copy="Sao chép",
    previous="◀ Đoạn trước",
    next="Đoạn sau ▶",
    whole="Toàn văn",
    no_previous="Đây là đoạn đầu của tài liệu.",
    no_next="Đây là đoạn cuối của tài liệu.",
    old_button="Nút này không còn hiệu lực. Vui lòng gửi lại câu hỏi.",
    changed="Tài liệu đã thay đổi sau câu trả lời này nên không còn trích dẫn được. Vui lòng gửi lại câu hỏi.",
    no_file="Không gửi được tài liệu này: tệp gốc không còn, không đọc được hoặc đã thay đổi sau khi lập chỉ mục.",
    large_file="Tệp lớn hơn 50 MB nên không gửi được qua Telegram.",
    page="Trang",
    page_number="Trang {page}",
    not_marked="Không xác định được chắc chắn vị trí của đoạn này trên trang nên không đánh dấu.",
    no_page_image="Không tạo được hình ảnh của trang này. Vui lòng xem toàn văn tài liệu (nút 📄).",
    retained="Không tạo được hình ảnh của trang này vì tệp gốc hiện không đọc được. Đoạn trích là của bản trước, được "
    "giữ lại từ lần cuối đọc được tệp.",
    inline_ask="Nhập câu hỏi để tìm trích dẫn",
    inline_none="Không tìm thấy trích dẫn phù hợp",
    inline_down="Tạm thời không tra cứu được",
    inline_stranger="Cần được cấp quyền",
    start_html="Đây là hệ thống tra cứu tài liệu nội bộ. Gửi câu hỏi bằng tiếng Việt (có dấu hoặc không dấu) hoặc "
    "tiếng Anh; câu trả lời là các đoạn <b>trích nguyên văn</b>, kèm nguồn, từ tài liệu của cơ quan.\n\n"
    "/help – hướng dẫn · /vidu – câu hỏi ví dụ · /nguon – danh mục tài liệu",
    greeting_html="Xin chào. Vui lòng gửi câu hỏi cần tra cứu; câu trả lời là các đoạn trích nguyên văn từ tài liệu "
    "của cơ quan.\n\n/help – hướng dẫn · /vidu – câu hỏi ví dụ · /nguon – danh mục tài liệu",
    thanked_html="Rất vui được hỗ trợ. Khi cần tra cứu thêm, vui lòng gửi câu hỏi.",
    help_html="<b>Cách hỏi</b>\n"
    "• Gửi câu hỏi thành một tin nhắn văn bản.\n"
    "• Có thể hỏi nhiều câu trong một tin nhắn; sửa câu hỏi thì câu trả lời được sửa theo.\n"
    "• Để hỏi tiếp (“khi nào?”, “ai ký?”), gửi ngay sau câu trả lời, hoặc trả lời (reply) tin nhắn có câu trả lời.\n"
    "• Để nhận tài liệu: “gửi tệp quy chế chi tiêu”, “tài liệu nào nói về nghỉ phép”.\n"
    "• Trong nhóm: nhắc tên hệ thống hoặc trả lời tin nhắn của hệ thống.\n\n"
    "<b>Các nút</b>\n"
    "• 📄 Văn bản: toàn văn tài liệu được trích dẫn.\n"
    "• ⤢ Ngữ cảnh: đoạn trích cùng đoạn trước và đoạn sau; từ đó ◀ và ▶ chuyển đoạn, ¶ gửi trọn đoạn văn dài, 🖼 gửi "
    "hình ảnh trang của tài liệu PDF, có đánh dấu đoạn trích.\n"
    "• Kết quả khác: mở các đoạn khác ngay trong tin nhắn; bấm số để chọn đoạn, bấm “Thu gọn” để đóng.\n"
    "• 📋 Sao chép: câu trả lời kèm nguồn.\n"
    "• 👍 và 👎: đánh giá câu trả lời; ✓ là đã ghi nhận, có thể thay đổi bằng cách bấm lại.\n\n"
    "<b>Các lệnh</b>\n"
    "/nguon – danh mục tài liệu, kèm tài liệu mới thêm\n"
    "/tailieu từ khóa – tìm tài liệu theo tên\n"
    "/vidu – câu hỏi ví dụ\n"
    "/quyenriengtu – dữ liệu được lưu về người dùng\n"
    "/quenlai – xóa dữ liệu tra cứu của bản thân\n\n"
    "Câu trả lời chỉ gồm nguyên văn tài liệu; hệ thống không tự viết nội dung. Có thể còn thiếu, vì vậy cần đối "
    "chiếu toàn văn khi sử dụng.",
    admin_help_html="\n\n<b>Dành cho quản trị viên</b>\n"
    "/moi – liên kết mời nhân viên; <code>/moi quantri</code> – mời quản trị viên\n"
    "<code>/moi 123456</code> – cấp quyền nhân viên theo mã người dùng\n"
    "/xinquyen – yêu cầu cấp quyền đang chờ\n"
    "/nguoidung – danh sách người dùng; <code>/nguoidung Bình</code> – tìm theo tên hoặc mã\n"
    "<code>/xoa 123456</code> – thu hồi quyền theo mã người dùng; sau đó <code>/quenlai 123456</code> – xóa dữ liệu "
    "tra cứu của người đó\n"
    "/nhatky – nhật ký quản trị\n"
    "/thongbao nội dung – thông báo đến mọi người dùng\n"
    "/baocao – báo cáo sử dụng 7 ngày; <code>/baocao 30</code> – 30 ngày\n"
    "Gửi thông tin liên hệ (contact) của một người, hoặc chuyển tiếp tin nhắn của người đó, cho hệ thống để "
    "cấp quyền cho người đó.\n\n"
    "/monhom, /dongnhom – gửi trong nhóm: mở hoặc đóng nhóm để tra cứu\n\n"
    "/trangthai – tình trạng hệ thống\n"
    "/naplai – nạp lại kho tài liệu\n"
    "Gửi một tệp ({kinds}; tối đa 20 MB) cho hệ thống để thêm vào kho tài liệu.\n"
    "/tailen – tài liệu đã gửi: gỡ bỏ, đổi tên, thay thế\n"
    "🔎 dưới tệp đã gửi và dưới danh sách tìm theo tên: bản đọc của tài liệu, để đối chiếu với bản gốc.",
    sources="Danh mục tài liệu: {count} tài liệu (trang {page}/{pages})",
    no_sources="Chưa có tài liệu nào trong hệ thống.",
    new_sources="Mới thêm từ lần xem trước: {count} tài liệu",
    undated=UNDATED,
    title_usage="Vui lòng nhập từ khóa có trong tên tài liệu, ví dụ: /tailieu quy chế",
    titles="Tìm thấy {count} tài liệu:",
    titles_inside="Tìm thấy {count} tài liệu có nội dung liên quan:",
    no_document="Không tìm thấy tài liệu nào về “{words}”.",
    no_title="Không có tài liệu nào có tên chứa “{words}”.",
    examples="Có thể hỏi, ví dụ (bấm vào câu để hỏi):",
    example="Quy định về {name} như thế nào?",
    no_examples="Chưa có tài liệu nào để nêu câu hỏi ví dụ.",
    stranger="Tài khoản này chưa được cấp quyền sử dụng hệ thống. Mã người dùng: {user}. "
    "Vui lòng gửi mã này cho quản trị viên để được cấp quyền.",
    closed_group="Nhóm này chưa được mở để tra cứu. Quản trị viên gửi /monhom trong nhóm "
    "để mở, hoặc thêm mã nhóm {chat} vào TRICHDAN_GROUPS.",
    welcome="Đã cấp quyền sử dụng hệ thống.",
    dead_invite="Liên kết mời không đúng, đã được sử dụng hoặc đã hết hạn. Vui lòng đề nghị quản trị viên gửi liên kết "
    "mới. Mã người dùng: {user}.",
    admins_only="Lệnh này chỉ dành cho quản trị viên.",
    private_only="Lệnh này chỉ dùng trong cuộc trò chuyện riêng với hệ thống.",
    invite="Liên kết mời ({role}), dùng một lần, có hiệu lực trong {hours} giờ:\n{link}",
    people="Người dùng được cấp quyền: {count}",
    staff="nhân viên",
    admin="quản trị viên",
    fixed="theo cấu hình",
    added="Đã cấp quyền cho {name} (mã {user}): {role}.",
    already_added="{name} (mã {user}) đã có quyền: {role}.",
    contact_unknown="Thông tin liên hệ này không gắn với tài khoản Telegram nào. "
    "Vui lòng dùng /moi để tạo liên kết mời.",
    remove_usage="Vui lòng nhập mã người dùng, ví dụ: /xoa 123456. Xem mã tại /nguoidung.",
    removed="Đã thu hồi quyền của người dùng {user}.",
    not_there="Người dùng {user} không có trong danh sách.",
    cannot_remove="Không thu hồi được quyền của người dùng {user}: đây là quản trị viên theo cấu hình "
    "(TRICHDAN_ADMINS) hoặc chính người đang thực hiện lệnh.",
    audit_log="Nhật ký quản trị (mới nhất trước):",
    audit_log_empty="Nhật ký chưa có mục nào.",
    audit_actions=(
        ("add staff", "cấp quyền nhân viên cho"),
        ("add admin", "cấp quyền quản trị viên cho"),
        ("remove", "thu hồi quyền của"),
        ("erase", "xóa dữ liệu tra cứu của"),
        ("invite staff", "tạo liên kết mời nhân viên"),
        ("invite admin", "tạo liên kết mời quản trị viên"),
        ("reindex", "nạp lại kho tài liệu"),
        ("upload", "gửi tệp"),
        ("add document", "thêm vào kho tài liệu tệp"),
        ("drop upload", "bỏ qua tệp"),
        ("remove document", "gỡ bỏ tệp"),
        ("rename document", "đổi tên tệp"),
        ("restore document", "khôi phục tệp"),
        ("open group", "mở nhóm"),
        ("close group", "đóng nhóm"),
        ("broadcast", "gửi thông báo"),
    ),
    index_fault="Không mở được chỉ mục tài liệu nên hệ thống không trả lời được câu hỏi. "
    "Vui lòng chạy `trichdan doctor` trên máy chủ. Mã sự cố trong nhật ký: {code}",
    outdated_index="Chỉ mục tài liệu do phiên bản khác của chương trình (hoặc mô hình khác) lập nên không dùng được, "
    "câu hỏi chưa được trả lời. Gửi /naplai để lập lại chỉ mục. Mã sự cố trong nhật ký: {code}",
    thanks="Đã ghi nhận đánh giá. Xin cảm ơn.",
    ask_reason="Đã ghi nhận. Vui lòng chọn lý do ở các nút bên dưới câu trả lời.",
    noted="Đã ghi nhận đánh giá.",
    reasons=(
        ("passage", "Đoạn trích không phù hợp"),
        ("incomplete", "Thông tin chưa đầy đủ"),
        ("outdated", "Tài liệu đã cũ"),
    ),
    report_usage="Vui lòng nhập số ngày từ 1 đến {most}, ví dụ: /baocao 30",
    report="Báo cáo sử dụng từ {first} đến {last}",
    no_questions="Từ {first} đến {last} không có câu hỏi nào được trả lời.",
    report_questions="Số câu hỏi: {questions} · Số người hỏi: {people}",
    report_state="{state}: {count} ({share})",
    report_ratings="Đánh giá: {ups} hữu ích, {downs} chưa hữu ích",
    report_unanswered="Câu hỏi không tìm thấy câu trả lời, theo số lần hỏi:",
    report_all_answered="Trong số các câu hỏi còn lưu, không có câu hỏi nào thiếu câu trả lời.",
    report_not_kept="Nội dung câu hỏi không được lưu (TRICHDAN_KEEP_QUESTIONS), nên không liệt kê được câu hỏi chưa có "
    "câu trả lời.",
    report_file=("Câu hỏi", "Số lần hỏi"),
    states=(("found", "Tìm thấy"), ("weak", "Chưa chắc chắn"), ("none", "Không tìm thấy")),
    chart_questions="Số câu hỏi theo kết quả",
    chart_ratings="Số lượt đánh giá, kèm lý do chưa hữu ích",
    chart_up="Hữu ích",
    no_reason="Không nêu lý do",
    erasure_prompt="Thao tác này xóa vĩnh viễn khỏi hệ thống các câu hỏi, câu trả lời, đánh giá và số liệu sử dụng của "
    "tài khoản này. Các nút dưới những câu trả lời trước đây sẽ hết hiệu lực. Quyền sử dụng và nhật ký quản trị được "
    "giữ lại vì thuộc hồ sơ của cơ quan; tin nhắn trong Telegram không bị xóa. Có tiếp tục không?",
    erasure_yes="Xóa dữ liệu",
    erasure_no="Không xóa",
    erasure_done="Đã xóa dữ liệu của tài khoản này: {questions} lượt hỏi, {answers} câu trả lời, {ratings} đánh giá. "
    "Quyền sử dụng và nhật ký quản trị được giữ lại vì thuộc hồ sơ của cơ quan.",
    erasure_cancelled="Không có dữ liệu nào bị xóa.",
    access=ACCESS,
    notices=NOTICES,
    documents=DOCUMENTS,
    groups=GROUPS,
    privacy=PRIVACY,
    broadcast=BROADCAST,
    administration=ADMINISTRATION,
)
