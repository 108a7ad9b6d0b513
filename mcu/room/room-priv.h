/* McuRoom spans five files: room.c (its life and questions), decide.c and decide-work.c (commands to events), apply.c
 * (events to state) and describe.c. */
#pragma once

#include "mcu/room/room.h"

struct McuRoom {
  McuRoomLimits limits;
  GPtrArray *seats;    /* of McuRoomSeat *, in order, owned */
  GHashTable *by_site; /* site -> McuRoomSeat *, borrowed */
  guint n_tiles;
  guint n_lost;
  McuRoomSeat *chair, *floor; /* borrowed */
  gint64 floor_since_us;
  guint floor_limit_s;
  GPtrArray *hands; /* of McuRoomSeat *, borrowed, in order */

  char *title;
  gboolean made, ended, recording, locked;
  gint64 planned_ms;
  McuMicPolicy policy;
  gboolean self_unmute;

  GRefString *programme, *undo, *preview; /* NULL: the first scene; none; none */
  gboolean layout_locked;
  GRefString *banner; /* NULL: none */
  guint tour_s;
  GPtrArray *scenes; /* of McuRoomScene *, owned */

  GPtrArray *invited;     /* of McuRoomInvited *, owned, in order */
  GHashTable *by_invited; /* site -> McuRoomInvited *, borrowed */
  GPtrArray *lobby;       /* of McuRoomGuest *, owned */
  GHashTable *admitted;   /* set of sites, owned */
  GHashTable *kept_out;   /* set of sites, owned */

  McuChat *chat; /* these five owned */
  McuVotes *votes;
  McuRoll *roll;
  McuAgenda *agenda;
  McuDocuments *documents;
  McuRoomSeat *presenter;  /* borrowed; NULL: nobody presents */
  GHashTable *may_present; /* set of sites, owned */
  GHashTable *aside;       /* set of sites, owned: in the side room */
};

/* Whether the policy alone keeps `seat` from being heard. */
gboolean mcu_room_policy_silences(const McuRoom *room, McuRole role);
