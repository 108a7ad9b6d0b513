#include "mcu/minutes/minutes-csv.h"

#include <string.h>

#include "mcu/minutes/cells.h"
#include "mcu/minutes/csv.h"
#include "mcu/minutes/when.h"
#include "mcu/minutes/words.h"

#define BOM "\xef\xbb\xbf"

typedef struct {
  const McuMinutes *minutes;
  GString *csv;
  McuCells *cells;
} Writer;

static void
end_row(Writer *w)
{
  mcu_csv_row(w->csv, mcu_cells_get(w->cells), mcu_cells_n(w->cells));
  mcu_cells_clear(w->cells);
}

/* `columns`: their names, with | between. */
static void
begin_section(Writer *w, const char *name, const char *columns)
{
  g_auto(GStrv) names = g_strsplit(columns, "|", -1);
  if (w->csv->len > strlen(BOM))
    g_string_append(w->csv, "\r\n");
  mcu_csv_row(w->csv, &name, 1);
  mcu_csv_row(w->csv, (const char *const *)names, g_strv_length(names));
}

static void
add_time(Writer *w, gint64 time_us)
{
  mcu_cells_take(w->cells, mcu_when_full(time_us));
}

static void
add_site(Writer *w, const char *site)
{
  mcu_cells_add(w->cells, site);
  mcu_cells_add(w->cells, *site != '\0' ? mcu_minutes_name(w->minutes, site) : "");
}

static void
add_pair(Writer *w, const char *key, char *value)
{
  mcu_cells_add(w->cells, key);
  mcu_cells_take(w->cells, value);
  end_row(w);
}

static void
write_meeting(Writer *w)
{
  const McuMinutesHead *head = mcu_minutes_head(w->minutes);
  const McuMinutesProof *proof = mcu_minutes_proof(w->minutes);
  begin_section(w, "Phiên họp", "Mục|Nội dung");
  add_pair(w, "Tên phiên họp", g_strdup(head->title));
  add_pair(w, "Mã", g_strdup(head->id));
  add_pair(w, "Mã của lần họp", g_strdup(head->uuid));
  add_pair(w, "Dự kiến", mcu_when_full(head->planned_us));
  add_pair(w, "Bắt đầu", mcu_when_full(head->began_us));
  add_pair(w, "Kết thúc", mcu_when_full(head->ended_us));
  add_pair(w, "Số điểm cầu được mời", g_strdup_printf("%u", head->n_invited));
  add_pair(w, "Số được mời đã vào họp", g_strdup_printf("%u", head->n_invited_present));
  add_pair(w, "Số đã vào họp", g_strdup_printf("%u", head->n_present));
  add_pair(w, "Số ngoài danh sách", g_strdup_printf("%u", head->n_guests));
  add_pair(w, "Số sự kiện trong nhật ký", g_strdup_printf("%u", head->n_rows));
  add_pair(w, "Số sự kiện thiếu", g_strdup_printf("%" G_GUINT64_FORMAT, head->n_missing));
  if (!proof->checked)
    return;
  add_pair(w, "Nhật ký nguyên vẹn",
           proof->whole ? g_strdup("Có") : g_strdup_printf("KHÔNG, từ sự kiện %" G_GINT64_FORMAT, proof->bad_seq));
  add_pair(w, "Mã băm của sự kiện cuối", g_strdup(proof->hash));
}

static void
write_attendance(Writer *w)
{
  const GPtrArray *list = mcu_minutes_attendance(w->minutes);
  begin_section(
      w, "Điểm cầu",
      "Mã|Tên|Vai trò|Cấp|Đơn vị cha|Được mời|Có mặt|Vào lần đầu|Ra lần cuối|Thời gian có mặt|Số lần gián đoạn");
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *a = g_ptr_array_index(list, i);
    mcu_cells_add(w->cells, a->site);
    mcu_cells_add(w->cells, a->name);
    mcu_cells_add(w->cells, mcu_minutes_role(a->role));
    mcu_cells_number(w->cells, a->level);
    mcu_cells_add(w->cells, a->parent);
    mcu_cells_add(w->cells, a->invited ? "Có" : a->guest ? "Ngoài danh sách" : "");
    mcu_cells_add(w->cells, a->spans->len > 0 ? "Có mặt" : "Vắng");
    add_time(w, a->first_us);
    add_time(w, a->here ? 0 : a->last_us);
    mcu_cells_take(w->cells, mcu_when_lasted(a->present_us));
    mcu_cells_number(w->cells, a->interruptions);
    end_row(w);
  }
}

static void
write_spans(Writer *w)
{
  const GPtrArray *list = mcu_minutes_attendance(w->minutes);
  begin_section(w, "Vào và ra", "Mã|Tên|Vào|Ra");
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *a = g_ptr_array_index(list, i);
    for (guint j = 0; j < a->spans->len; j++) {
      const McuMinutesSpan *span = &g_array_index(a->spans, McuMinutesSpan, j);
      add_site(w, a->site);
      add_time(w, span->from_us);
      add_time(w, a->here && j == a->spans->len - 1 ? 0 : span->to_us);
      end_row(w);
    }
  }
}

static void
write_roll(Writer *w, guint n, const McuMinutesRoll *roll)
{
  for (guint i = 0; i < roll->marks->len; i++) {
    const McuMinutesMark *mark = g_ptr_array_index(roll->marks, i);
    mcu_cells_number(w->cells, n);
    add_site(w, mark->site);
    mcu_cells_add(w->cells, mcu_minutes_status(mark->status));
    mcu_cells_add(w->cells, mark->reason);
    mcu_cells_add(w->cells, mark->by_hand ? "Người ghi" : "Máy ghi");
    add_time(w, mark->time_us);
    end_row(w);
  }
}

static void
write_rolls(Writer *w)
{
  const GPtrArray *rolls = mcu_minutes_rolls(w->minutes);
  begin_section(w, "Điểm danh", "Lần|Mã|Tên|Tình trạng|Lý do|Cách ghi|Thời điểm");
  for (guint i = 0; i < rolls->len; i++)
    write_roll(w, i + 1, g_ptr_array_index(rolls, i));
}

static void
write_floor(Writer *w)
{
  const GPtrArray *times = mcu_minutes_floor(w->minutes), *turns = mcu_minutes_turns(w->minutes);
  begin_section(w, "Phát biểu", "Mã|Tên|Số lượt|Tổng thời gian|Tổng số giây");
  for (guint i = 0; i < times->len; i++) {
    const McuFloorTime *time = g_ptr_array_index(times, i);
    add_site(w, time->site);
    mcu_cells_number(w->cells, time->n_turns);
    mcu_cells_take(w->cells, mcu_when_lasted(time->total_us));
    mcu_cells_number(w->cells, time->total_us / G_USEC_PER_SEC);
    end_row(w);
  }
  begin_section(w, "Các lượt phát biểu", "Mã|Tên|Bắt đầu|Kết thúc|Thời gian");
  for (guint i = 0; i < turns->len; i++) {
    const McuFloorTurn *turn = g_ptr_array_index(turns, i);
    add_site(w, turn->site);
    add_time(w, turn->began_us);
    add_time(w, turn->ended_us);
    mcu_cells_take(w->cells, mcu_when_lasted(turn->ended_us - turn->began_us));
    end_row(w);
  }
}

static void
write_agenda(Writer *w)
{
  const GPtrArray *items = mcu_minutes_agenda(w->minutes);
  begin_section(w, "Chương trình họp", "Mục|Nội dung|Người trình bày|Số phút dự kiến|Bắt đầu|Kết thúc|Thời gian thực");
  for (guint i = 0; i < items->len; i++) {
    const McuAgendaTime *item = g_ptr_array_index(items, i);
    mcu_cells_take(w->cells, item->dropped ? g_strdup("(đã bỏ)") : g_strdup_printf("%u", i + 1));
    mcu_cells_add(w->cells, item->title);
    mcu_cells_add(w->cells, item->who);
    mcu_cells_number(w->cells, item->planned_minutes);
    add_time(w, item->began_us);
    add_time(w, item->ended_us);
    mcu_cells_take(w->cells, mcu_when_lasted(item->total_us));
    end_row(w);
  }
}

static void
write_votes(Writer *w)
{
  const GPtrArray *votes = mcu_minutes_votes(w->minutes);
  begin_section(w, "Biểu quyết", "Số|Nội dung|Hình thức|Mở|Kết thúc|Tỷ lệ tối thiểu (%)|Có quyền|Đã bỏ phiếu|Hợp lệ");
  for (guint i = 0; i < votes->len; i++) {
    const McuBallot *vote = g_ptr_array_index(votes, i);
    mcu_cells_number(w->cells, vote->number);
    mcu_cells_add(w->cells, vote->question);
    mcu_cells_add(w->cells, vote->secret ? "Kín" : "Công khai");
    add_time(w, vote->opened_us);
    add_time(w, vote->closed_us);
    mcu_cells_number(w->cells, vote->quorum);
    mcu_cells_number(w->cells, vote->n_entitled);
    mcu_cells_number(w->cells, vote->n_voted);
    mcu_cells_add(w->cells, vote->closed_us == 0 ? "" : vote->quorate ? "Có" : "Không");
    end_row(w);
  }
}

static void
write_results(Writer *w)
{
  const GPtrArray *votes = mcu_minutes_votes(w->minutes);
  begin_section(w, "Kết quả biểu quyết", "Số|Phương án|Số phiếu");
  for (guint i = 0; i < votes->len; i++) {
    const McuBallot *vote = g_ptr_array_index(votes, i);
    for (guint j = 0; j < vote->n_choices; j++) {
      mcu_cells_number(w->cells, vote->number);
      mcu_cells_add(w->cells, vote->choices[j]);
      mcu_cells_take(w->cells, vote->counted ? g_strdup_printf("%u", vote->counts[j]) : g_strdup(""));
      end_row(w);
    }
  }
  begin_section(w, "Phiếu công khai", "Số|Mã|Tên|Phương án");
  for (guint i = 0; i < votes->len; i++) {
    const McuBallot *vote = g_ptr_array_index(votes, i);
    for (guint j = 0; j < vote->casts->len; j++) {
      const McuBallotCast *cast = &g_array_index(vote->casts, McuBallotCast, j);
      mcu_cells_number(w->cells, vote->number);
      add_site(w, cast->site);
      mcu_cells_add(w->cells, vote->choices[cast->choice]);
      end_row(w);
    }
  }
}

static void
write_lines(Writer *w, const char *name, const char *columns, const GPtrArray *lines, gboolean to)
{
  begin_section(w, name, columns);
  for (guint i = 0; i < lines->len; i++) {
    const McuMinutesLine *line = g_ptr_array_index(lines, i);
    add_time(w, line->time_us);
    add_site(w, line->site);
    mcu_cells_add(w->cells, line->text);
    if (to)
      mcu_cells_add(w->cells, *line->to != '\0' ? line->to : "Tất cả");
    end_row(w);
  }
}

static void
write_documents(Writer *w)
{
  const GPtrArray *documents = mcu_minutes_documents(w->minutes);
  begin_section(w, "Tài liệu", "Tên|Loại|Số trang|Số byte|SHA-256|Thêm|Chiếu lần đầu|Bỏ");
  for (guint i = 0; i < documents->len; i++) {
    const McuMinutesDocument *document = g_ptr_array_index(documents, i);
    mcu_cells_add(w->cells, document->title);
    mcu_cells_add(w->cells, document->kind);
    mcu_cells_number(w->cells, document->pages);
    mcu_cells_number(w->cells, document->bytes);
    mcu_cells_add(w->cells, document->sha256);
    add_time(w, document->added_us);
    add_time(w, document->shown_us);
    add_time(w, document->removed_us);
    end_row(w);
  }
}

static void
write_recordings(Writer *w)
{
  const GArray *recordings = mcu_minutes_recordings(w->minutes);
  begin_section(w, "Ghi hình", "Bắt đầu|Dừng");
  for (guint i = 0; i < recordings->len; i++) {
    const McuMinutesRecording *recording = &g_array_index(recordings, McuMinutesRecording, i);
    add_time(w, recording->began_us);
    add_time(w, recording->ended_us);
    end_row(w);
  }
}

static void
write_log(Writer *w)
{
  const GPtrArray *log = mcu_minutes_log(w->minutes);
  begin_section(w, "Nhật ký", "Số|Thời điểm|Loại|Mã|Tên|Nội dung");
  for (guint i = 0; i < log->len; i++) {
    const McuMinutesEntry *entry = g_ptr_array_index(log, i);
    mcu_cells_number(w->cells, entry->seq);
    add_time(w, entry->time_us);
    mcu_cells_add(w->cells, entry->type);
    add_site(w, entry->site);
    mcu_cells_add(w->cells, entry->text);
    end_row(w);
  }
}

GBytes *
mcu_minutes_to_csv(const McuMinutes *minutes)
{
  g_autoptr(McuCells) cells = mcu_cells_new();
  Writer w = {.minutes = minutes, .csv = g_string_new(BOM), .cells = cells};
  write_meeting(&w);
  write_attendance(&w);
  write_spans(&w);
  write_rolls(&w);
  write_floor(&w);
  write_agenda(&w);
  write_votes(&w);
  write_results(&w);
  write_lines(&w, "Thông báo", "Thời điểm|Mã|Tên|Nội dung|Gửi", mcu_minutes_announcements(minutes), TRUE);
  write_lines(&w, "Trò chuyện", "Thời điểm|Mã|Tên|Nội dung", mcu_minutes_chat(minutes), FALSE);
  write_documents(&w);
  write_recordings(&w);
  write_log(&w);
  return g_string_free_to_bytes(w.csv);
}
