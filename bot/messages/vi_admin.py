"""The texts for administrators, and those about people, notices and documents, in Vietnamese."""

from __future__ import annotations

from bot.messages.admin_texts import (
    AccessTexts,
    AdminTexts,
    BroadcastTexts,
    DocumentTexts,
    GroupTexts,
    NoticeTexts,
    PrivacyTexts,
)

ADMINISTRATION = AdminTexts(
    uptime="Đã chạy",
    waiting="Đang chờ",
    answering="Đang xử lý",
    undelivered="Chờ gửi lại",
    latency="p50 / p95",
    measured="Số câu đo",
    index="Chỉ mục",
    created="Lập lúc",
    documents="Tài liệu",
    passages="Đoạn văn",
    incidents="Sự cố",
    sends="Lượt gửi",
    paused="Lỗi 429",
    version="Phiên bản",
    no_index="không mở được ({code})",
    units=("ngày", "giờ", "phút"),
    decimal=",",
    remedy="Dùng /naplai để cập nhật kho tài liệu.",
    reindex_started="Đang nạp lại kho tài liệu. Chỉ mục cũ được giữ nguyên cho đến khi hoàn tất; sau đó kết quả sẽ "
    "được báo tại đây.",
    reindex_running="Kho tài liệu đang được nạp lại. Vui lòng chờ kết quả.",
    reindex_done="Đã nạp lại kho tài liệu ({seconds} giây).",
    reindex_unchanged="Kho tài liệu không có thay đổi ({seconds} giây).",
    retained="vẫn trích dẫn bản trước của tệp",
    reindex_counts="Mới: {new} · thay đổi: {changed} · đổi tên: {renamed} · gỡ bỏ: {removed} · "
    "không đọc được: {refused}\nHiện có {documents} tài liệu, {passages} đoạn văn.",
    reindex_failed="Không nạp lại được kho tài liệu; chỉ mục cũ được giữ nguyên. Nguyên nhân:",
    wrong_format="Không nhận loại tệp này. Các loại tệp được nhận: {kinds}.",
    archive="Không nhận tệp nén (.zip) qua Telegram. Vui lòng gửi từng tài liệu, hoặc chép tệp nén vào kho tài "
    "liệu trên máy chủ.",
    too_large="Tệp lớn hơn 20 MB nên không tải về được qua Telegram. Vui lòng chép tệp vào kho tài liệu trên máy chủ.",
    unreadable="Không đọc được tệp {name}: {reason}.",
    reasons=(
        ("EncodingError", "tệp không phải là văn bản, hoặc không xác định được bảng mã"),
        ("EmptyError", "tệp không có nội dung"),
        ("SizeError", "tệp quá lớn"),
        ("BrokenError", "tệp bị hỏng, hoặc nội dung không đúng với đuôi tệp"),
        ("LockedError", "tệp có mật khẩu"),
        ("ScannedError", "các trang là ảnh chụp, không có chữ; cần nhận dạng chữ (OCR) trước khi gửi"),
        ("ExhaustedError", "cần quá nhiều thời gian hoặc bộ nhớ để đọc; có thể chia tệp thành nhiều tệp nhỏ hơn"),
        ("", "tệp hỏng, hoặc cần quá nhiều thời gian hay bộ nhớ để đọc"),
    ),
    no_corpus_folder="Chưa thêm được tài liệu: chưa có thư mục kho tài liệu phù hợp. Nguyên nhân:",
    received="Tài liệu đã nhận: {name}",
    title="Tiêu đề",
    publisher="Cơ quan ban hành",
    date="Ngày",
    paragraphs="Số đoạn văn",
    first="Mở đầu",
    no_title="Không tìm thấy tiêu đề; câu đầu được dùng thay.",
    no_date="Không rõ ngày ban hành.",
    replaces="Đã có tệp tên {name}; tệp đó sẽ bị thay thế.",
    same_content="Nội dung này đã có trong kho tài liệu dưới tên {source}.",
    not_compared="Không đối chiếu được với các tài liệu hiện có.",
    decision_prompt="Tệp chưa được thêm vào kho tài liệu. Quyết định có hiệu lực trong 24 giờ.",
    add="Thêm vào kho tài liệu",
    drop="Bỏ qua",
    html_page="Bản đọc",
    html_page_caption="Bản đọc của {name}, mở bằng trình duyệt: các đoạn theo thứ tự đọc, phần bỏ qua có màu đỏ.",
    no_html_page="Không tạo được bản đọc của tài liệu này: {reason}.",
    upload_expired="Tệp này không còn chờ quyết định. Vui lòng gửi lại tệp.",
    upload_name_taken="Vừa có tệp khác mang tên {name} trong kho tài liệu nên tệp này chưa được thêm. Vui lòng gửi "
    "lại tệp.",
    upload_added="Đã thêm {name} vào kho tài liệu. Đang nạp lại kho tài liệu.",
    upload_dropped="Đã bỏ qua {name}.",
    grant_prompt="{name} (mã {user}) chưa được cấp quyền. Có cấp quyền nhân viên cho người này không?",
    grant="Cấp quyền",
    forwarded_contact=(
        "Thông tin liên hệ được chuyển tiếp: {name}, mã {user}. Tên này do người gửi ghi, chưa được xác minh. "
        "Có cấp quyền nhân viên cho mã này không?"
    ),
    sender_hidden="Telegram ẩn người gửi tin nhắn này nên không xác định được mã người dùng. Vui lòng dùng /moi để tạo "
    "liên kết mời.",
    whole_paragraph="Trọn đoạn",
    paragraph_too_long="Đoạn văn này quá dài để gửi thành tin nhắn. Vui lòng xem toàn văn tài liệu (nút 📄).",
)

ACCESS = AccessTexts(
    request_passed_on="Yêu cầu này được chuyển đến quản trị viên.",
    you_were_refused="Yêu cầu sử dụng hệ thống của tài khoản này chưa được chấp thuận. {reason} "
    "Nếu cần trao đổi thêm, vui lòng liên hệ trực tiếp với quản trị viên.",
    you_were_removed="Quyền sử dụng hệ thống của tài khoản này đã được quản trị viên thu hồi. Nếu cần trao đổi thêm, "
    "vui lòng liên hệ trực tiếp với quản trị viên.",
    refusal_reasons=(
        ("unknown", "Lý do: chưa xác định được người gửi yêu cầu."),
        ("outside", "Lý do: hệ thống chỉ dành cho người của cơ quan."),
        ("", ""),
    ),
    requests="Yêu cầu cấp quyền sử dụng hệ thống: {count}",
    more_requests="… và {count} yêu cầu khác: /xinquyen",
    no_requests="Không có yêu cầu cấp quyền nào đang chờ.",
    admit="Cấp quyền: {name}",
    refuse="Từ chối",
    no_reason="Không nêu lý do",
    refused="Đã từ chối yêu cầu của {person}.",
    admitted_by="{person}: đã được cấp quyền (người thực hiện: {by})",
    refused_by="{person}: đã bị từ chối (người thực hiện: {by})",
    removed_by="{person}: đã bị thu hồi quyền (người thực hiện: {by})",
    not_told="Chưa báo được cho người này: người này chưa mở cuộc trò chuyện với hệ thống hoặc đã chặn hệ thống. "
    "Vui lòng đề nghị người này mở https://t.me/{bot} và bấm Start.",
    erasure_prompt="Thao tác này xóa vĩnh viễn khỏi hệ thống các câu hỏi, câu trả lời, đánh giá và số liệu sử dụng của "
    "{person}. Nhật ký quản trị được giữ lại vì thuộc hồ sơ của cơ quan; tin nhắn trong Telegram không bị xóa. Có tiếp "
    "tục không?",
    erasure_done="Đã xóa dữ liệu của {person}: {questions} lượt hỏi, {answers} câu trả lời, {ratings} đánh giá.",
    erasure_with_access="{person} còn quyền sử dụng hệ thống. Người này tự xóa dữ liệu bằng /quenlai; nếu đã nghỉ việc "
    "hoặc chuyển công tác, vui lòng thu hồi quyền bằng /xoa trước.",
    invitation_used="{person} đã dùng liên kết mời và được cấp quyền: {role}.",
    page="trang {page}/{pages}",
    nobody_found="Không có người dùng nào có tên hoặc mã chứa “{words}”.",
)

NOTICES = NoticeTexts(
    not_written_down="Hệ thống tạm thời chưa tiếp nhận được tin nhắn này. Tin nhắn không bị mất và sẽ được trả lời khi "
    "sự cố được khắc phục; không cần gửi lại.",
    documents_changed="Các tài liệu liên quan đến câu hỏi này đã thay đổi và đang được cập nhật nên chưa trích dẫn "
    "được. Vui lòng gửi lại câu hỏi sau.",
    some_documents_changed="Một số tài liệu đã thay đổi và đang được cập nhật nên chưa được trích dẫn dưới đây.",
    disk_full="Hệ thống không ghi được tin nhắn mới vào tệp trạng thái (TRICHDAN_STATE), thường do ổ đĩa đã đầy. Các "
    "tin nhắn được Telegram giữ lại nhưng chưa được trả lời. Cần giải phóng dung lượng trên máy chủ.",
    stale_documents="Có tài liệu đã thay đổi hoặc không còn sau khi lập chỉ mục nên không được trích dẫn trong câu trả "
    "lời. Gửi /naplai để cập nhật kho tài liệu.",
    other_root="Chỉ mục hiện được lập từ một thư mục khác trước, nên phạm vi tài liệu theo TRICHDAN_COLLECTIONS không "
    "còn chắc chắn đúng. Người chỉ được xem một phần tài liệu tạm thời không tra cứu được, cho đến khi người phụ trách "
    "máy chủ kiểm tra và chạy `trichdan bot-confirm-root`, hoặc lập lại chỉ mục từ thư mục cũ.",
)

DOCUMENTS = DocumentTexts(
    folder="Thư mục",
    readers="Người xem được",
    groups="{count} nhóm",
    nobody="không ai",
    not_for_staff="Nhân viên không xem được tài liệu trong thư mục này (TRICHDAN_COLLECTIONS). Có thể chọn "
    "thư mục khác.",
    marked="Tài liệu mang dấu chỉ độ mật {mark} nên không được đưa vào kho tài liệu; tệp đã được xóa khỏi máy chủ. "
    "Việc gửi tài liệu bí mật nhà nước qua Telegram là trái quy định: cần xóa tin nhắn này và báo ngay cho người phụ "
    "trách bảo vệ bí mật nhà nước của cơ quan.",
    marked_folder="Tài liệu mang dấu chỉ độ mật {mark} nên chỉ được thêm vào thư mục đã mở cho tài liệu có dấu chỉ độ "
    "mật. Vui lòng chọn thư mục bên dưới.",
    marked_refused="tài liệu mang dấu chỉ độ mật {mark}; thư mục chưa được mở cho tài liệu có dấu chỉ độ mật",
    no_such_folder="Thư mục này không còn trong kho tài liệu. Vui lòng gửi lại tệp.",
    not_of_chat="Thư mục này đã có tệp tên {name}, không phải tệp gửi qua cuộc trò chuyện, nên không thay thế được từ "
    "đây. Vui lòng chọn thư mục khác hoặc đổi tên tệp.",
    other_kind="Tệp thay thế phải cùng loại với {name}.",
    uploads="Tài liệu đã gửi qua cuộc trò chuyện: {count}",
    no_uploads="Chưa có tài liệu nào được gửi qua cuộc trò chuyện.",
    sent_by="Người gửi",
    how_to_replace="Để thay thế, trả lời (reply) tin nhắn này bằng tệp mới cùng loại ({suffix}).",
    remove="Gỡ bỏ",
    rename="Đổi tên",
    undo="Hoàn tác (trong 24 giờ)",
    back="Danh sách",
    ask_name="Vui lòng trả lời (reply) tin nhắn này bằng tên mới của tệp {name}.",
    removed="Đã gỡ bỏ {name} khỏi kho tài liệu. Đang nạp lại kho tài liệu.",
    renamed="Đã đổi tên {former} thành {name}. Đang nạp lại kho tài liệu.",
    restored="Đã khôi phục {name}. Đang nạp lại kho tài liệu.",
    name_taken="Đã có tệp khác mang tên này trong thư mục. Vui lòng chọn tên khác.",
    gone="Tài liệu này không còn trong danh sách, hoặc đã quá 24 giờ để hoàn tác.",
)

GROUPS = GroupTexts(
    ask_to_open="Hệ thống vừa được thêm vào nhóm {title}. Có mở nhóm này để nhân viên tra cứu không? Mọi thành viên "
    "của nhóm sẽ đọc được câu trả lời.",
    open="Mở nhóm",
    close="Đóng nhóm",
    opened="Đã mở nhóm {title} để tra cứu. Nhân viên nhắc tên hệ thống để hỏi; mọi thành viên của nhóm đọc được câu "
    "trả lời. /dongnhom – đóng nhóm.",
    closed="Đã đóng nhóm {title}.",
    fixed="Nhóm {title} được mở theo cấu hình (TRICHDAN_GROUPS) nên không thay đổi được từ đây.",
    in_groups_only="Lệnh này chỉ dùng trong nhóm cần mở hoặc đóng.",
    sees_nothing="Chưa có thư mục tài liệu nào được mở cho nhóm này (TRICHDAN_COLLECTIONS).",
)

PRIVACY = PrivacyTexts(
    notice_html="<b>Dữ liệu được lưu</b>\n"
    "• Nội dung câu hỏi: {questions}\n"
    "• Mỗi lượt hỏi: thời điểm, mã người dùng, kết quả và thời gian xử lý, không kèm nội dung; lưu {rows} ngày.\n"
    "• Câu trả lời: mã người dùng và vị trí các đoạn đã trích, để các nút hoạt động; đánh giá của người dùng; lưu "
    "{rows} ngày.\n"
    "• Các câu hỏi gần nhất được giữ trong bộ nhớ để hiểu câu hỏi tiếp theo, và mất khi hệ thống khởi động lại.\n"
    "• Mã, tên và vai trò của người được cấp quyền: đến khi thu hồi quyền. Nhật ký quản trị, kèm tên: không thời hạn.\n"
    "• Câu hỏi đã gửi đến người phụ trách: {days} ngày; câu trả lời đã duyệt: đến khi bị thu hồi.\n"
    "• Lần gần nhất xem danh mục tài liệu (không kèm thời điểm), để nêu tài liệu mới thêm: đến khi thu hồi quyền.\n"
    "• Yêu cầu của người chưa được cấp quyền (mã, tên, kết quả): {requests} ngày.\n\n"
    "<b>Người xem được</b>\n"
    "• Quản trị viên: danh sách người dùng, nhật ký quản trị và báo cáo sử dụng. {reports}\n"
    "• Người phụ trách máy chủ: toàn bộ dữ liệu đã lưu.\n"
    "• Trong nhóm: mọi thành viên đọc được câu hỏi và câu trả lời. Tin nhắn trong Telegram do Telegram lưu.\n\n"
    "<b>Xóa dữ liệu</b>\n"
    "/quenlai xóa ngay câu hỏi, câu trả lời, đánh giá và số liệu sử dụng của bản thân. Quyền sử dụng và nhật ký quản "
    "trị được giữ lại vì thuộc hồ sơ của cơ quan; bản sao lưu cũ và tin nhắn trong Telegram không bị xóa.",
    questions_kept="được lưu cùng câu trả lời trong {days} ngày.",
    questions_not_kept="không được lưu; chỉ được giữ cho đến khi trả lời xong (nếu chưa trả lời được, "
    "tối đa {days} ngày).",
    reports_with_questions="Báo cáo có nội dung câu hỏi chưa có câu trả lời, không kèm tên người hỏi.",
    reports_without_questions="Báo cáo không có nội dung câu hỏi.",
)

BROADCAST = BroadcastTexts(
    head="Thông báo của quản trị viên",
    usage="Vui lòng nhập nội dung thông báo (tối đa {most} ký tự) sau lệnh, ví dụ: "
    "/thongbao Hệ thống tạm dừng từ 17 giờ.",
    question="Có gửi thông báo trên đến {count} người không?",
    send="Gửi",
    cancel="Không gửi",
    cancelled="Thông báo không được gửi.",
    sending="Đang gửi thông báo đến {count} người. Kết quả sẽ được báo khi hoàn tất.",
    decided="Thông báo này đã được quyết định, hoặc đã quá 24 giờ.",
    report="Đã gửi thông báo đến {sent}/{count} người.",
    unreachable="Không gửi được đến {count} người (chưa mở cuộc trò chuyện, đã chặn hệ thống hoặc không còn quyền):",
    unknown="Có {count} người không rõ đã nhận được hay chưa, do hệ thống khởi động lại khi đang gửi:",
)
