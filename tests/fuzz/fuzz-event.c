/* Fuzz target: a meeting's log, one event a line: its type, a blank and its payload. What is accepted leaves the room
 * as one that commands could have made. */
#include <string.h>

#include "fuzz.h"
#include "mcu/bridge/replay-event.h"
#include "mcu/room/room.h"
#include "mcu/util/error.h"

static void
seat(McuRoom *room, const char *site, McuRole role)
{
  const McuRoomCommand join = {.type = MCU_ROOM_JOIN, .site = site, .name = "X", .role = role};
  g_autoptr(GArray) events = mcu_room_obey(room, &join, 1, NULL);
  g_assert(events != NULL);
}

static void
replay_line(McuRoom *room, char *line, gint64 time_us)
{
  McuRoomEvent event;
  g_autoptr(GError) error = NULL;
  char *blank = strchr(line, ' ');
  if (blank == NULL)
    return;
  *blank = '\0';
  if (!mcu_replay_event(line, blank + 1, &event, &error)) {
    g_assert(g_error_matches(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE) && g_utf8_validate(error->message, -1, NULL));
    return;
  }
  event.time_us = time_us;
  mcu_room_replay(room, &event);
  mcu_room_event_clear(&event);
}

static void
check(const McuRoom *room)
{
  guint n_floor = 0, n_chair = 0, n_tiles = 0;
  for (guint i = 0; i < mcu_room_n_seats(room); i++) {
    const McuRoomSeat *one = mcu_room_seat(room, i);
    g_assert(mcu_room_find(room, one->site) == one && g_utf8_validate(one->name, -1, NULL));
    n_floor += one->floor;
    n_chair += one->role == MCU_ROLE_CHAIR;
    n_tiles += mcu_role_has_voice(one->role);
    g_assert(!one->floor || mcu_role_has_voice(one->role));
  }
  g_assert(n_floor == (mcu_room_floor(room) != NULL) && n_chair == (mcu_room_chair(room) != NULL));
  g_assert(n_tiles == mcu_room_n_tiles(room));
  for (guint i = 0; i < mcu_room_n_hands(room); i++) {
    const McuRoomSeat *one = mcu_room_hand(room, i);
    g_assert(one->hand_us != 0 && !one->floor && mcu_role_has_voice(one->role));
  }
  g_assert(mcu_room_n_scenes(room) <= MCU_ROOM_SCENES_MAX && mcu_room_tour(room) <= MCU_SHOW_SECONDS_MAX);
  g_autofree char *text = mcu_room_describe(room);
  g_assert(g_utf8_validate(text, -1, NULL));
}

/* --- the meeting's work --- */

static void
check_vote(const McuVote *vote, guint number)
{
  guint n_counted = 0;
  g_assert(vote->number == number && vote->n_choices >= 2 && vote->n_choices <= MCU_VOTE_CHOICES_MAX);
  g_assert(mcu_vote_n_cast(vote) <= mcu_vote_n_entitled(vote) && vote->rounds >= 1 && vote->quorum <= 100);
  for (guint i = 0; i < vote->n_choices; i++)
    n_counted += vote->counts[i];
  /* Nothing that is written says what was chosen in a secret one before it is closed. */
  g_assert(vote->secret && vote->open ? n_counted == 0 : n_counted == mcu_vote_n_cast(vote));
  g_autofree char *tally = mcu_vote_tally(vote);
  g_assert(*tally != '\0');
}

static void
check_votes(const McuVotes *votes)
{
  guint n_open = 0;
  g_assert(mcu_votes_n(votes) <= MCU_VOTES_MAX);
  for (guint i = 0; i < mcu_votes_n(votes); i++) {
    check_vote(mcu_votes_get(votes, i), i + 1);
    n_open += mcu_votes_get(votes, i)->open;
  }
  g_assert(n_open == (mcu_votes_open(votes) != NULL));
}

static void
check_papers(const McuAgenda *agenda, const McuDocuments *documents)
{
  guint page;
  const McuDocument *shown = mcu_documents_shown(documents, &page);
  g_assert(shown == NULL || (page >= 1 && page <= shown->pages && shown->pages <= MCU_DOCUMENT_PAGES_MAX));
  g_assert(mcu_documents_n(documents) <= MCU_DOCUMENTS_MAX);
  for (guint i = 0; i < mcu_documents_n(documents); i++) {
    const McuDocument *one = mcu_documents_get(documents, i);
    g_assert(mcu_documents_find(documents, one->id) == one && one->bytes >= 0 && strlen(one->sha256) == 64);
  }
  g_assert(mcu_agenda_n(agenda) <= MCU_AGENDA_MAX);
  g_assert(mcu_agenda_at(agenda) >= -1 && mcu_agenda_at(agenda) < (gint)mcu_agenda_n(agenda));
  for (guint i = 0; i < mcu_agenda_n(agenda); i++) {
    const McuAgendaItem *item = mcu_agenda_item(agenda, i);
    g_assert(*item->title != '\0' && item->minutes <= MCU_AGENDA_MINUTES_MAX);
  }
}

static void
check_roll(const McuRoll *roll)
{
  const McuRollCalls *calls = mcu_roll_calls(roll);
  for (guint i = 0; i < mcu_roll_n_marks(roll); i++) {
    const McuRollMark *mark = mcu_roll_mark(roll, i);
    g_assert(mark->status < MCU_ROLL_N_STATUSES && mcu_roll_find(roll, mark->site) == mark);
  }
  g_assert(!calls->on || (mcu_roll_is_open(roll) && calls->patience_s >= MCU_CALLS_PATIENCE_MIN_S &&
                          calls->patience_s <= MCU_CALLS_PATIENCE_MAX_S));
}

static void
check_work(const McuRoom *room)
{
  const McuRoomSeat *presenter = mcu_room_presenter(room);
  check_votes(mcu_room_votes(room));
  check_papers(mcu_room_agenda(room), mcu_room_documents(room));
  check_roll(mcu_room_roll(room));
  g_assert(presenter == NULL || mcu_role_has_voice(presenter->role));
  g_assert(mcu_chat_n_said(mcu_room_chat(room)) <= MCU_CHAT_LINES_MAX);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(McuRoom) room = mcu_room_new(&(McuRoomLimits){.max_seats = 10, .lost_grace_us = 100});
  g_autofree char *text = g_strndup((const char *)data, size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", 200);
  seat(room, "chair", MCU_ROLE_CHAIR);
  seat(room, "a", MCU_ROLE_SITE);
  seat(room, "w", MCU_ROLE_OBSERVER);
  for (guint i = 0; lines[i] != NULL; i++)
    replay_line(room, lines[i], i);
  check(room);
  check_work(room);
  return 0;
}
