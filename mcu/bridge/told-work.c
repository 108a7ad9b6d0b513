/* The texts of the meeting's work. Pure; on main. */
#include "mcu/bridge/told-work.h"

#include <string.h>

#include "mcu/room/json.h"

/* --- pieces ------------------------------------------------------------------------------- */

static void
append_ids(GString *json, const char *key, const char *ids)
{
  g_auto(GStrv) each = g_strsplit(ids != NULL ? ids : "", " ", -1);
  mcu_json_key_list(json, key);
  for (guint i = 0; each[i] != NULL; i++) {
    mcu_json_next(json);
    mcu_json_string(json, each[i]);
  }
  mcu_json_close_list(json);
}

/* Takes `ids`. */
static void
append_sites(GString *json, const char *key, GPtrArray *ids)
{
  mcu_json_key_list(json, key);
  for (guint i = 0; i < ids->len; i++) {
    mcu_json_next(json);
    mcu_json_string(json, g_ptr_array_index(ids, i));
  }
  mcu_json_close_list(json);
  g_ptr_array_unref(ids);
}

static gint64
unix_ms(gint64 time_us, gint64 wall_us)
{
  return (time_us + wall_us) / 1000;
}

static const char *
name_of(const McuRoom *room, const char *site)
{
  const McuRoomSeat *seat = mcu_room_find(room, site);
  const McuRoomInvited *invited = mcu_room_find_invited(room, site);
  return seat != NULL ? seat->name : invited != NULL ? invited->name : site;
}

/* --- work --------------------------------------------------------------------------------- */

static void
append_announcement(const McuRoom *room, gint64 wall_us, GString *json)
{
  const McuAnnouncement *announcement = mcu_chat_announcement(mcu_room_chat(room));
  if (announcement->text == NULL) {
    mcu_json_null(json, "announcement");
    return;
  }
  mcu_json_key(json, "announcement");
  mcu_json_open(json);
  mcu_json_text(json, "text", announcement->text);
  mcu_json_number(json, "at", unix_ms(announcement->time_us, wall_us));
  append_ids(json, "to", announcement->who);
  mcu_json_close(json);
}

/* Counts are told when the vote is closed, so that nobody votes with the others. */
static void
append_counts(const McuVote *vote, GString *json)
{
  if (vote->open) {
    mcu_json_null(json, "counts");
    mcu_json_null(json, "quorate");
    return;
  }
  mcu_json_key_list(json, "counts");
  for (guint i = 0; i < vote->n_choices; i++) {
    mcu_json_next(json);
    g_string_append_printf(json, "%u", vote->counts[i]);
  }
  mcu_json_close_list(json);
  mcu_json_flag(json, "quorate", mcu_vote_is_quorate(vote));
}

static void
append_vote(const McuVote *vote, gint64 wall_us, GString *json)
{
  gint64 until_us = vote->opened_us + (gint64)vote->limit_s * G_USEC_PER_SEC;
  mcu_json_open(json);
  mcu_json_number(json, "number", vote->number);
  mcu_json_text(json, "question", vote->question);
  mcu_json_key_list(json, "choices");
  for (guint i = 0; i < vote->n_choices; i++) {
    mcu_json_next(json);
    mcu_json_string(json, vote->choices[i]);
  }
  mcu_json_close_list(json);
  mcu_json_flag(json, "secret", vote->secret);
  mcu_json_number(json, "quorum", vote->quorum);
  mcu_json_number(json, "until", vote->limit_s != 0 ? unix_ms(until_us, wall_us) : 0);
  mcu_json_flag(json, "open", vote->open);
  mcu_json_number(json, "voted", mcu_vote_n_cast(vote));
  mcu_json_number(json, "entitled", mcu_vote_n_entitled(vote));
  append_counts(vote, json);
  mcu_json_flag(json, "shown", vote->shown);
}

static void
append_agenda(const McuRoom *room, gint64 wall_us, GString *json)
{
  const McuAgenda *agenda = mcu_room_agenda(room);
  mcu_json_key(json, "agenda");
  mcu_json_open(json);
  mcu_json_key_list(json, "items");
  for (guint i = 0; i < mcu_agenda_n(agenda); i++) {
    const McuAgendaItem *item = mcu_agenda_item(agenda, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "title", item->title);
    mcu_json_number(json, "minutes", item->minutes);
    mcu_json_text(json, "who", item->who);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
  mcu_json_number(json, "at", mcu_agenda_at(agenda));
  mcu_json_number(json, "since", mcu_agenda_at(agenda) >= 0 ? unix_ms(mcu_agenda_since(agenda), wall_us) : 0);
  mcu_json_close(json);
}

static void
append_documents(const McuRoom *room, GString *json)
{
  const McuDocuments *documents = mcu_room_documents(room);
  guint page;
  const McuDocument *shown = mcu_documents_shown(documents, &page);
  mcu_json_key_list(json, "documents");
  for (guint i = 0; i < mcu_documents_n(documents); i++) {
    const McuDocument *document = mcu_documents_get(documents, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "id", document->id);
    mcu_json_text(json, "title", document->title);
    mcu_json_text(json, "kind", document->kind);
    mcu_json_number(json, "bytes", document->bytes);
    mcu_json_number(json, "pages", document->pages);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
  if (shown == NULL) {
    mcu_json_null(json, "document");
    return;
  }
  mcu_json_key(json, "document");
  mcu_json_open(json);
  mcu_json_text(json, "id", shown->id);
  mcu_json_number(json, "page", page);
  mcu_json_close(json);
}

static void
append_presenter(const McuRoom *room, GString *json)
{
  const McuRoomSeat *presenter = mcu_room_presenter(room);
  if (presenter != NULL)
    mcu_json_text(json, "presenter", presenter->site);
  else
    mcu_json_null(json, "presenter");
  append_sites(json, "mayPresent", mcu_room_presenters(room));
}

/* Whose turn it is in the spoken tour, for the page of that site. */
static void
append_called(const McuRoom *room, GString *json)
{
  const McuRollCalls *calls = mcu_roll_calls(mcu_room_roll(room));
  if (calls->on && calls->site[0] != '\0')
    mcu_json_text(json, "called", calls->site);
  else
    mcu_json_null(json, "called");
}

char *
mcu_told_work(const McuRoom *room, gint64 wall_us)
{
  GString *json = g_string_new("{");
  const McuVote *vote = mcu_votes_last(mcu_room_votes(room));
  mcu_json_flag(json, "chatOpen", mcu_chat_is_open(mcu_room_chat(room)));
  append_announcement(room, wall_us, json);
  if (vote != NULL) {
    mcu_json_key(json, "vote");
    append_vote(vote, wall_us, json);
    mcu_json_close(json);
  } else {
    mcu_json_null(json, "vote");
  }
  append_agenda(room, wall_us, json);
  append_documents(room, json);
  append_presenter(room, json);
  append_called(room, json);
  append_sites(json, "aside", mcu_room_aside(room));
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- desk-work ---------------------------------------------------------------------------- */

static void
append_tour(const McuRoom *room, GString *json)
{
  const McuRoll *roll = mcu_room_roll(room);
  const McuRollCalls *calls = mcu_roll_calls(roll);
  if (!calls->on) {
    mcu_json_null(json, "tour");
    return;
  }
  guint left = 0;
  for (guint i = 0; i < mcu_roll_n_marks(roll); i++)
    left +=
        mcu_roll_mark(roll, i)->status == MCU_ROLL_UNCALLED && !mcu_roll_was_called(roll, mcu_roll_mark(roll, i)->site);
  mcu_json_key(json, "tour");
  mcu_json_open(json);
  mcu_json_flag(json, "on", TRUE);
  mcu_json_flag(json, "paused", calls->paused);
  mcu_json_text(json, "site", calls->site);
  mcu_json_number(json, "patience", calls->patience_s);
  mcu_json_number(json, "done", mcu_roll_n_called(roll));
  mcu_json_number(json, "left", left);
  mcu_json_close(json);
}

static void
append_roll(const McuRoom *room, gint64 wall_us, GString *json)
{
  const McuRoll *roll = mcu_room_roll(room);
  mcu_json_key(json, "roll");
  mcu_json_open(json);
  mcu_json_flag(json, "open", mcu_roll_is_open(roll));
  mcu_json_number(json, "since", mcu_roll_since(roll) != 0 ? unix_ms(mcu_roll_since(roll), wall_us) : 0);
  mcu_json_key_list(json, "marks");
  for (guint i = 0; i < mcu_roll_n_marks(roll); i++) {
    const McuRollMark *mark = mcu_roll_mark(roll, i);
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "site", mark->site);
    mcu_json_text(json, "status", mcu_roll_status_word(mark->status));
    mcu_json_text(json, "reason", mark->reason != NULL ? mark->reason : "");
    mcu_json_flag(json, "byHand", mark->by_hand);
    mcu_json_number(json, "at", unix_ms(mark->time_us, wall_us));
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
  append_tour(room, json);
  mcu_json_close(json);
}

static void
append_cast(const McuVote *vote, GString *json)
{
  GHashTableIter iter;
  gpointer site, choice;
  mcu_json_key_list(json, "cast");
  g_hash_table_iter_init(&iter, vote->cast);
  while (g_hash_table_iter_next(&iter, &site, &choice)) {
    mcu_json_next(json);
    mcu_json_open(json);
    mcu_json_text(json, "site", site);
    mcu_json_number(json, "choice", GPOINTER_TO_INT(choice));
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
}

char *
mcu_told_desk_work(const McuRoom *room, gint64 wall_us)
{
  GString *json = g_string_new("{");
  const McuVotes *votes = mcu_room_votes(room);
  append_roll(room, wall_us, json);
  mcu_json_key_list(json, "votes");
  for (guint i = 0; i < mcu_votes_n(votes); i++) {
    mcu_json_next(json);
    append_vote(mcu_votes_get(votes, i), wall_us, json);
    append_cast(mcu_votes_get(votes, i), json);
    mcu_json_close(json);
  }
  mcu_json_close_list(json);
  append_sites(json, "aside", mcu_room_aside(room));
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- chat and ballot ---------------------------------------------------------------------- */

static gboolean
reads(McuReader reader, const McuChatLine *line, const char *site)
{
  gboolean own = site != NULL && strcmp(line->site, site) == 0;
  switch (reader) {
  case MCU_READER_DESK:
    return TRUE;
  case MCU_READER_SITE:
    return !line->to_desk || own;
  case MCU_READER_OWN:
    return line->to_desk && own;
  default:
    return !line->to_desk;
  }
}

static void
append_line(const McuRoom *room, const McuChatLine *line, gint64 wall_us, GString *json)
{
  mcu_json_next(json);
  mcu_json_open(json);
  mcu_json_number(json, "n", line->n);
  mcu_json_number(json, "at", unix_ms(line->time_us, wall_us));
  mcu_json_text(json, "site", line->site);
  mcu_json_text(json, "name", name_of(room, line->site));
  mcu_json_text(json, "to", line->to_desk ? "desk" : "all");
  mcu_json_text(json, "text", line->text);
  mcu_json_close(json);
}

char *
mcu_told_chat(const McuRoom *room, guint after, guint max, McuReader reader, const char *site, gint64 wall_us,
              gboolean even_none)
{
  const McuChat *chat = mcu_room_chat(room);
  guint last = mcu_chat_n_said(chat), n = last, lines = 0, first = last + 1;
  for (; n > after && lines < max && mcu_chat_line(chat, n) != NULL; n--) {
    if (reads(reader, mcu_chat_line(chat, n), site)) {
      lines++;
      first = n;
    }
  }
  if (lines == 0 && !even_none)
    return NULL;
  GString *json = g_string_new("{");
  mcu_json_key_list(json, "lines");
  for (n = first; n <= last; n++)
    if (reads(reader, mcu_chat_line(chat, n), site))
      append_line(room, mcu_chat_line(chat, n), wall_us, json);
  mcu_json_close_list(json);
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

char *
mcu_told_ballot(const McuRoom *room, const char *site)
{
  const McuVote *vote = mcu_votes_last(mcu_room_votes(room));
  GString *json = g_string_new("{");
  mcu_json_number(json, "vote", vote != NULL ? vote->number : 0);
  mcu_json_flag(json, "entitled", vote != NULL && mcu_vote_is_entitled(vote, site));
  mcu_json_flag(json, "voted", vote != NULL && mcu_vote_cast_of(vote, site) != MCU_VOTE_NONE);
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- in the picture ----------------------------------------------------------------------- */

char *
mcu_told_result(const McuRoom *room)
{
  const McuVotes *votes = mcu_room_votes(room);
  for (guint i = 0; i < mcu_votes_n(votes); i++) {
    const McuVote *vote = mcu_votes_get(votes, i);
    if (!vote->shown)
      continue;
    GString *text = g_string_new(vote->question);
    for (guint k = 0; k < vote->n_choices; k++)
      g_string_append_printf(text, "%s%s %u", k > 0 ? " · " : ": ", vote->choices[k], vote->counts[k]);
    return g_string_free(text, FALSE);
  }
  return NULL;
}
