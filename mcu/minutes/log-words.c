#include "mcu/minutes/log-words.h"

#include <string.h>

#include "mcu/minutes/clean.h"
#include "mcu/minutes/when.h"
#include "mcu/minutes/words.h"
#include "mcu/room/event.h"

/* `what`, and `text` behind it as it may be shown. */
static char *
with(const char *what, const char *text)
{
  g_autofree char *clean = mcu_minutes_clean(text, MCU_LOG_TEXT_MAX_CHARS - 100);
  return *clean != '\0' ? g_strdup_printf("%s: %s", what, clean) : g_strdup(what);
}

static char *
with_number(const char *what, gint64 number)
{
  return g_strdup_printf("%s %" G_GINT64_FORMAT, what, number);
}

static char *
say_removed(const McuMinutesRow *row)
{
  if (strcmp(row->reason, "expired") == 0)
    return g_strdup("Rời họp: không nối lại được");
  return g_strdup(strcmp(row->reason, "removed") == 0 ? "Rời họp: do chủ trì hoặc do phiên họp kết thúc" : "Rời họp");
}

static char *
say_media(const McuMinutesRow *row)
{
  return g_strdup_printf("Micro %s, camera %s", row->mic ? "bật" : "tắt", row->camera ? "bật" : "tắt");
}

static char *
say_floor_given(const McuMinutesRow *row)
{
  return row->number > 0 ? g_strdup_printf("Được mời phát biểu, tối đa %" G_GINT64_FORMAT " giây", row->number)
                         : g_strdup("Được mời phát biểu");
}

static char *
say_hand_moved(const McuMinutesRow *row)
{
  return with_number("Được chuyển trong hàng chờ phát biểu, tới vị trí", MAX(row->number, 0) + 1);
}

static char *
say_policy(const McuMinutesRow *row)
{
  static const char *const words[MCU_N_MIC_POLICIES] = {"mở", "xin phép", "chỉ chủ trì"};
  return with("Chế độ micro", row->number >= 0 && row->number < MCU_N_MIC_POLICIES ? words[row->number] : "");
}

static char *
say_role(const McuMinutesRow *row)
{
  McuRole role;
  return with("Đổi vai trò", mcu_room_role_parse(row->role, &role) ? mcu_minutes_role(role) : "");
}

static char *
say_chat(const McuMinutesRow *row)
{
  return row->number == 0 ? with("Trò chuyện", row->text) : g_strdup("Nhắn riêng cho bàn điều khiển");
}

static char *
say_announced(const McuMinutesRow *row)
{
  return *row->text != '\0' ? with(*row->more != '\0' ? "Thông báo riêng" : "Thông báo", row->text)
                            : g_strdup("Thôi thông báo");
}

static char *
say_planned(const McuMinutesRow *row)
{
  g_autofree char *when = mcu_when_full(row->number > 0 && row->number < G_MAXINT64 / 1000 ? row->number * 1000 : 0);
  g_autofree char *title = mcu_minutes_clean(row->name, MCU_TITLE_MAX_CHARS);
  return *when != '\0' ? g_strdup_printf("Lên lịch phiên họp: %s, lúc %s", title, when)
                       : with("Lên lịch phiên họp", title);
}

static char *
say_vote_opened(const McuMinutesRow *row)
{
  g_autofree char *what = with_number(row->on ? "Mở biểu quyết kín" : "Mở biểu quyết", row->number);
  return with(what, row->name);
}

static char *
say_vote_closed(const McuMinutesRow *row)
{
  g_autofree char *what = with_number("Kết thúc biểu quyết", row->number);
  return with(what, row->text);
}

static char *
say_vote_cast(const McuMinutesRow *row)
{
  return g_strdup_printf("Bỏ phiếu trong biểu quyết %" G_GINT64_FORMAT ", phương án %" G_GINT64_FORMAT, row->number,
                         row->count + 1);
}

static char *
say_vote_used(const McuMinutesRow *row)
{
  return with_number("Một phiếu kín trong biểu quyết", row->number);
}

static char *
say_vote_restarted(const McuMinutesRow *row)
{
  return with_number("Bỏ phiếu lại từ đầu, biểu quyết", row->number);
}

static char *
say_vote_shown(const McuMinutesRow *row)
{
  return with_number(row->on ? "Chiếu kết quả biểu quyết" : "Thôi chiếu kết quả biểu quyết", row->number);
}

static char *
say_marked(const McuMinutesRow *row)
{
  const char *status =
      row->number >= 0 && row->number < MCU_ROLL_N_STATUSES ? mcu_minutes_status((McuRollStatus)row->number) : "";
  g_autofree char *what = g_strdup_printf("Điểm danh (%s): %s", row->on ? "người ghi" : "máy ghi", status);
  return with(what, row->text);
}

static char *
say_agenda_set(const McuMinutesRow *row)
{
  g_auto(GStrv) lines = g_strsplit(row->text, "\n", -1);
  return g_strdup_printf("Đặt chương trình họp, %u mục", *row->text != '\0' ? g_strv_length(lines) : 0);
}

static char *
say_agenda_at(const McuMinutesRow *row)
{
  return row->number >= 0 ? with_number("Chuyển sang mục", row->number + 1) : g_strdup("Không ở mục nào");
}

static char *
say_document_shown(const McuMinutesRow *row)
{
  return *row->other != '\0' ? with_number("Chiếu tài liệu, trang", row->number) : g_strdup("Thôi chiếu tài liệu");
}

/* One of: a sentence; two, by `on`; a sentence with a text behind it; or a function. */
static const struct {
  const char *type, *said, *off;
  enum { PLAIN, NAME, TEXT } behind;
  char *(*say)(const McuMinutesRow *row);
} sentences[] = {
    {"seat-added", "Vào họp", NULL, PLAIN, NULL},
    {"seat-removed", NULL, NULL, PLAIN, say_removed},
    {"seat-lost", "Mất kết nối", NULL, PLAIN, NULL},
    {"seat-back", "Đã nối lại", NULL, PLAIN, NULL},
    {"seat-replaced", "Vào họp bằng thiết bị khác", NULL, PLAIN, NULL},
    {"media-changed", NULL, NULL, PLAIN, say_media},
    {"recording-on", "Bắt đầu ghi hình", NULL, PLAIN, NULL},
    {"recording-off", "Dừng ghi hình", NULL, PLAIN, NULL},
    {"floor-given", NULL, NULL, PLAIN, say_floor_given},
    {"floor-taken", "Kết thúc lượt phát biểu", NULL, PLAIN, NULL},
    {"hand-raised", "Xin phát biểu", NULL, PLAIN, NULL},
    {"hand-lowered", "Rút khỏi hàng chờ phát biểu", NULL, PLAIN, NULL},
    {"hand-moved", NULL, NULL, PLAIN, say_hand_moved},
    {"policy-changed", NULL, NULL, PLAIN, say_policy},
    {"seat-muted", "Bị tắt micro", NULL, PLAIN, NULL},
    {"seat-unmuted", "Được bật micro", NULL, PLAIN, NULL},
    {"all-muted", "Tắt micro tất cả", NULL, PLAIN, NULL},
    {"all-unmuted", "Bật micro tất cả", NULL, PLAIN, NULL},
    {"consent-changed", "Đồng ý cho bật micro từ xa", "Không đồng ý cho bật micro từ xa", PLAIN, NULL},
    {"role-changed", NULL, NULL, PLAIN, say_role},
    {"locked", "Khóa phiên họp", "Mở khóa phiên họp", PLAIN, NULL},
    {"lobby-entered", "Vào phòng chờ", NULL, PLAIN, NULL},
    {"lobby-left", "Rời phòng chờ", NULL, PLAIN, NULL},
    {"admitted", "Được cho vào họp", NULL, PLAIN, NULL},
    {"kept-out", "Không được vào họp", NULL, PLAIN, NULL},
    {"pardoned", "Được phép vào họp trở lại", NULL, PLAIN, NULL},
    {"programme-set", "Đổi hình đang chiếu", NULL, PLAIN, NULL},
    {"programme-undone", "Trả lại hình chiếu trước", NULL, PLAIN, NULL},
    {"preview-set", "Đổi hình xem trước", NULL, PLAIN, NULL},
    {"scene-saved", "Lưu cảnh", NULL, NAME, NULL},
    {"scene-dropped", "Xóa cảnh", NULL, NAME, NULL},
    {"layout-locked", "Khóa bố cục", "Mở khóa bố cục", PLAIN, NULL},
    {"banner-set", "Băng chữ", NULL, TEXT, NULL},
    {"tour-set", "Đặt lượt xem lần lượt các điểm cầu", NULL, PLAIN, NULL},
    {"made", "Lập phiên họp", NULL, NAME, NULL},
    {"planned", NULL, NULL, PLAIN, say_planned},
    {"invited", "Có trong danh sách mời", NULL, PLAIN, NULL},
    {"uninvited", "Được đưa khỏi danh sách mời", NULL, PLAIN, NULL},
    {"ended", "Kết thúc phiên họp", NULL, PLAIN, NULL},
    {"chat-said", NULL, NULL, PLAIN, say_chat},
    {"chat-opened", "Mở trò chuyện", "Đóng trò chuyện", PLAIN, NULL},
    {"announced", NULL, NULL, PLAIN, say_announced},
    {"vote-opened", NULL, NULL, PLAIN, say_vote_opened},
    {"vote-cast", NULL, NULL, PLAIN, say_vote_cast},
    {"vote-used", NULL, NULL, PLAIN, say_vote_used},
    {"vote-restarted", NULL, NULL, PLAIN, say_vote_restarted},
    {"vote-closed", NULL, NULL, PLAIN, say_vote_closed},
    {"vote-shown", NULL, NULL, PLAIN, say_vote_shown},
    {"roll-opened", "Bắt đầu điểm danh", NULL, PLAIN, NULL},
    {"roll-marked", NULL, NULL, PLAIN, say_marked},
    {"roll-closed", "Kết thúc điểm danh", NULL, PLAIN, NULL},
    {"calls-begun", "Bắt đầu gọi lần lượt các điểm cầu", NULL, PLAIN, NULL},
    {"called", "Được gọi", NULL, PLAIN, NULL},
    {"calls-paused", "Tạm dừng gọi các điểm cầu", "Gọi tiếp các điểm cầu", PLAIN, NULL},
    {"calls-ended", "Thôi gọi các điểm cầu", NULL, PLAIN, NULL},
    {"agenda-set", NULL, NULL, PLAIN, say_agenda_set},
    {"agenda-at", NULL, NULL, PLAIN, say_agenda_at},
    {"document-added", "Thêm tài liệu", NULL, NAME, NULL},
    {"document-removed", "Bỏ tài liệu", NULL, PLAIN, NULL},
    {"document-shown", NULL, NULL, PLAIN, say_document_shown},
    {"presenter-set", "Được phép trình chiếu", "Thôi được phép trình chiếu", PLAIN, NULL},
    {"presenting-on", "Bắt đầu trình chiếu", NULL, PLAIN, NULL},
    {"presenting-off", "Dừng trình chiếu", NULL, PLAIN, NULL},
    {"aside-set", "Vào phòng trao đổi riêng", "Rời phòng trao đổi riêng", PLAIN, NULL},
};

char *
mcu_log_words(const McuMinutesRow *row)
{
  guint i = 0;
  while (i < G_N_ELEMENTS(sentences) && strcmp(sentences[i].type, row->type) != 0)
    i++;
  if (i == G_N_ELEMENTS(sentences))
    return g_strdup("");
  if (sentences[i].say != NULL)
    return sentences[i].say(row);
  const char *said = sentences[i].off != NULL && !row->on ? sentences[i].off : sentences[i].said;
  if (sentences[i].behind == PLAIN)
    return g_strdup(said);
  return with(said, sentences[i].behind == NAME ? row->name : row->text);
}

gboolean
mcu_log_words_may_name(const McuMinutesRow *row)
{
  return strcmp(row->type, "vote-used") != 0;
}
