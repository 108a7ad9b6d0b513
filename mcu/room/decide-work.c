/* Commands of the meeting's work to events. Part of McuRoom; reads the state and never changes it. */
#include <string.h>

#include "mcu/room/decide-priv.h"
#include "mcu/room/ids.h"
#include "mcu/room/legal.h"
#include "mcu/util/error.h"

#define NAMED_MAX 256 /* ids named in an announcement */
/* What the picture shows while sites are called up. */
#define CALLS_SCENE "single|floor"

static const McuRoomSeat *
actor(const McuDecision *d)
{
  return d->command->actor != NULL ? mcu_room_find(d->room, d->command->actor) : NULL;
}

static const char *
actor_id(const McuDecision *d)
{
  return d->command->actor != NULL ? d->command->actor : "bridge";
}

/* --- chat --------------------------------------------------------------------------------- */

static gboolean
decide_chat(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const McuRoomSeat *seat = command->site != NULL ? mcu_room_find(d->room, command->site) : NULL;
  const McuChat *chat = d->room->chat;
  if (seat == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site in the meeting");
  if (!mcu_is_legal_name(command->text, MCU_CHAT_TEXT_MAX_CHARS))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a line has 1 to 500 characters");
  if (!command->on && !mcu_chat_is_open(chat) &&
      !mcu_rights_allow(MCU_ROOM_CHAT_ALL, seat->role, mcu_room_state(d->room)))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the chair has closed the chat");
  if (mcu_chat_n_said(chat) >= MCU_CHAT_LINES_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting has as many lines as it may have");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_CHAT_SAID, seat->site);
  event->number = command->on ? 1 : 0;
  event->text = g_ref_string_new(command->text);
  return TRUE;
}

static gboolean
decide_chat_open(McuDecision *d)
{
  if (!mcu_chat_is_open(d->room->chat) != !d->command->on)
    mcu_decision_emit(d, MCU_ROOM_CHAT_OPENED, NULL)->on = !!d->command->on;
  return TRUE;
}

static gboolean
decide_announce(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const char *text = command->text != NULL ? command->text : "", *who = command->more != NULL ? command->more : "";
  const McuAnnouncement *now = mcu_chat_announcement(d->room->chat);
  if (*text != '\0' && !mcu_is_legal_name(text, MCU_ANNOUNCE_MAX_CHARS))
    return mcu_decision_fail(d, MCU_ERROR_TOO_LARGE, "an announcement has at most 200 characters");
  if (*who != '\0' && !mcu_ids_are_legal(who, NAMED_MAX))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "an announcement is for at most 256 ids of sites");
  if (*text == '\0' && now->text == NULL)
    return TRUE;
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_ANNOUNCED, actor_id(d));
  event->text = mcu_decision_text(text);
  event->more = *text != '\0' ? mcu_decision_text(who) : NULL;
  return TRUE;
}

/* --- votes -------------------------------------------------------------------------------- */

/* Everybody with a voice: on the list, or there without being on it. NULL: nobody; caller frees. */
static char *
all_voices(const McuRoom *room)
{
  g_autoptr(GPtrArray) sites = mcu_room_roll_sites(room);
  g_autoptr(GString) ids = g_string_new(NULL);
  for (guint i = 0; i < sites->len; i++) {
    const char *site = g_ptr_array_index(sites, i);
    const McuRoomSeat *seat = mcu_room_find(room, site);
    McuRole role = seat != NULL ? seat->role : mcu_room_find_invited(room, site)->role;
    if (mcu_role_has_voice(role))
      g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", site);
  }
  return ids->len > 0 ? g_strdup(ids->str) : NULL;
}

static gboolean
decide_vote_open(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const McuVotes *votes = d->room->votes;
  g_autofree char *voters = command->more != NULL ? g_strdup(command->more) : all_voices(d->room);
  if (mcu_votes_open(votes) != NULL)
    return mcu_decision_fail(d, MCU_ERROR_CONFLICT, "a vote is open already");
  if (mcu_votes_n(votes) >= MCU_VOTES_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting has had as many votes as it may have");
  if (!mcu_is_legal_name(command->name, MCU_VOTE_QUESTION_MAX_CHARS) || !mcu_vote_choices_are_legal(command->text) ||
      !mcu_ids_are_legal(voters, MCU_INVITED_MAX))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a vote needs a question, 2 to 10 choices, and who may vote");
  if (command->number < 0 || command->number > 100 || command->limit < 0 || command->limit > MCU_VOTE_LIMIT_MAX_S)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a quorum is of 0 to 100 percent, a limit of at most a day");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_VOTE_OPENED, actor_id(d));
  event->number = mcu_votes_n(votes) + 1;
  g_strlcpy(event->name, command->name, sizeof event->name);
  event->text = g_ref_string_new(command->text);
  event->more = g_ref_string_new(voters);
  event->on = !!command->on;
  event->count = command->number;
  event->limit = command->limit;
  return TRUE;
}

static gboolean
decide_vote(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const McuVote *vote = mcu_votes_open(d->room->votes);
  if (vote == NULL || command->number != vote->number)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "that vote is not open");
  if (command->site == NULL || !mcu_vote_is_entitled(vote, command->site))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the site has no vote here");
  if (mcu_vote_cast_of(vote, command->site) != MCU_VOTE_NONE)
    return mcu_decision_fail(d, MCU_ERROR_CONFLICT, "the site has voted already");
  if (command->count < 0 || command->count >= vote->n_choices)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "there is no such choice");
  McuRoomEvent *event = mcu_decision_emit(d, vote->secret ? MCU_ROOM_VOTE_USED : MCU_ROOM_VOTE_CAST, command->site);
  event->number = vote->number;
  event->count = vote->secret ? 0 : command->count;
  return TRUE;
}

/* What a vote ends with. NULL: a secret one that was not counted, or not so; caller frees. */
static char *
count(const McuDecision *d, const McuVote *vote)
{
  g_autofree char *tally = vote->secret ? g_strdup(d->command->text) : mcu_vote_tally(vote);
  McuRoomEvent event = {.type = MCU_ROOM_VOTE_CLOSED, .number = vote->number, .text = mcu_decision_text(tally)};
  gboolean fits = mcu_votes_fits(d->room->votes, &event);
  mcu_room_event_clear(&event);
  return fits ? g_steal_pointer(&tally) : NULL;
}

static void
emit_closed(McuDecision *d, const McuVote *vote, const char *tally)
{
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_VOTE_CLOSED, NULL);
  event->number = vote->number;
  event->text = mcu_decision_text(tally);
}

static gboolean
decide_vote_close(McuDecision *d)
{
  const McuVote *vote = mcu_votes_open(d->room->votes);
  if (vote == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no vote is open");
  g_autofree char *tally = count(d, vote);
  if (tally == NULL)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "what was counted cannot be of this vote");
  emit_closed(d, vote, tally);
  return TRUE;
}

static gboolean
decide_vote_restart(McuDecision *d)
{
  const McuVote *vote = mcu_votes_open(d->room->votes);
  if (vote != NULL && vote->secret)
    mcu_decision_emit(d, MCU_ROOM_VOTE_RESTARTED, NULL)->number = vote->number;
  return TRUE;
}

static gboolean
decide_vote_show(McuDecision *d)
{
  const McuVote *vote = mcu_votes_find(d->room->votes, d->command->number);
  if (vote == NULL || vote->open)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no result of such a vote");
  if (!vote->shown == !d->command->on)
    return TRUE;
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_VOTE_SHOWN, NULL);
  event->number = vote->number;
  event->on = !!d->command->on;
  return TRUE;
}

/* --- roll call ---------------------------------------------------------------------------- */

static void
emit_mark(McuDecision *d, const char *site, McuRollStatus status, const char *reason, gboolean by_hand)
{
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_ROLL_MARKED, site);
  event->number = status;
  event->text = mcu_decision_text(reason);
  event->on = by_hand;
}

/* What is measured of a site; once sites are called up, who is there has to be called. */
static McuRollStatus
measured(const McuRoom *room, const char *site, gboolean calls)
{
  McuRollStatus status = mcu_room_roll_measure(room, site);
  const McuRoomSeat *seat = mcu_room_find(room, site);
  gboolean callable = seat != NULL && !seat->lost && seat->role == MCU_ROLE_SITE;
  return calls && callable ? MCU_ROLL_UNCALLED : status;
}

/* Who was called up has its mark from that; who was marked by a person, from the person. */
static void
emit_measures(McuDecision *d, gboolean afresh)
{
  const McuRoll *roll = d->room->roll;
  gboolean calls = !afresh && mcu_roll_has_calls(roll);
  g_autoptr(GPtrArray) sites = mcu_room_roll_sites(d->room);
  for (guint i = 0; i < sites->len; i++) {
    const char *site = g_ptr_array_index(sites, i);
    const McuRollMark *mark = afresh ? NULL : mcu_roll_find(roll, site);
    McuRollStatus status = measured(d->room, site, calls);
    if (mark != NULL && (mark->by_hand || mark->status == status || mcu_roll_was_called(roll, site)))
      continue;
    emit_mark(d, site, status, NULL, FALSE);
  }
}

static gboolean
decide_roll_open(McuDecision *d)
{
  if (mcu_roll_is_open(d->room->roll))
    return TRUE;
  mcu_decision_emit(d, MCU_ROOM_ROLL_OPENED, NULL);
  emit_measures(d, TRUE);
  return TRUE;
}

static gboolean
check_roll(McuDecision *d)
{
  return mcu_roll_is_open(d->room->roll) || mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no roll call now");
}

static gboolean
decide_roll_mark(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const char *reason = command->text != NULL ? command->text : "";
  if (!check_roll(d))
    return FALSE;
  if (command->site == NULL ||
      (mcu_room_find_invited(d->room, command->site) == NULL && mcu_room_find(d->room, command->site) == NULL &&
       mcu_roll_find(d->room->roll, command->site) == NULL))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site in the roll call");
  if (command->number < 0 || command->number >= MCU_ROLL_N_STATUSES ||
      (*reason != '\0' && !mcu_is_legal_name(reason, MCU_ROLL_REASON_MAX_CHARS)))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a mark has a status, and a reason of at most 200 characters");
  emit_mark(d, command->site, (McuRollStatus)command->number, reason, TRUE);
  return TRUE;
}

/* --- the spoken tour ---------------------------------------------------------------------- */

static void
emit_call(McuDecision *d, const char *site)
{
  mcu_decision_emit(d, MCU_ROOM_CALLED, site);
  mcu_decision_give_floor(d, mcu_room_find(d->room, site), 0);
}

static void
emit_calls_end(McuDecision *d)
{
  const McuRoom *room = d->room;
  if (room->floor != NULL && strcmp(room->floor->site, mcu_roll_calls(room->roll)->site) == 0)
    mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, room->floor->site);
  mcu_decision_emit(d, MCU_ROOM_CALLS_ENDED, NULL);
  if (room->undo != NULL && strcmp(mcu_room_programme(room), CALLS_SCENE) == 0)
    mcu_decision_emit(d, MCU_ROOM_PROGRAMME_UNDONE, NULL);
}

static void
emit_next_call(McuDecision *d)
{
  const char *next = mcu_room_next_called(d->room, FALSE);
  if (next != NULL)
    emit_call(d, next);
  else
    emit_calls_end(d);
}

static gboolean
decide_calls_start(McuDecision *d)
{
  const McuRoom *room = d->room;
  const char *first = mcu_room_next_called(room, TRUE);
  if (mcu_roll_calls(room->roll)->on)
    return mcu_decision_fail(d, MCU_ERROR_CONFLICT, "sites are being called up already");
  if (d->command->number < MCU_CALLS_PATIENCE_MIN_S || d->command->number > MCU_CALLS_PATIENCE_MAX_S)
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "the patience is of 2 to 60 seconds");
  if (first == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "nobody is there to be called up");
  if (!mcu_roll_is_open(room->roll))
    decide_roll_open(d);
  mcu_decision_emit(d, MCU_ROOM_CALLS_BEGUN, NULL)->number = d->command->number;
  g_autoptr(GPtrArray) sites = mcu_room_roll_sites(room);
  for (guint i = 0; i < sites->len; i++) {
    const char *site = g_ptr_array_index(sites, i);
    const McuRollMark *mark = mcu_roll_find(room->roll, site);
    if (measured(room, site, TRUE) == MCU_ROLL_UNCALLED && (mark == NULL || !mark->by_hand))
      emit_mark(d, site, MCU_ROLL_UNCALLED, NULL, FALSE);
  }
  if (strcmp(mcu_room_programme(room), CALLS_SCENE) != 0)
    mcu_decision_emit(d, MCU_ROOM_PROGRAMME_SET, NULL)->text = g_ref_string_new(CALLS_SCENE);
  emit_call(d, first);
  return TRUE;
}

static gboolean
check_calls(McuDecision *d)
{
  return mcu_roll_calls(d->room->roll)->on ||
         mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "nobody is being called up now");
}

/* It has spoken; or it is there and was not heard in time. Whom a person skips is not called a second time. */
static void
emit_answer(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const char *site = mcu_roll_calls(d->room->roll)->site;
  const McuRoomSeat *seat = mcu_room_find(d->room, site);
  const McuRollMark *mark = mcu_roll_find(d->room->roll, site);
  if ((command->actor != NULL && !command->on) || (mark != NULL && mark->by_hand))
    return;
  McuRollStatus status = MCU_ROLL_ABSENT;
  if (seat != NULL)
    status = seat->lost ? MCU_ROLL_LOST : MCU_ROLL_NO_SOUND;
  if (seat != NULL && !seat->lost && command->on)
    status = seat->camera ? MCU_ROLL_PRESENT : MCU_ROLL_NO_PICTURE;
  emit_mark(d, site, status, NULL, FALSE);
}

static gboolean
decide_calls_next(McuDecision *d)
{
  if (!check_calls(d))
    return FALSE;
  emit_answer(d);
  emit_next_call(d);
  return TRUE;
}

static gboolean
decide_calls_back(McuDecision *d)
{
  if (!check_calls(d))
    return FALSE;
  const char *before = mcu_roll_called_before(d->room->roll);
  const McuRoomSeat *seat = before != NULL ? mcu_room_find(d->room, before) : NULL;
  if (seat == NULL || seat->lost || !mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "the one before is not there");
  emit_call(d, seat->site);
  return TRUE;
}

/* Going on calls up the one again that had its turn. */
static gboolean
decide_calls_pause(McuDecision *d)
{
  const McuRollCalls *calls = mcu_roll_calls(d->room->roll);
  if (!check_calls(d))
    return FALSE;
  if (!calls->paused == !d->command->on)
    return TRUE;
  mcu_decision_emit(d, MCU_ROOM_CALLS_PAUSED, NULL)->on = !!d->command->on;
  if (d->command->on)
    return TRUE;
  const McuRoomSeat *seat = mcu_room_find(d->room, calls->site);
  if (seat != NULL && !seat->lost && mcu_role_has_voice(seat->role))
    emit_call(d, seat->site);
  else
    emit_next_call(d);
  return TRUE;
}

static gboolean
decide_calls_stop(McuDecision *d)
{
  if (!check_calls(d))
    return FALSE;
  emit_calls_end(d);
  return TRUE;
}

static gboolean
decide_roll_close(McuDecision *d)
{
  if (!check_roll(d))
    return FALSE;
  if (mcu_roll_calls(d->room->roll)->on)
    emit_calls_end(d);
  mcu_decision_emit(d, MCU_ROOM_ROLL_CLOSED, NULL);
  return TRUE;
}

void
mcu_decide_floor_by_hand(McuDecision *d)
{
  const McuRollCalls *calls = mcu_roll_calls(d->room->roll);
  if (calls->on && !calls->paused)
    mcu_decision_emit(d, MCU_ROOM_CALLS_PAUSED, NULL)->on = TRUE;
}

/* --- agenda and documents ----------------------------------------------------------------- */

static gboolean
decide_agenda(McuDecision *d)
{
  if (!mcu_agenda_is_legal(d->command->text))
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "an agenda has at most 50 items of minutes, title, rapporteur");
  mcu_decision_emit(d, MCU_ROOM_AGENDA_SET, NULL)->text = mcu_decision_text(d->command->text);
  return TRUE;
}

static gboolean
decide_agenda_go(McuDecision *d)
{
  const McuAgenda *agenda = d->room->agenda;
  gint64 index = d->command->number;
  if (index < -1 || index >= (gint64)mcu_agenda_n(agenda))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such item");
  if (index != mcu_agenda_at(agenda))
    mcu_decision_emit(d, MCU_ROOM_AGENDA_AT, NULL)->number = index;
  return TRUE;
}

static gboolean
decide_add_document(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  McuRoomEvent event = {.type = MCU_ROOM_DOCUMENT_ADDED, .number = command->number, .count = command->count};
  g_strlcpy(event.other, command->other != NULL ? command->other : "", sizeof event.other);
  event.text = mcu_decision_text(command->text);
  event.more = mcu_decision_text(command->more);
  event.time_us = d->now_us;
  if (mcu_documents_n(d->room->documents) >= MCU_DOCUMENTS_MAX) {
    mcu_room_event_clear(&event);
    return mcu_decision_fail(d, MCU_ERROR_FULL, "the meeting has as many documents as it may have");
  }
  if (!mcu_is_legal_name(command->name, MCU_NAME_MAX_CHARS) || !mcu_documents_fits(d->room->documents, &event)) {
    mcu_room_event_clear(&event);
    return mcu_decision_fail(d, MCU_ERROR_BAD_MESSAGE, "a document needs a title, a kind, a size and its digest");
  }
  g_strlcpy(event.name, command->name, sizeof event.name);
  g_array_append_val(d->events, event);
  return TRUE;
}

static gboolean
decide_remove_document(McuDecision *d)
{
  const McuDocument *document = mcu_documents_find(d->room->documents, d->command->other);
  if (document == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such document");
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_DOCUMENT_REMOVED, NULL);
  g_strlcpy(event->other, document->id, sizeof event->other);
  return TRUE;
}

/* The desk shows and hides; who speaks or presents turns the pages of what is shown. */
static gboolean
may_show(const McuDecision *d, const McuDocument *document)
{
  guint page;
  const McuRoomSeat *seat = actor(d);
  if (seat == NULL || mcu_role_has_desk(seat->role))
    return TRUE;
  return (seat->floor || seat == d->room->presenter) && document != NULL &&
         document == mcu_documents_shown(d->room->documents, &page);
}

static gboolean
decide_show_document(McuDecision *d)
{
  const McuRoomCommand *command = d->command;
  const char *id = command->other != NULL ? command->other : "";
  const McuDocument *document = mcu_documents_find(d->room->documents, id);
  guint page;
  const McuDocument *shown = mcu_documents_shown(d->room->documents, &page);
  if (!may_show(d, document))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "pages are turned by the desk, and by who speaks or presents");
  if (*id != '\0' && (document == NULL || command->number < 1 || command->number > document->pages))
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "there is no such page");
  if (document == shown && (document == NULL || command->number == page))
    return TRUE;
  McuRoomEvent *event = mcu_decision_emit(d, MCU_ROOM_DOCUMENT_SHOWN, NULL);
  g_strlcpy(event->other, id, sizeof event->other);
  event->number = document != NULL ? command->number : 0;
  return TRUE;
}

/* --- presentation and side room ----------------------------------------------------------- */

void
mcu_decide_connection_gone(McuDecision *d, const McuRoomSeat *seat)
{
  if (seat == d->room->presenter)
    mcu_decision_emit(d, MCU_ROOM_PRESENTING_OFF, seat->site);
}

static gboolean
decide_let_present(McuDecision *d, const McuRoomSeat *seat)
{
  gboolean on = d->command->on, may = g_hash_table_contains(d->room->may_present, seat->site);
  if (!mcu_role_has_voice(seat->role))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "who only watches presents nothing");
  if (on && !may && g_hash_table_size(d->room->may_present) >= MCU_INVITED_MAX)
    return mcu_decision_fail(d, MCU_ERROR_FULL, "as many as can be may present already");
  if (!on != !may)
    mcu_decision_emit(d, MCU_ROOM_PRESENTER_SET, seat->site)->on = !!on;
  if (!on)
    mcu_decide_connection_gone(d, seat);
  return TRUE;
}

static gboolean
decide_present(McuDecision *d, const McuRoomSeat *seat)
{
  const McuRoomSeat *presenter = d->room->presenter;
  if (!d->command->on) {
    mcu_decide_connection_gone(d, seat);
    return TRUE;
  }
  if (!mcu_room_may_present(d->room, seat))
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "the chair has not let the site present");
  if (seat == presenter)
    return TRUE;
  if (presenter != NULL)
    mcu_decide_connection_gone(d, presenter);
  mcu_decision_emit(d, MCU_ROOM_PRESENTING_ON, seat->site);
  return TRUE;
}

static gboolean
decide_aside(McuDecision *d, const McuRoomSeat *seat)
{
  gboolean on = d->command->on, is = mcu_room_is_aside(d->room, seat->site);
  if (seat->role != MCU_ROLE_SITE && seat->role != MCU_ROLE_SECRETARY && on)
    return mcu_decision_fail(d, MCU_ERROR_FORBIDDEN, "only sites and secretaries go to the side room");
  if (on && !is && seat->floor)
    mcu_decision_emit(d, MCU_ROOM_FLOOR_TAKEN, seat->site);
  if (on && !is)
    mcu_decide_connection_gone(d, seat);
  if (!on != !is)
    mcu_decision_emit(d, MCU_ROOM_ASIDE_SET, seat->site)->on = !!on;
  return TRUE;
}

static gboolean
decide_of_seat(McuDecision *d)
{
  const McuRoomSeat *seat = d->command->site != NULL ? mcu_room_find(d->room, d->command->site) : NULL;
  if (seat == NULL)
    return mcu_decision_fail(d, MCU_ERROR_NOT_FOUND, "no such site in the meeting");
  if (d->command->type == MCU_ROOM_LET_PRESENT)
    return decide_let_present(d, seat);
  return d->command->type == MCU_ROOM_PRESENT ? decide_present(d, seat) : decide_aside(d, seat);
}

/* --- the door ----------------------------------------------------------------------------- */

void
mcu_decide_work_end(McuDecision *d)
{
  const McuRoom *room = d->room;
  const McuVote *vote = mcu_votes_open(room->votes);
  if (mcu_roll_calls(room->roll)->on)
    mcu_decision_emit(d, MCU_ROOM_CALLS_ENDED, NULL);
  if (mcu_roll_is_open(room->roll))
    mcu_decision_emit(d, MCU_ROOM_ROLL_CLOSED, NULL);
  /* One that is secret and was not counted stays open in the log: nobody knows how it ended. */
  g_autofree char *tally = vote != NULL ? count(d, vote) : NULL;
  if (tally != NULL)
    emit_closed(d, vote, tally);
}

gboolean
mcu_decide_work(McuDecision *d)
{
  switch (d->command->type) {
  case MCU_ROOM_CHAT:
    return decide_chat(d);
  case MCU_ROOM_CHAT_OPEN:
    return decide_chat_open(d);
  case MCU_ROOM_ANNOUNCE:
    return decide_announce(d);
  case MCU_ROOM_VOTE_OPEN:
    return decide_vote_open(d);
  case MCU_ROOM_VOTE:
    return decide_vote(d);
  case MCU_ROOM_VOTE_CLOSE:
    return decide_vote_close(d);
  case MCU_ROOM_VOTE_RESTART:
    return decide_vote_restart(d);
  case MCU_ROOM_VOTE_SHOW:
    return decide_vote_show(d);
  case MCU_ROOM_ROLL_OPEN:
    return decide_roll_open(d);
  case MCU_ROOM_ROLL_MEASURE:
    if (mcu_roll_is_open(d->room->roll))
      emit_measures(d, FALSE);
    return TRUE;
  case MCU_ROOM_ROLL_MARK:
    return decide_roll_mark(d);
  case MCU_ROOM_ROLL_CLOSE:
    return decide_roll_close(d);
  case MCU_ROOM_CALLS_START:
    return decide_calls_start(d);
  case MCU_ROOM_CALLS_PAUSE:
    return decide_calls_pause(d);
  case MCU_ROOM_CALLS_NEXT:
    return decide_calls_next(d);
  case MCU_ROOM_CALLS_BACK:
    return decide_calls_back(d);
  case MCU_ROOM_CALLS_STOP:
    return decide_calls_stop(d);
  case MCU_ROOM_AGENDA:
    return decide_agenda(d);
  case MCU_ROOM_AGENDA_GO:
    return decide_agenda_go(d);
  case MCU_ROOM_ADD_DOCUMENT:
    return decide_add_document(d);
  case MCU_ROOM_REMOVE_DOCUMENT:
    return decide_remove_document(d);
  case MCU_ROOM_SHOW_DOCUMENT:
    return decide_show_document(d);
  case MCU_ROOM_LET_PRESENT:
  case MCU_ROOM_PRESENT:
  case MCU_ROOM_ASIDE:
    return decide_of_seat(d);
  default:
    g_assert_not_reached();
  }
}
