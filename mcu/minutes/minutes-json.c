#include "mcu/minutes/minutes-json.h"

#include "mcu/room/event.h"
#include "mcu/room/json.h"

static void
add_time(GString *json, const char *key, gint64 time_us)
{
  if (time_us != 0)
    mcu_json_number(json, key, time_us / 1000);
  else
    mcu_json_null(json, key);
}

/* `what` writes the members of each. */
static void
add_list(GString *json, const char *key, const GPtrArray *list, void (*what)(GString *json, gconstpointer element))
{
  mcu_json_key_list(json, key);
  for (guint i = 0; i < list->len; i++) {
    mcu_json_next(json);
    mcu_json_open(json);
    what(json, g_ptr_array_index(list, i));
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
add_head(GString *json, const McuMinutesHead *head)
{
  mcu_json_text(json, "id", head->id);
  mcu_json_text(json, "uuid", head->uuid);
  mcu_json_text(json, "title", head->title);
  add_time(json, "planned", head->planned_us);
  add_time(json, "began", head->began_us);
  add_time(json, "ended", head->ended_us);
  mcu_json_number(json, "invited", head->n_invited);
  mcu_json_number(json, "present", head->n_present);
  mcu_json_number(json, "invitedPresent", head->n_invited_present);
  mcu_json_number(json, "guests", head->n_guests);
}

static void
add_spans(GString *json, const GArray *spans)
{
  mcu_json_key_list(json, "spans");
  for (guint i = 0; i < spans->len; i++) {
    const McuMinutesSpan *span = &g_array_index(spans, McuMinutesSpan, i);
    mcu_json_next(json);
    mcu_json_open(json);
    add_time(json, "from", span->from_us);
    add_time(json, "to", span->to_us);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
add_attendee(GString *json, gconstpointer element)
{
  const McuAttendee *a = element;
  mcu_json_text(json, "site", a->site);
  mcu_json_text(json, "name", a->name);
  mcu_json_text(json, "role", mcu_room_role_word(a->role));
  mcu_json_number(json, "level", a->level);
  mcu_json_text(json, "parent", a->parent);
  mcu_json_flag(json, "invited", a->invited);
  mcu_json_flag(json, "guest", a->guest);
  mcu_json_flag(json, "present", a->spans->len > 0);
  mcu_json_flag(json, "here", a->here);
  add_time(json, "first", a->first_us);
  add_time(json, "last", a->last_us);
  mcu_json_number(json, "presentMs", a->present_us / 1000);
  mcu_json_number(json, "interruptions", a->interruptions);
  add_spans(json, a->spans);
}

static void
add_mark(GString *json, gconstpointer element)
{
  const McuMinutesMark *mark = element;
  mcu_json_text(json, "site", mark->site);
  mcu_json_text(json, "status", mcu_roll_status_word(mark->status));
  mcu_json_text(json, "reason", mark->reason);
  mcu_json_flag(json, "byHand", mark->by_hand);
  add_time(json, "at", mark->time_us);
}

static void
add_roll(GString *json, gconstpointer element)
{
  const McuMinutesRoll *roll = element;
  add_time(json, "opened", roll->opened_us);
  add_time(json, "closed", roll->closed_us);
  add_list(json, "marks", roll->marks, add_mark);
}

static void
add_turn(GString *json, gconstpointer element)
{
  const McuFloorTurn *turn = element;
  mcu_json_text(json, "site", turn->site);
  add_time(json, "began", turn->began_us);
  add_time(json, "ended", turn->ended_us);
}

static void
add_floor(GString *json, gconstpointer element)
{
  const McuFloorTime *time = element;
  mcu_json_text(json, "site", time->site);
  mcu_json_number(json, "turns", time->n_turns);
  mcu_json_number(json, "totalMs", time->total_us / 1000);
}

static void
add_item(GString *json, gconstpointer element)
{
  const McuAgendaTime *item = element;
  mcu_json_text(json, "title", item->title);
  mcu_json_text(json, "who", item->who);
  mcu_json_number(json, "minutes", item->planned_minutes);
  add_time(json, "began", item->began_us);
  add_time(json, "ended", item->ended_us);
  mcu_json_number(json, "totalMs", item->total_us / 1000);
  mcu_json_flag(json, "dropped", item->dropped);
}

static void
add_results(GString *json, const McuBallot *ballot)
{
  mcu_json_key_list(json, "choices");
  for (guint i = 0; i < ballot->n_choices; i++) {
    mcu_json_next(json);
    mcu_json_string(json, ballot->choices[i]);
  }
  mcu_json_close_list(json);
  mcu_json_key(json, "counts");
  if (!ballot->counted) {
    g_string_append(json, "null");
    return;
  }
  mcu_json_open_list(json);
  for (guint i = 0; i < ballot->n_choices; i++) {
    mcu_json_next(json);
    g_string_append_printf(json, "%u", ballot->counts[i]);
  }
  mcu_json_close_list(json);
}

static void
add_casts(GString *json, const GArray *casts)
{
  mcu_json_key_list(json, "cast");
  for (guint i = 0; i < casts->len; i++) {
    const McuBallotCast *cast = &g_array_index(casts, McuBallotCast, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "site", cast->site);
    mcu_json_number(json, "choice", cast->choice);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
add_vote(GString *json, gconstpointer element)
{
  const McuBallot *ballot = element;
  mcu_json_number(json, "number", ballot->number);
  mcu_json_text(json, "question", ballot->question);
  mcu_json_flag(json, "secret", ballot->secret);
  mcu_json_number(json, "quorum", ballot->quorum);
  mcu_json_number(json, "seconds", ballot->limit_s);
  mcu_json_number(json, "rounds", ballot->rounds);
  add_time(json, "opened", ballot->opened_us);
  add_time(json, "closed", ballot->closed_us);
  mcu_json_number(json, "entitled", ballot->n_entitled);
  mcu_json_number(json, "voted", ballot->n_voted);
  mcu_json_flag(json, "quorate", ballot->quorate);
  add_results(json, ballot);
  add_casts(json, ballot->casts);
}

static void
add_chat(GString *json, gconstpointer element)
{
  const McuMinutesLine *line = element;
  add_time(json, "at", line->time_us);
  mcu_json_text(json, "site", line->site);
  mcu_json_text(json, "text", line->text);
}

static void
add_announcement(GString *json, gconstpointer element)
{
  const McuMinutesLine *line = element;
  add_chat(json, element);
  mcu_json_text(json, "to", line->to);
}

static void
add_document(GString *json, gconstpointer element)
{
  const McuMinutesDocument *document = element;
  mcu_json_text(json, "id", document->id);
  mcu_json_text(json, "title", document->title);
  mcu_json_text(json, "kind", document->kind);
  mcu_json_number(json, "bytes", document->bytes);
  mcu_json_number(json, "pages", document->pages);
  mcu_json_text(json, "sha256", document->sha256);
  add_time(json, "added", document->added_us);
  add_time(json, "removed", document->removed_us);
  add_time(json, "shown", document->shown_us);
}

static void
add_recordings(GString *json, const GArray *recordings)
{
  mcu_json_key_list(json, "recordings");
  for (guint i = 0; i < recordings->len; i++) {
    const McuMinutesRecording *recording = &g_array_index(recordings, McuMinutesRecording, i);
    mcu_json_next(json);
    mcu_json_open(json);
    add_time(json, "began", recording->began_us);
    add_time(json, "ended", recording->ended_us);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

static void
add_entry(GString *json, gconstpointer element)
{
  const McuMinutesEntry *entry = element;
  mcu_json_number(json, "seq", entry->seq);
  add_time(json, "at", entry->time_us);
  mcu_json_text(json, "type", entry->type);
  mcu_json_text(json, "site", entry->site);
  mcu_json_text(json, "text", entry->text);
}

static void
add_proof(GString *json, const McuMinutesHead *head, const McuMinutesProof *proof)
{
  mcu_json_key(json, "proof");
  mcu_json_open(json);
  mcu_json_number(json, "events", head->n_rows);
  mcu_json_number(json, "missing", (gint64)head->n_missing);
  mcu_json_flag(json, "checked", proof->checked);
  if (proof->checked) {
    mcu_json_flag(json, "whole", proof->whole);
    mcu_json_text(json, "hash", proof->hash);
  }
  if (proof->checked && !proof->whole)
    mcu_json_number(json, "badSeq", proof->bad_seq);
  mcu_json_close(json);
}

GBytes *
mcu_minutes_to_json(const McuMinutes *minutes)
{
  GString *json = g_string_sized_new(1024 * 1024);
  const McuMinutesHead *head = mcu_minutes_head(minutes);
  mcu_json_open(json);
  mcu_json_number(json, "v", 1);
  mcu_json_key(json, "meeting");
  mcu_json_open(json);
  add_head(json, head);
  mcu_json_close(json);
  add_list(json, "attendance", mcu_minutes_attendance(minutes), add_attendee);
  add_list(json, "rolls", mcu_minutes_rolls(minutes), add_roll);
  add_list(json, "turns", mcu_minutes_turns(minutes), add_turn);
  add_list(json, "floor", mcu_minutes_floor(minutes), add_floor);
  add_list(json, "agenda", mcu_minutes_agenda(minutes), add_item);
  add_list(json, "votes", mcu_minutes_votes(minutes), add_vote);
  add_list(json, "chat", mcu_minutes_chat(minutes), add_chat);
  add_list(json, "announcements", mcu_minutes_announcements(minutes), add_announcement);
  add_list(json, "documents", mcu_minutes_documents(minutes), add_document);
  add_recordings(json, mcu_minutes_recordings(minutes));
  add_proof(json, head, mcu_minutes_proof(minutes));
  add_list(json, "log", mcu_minutes_log(minutes), add_entry);
  mcu_json_close(json);
  g_string_append_c(json, '\n');
  return g_string_free_to_bytes(json);
}
