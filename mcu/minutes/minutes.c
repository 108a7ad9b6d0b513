#include "mcu/minutes/minutes.h"

#include <string.h>

#include "mcu/minutes/clean.h"
#include "mcu/minutes/log-words.h"
#include "mcu/room/chat.h"
#include "mcu/room/documents.h"

#define TYPE_MAX_CHARS 64
#define DOCUMENTS_MAX 1000 /* each is looked for among them: a log that was touched must not make that slow */
#define TO_MAX_CHARS (400 * MCU_ID_MAX_BYTES) /* an announcement names 256 at most */

struct McuMinutes {
  char *uuid, *id, *title; /* owned */
  McuMinutesHead head;
  McuMinutesProof proof;
  McuAttendance *attendance;
  McuMinutesRolls *rolls;
  McuFloorTurns *turns;
  McuAgendaTimes *agenda;
  McuBallots *ballots;
  GPtrArray *floor; /* made at the end */
  GPtrArray *chat, *announcements, *documents, *log;
  GArray *recordings;
  GHashTable *types; /* words of types, owned: there are few */
  gint64 next_seq;
  gsize n_bytes; /* of all rows so far: what is kept is some small multiple of it */
  gboolean finished;
};

static void
free_line(gpointer data)
{
  McuMinutesLine *line = data;
  g_free(line->site);
  g_free(line->text);
  g_free(line->to);
  g_free(line);
}

static void
free_document(gpointer data)
{
  McuMinutesDocument *document = data;
  g_free(document->id);
  g_free(document->title);
  g_free(document->kind);
  g_free(document->sha256);
  g_free(document);
}

static void
free_entry(gpointer data)
{
  McuMinutesEntry *entry = data;
  g_free(entry->site);
  g_free(entry->text);
  g_free(entry);
}

McuMinutes *
mcu_minutes_new(const char *uuid, const char *id, const char *title)
{
  McuMinutes *minutes = g_new0(McuMinutes, 1);
  minutes->uuid = mcu_minutes_clean(uuid, MCU_ID_MAX_BYTES);
  minutes->id = mcu_minutes_clean(id, MCU_ID_MAX_BYTES);
  minutes->title = mcu_minutes_clean(title, MCU_TITLE_MAX_CHARS);
  minutes->attendance = mcu_attendance_new();
  minutes->rolls = mcu_minutes_rolls_new();
  minutes->turns = mcu_floor_turns_new();
  minutes->agenda = mcu_agenda_times_new();
  minutes->ballots = mcu_ballots_new();
  minutes->chat = g_ptr_array_new_with_free_func(free_line);
  minutes->announcements = g_ptr_array_new_with_free_func(free_line);
  minutes->documents = g_ptr_array_new_with_free_func(free_document);
  minutes->log = g_ptr_array_new_with_free_func(free_entry);
  minutes->recordings = g_array_new(FALSE, FALSE, sizeof(McuMinutesRecording));
  minutes->types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return minutes;
}

void
mcu_minutes_free(McuMinutes *minutes)
{
  if (minutes == NULL)
    return;
  g_clear_pointer(&minutes->floor, g_ptr_array_unref);
  mcu_attendance_free(minutes->attendance);
  mcu_minutes_rolls_free(minutes->rolls);
  mcu_floor_turns_free(minutes->turns);
  mcu_agenda_times_free(minutes->agenda);
  mcu_ballots_free(minutes->ballots);
  g_ptr_array_unref(minutes->chat);
  g_ptr_array_unref(minutes->announcements);
  g_ptr_array_unref(minutes->documents);
  g_ptr_array_unref(minutes->log);
  g_array_unref(minutes->recordings);
  g_hash_table_unref(minutes->types);
  g_free(minutes->uuid);
  g_free(minutes->id);
  g_free(minutes->title);
  g_free(minutes);
}

/* --- what was said and shown -------------------------------------------------------------- */

static McuMinutesLine *
add_line(GPtrArray *lines, const McuMinutesRow *row, guint max_chars)
{
  McuMinutesLine *line = g_new0(McuMinutesLine, 1);
  line->time_us = row->time_us;
  line->site = mcu_minutes_clean(row->site, MCU_ID_MAX_BYTES);
  line->text = mcu_minutes_clean(row->text, max_chars);
  line->to = g_strdup("");
  g_ptr_array_add(lines, line);
  return line;
}

static void
hear(McuMinutes *minutes, const McuMinutesRow *row)
{
  /* What is for the desk alone is not for minutes that all may read. */
  if (strcmp(row->type, "chat-said") == 0 && row->number == 0) {
    add_line(minutes->chat, row, MCU_CHAT_TEXT_MAX_CHARS);
  } else if (strcmp(row->type, "announced") == 0 && *row->text != '\0') {
    McuMinutesLine *line = add_line(minutes->announcements, row, MCU_ANNOUNCE_MAX_CHARS);
    g_free(line->to);
    line->to = mcu_minutes_clean(row->more, TO_MAX_CHARS);
  }
}

/* The newest of that id; NULL: there is none. */
static McuMinutesDocument *
find_document(const McuMinutes *minutes, const char *other)
{
  g_autofree char *id = mcu_minutes_clean(other, MCU_ID_MAX_BYTES);
  for (guint i = minutes->documents->len; i > 0; i--) {
    McuMinutesDocument *document = g_ptr_array_index(minutes->documents, i - 1);
    if (strcmp(document->id, id) == 0)
      return document;
  }
  return NULL;
}

static void
add_document(McuMinutes *minutes, const McuMinutesRow *row)
{
  if (minutes->documents->len >= DOCUMENTS_MAX)
    return;
  McuMinutesDocument *document = g_new0(McuMinutesDocument, 1);
  document->id = mcu_minutes_clean(row->other, MCU_ID_MAX_BYTES);
  document->title = mcu_minutes_clean(row->name, MCU_TITLE_MAX_CHARS);
  document->kind = mcu_minutes_clean(row->text, 8);
  document->sha256 = mcu_minutes_clean(row->more, 64);
  document->bytes = MAX(row->number, 0);
  document->pages = (guint)CLAMP(row->count, 0, G_MAXINT);
  document->added_us = row->time_us;
  g_ptr_array_add(minutes->documents, document);
}

static void
handle_document(McuMinutes *minutes, const McuMinutesRow *row)
{
  if (!g_str_has_prefix(row->type, "document-"))
    return;
  if (strcmp(row->type, "document-added") == 0) {
    add_document(minutes, row);
    return;
  }
  McuMinutesDocument *document = *row->other != '\0' ? find_document(minutes, row->other) : NULL;
  if (document == NULL)
    return;
  if (strcmp(row->type, "document-removed") == 0)
    document->removed_us = row->time_us;
  else if (strcmp(row->type, "document-shown") == 0 && document->shown_us == 0)
    document->shown_us = row->time_us;
}

static void
stop_recording(McuMinutes *minutes, gint64 time_us)
{
  guint n = minutes->recordings->len;
  McuMinutesRecording *last = n > 0 ? &g_array_index(minutes->recordings, McuMinutesRecording, n - 1) : NULL;
  if (last != NULL && last->ended_us == 0)
    last->ended_us = MAX(last->began_us, time_us);
}

static void
record(McuMinutes *minutes, const McuMinutesRow *row)
{
  gboolean on = strcmp(row->type, "recording-on") == 0;
  if (!on && strcmp(row->type, "recording-off") != 0)
    return;
  stop_recording(minutes, row->time_us);
  McuMinutesRecording recording = {.began_us = row->time_us};
  if (on)
    g_array_append_val(minutes->recordings, recording);
}

/* --- the meeting and its log -------------------------------------------------------------- */

static void
set_title(McuMinutes *minutes, const McuMinutesRow *row)
{
  g_autofree char *title = mcu_minutes_clean(row->name, MCU_TITLE_MAX_CHARS);
  minutes->head.planned_us = row->number > 0 && row->number < G_MAXINT64 / 1000 ? row->number * 1000 : 0;
  if (*title == '\0')
    return;
  g_free(minutes->title);
  minutes->title = g_steal_pointer(&title);
}

static void
hold(McuMinutes *minutes, const McuMinutesRow *row)
{
  if (strcmp(row->type, "made") == 0 || strcmp(row->type, "planned") == 0)
    set_title(minutes, row);
  else if (strcmp(row->type, "ended") == 0 && minutes->head.ended_us == 0)
    minutes->head.ended_us = row->time_us;
}

static const char *
intern(McuMinutes *minutes, const char *word)
{
  gpointer known = g_hash_table_lookup(minutes->types, word);
  if (known != NULL)
    return known;
  char *type = mcu_minutes_clean(word, TYPE_MAX_CHARS);
  if (g_hash_table_lookup_extended(minutes->types, type, &known, NULL)) {
    g_free(type);
    return known;
  }
  g_hash_table_insert(minutes->types, type, type);
  return type;
}

static void
list_row(McuMinutes *minutes, const McuMinutesRow *row)
{
  McuMinutesEntry *entry = g_new0(McuMinutesEntry, 1);
  entry->seq = row->seq;
  entry->time_us = row->time_us;
  entry->type = intern(minutes, row->type);
  entry->site = mcu_log_words_may_name(row) ? mcu_minutes_clean(row->site, MCU_ID_MAX_BYTES) : g_strdup("");
  entry->text = mcu_log_words(row);
  g_ptr_array_add(minutes->log, entry);
}

/* Rows begin with 0. */
static void
note_gap(McuMinutes *minutes, gint64 seq)
{
  if (seq > minutes->next_seq)
    minutes->head.n_missing += (guint64)seq - (guint64)minutes->next_seq;
  minutes->next_seq = seq < G_MAXINT64 ? MAX(seq + 1, minutes->next_seq) : seq;
}

gboolean
mcu_minutes_add(McuMinutes *minutes, gint64 seq, gint64 time_us, const char *type, const char *payload)
{
  McuMinutesRow row;
  g_assert(!minutes->finished);
  gsize n_bytes = strlen(type) + strlen(payload);
  if (minutes->head.n_rows >= MCU_MINUTES_ROWS_MAX || n_bytes > MCU_MINUTES_MAX_BYTES - minutes->n_bytes)
    return FALSE;
  minutes->n_bytes += n_bytes;
  mcu_minutes_row_read(&row, seq, time_us, type, payload);
  minutes->head.n_rows++;
  minutes->head.last_us = row.time_us;
  note_gap(minutes, seq);
  hold(minutes, &row);
  mcu_attendance_apply(minutes->attendance, &row);
  mcu_minutes_rolls_apply(minutes->rolls, &row);
  mcu_floor_turns_apply(minutes->turns, &row);
  mcu_agenda_times_apply(minutes->agenda, &row);
  mcu_ballots_apply(minutes->ballots, &row);
  hear(minutes, &row);
  handle_document(minutes, &row);
  record(minutes, &row);
  list_row(minutes, &row);
  mcu_minutes_row_clear(&row);
  return TRUE;
}

void
mcu_minutes_set_proof(McuMinutes *minutes, const McuMinutesProof *proof)
{
  minutes->proof = *proof;
}

static void
count_sites(McuMinutes *minutes)
{
  const GPtrArray *list = mcu_attendance_list(minutes->attendance);
  McuMinutesHead *head = &minutes->head;
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *attendee = g_ptr_array_index(list, i);
    gboolean present = attendee->spans->len > 0;
    head->n_invited += attendee->invited ? 1 : 0;
    head->n_present += present ? 1 : 0;
    head->n_invited_present += attendee->invited && present ? 1 : 0;
    head->n_guests += attendee->guest ? 1 : 0;
  }
}

void
mcu_minutes_finish(McuMinutes *minutes)
{
  McuMinutesHead *head = &minutes->head;
  gint64 end_us = head->ended_us != 0 ? head->ended_us : head->last_us;
  g_assert(!minutes->finished);
  minutes->finished = TRUE;
  mcu_attendance_finish(minutes->attendance, end_us, head->ended_us != 0);
  mcu_floor_turns_finish(minutes->turns, end_us);
  mcu_agenda_times_finish(minutes->agenda, end_us);
  if (head->ended_us != 0)
    stop_recording(minutes, end_us);
  minutes->floor = mcu_floor_turns_sum(minutes->turns);
  head->began_us = mcu_attendance_began(minutes->attendance);
  head->uuid = minutes->uuid;
  head->id = minutes->id;
  head->title = minutes->title;
  count_sites(minutes);
}

/* --- read --------------------------------------------------------------------------------- */

const McuMinutesHead *
mcu_minutes_head(const McuMinutes *minutes)
{
  g_assert(minutes->finished);
  return &minutes->head;
}

const McuMinutesProof *
mcu_minutes_proof(const McuMinutes *minutes)
{
  return &minutes->proof;
}

const char *
mcu_minutes_name(const McuMinutes *minutes, const char *site)
{
  return mcu_attendance_name(minutes->attendance, site);
}

const GPtrArray *
mcu_minutes_attendance(const McuMinutes *minutes)
{
  return mcu_attendance_list(minutes->attendance);
}

const GPtrArray *
mcu_minutes_rolls(const McuMinutes *minutes)
{
  return mcu_minutes_rolls_list(minutes->rolls);
}

const GPtrArray *
mcu_minutes_turns(const McuMinutes *minutes)
{
  return mcu_floor_turns_list(minutes->turns);
}

const GPtrArray *
mcu_minutes_floor(const McuMinutes *minutes)
{
  return minutes->floor;
}

const GPtrArray *
mcu_minutes_agenda(const McuMinutes *minutes)
{
  return mcu_agenda_times_list(minutes->agenda);
}

const GPtrArray *
mcu_minutes_votes(const McuMinutes *minutes)
{
  return mcu_ballots_list(minutes->ballots);
}

const GPtrArray *
mcu_minutes_chat(const McuMinutes *minutes)
{
  return minutes->chat;
}

const GPtrArray *
mcu_minutes_announcements(const McuMinutes *minutes)
{
  return minutes->announcements;
}

const GPtrArray *
mcu_minutes_documents(const McuMinutes *minutes)
{
  return minutes->documents;
}

const GArray *
mcu_minutes_recordings(const McuMinutes *minutes)
{
  return minutes->recordings;
}

const GPtrArray *
mcu_minutes_log(const McuMinutes *minutes)
{
  return minutes->log;
}
