#include "mcu/minutes/minutes-pdf.h"

#include <string.h>

#include "mcu/minutes/cells.h"
#include "mcu/minutes/clean.h"
#include "mcu/minutes/sheet.h"
#include "mcu/minutes/when.h"
#include "mcu/minutes/words.h"

#define AGENCY_LINES_MAX 4
#define AGENCY_MAX_CHARS 200
#define DOTS "……………………………"

typedef struct {
  const McuMinutes *minutes;
  McuSheet *sheet;
  McuCells *cells;
  guint section; /* the last one's number */
  gboolean days; /* it went on for more than one: times need their dates */
} Writer;

static void say(Writer *w, McuSheetStyle style, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
say(Writer *w, McuSheetStyle style, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  mcu_sheet_text(w->sheet, style, MCU_SHEET_LEFT, text);
}

static const char *
name_of(const Writer *w, const char *site)
{
  return *site != '\0' ? mcu_minutes_name(w->minutes, site) : "";
}

/* Of a table. */
static void
add_time(Writer *w, gint64 time_us)
{
  mcu_cells_take(w->cells, w->days ? mcu_when_short(time_us) : mcu_when_clock(time_us));
}

static void
begin_section(Writer *w, const char *title)
{
  static const char *const numerals[] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};
  g_assert(w->section < G_N_ELEMENTS(numerals));
  say(w, MCU_SHEET_SECTION, "%s. %s", numerals[w->section++], title);
}

static void
end_row(Writer *w)
{
  mcu_sheet_row(w->sheet, mcu_cells_get(w->cells));
  mcu_cells_clear(w->cells);
}

/* `n` of what there is to say. */
static void
end_table(Writer *w, guint n)
{
  mcu_sheet_table_end(w->sheet);
  if (n > MCU_MINUTES_PDF_ROWS_MAX)
    say(w, MCU_SHEET_SMALL, "… và %u dòng nữa, xem bản CSV.", n - MCU_MINUTES_PDF_ROWS_MAX);
}

/* --- the head ----------------------------------------------------------------------------- */

static void
write_national_head(Writer *w, const McuMinutesHeader *header)
{
  const McuSheetLine right[] = {
      {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", MCU_SHEET_HEAD_BOLD, FALSE},
      {"Độc lập - Tự do - Hạnh phúc", MCU_SHEET_HEAD_BOLD, TRUE},
  };
  McuSheetLine left[AGENCY_LINES_MAX + 1];
  char *owned[AGENCY_LINES_MAX];
  guint n = 0;
  g_auto(GStrv) lines = g_strsplit(header != NULL && header->agency != NULL ? header->agency : DOTS, "\n", -1);
  for (guint i = 0; lines[i] != NULL && n < AGENCY_LINES_MAX; i++) {
    owned[n] = mcu_minutes_clean(lines[i], AGENCY_MAX_CHARS);
    left[n] = (McuSheetLine){owned[n], MCU_SHEET_HEAD, FALSE};
    n++;
  }
  if (n > 0) {
    left[n - 1].style = MCU_SHEET_HEAD_BOLD;
    left[n - 1].ruled = TRUE;
  }
  left[n] = (McuSheetLine){"Số: ………/BB-………", MCU_SHEET_HEAD, FALSE};
  mcu_sheet_beside(w->sheet, 0.42, left, n + 1, right, G_N_ELEMENTS(right));
  for (guint i = 0; i < n; i++)
    g_free(owned[i]);
}

/* Names of those of `role` who were there, else who were invited as such; caller frees. */
static char *
names_of_role(const Writer *w, McuRole role)
{
  const GPtrArray *list = mcu_minutes_attendance(w->minutes);
  GString *there = g_string_new(NULL), *invited = g_string_new(NULL);
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *a = g_ptr_array_index(list, i);
    GString *names = a->spans->len > 0 ? there : invited;
    if (a->role == role)
      g_string_append_printf(names, "%s%s", names->len > 0 ? "; " : "", a->name);
  }
  if (there->len == 0 && invited->len > 0)
    g_string_append_printf(there, "%s (vắng)", invited->str);
  if (there->len == 0)
    g_string_append(there, DOTS);
  g_string_free(invited, TRUE);
  return g_string_free(there, FALSE);
}

static void
write_time(Writer *w, const char *what, gint64 time_us)
{
  g_autofree char *when = mcu_when_spoken(time_us);
  if (*when != '\0')
    say(w, MCU_SHEET_BODY, "%s: %s", what, when);
}

static void
write_summary(Writer *w)
{
  const McuMinutesHead *head = mcu_minutes_head(w->minutes);
  g_autofree char *chair = names_of_role(w, MCU_ROLE_CHAIR);
  g_autofree char *secretary = names_of_role(w, MCU_ROLE_SECRETARY);
  mcu_sheet_text(w->sheet, MCU_SHEET_TITLE, MCU_SHEET_CENTER, "BIÊN BẢN");
  mcu_sheet_text(w->sheet, MCU_SHEET_BOLD, MCU_SHEET_CENTER, *head->title != '\0' ? head->title : head->id);
  mcu_sheet_space(w->sheet, 10);
  write_time(w, "Thời gian dự kiến", head->planned_us);
  write_time(w, "Thời gian bắt đầu", head->began_us);
  write_time(w, "Thời gian kết thúc", head->ended_us);
  if (head->ended_us == 0)
    say(w, MCU_SHEET_BOLD, "Phiên họp chưa kết thúc khi lập biên bản này.");
  say(w, MCU_SHEET_BODY, "Hình thức: họp trực tuyến, %u điểm cầu đã vào họp", head->n_present);
  say(w, MCU_SHEET_BODY, "Chủ trì: %s", chair);
  say(w, MCU_SHEET_BODY, "Thư ký: %s", secretary);
}

/* --- who was there ------------------------------------------------------------------------ */

static char *
describe_presence(const McuAttendee *a)
{
  if (a->spans->len == 0)
    return g_strdup("Vắng");
  return mcu_when_lasted(a->present_us);
}

static void
write_attendee(Writer *w, guint n, const McuAttendee *a)
{
  mcu_cells_number(w->cells, n);
  mcu_cells_add(w->cells, a->name);
  mcu_cells_add(w->cells, mcu_minutes_role(a->role));
  mcu_cells_add(w->cells, a->guest ? "(ngoài danh sách)" : name_of(w, a->parent));
  add_time(w, a->first_us);
  if (a->here)
    mcu_cells_add(w->cells, "đang họp");
  else
    add_time(w, a->last_us);
  mcu_cells_take(w->cells, describe_presence(a));
  mcu_cells_take(w->cells, a->interruptions > 0 ? g_strdup_printf("%u", a->interruptions) : g_strdup(""));
  end_row(w);
}

static void
write_attendance(Writer *w)
{
  static const McuSheetColumn columns[] = {
      {"STT", 24, MCU_SHEET_RIGHT},        {"Điểm cầu", 122, MCU_SHEET_LEFT},   {"Vai trò", 48, MCU_SHEET_LEFT},
      {"Trực thuộc", 100, MCU_SHEET_LEFT}, {"Vào", 42, MCU_SHEET_CENTER},       {"Ra", 42, MCU_SHEET_CENTER},
      {"Có mặt", 44, MCU_SHEET_CENTER},    {"Gián đoạn", 38, MCU_SHEET_CENTER},
  };
  const GPtrArray *list = mcu_minutes_attendance(w->minutes);
  const McuMinutesHead *head = mcu_minutes_head(w->minutes);
  begin_section(w, "THÀNH PHẦN THAM DỰ");
  if (head->n_invited > 0)
    say(w, MCU_SHEET_BODY, "Được mời %u điểm cầu; có mặt %u, vắng %u; ngoài danh sách %u.", head->n_invited,
        head->n_invited_present, head->n_invited - head->n_invited_present, head->n_guests);
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(list->len, MCU_MINUTES_PDF_ROWS_MAX); i++)
    write_attendee(w, i + 1, g_ptr_array_index(list, i));
  end_table(w, list->len);
}

static void
write_counts(Writer *w, const McuMinutesRoll *roll)
{
  guint counts[MCU_ROLL_N_STATUSES] = {0};
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < roll->marks->len; i++)
    counts[((const McuMinutesMark *)g_ptr_array_index(roll->marks, i))->status]++;
  for (guint i = 0; i < MCU_ROLL_N_STATUSES; i++)
    if (counts[i] > 0)
      g_string_append_printf(text, "%s%s: %u", text->len > 0 ? "; " : "", mcu_minutes_status((McuRollStatus)i),
                             counts[i]);
  if (text->len > 0)
    say(w, MCU_SHEET_BODY, "%s.", text->str);
}

static void
write_roll(Writer *w, guint n, const McuMinutesRoll *roll)
{
  static const McuSheetColumn columns[] = {
      {"STT", 24, MCU_SHEET_RIGHT},   {"Điểm cầu", 130, MCU_SHEET_LEFT}, {"Tình trạng", 100, MCU_SHEET_LEFT},
      {"Lý do", 120, MCU_SHEET_LEFT}, {"Cách ghi", 48, MCU_SHEET_LEFT},  {"Lúc", 44, MCU_SHEET_CENTER},
  };
  g_autofree char *opened = mcu_when_full(roll->opened_us);
  g_autofree char *closed = mcu_when_full(roll->closed_us);
  say(w, MCU_SHEET_BOLD, "Lần %u: từ %s%s%s", n, opened, *closed != '\0' ? " đến " : "", closed);
  write_counts(w, roll);
  if (roll->marks->len == 0)
    return;
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(roll->marks->len, MCU_MINUTES_PDF_ROWS_MAX); i++) {
    const McuMinutesMark *mark = g_ptr_array_index(roll->marks, i);
    mcu_cells_number(w->cells, i + 1);
    mcu_cells_add(w->cells, name_of(w, mark->site));
    mcu_cells_add(w->cells, mcu_minutes_status(mark->status));
    mcu_cells_add(w->cells, mark->reason);
    mcu_cells_add(w->cells, mark->by_hand ? "Người ghi" : "Máy ghi");
    add_time(w, mark->time_us);
    end_row(w);
  }
  end_table(w, roll->marks->len);
}

static void
write_rolls(Writer *w)
{
  const GPtrArray *rolls = mcu_minutes_rolls(w->minutes);
  if (rolls->len == 0)
    return;
  begin_section(w, "ĐIỂM DANH");
  for (guint i = 0; i < rolls->len; i++)
    write_roll(w, i + 1, g_ptr_array_index(rolls, i));
}

/* --- what was dealt with ------------------------------------------------------------------ */

static void
write_agenda(Writer *w)
{
  static const McuSheetColumn columns[] = {
      {"Mục", 28, MCU_SHEET_RIGHT},      {"Nội dung", 170, MCU_SHEET_LEFT},
      {"Trình bày", 96, MCU_SHEET_LEFT}, {"Dự kiến (phút)", 44, MCU_SHEET_CENTER},
      {"Bắt đầu", 44, MCU_SHEET_CENTER}, {"Kết thúc", 44, MCU_SHEET_CENTER},
      {"Thực tế", 44, MCU_SHEET_CENTER},
  };
  const GPtrArray *items = mcu_minutes_agenda(w->minutes);
  if (items->len == 0)
    return;
  begin_section(w, "CHƯƠNG TRÌNH HỌP");
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < items->len; i++) {
    const McuAgendaTime *item = g_ptr_array_index(items, i);
    mcu_cells_take(w->cells, item->dropped ? g_strdup("–") : g_strdup_printf("%u", i + 1));
    mcu_cells_take(w->cells, g_strdup_printf("%s%s", item->title, item->dropped ? " (đã bỏ khỏi chương trình)" : ""));
    mcu_cells_add(w->cells, item->who);
    mcu_cells_take(w->cells, item->planned_minutes > 0 ? g_strdup_printf("%u", item->planned_minutes) : g_strdup(""));
    add_time(w, item->began_us);
    add_time(w, item->ended_us);
    mcu_cells_take(w->cells, item->began_us != 0 ? mcu_when_lasted(item->total_us) : g_strdup("chưa họp"));
    end_row(w);
  }
  end_table(w, items->len);
}

static void
write_floor_sums(Writer *w)
{
  static const McuSheetColumn columns[] = {
      {"STT", 28, MCU_SHEET_RIGHT},
      {"Điểm cầu", 260, MCU_SHEET_LEFT},
      {"Số lượt", 80, MCU_SHEET_CENTER},
      {"Tổng thời gian", 100, MCU_SHEET_CENTER},
  };
  const GPtrArray *times = mcu_minutes_floor(w->minutes);
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(times->len, MCU_MINUTES_PDF_ROWS_MAX); i++) {
    const McuFloorTime *time = g_ptr_array_index(times, i);
    mcu_cells_number(w->cells, i + 1);
    mcu_cells_add(w->cells, name_of(w, time->site));
    mcu_cells_number(w->cells, time->n_turns);
    mcu_cells_take(w->cells, mcu_when_lasted(time->total_us));
    end_row(w);
  }
  end_table(w, times->len);
}

static void
write_floor_turns(Writer *w)
{
  static const McuSheetColumn columns[] = {
      {"Lượt", 28, MCU_SHEET_RIGHT},      {"Điểm cầu", 200, MCU_SHEET_LEFT},   {"Bắt đầu", 80, MCU_SHEET_CENTER},
      {"Kết thúc", 80, MCU_SHEET_CENTER}, {"Thời gian", 80, MCU_SHEET_CENTER},
  };
  const GPtrArray *turns = mcu_minutes_turns(w->minutes);
  say(w, MCU_SHEET_BOLD, "Các lượt phát biểu");
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(turns->len, MCU_MINUTES_PDF_ROWS_MAX); i++) {
    const McuFloorTurn *turn = g_ptr_array_index(turns, i);
    mcu_cells_number(w->cells, i + 1);
    mcu_cells_add(w->cells, name_of(w, turn->site));
    add_time(w, turn->began_us);
    add_time(w, turn->ended_us);
    mcu_cells_take(w->cells, mcu_when_lasted(turn->ended_us - turn->began_us));
    end_row(w);
  }
  end_table(w, turns->len);
}

static void
write_floor(Writer *w)
{
  if (mcu_minutes_floor(w->minutes)->len == 0)
    return;
  begin_section(w, "PHÁT BIỂU");
  write_floor_sums(w);
  write_floor_turns(w);
}

/* --- what was decided --------------------------------------------------------------------- */

static void
write_result(Writer *w, const McuBallot *vote)
{
  static const McuSheetColumn columns[] = {
      {"Phương án", 300, MCU_SHEET_LEFT},
      {"Số phiếu", 80, MCU_SHEET_CENTER},
      {"Tỷ lệ trên số có quyền", 88, MCU_SHEET_CENTER},
  };
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < vote->n_choices; i++) {
    guint entitled = MAX(vote->n_entitled, 1);
    mcu_cells_add(w->cells, vote->choices[i]);
    mcu_cells_take(w->cells, vote->counted ? g_strdup_printf("%u", vote->counts[i]) : g_strdup("chưa kiểm"));
    mcu_cells_take(w->cells,
                   vote->counted ? g_strdup_printf("%.1f%%", 100.0 * vote->counts[i] / entitled) : g_strdup(""));
    end_row(w);
  }
  end_table(w, vote->n_choices);
}

static void
write_choosers(Writer *w, const McuBallot *vote, guint choice)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < vote->casts->len; i++) {
    const McuBallotCast *cast = &g_array_index(vote->casts, McuBallotCast, i);
    if (cast->choice == choice)
      g_string_append_printf(names, "%s%s", names->len > 0 ? "; " : "", name_of(w, cast->site));
  }
  if (names->len > 0)
    say(w, MCU_SHEET_SMALL, "%s: %s.", vote->choices[choice], names->str);
}

static void
write_vote(Writer *w, const McuBallot *vote)
{
  g_autofree char *opened = mcu_when_full(vote->opened_us);
  g_autofree char *closed = mcu_when_full(vote->closed_us);
  mcu_sheet_keep(w->sheet, 120);
  say(w, MCU_SHEET_BOLD, "Biểu quyết %u: %s", vote->number, vote->question);
  say(w, MCU_SHEET_BODY, "%s; mở lúc %s%s%s. Có quyền biểu quyết: %u; đã bỏ phiếu: %u.",
      vote->secret ? "Bỏ phiếu kín" : "Biểu quyết công khai", opened, *closed != '\0' ? ", kết thúc lúc " : "", closed,
      vote->n_entitled, vote->n_voted);
  if (vote->rounds > 1)
    say(w, MCU_SHEET_BODY, "Bỏ phiếu lại từ đầu %u lần.", vote->rounds - 1);
  if (vote->quorum > 0 && vote->closed_us != 0)
    say(w, MCU_SHEET_BODY, "Yêu cầu ít nhất %u%% số có quyền bỏ phiếu: %s.", vote->quorum,
        vote->quorate ? "đạt" : "KHÔNG ĐẠT");
  if (vote->closed_us == 0)
    say(w, MCU_SHEET_BODY, "Biểu quyết này chưa kết thúc.");
  write_result(w, vote);
  for (guint i = 0; !vote->secret && i < vote->n_choices; i++)
    write_choosers(w, vote, i);
}

static void
write_votes(Writer *w)
{
  const GPtrArray *votes = mcu_minutes_votes(w->minutes);
  if (votes->len == 0)
    return;
  begin_section(w, "BIỂU QUYẾT");
  for (guint i = 0; i < votes->len; i++)
    write_vote(w, g_ptr_array_index(votes, i));
}

/* --- what was written and shown ----------------------------------------------------------- */

static void
write_lines(Writer *w, const char *title, const GPtrArray *lines)
{
  static const McuSheetColumn columns[] = {
      {"Lúc", 46, MCU_SHEET_CENTER},
      {"Điểm cầu", 120, MCU_SHEET_LEFT},
      {"Nội dung", 302, MCU_SHEET_LEFT},
  };
  if (lines->len == 0)
    return;
  begin_section(w, title);
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < MIN(lines->len, MCU_MINUTES_PDF_ROWS_MAX); i++) {
    const McuMinutesLine *line = g_ptr_array_index(lines, i);
    add_time(w, line->time_us);
    mcu_cells_add(w->cells, name_of(w, line->site));
    mcu_cells_add(w->cells, line->text);
    end_row(w);
  }
  end_table(w, lines->len);
}

static void
write_documents(Writer *w)
{
  static const McuSheetColumn columns[] = {
      {"STT", 24, MCU_SHEET_RIGHT},        {"Tài liệu", 170, MCU_SHEET_LEFT}, {"Số trang", 40, MCU_SHEET_CENTER},
      {"Chiếu lúc", 48, MCU_SHEET_CENTER}, {"SHA-256", 186, MCU_SHEET_LEFT},
  };
  const GPtrArray *documents = mcu_minutes_documents(w->minutes);
  if (documents->len == 0)
    return;
  begin_section(w, "TÀI LIỆU");
  mcu_sheet_table(w->sheet, columns, G_N_ELEMENTS(columns));
  for (guint i = 0; i < documents->len; i++) {
    const McuMinutesDocument *document = g_ptr_array_index(documents, i);
    mcu_cells_number(w->cells, i + 1);
    mcu_cells_add(w->cells, document->title);
    mcu_cells_number(w->cells, document->pages);
    add_time(w, document->shown_us);
    mcu_cells_add(w->cells, document->sha256);
    end_row(w);
  }
  end_table(w, documents->len);
}

static void
write_recordings(Writer *w)
{
  const GArray *recordings = mcu_minutes_recordings(w->minutes);
  if (recordings->len == 0)
    return;
  begin_section(w, "GHI HÌNH");
  for (guint i = 0; i < MIN(recordings->len, MCU_MINUTES_PDF_ROWS_MAX); i++) {
    const McuMinutesRecording *recording = &g_array_index(recordings, McuMinutesRecording, i);
    g_autofree char *began = mcu_when_full(recording->began_us);
    g_autofree char *ended = mcu_when_full(recording->ended_us);
    say(w, MCU_SHEET_BODY, "Từ %s đến %s.", began, *ended != '\0' ? ended : "…");
  }
}

/* --- the end ------------------------------------------------------------------------------ */

static void
write_proof(Writer *w)
{
  const McuMinutesHead *head = mcu_minutes_head(w->minutes);
  const McuMinutesProof *proof = mcu_minutes_proof(w->minutes);
  begin_section(w, "NHẬT KÝ");
  say(w, MCU_SHEET_BODY, "Biên bản này được lập tự động từ nhật ký của phiên họp %s (%s), gồm %u sự kiện.", head->id,
      head->uuid, head->n_rows);
  if (head->n_missing > 0)
    say(w, MCU_SHEET_BOLD, "Nhật ký thiếu %" G_GUINT64_FORMAT " sự kiện: biên bản có thể không đầy đủ.",
        head->n_missing);
  if (!proof->checked)
    return;
  if (!proof->whole)
    say(w, MCU_SHEET_BOLD, "NHẬT KÝ KHÔNG CÒN NGUYÊN VẸN từ sự kiện %" G_GINT64_FORMAT ".", proof->bad_seq);
  else
    say(w, MCU_SHEET_BODY, "Nhật ký còn nguyên vẹn. Mã băm SHA-256 của sự kiện cuối:");
  if (*proof->hash != '\0')
    say(w, MCU_SHEET_SMALL, "%s", proof->hash);
}

static void
write_signatures(Writer *w)
{
  static const McuSheetLine left[] = {
      {"THƯ KÝ", MCU_SHEET_BOLD, FALSE},
      {"(Ký, ghi rõ họ tên)", MCU_SHEET_SMALL, FALSE},
  };
  static const McuSheetLine right[] = {
      {"CHỦ TRÌ", MCU_SHEET_BOLD, FALSE},
      {"(Ký, ghi rõ họ tên)", MCU_SHEET_SMALL, FALSE},
  };
  const McuMinutesHead *head = mcu_minutes_head(w->minutes);
  g_autofree char *when = mcu_when_spoken(head->ended_us);
  mcu_sheet_space(w->sheet, 12);
  mcu_sheet_keep(w->sheet, 150); /* with room for two names */
  if (*when != '\0')
    say(w, MCU_SHEET_BODY, "Phiên họp kết thúc vào %s./.", when);
  mcu_sheet_space(w->sheet, 18);
  mcu_sheet_beside(w->sheet, 0.5, left, G_N_ELEMENTS(left), right, G_N_ELEMENTS(right));
}

static gboolean
is_of_days(const McuMinutesHead *head)
{
  g_autofree char *first = mcu_when_day(head->began_us);
  g_autofree char *last = mcu_when_day(head->ended_us != 0 ? head->ended_us : head->last_us);
  return strcmp(first, last) != 0;
}

GBytes *
mcu_minutes_to_pdf(const McuMinutes *minutes, const McuMinutesHeader *header, guint *out_n_pages, GError **error)
{
  const McuMinutesHead *head = mcu_minutes_head(minutes);
  g_autofree char *title = g_strdup_printf("Biên bản: %s", *head->title != '\0' ? head->title : head->id);
  g_autoptr(McuCells) cells = mcu_cells_new();
  Writer w = {.minutes = minutes, .sheet = mcu_sheet_new(title), .cells = cells, .days = is_of_days(head)};
  write_national_head(&w, header);
  write_summary(&w);
  write_attendance(&w);
  write_rolls(&w);
  write_agenda(&w);
  write_floor(&w);
  write_votes(&w);
  write_lines(&w, "THÔNG BÁO", mcu_minutes_announcements(minutes));
  write_lines(&w, "TRÒ CHUYỆN", mcu_minutes_chat(minutes));
  write_documents(&w);
  write_recordings(&w);
  write_proof(&w);
  write_signatures(&w);
  GBytes *bytes = mcu_sheet_finish(w.sheet, out_n_pages, error);
  mcu_sheet_free(w.sheet);
  return bytes;
}
