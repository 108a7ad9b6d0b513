/* McuRoom: the state of one meeting: who is invited, who has a seat, in which order, with what, who may speak, and what
 * the picture shows. No socket, no clock, no thread: a command and its time go in, events come out, and the state
 * changes only by applying events. So the log of events is the meeting:
 *
 *   decide: (state, command) -> events, or an error and none     apply: (state, event) -> state
 *
 * Invariants: one seat per site; seats keep their order of arrival; `lost` seats have the time they were lost; one seat
 * at most has the floor, and one at most is the chair's; who has a hand up stands in the queue once, and never has the
 * floor; never more seats than the limit. */
#pragma once

#include <glib.h>

#include "mcu/room/agenda.h"
#include "mcu/room/chat.h"
#include "mcu/room/documents.h"
#include "mcu/room/event.h"
#include "mcu/room/layout.h"
#include "mcu/room/rights.h"
#include "mcu/room/roll.h"
#include "mcu/room/votes.h"

typedef struct McuRoom McuRoom;

#define MCU_ROOM_LOBBY_MAX 500
#define MCU_ROOM_SCENES_MAX 20
#define MCU_ROOM_FLOOR_MAX_S 86400
#define MCU_ROOM_REMEMBERED_MAX 5000 /* sites that were admitted, or are kept out */

typedef struct {
  guint max_seats;
  gint64 lost_grace_us;      /* a lost seat is removed after this */
  const McuLayouts *layouts; /* borrowed; NULL: scenes may name any */
} McuRoomLimits;

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char name[MCU_NAME_MAX_BYTES + 1];
  McuRole role;
  McuRole invited_as; /* its role when nobody has changed it */
  gboolean lost;
  gboolean mic, camera; /* as the site has them */
  gboolean silenced;    /* is not heard, by the chair's word or the policy */
  gboolean consent;     /* its microphone may be opened from afar */
  gboolean floor;       /* may speak: one seat at most, of one with a voice */
  gint64 since_us;      /* joined; or lost, while it is */
  gint64 hand_us;       /* since when its hand is up; 0: it is not */

  gboolean muted;     /* by the chair; silenced is made of these two, floor and policy */
  gboolean may_speak; /* by the chair's word, whatever the policy is */
} McuRoomSeat;

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char name[MCU_NAME_MAX_BYTES + 1];
  McuRole role;
  guint level;                       /* 1: the highest */
  char parent[MCU_ID_MAX_BYTES + 1]; /* "": none */
  GRefString *telephone, *email;     /* NULL: none */
} McuRoomInvited;

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  char name[MCU_NAME_MAX_BYTES + 1];
  McuRole role;
} McuRoomGuest;

typedef struct {
  char *name;
  GRefString *scene;
} McuRoomScene;

typedef struct {
  McuRoomCommandType type;
  const char *actor; /* the site that gives it; NULL: the bridge itself, which may do everything */
  const char *site, *name, *other, *text, *more;
  McuRole role;
  gboolean mic, camera, on;
  gint64 number, count, limit;
} McuRoomCommand;

McuRoom *mcu_room_new(const McuRoomLimits *limits);
void mcu_room_free(McuRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuRoom, mcu_room_free)

/* Appends the events that obeying `command` at `now_us` means; none when it changes nothing. A join of one who has to
 * wait gives MCU_ROOM_LOBBY_ENTERED and no seat. MCU_ERROR_FULL, _NOT_FOUND (no such seat, scene, layout ...),
 * _BAD_MESSAGE (no id, name or text of legal form), _FORBIDDEN (the actor has no right to it, or it cannot be of that
 * seat), _REFUSED (kept out), _ENDED; then nothing is appended. The state stays as it is. */
gboolean mcu_room_decide(const McuRoom *room, const McuRoomCommand *command, gint64 now_us, GArray *events,
                         GError **error);
/* `event` comes from mcu_room_decide() on the same state, or from the log of it (mcu_room_replay()). */
void mcu_room_apply(McuRoom *room, const McuRoomEvent *event);
/* Decides and applies; the caller unrefs the array of events. NULL on error. */
GArray *mcu_room_obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us, GError **error);
/* Applies an event of a log that may be anything. FALSE: it cannot be of this state, which stays as it is. */
gboolean mcu_room_replay(McuRoom *room, const McuRoomEvent *event);

guint mcu_room_n_seats(const McuRoom *room);
/* Seats of those with a voice: tiles of the picture. */
guint mcu_room_n_tiles(const McuRoom *room);
/* In order; borrowed until the next apply. */
const McuRoomSeat *mcu_room_seat(const McuRoom *room, guint index);
const McuRoomSeat *mcu_room_find(const McuRoom *room, const char *site); /* NULL when there is none */
const McuRoomSeat *mcu_room_chair(const McuRoom *room);                  /* NULL: none is there */
const McuRoomSeat *mcu_room_floor(const McuRoom *room);                  /* NULL: nobody has it */
gint64 mcu_room_floor_since(const McuRoom *room);                        /* us */
guint mcu_room_floor_limit(const McuRoom *room);                         /* seconds; 0: none */
/* Who has a hand up, first come first. */
guint mcu_room_n_hands(const McuRoom *room);
const McuRoomSeat *mcu_room_hand(const McuRoom *room, guint index);

const char *mcu_room_title(const McuRoom *room); /* "": never made, lives from its first join to its last leave */
gboolean mcu_room_is_made(const McuRoom *room);
gint64 mcu_room_planned_ms(const McuRoom *room);
gboolean mcu_room_ended(const McuRoom *room);
gboolean mcu_room_recording(const McuRoom *room);
gboolean mcu_room_locked(const McuRoom *room);
McuMicPolicy mcu_room_policy(const McuRoom *room);
gboolean mcu_room_self_unmute(const McuRoom *room);
McuRoomState mcu_room_state(const McuRoom *room);

const char *mcu_room_programme(const McuRoom *room); /* scene; never NULL */
const char *mcu_room_preview(const McuRoom *room);   /* scene; NULL: none */
gboolean mcu_room_can_undo(const McuRoom *room);
gboolean mcu_room_layout_locked(const McuRoom *room);
const char *mcu_room_banner(const McuRoom *room); /* never NULL */
guint mcu_room_tour(const McuRoom *room);         /* seconds; 0: none */
guint mcu_room_n_scenes(const McuRoom *room);
const McuRoomScene *mcu_room_scene(const McuRoom *room, guint index);

guint mcu_room_n_invited(const McuRoom *room);
const McuRoomInvited *mcu_room_invited(const McuRoom *room, guint index); /* in the order of the list */
const McuRoomInvited *mcu_room_find_invited(const McuRoom *room, const char *site);

/* The meeting's work; never NULL. */
const McuChat *mcu_room_chat(const McuRoom *room);
const McuVotes *mcu_room_votes(const McuRoom *room);
const McuRoll *mcu_room_roll(const McuRoom *room);
const McuAgenda *mcu_room_agenda(const McuRoom *room);
const McuDocuments *mcu_room_documents(const McuRoom *room);
/* Whom a roll call is about: the list, and who is there without being on it; no operators. In this order: ids,
 * borrowed until the next apply; the caller unrefs the array. */
GPtrArray *mcu_room_roll_sites(const McuRoom *room);
/* What is seen of a site now. */
McuRollStatus mcu_room_roll_measure(const McuRoom *room, const char *site);
/* Whom the spoken tour calls up next; `afresh`: whom a new one calls first. NULL: nobody. */
const char *mcu_room_next_called(const McuRoom *room, gboolean afresh);
const McuRoomSeat *mcu_room_presenter(const McuRoom *room); /* NULL: nobody presents */
gboolean mcu_room_may_present(const McuRoom *room, const McuRoomSeat *seat);
gboolean mcu_room_is_aside(const McuRoom *room, const char *site); /* in the side room */
/* Sorted ids, borrowed until the next apply; the caller unrefs the array. */
GPtrArray *mcu_room_presenters(const McuRoom *room); /* those who may besides chair and secretary */
GPtrArray *mcu_room_aside(const McuRoom *room);

guint mcu_room_n_lobby(const McuRoom *room);
const McuRoomGuest *mcu_room_guest(const McuRoom *room, guint index);
const McuRoomGuest *mcu_room_find_guest(const McuRoom *room, const char *site);
/* Ids of those kept out, in no order; the caller frees the array, not the ids. */
GPtrArray *mcu_room_kept_out(const McuRoom *room);

/* When the next seat expires; G_MAXINT64: none is lost. */
gint64 mcu_room_next_expiry(const McuRoom *room);
/* The whole state as text: two rooms are alike when theirs is. Caller frees. */
char *mcu_room_describe(const McuRoom *room);
