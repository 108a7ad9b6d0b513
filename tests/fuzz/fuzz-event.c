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
  return 0;
}
