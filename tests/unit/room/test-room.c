#include "mcu/room/room.h"

#include <string.h>

#include "mcu/util/error.h"

#define GRACE 60000000

static McuRoom *
room_new(guint max_seats)
{
  return mcu_room_new(&(McuRoomLimits){.max_seats = max_seats, .lost_grace_us = GRACE});
}

/* Obeys and returns the words of the events, as "seat-added seat-back"; "!word" for an error. */
static char *
obey(McuRoom *room, const McuRoomCommand *command, gint64 now_us)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) events = mcu_room_obey(room, command, now_us, &error);
  if (events == NULL)
    return g_strdup_printf("!%s", mcu_error_word(error));
  GString *words = g_string_new(NULL);
  for (guint i = 0; i < events->len; i++) {
    const McuRoomEvent *event = &g_array_index(events, McuRoomEvent, i);
    g_assert_cmpint(event->time_us, ==, now_us);
    g_string_append_printf(words, "%s%s", i > 0 ? " " : "", mcu_room_event_word(event->type));
  }
  return g_string_free(words, FALSE);
}

#define ASSERT_OBEY(room, now, expected, ...)                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *words_ = obey(room, &(McuRoomCommand){__VA_ARGS__}, now);                                         \
    g_assert_cmpstr(words_, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

static void
test_life(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "A", .role = MCU_ROLE_CHAIR,
              .mic = TRUE, .camera = TRUE);
  ASSERT_OBEY(room, 2, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "B", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "seat-added", .type = MCU_ROOM_JOIN, .site = "o", .name = "O", .role = MCU_ROLE_OBSERVER);
  g_assert_cmpuint(mcu_room_n_seats(room), ==, 3);
  g_assert_cmpuint(mcu_room_n_tiles(room), ==, 2);

  /* The second connection of a site gets the seat as it is, even its microphone. */
  ASSERT_OBEY(room, 3, "seat-replaced", .type = MCU_ROOM_JOIN, .site = "a", .name = "A2", .role = MCU_ROLE_SITE);
  const McuRoomSeat *a = mcu_room_find(room, "a");
  g_assert_cmpstr(a->name, ==, "A2");
  g_assert_cmpint(a->role, ==, MCU_ROLE_SITE);
  g_assert_true(a->mic && a->camera);
  g_assert_true(mcu_room_seat(room, 0) == a);

  ASSERT_OBEY(room, 4, "media-changed", .type = MCU_ROOM_MEDIA, .site = "a", .mic = FALSE, .camera = TRUE);
  ASSERT_OBEY(room, 5, "", .type = MCU_ROOM_MEDIA, .site = "a", .mic = FALSE, .camera = TRUE);
  g_assert_false(a->mic);

  ASSERT_OBEY(room, 6, "recording-on", .type = MCU_ROOM_RECORD, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 7, "", .type = MCU_ROOM_RECORD, .site = "a", .on = TRUE);
  g_assert_true(mcu_room_recording(room));
  ASSERT_OBEY(room, 8, "recording-off", .type = MCU_ROOM_RECORD, .on = FALSE);
  g_assert_false(mcu_room_recording(room));

  ASSERT_OBEY(room, 9, "seat-removed", .type = MCU_ROOM_LEAVE, .site = "a");
  g_assert_null(mcu_room_find(room, "a"));
  g_assert_cmpstr(mcu_room_seat(room, 0)->site, ==, "b");
  g_assert_cmpuint(mcu_room_n_tiles(room), ==, 1);
}

static void
test_lost(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "A", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "B", .role = MCU_ROLE_SITE);
  g_assert_cmpint(mcu_room_next_expiry(room), ==, G_MAXINT64);

  ASSERT_OBEY(room, 100, "seat-lost", .type = MCU_ROOM_LOST, .site = "a");
  ASSERT_OBEY(room, 200, "", .type = MCU_ROOM_LOST, .site = "a");
  g_assert_cmpint(mcu_room_next_expiry(room), ==, 100 + GRACE);
  ASSERT_OBEY(room, 300, "seat-back", .type = MCU_ROOM_BACK, .site = "a");
  ASSERT_OBEY(room, 300, "", .type = MCU_ROOM_BACK, .site = "a");
  g_assert_cmpint(mcu_room_next_expiry(room), ==, G_MAXINT64);

  /* The grace counts from the last loss; the one who comes back by a new connection is not lost. */
  ASSERT_OBEY(room, 400, "seat-lost", .type = MCU_ROOM_LOST, .site = "a");
  ASSERT_OBEY(room, 500, "seat-lost", .type = MCU_ROOM_LOST, .site = "b");
  ASSERT_OBEY(room, 399 + GRACE, "", .type = MCU_ROOM_EXPIRE);
  ASSERT_OBEY(room, 400 + GRACE, "seat-removed", .type = MCU_ROOM_EXPIRE);
  g_assert_null(mcu_room_find(room, "a"));
  ASSERT_OBEY(room, 450 + GRACE, "seat-replaced seat-back", .type = MCU_ROOM_JOIN, .site = "b", .name = "B",
              .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 10 * (gint64)GRACE, "", .type = MCU_ROOM_EXPIRE);
  g_assert_cmpuint(mcu_room_n_seats(room), ==, 1);
}

static void
test_floor(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "A", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "B", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "o", .name = "O", .role = MCU_ROLE_OBSERVER);
  ASSERT_OBEY(room, 2, "", .type = MCU_ROOM_FLOOR, .site = "a", .on = FALSE);
  ASSERT_OBEY(room, 2, "floor-given", .type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 2, "", .type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 2, "", .type = MCU_ROOM_FLOOR, .site = "b", .on = FALSE);
  ASSERT_OBEY(room, 2, "!forbidden", .type = MCU_ROOM_FLOOR, .site = "o", .on = TRUE);
  g_assert_true(mcu_room_find(room, "a")->floor);

  /* From one to another in one command: never two, never a moment of nobody. */
  ASSERT_OBEY(room, 3, "floor-taken floor-given", .type = MCU_ROOM_FLOOR, .site = "b", .on = TRUE);
  g_assert_false(mcu_room_find(room, "a")->floor);
  g_assert_true(mcu_room_find(room, "b")->floor);
  ASSERT_OBEY(room, 4, "floor-taken", .type = MCU_ROOM_FLOOR, .site = "b", .on = FALSE);

  /* Who is lost and comes back has it still; who goes has not. */
  ASSERT_OBEY(room, 5, "floor-given", .type = MCU_ROOM_FLOOR, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 6, "seat-lost", .type = MCU_ROOM_LOST, .site = "b");
  ASSERT_OBEY(room, 7, "seat-replaced seat-back", .type = MCU_ROOM_JOIN, .site = "b", .name = "B",
              .role = MCU_ROLE_SITE);
  g_assert_true(mcu_room_find(room, "b")->floor);
  ASSERT_OBEY(room, 8, "floor-taken seat-replaced", .type = MCU_ROOM_JOIN, .site = "b", .name = "B",
              .role = MCU_ROLE_OBSERVER);
  ASSERT_OBEY(room, 9, "floor-given", .type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 10, "floor-taken seat-removed", .type = MCU_ROOM_LEAVE, .site = "a");
  ASSERT_OBEY(room, 11, "seat-added", .type = MCU_ROOM_JOIN, .site = "c", .name = "C", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 12, "floor-given", .type = MCU_ROOM_FLOOR, .site = "c", .on = TRUE);
  ASSERT_OBEY(room, 13, "seat-lost", .type = MCU_ROOM_LOST, .site = "c");
  ASSERT_OBEY(room, 13 + GRACE, "floor-taken seat-removed", .type = MCU_ROOM_EXPIRE);
}

static void
test_refused(void)
{
  char long_id[MCU_ID_MAX_BYTES + 2] = {0};
  memset(long_id, 'x', MCU_ID_MAX_BYTES + 1);
  GString *long_name = g_string_new(NULL);
  for (guint i = 0; i <= MCU_NAME_MAX_CHARS; i++)
    g_string_append(long_name, "ệ");

  const struct {
    McuRoomCommand command;
    const char *expected;
  } cases[] = {
      {{.type = MCU_ROOM_JOIN, .site = "c", .name = "C"}, "!full"},
      {{.type = MCU_ROOM_JOIN, .site = "a", .name = "A"}, "seat-replaced"},
      {{.type = MCU_ROOM_JOIN, .site = "", .name = "C"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = NULL, .name = "C"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "../c", .name = "C"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "..", .name = "C"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = long_id, .name = "C"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "a", .name = ""}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "a", .name = NULL}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "a", .name = "\xff"}, "!bad-message"},
      {{.type = MCU_ROOM_JOIN, .site = "a", .name = long_name->str}, "!bad-message"},
      {{.type = MCU_ROOM_LEAVE, .site = "nobody"}, "!not-found"},
      {{.type = MCU_ROOM_LOST, .site = long_id}, "!not-found"},
      {{.type = MCU_ROOM_BACK, .site = NULL}, "!not-found"},
      {{.type = MCU_ROOM_MEDIA, .site = ""}, "!not-found"},
      {{.type = MCU_ROOM_FLOOR, .site = "nobody", .on = TRUE}, "!not-found"},
      {{.type = MCU_ROOM_FLOOR, .site = NULL}, "!not-found"},
  };
  g_autoptr(McuRoom) room = room_new(2);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "A");
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "B");
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = obey(room, &cases[i].command, 5);
    g_assert_cmpstr(words, ==, cases[i].expected);
    g_assert_cmpuint(mcu_room_n_seats(room), ==, 2);
  }
  g_string_free(long_name, TRUE);
}

/* --- the door ----------------------------------------------------------------------------- */

static void
test_door(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "chair", .name = "X", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "locked", .type = MCU_ROOM_LOCK, .on = TRUE);
  ASSERT_OBEY(room, 2, "", .type = MCU_ROOM_LOCK, .on = TRUE);
  ASSERT_OBEY(room, 3, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 3, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 3, "seat-replaced", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 3, "seat-added", .type = MCU_ROOM_JOIN, .site = "t", .name = "X", .role = MCU_ROLE_SECRETARY);
  g_assert_cmpuint(mcu_room_n_lobby(room), ==, 1);
  ASSERT_OBEY(room, 4, "lobby-left", .type = MCU_ROOM_ADMIT, .site = "b", .on = FALSE);
  ASSERT_OBEY(room, 4, "!not-found", .type = MCU_ROOM_ADMIT, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 5, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 5, "lobby-left admitted", .type = MCU_ROOM_ADMIT, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 6, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 7, "hand-raised", .type = MCU_ROOM_HAND, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 7, "hand-lowered seat-removed kept-out", .type = MCU_ROOM_REMOVE, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 8, "!refused", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 8, "!refused", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_CHAIR);
  /* Nor does it come in beside itself, as its own second screen. */
  ASSERT_OBEY(room, 8, "!refused", .type = MCU_ROOM_JOIN, .site = "b-2", .name = "X", .role = MCU_ROLE_OBSERVER,
              .other = "b");
  ASSERT_OBEY(room, 8, "seat-added", .type = MCU_ROOM_JOIN, .site = "a-2", .name = "X", .role = MCU_ROLE_OBSERVER,
              .other = "a");
  ASSERT_OBEY(room, 9, "!not-found", .type = MCU_ROOM_LET_IN, .site = "a");
  ASSERT_OBEY(room, 9, "pardoned", .type = MCU_ROOM_LET_IN, .site = "b");
  ASSERT_OBEY(room, 10, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 11, "!forbidden", .type = MCU_ROOM_REMOVE, .site = "chair");
  ASSERT_OBEY(room, 12, "locked", .type = MCU_ROOM_LOCK, .on = FALSE);
  ASSERT_OBEY(room, 13, "lobby-left seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "X",
              .role = MCU_ROLE_SITE);

  /* Once there is a list, who is not on it waits. */
  ASSERT_OBEY(room, 14, "invited", .type = MCU_ROOM_INVITE, .site = "c", .name = "C", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 15, "seat-added", .type = MCU_ROOM_JOIN, .site = "c", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 15, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "d", .name = "X", .role = MCU_ROLE_SITE);
}

/* Nobody is in a meeting that is over, nor waits for it. */
static void
test_end(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "chair", .name = "X", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "locked", .type = MCU_ROOM_LOCK, .on = TRUE);
  ASSERT_OBEY(room, 3, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 4, "floor-given", .type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 4, "recording-on", .type = MCU_ROOM_RECORD, .site = "chair", .on = TRUE);
  McuRoomEvent ended = {.type = MCU_ROOM_ENDED}, locked = {.type = MCU_ROOM_LOCKED};
  g_assert_false(mcu_room_replay(room, &ended)); /* somebody is there */
  ASSERT_OBEY(room, 5, "seat-removed floor-taken seat-removed lobby-left recording-off ended", .type = MCU_ROOM_END);
  g_assert_cmpuint(mcu_room_n_seats(room) + mcu_room_n_lobby(room), ==, 0);
  ASSERT_OBEY(room, 6, "!ended", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  g_assert_false(mcu_room_replay(room, &locked));
}

/* What could not be remembered is refused, rather than forgotten. */
static void
test_remembered(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  for (guint i = 0; i < MCU_ROOM_REMEMBERED_MAX; i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    McuRoomEvent event = {.type = MCU_ROOM_KEPT_OUT};
    g_strlcpy(event.site, site, sizeof event.site);
    mcu_room_apply(room, &event);
  }
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "!full", .type = MCU_ROOM_REMOVE, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 3, "pardoned", .type = MCU_ROOM_LET_IN, .site = "s7");
  ASSERT_OBEY(room, 4, "seat-removed kept-out", .type = MCU_ROOM_REMOVE, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 5, "!refused", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
}

static void
test_lobby_full(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "locked", .type = MCU_ROOM_LOCK, .on = TRUE);
  for (guint i = 0; i < MCU_ROOM_LOBBY_MAX; i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    ASSERT_OBEY(room, 2, "lobby-entered", .type = MCU_ROOM_JOIN, .site = site, .name = "X", .role = MCU_ROLE_SITE);
  }
  ASSERT_OBEY(room, 3, "!full", .type = MCU_ROOM_JOIN, .site = "one-more", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 3, "lobby-entered", .type = MCU_ROOM_JOIN, .site = "s0", .name = "X", .role = MCU_ROLE_SITE);
}

/* --- chair and roles ---------------------------------------------------------------------- */

static void
test_chair(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 2, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 3, "seat-added", .type = MCU_ROOM_JOIN, .site = "s", .name = "X", .role = MCU_ROLE_SITE);
  g_assert_cmpint(mcu_room_find(room, "b")->role, ==, MCU_ROLE_SECRETARY);
  /* The next chair asked for the floor; as the chair it asks nobody. */
  ASSERT_OBEY(room, 4, "hand-raised", .type = MCU_ROOM_HAND, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 5, "seat-removed role-changed hand-lowered", .type = MCU_ROOM_LEAVE, .site = "a");
  g_assert_cmpstr(mcu_room_chair(room)->site, ==, "b");
  ASSERT_OBEY(room, 6, "", .type = MCU_ROOM_HAND, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 7, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_CHAIR);
  g_assert_cmpint(mcu_room_find(room, "a")->role, ==, MCU_ROLE_SECRETARY);

  /* Lost for too long; who is lost as well does not follow. */
  ASSERT_OBEY(room, 8, "seat-lost", .type = MCU_ROOM_LOST, .site = "b");
  ASSERT_OBEY(room, 9, "seat-lost", .type = MCU_ROOM_LOST, .site = "a");
  ASSERT_OBEY(room, 10, "hand-raised", .type = MCU_ROOM_HAND, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 8 + GRACE, "seat-removed", .type = MCU_ROOM_EXPIRE);
  g_assert_null(mcu_room_chair(room));
  ASSERT_OBEY(room, 8 + GRACE, "seat-back role-changed hand-lowered", .type = MCU_ROOM_BACK, .site = "a");

  /* Handed over, and back to who was invited when the other goes; by a role that is not the chair's, too. */
  ASSERT_OBEY(room, 20, "!forbidden", .type = MCU_ROOM_ROLE, .site = "s", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 20, "hand-raised", .type = MCU_ROOM_HAND, .site = "s", .on = TRUE);
  ASSERT_OBEY(room, 20, "role-changed role-changed hand-lowered", .type = MCU_ROOM_HAND_OVER, .site = "s");
  ASSERT_OBEY(room, 21, "", .type = MCU_ROOM_HAND_OVER, .site = "s");
  ASSERT_OBEY(room, 22, "seat-replaced", .type = MCU_ROOM_JOIN, .site = "s", .name = "X", .role = MCU_ROLE_SITE);
  g_assert_cmpstr(mcu_room_chair(room)->site, ==, "s");
  ASSERT_OBEY(room, 23, "seat-replaced role-changed", .type = MCU_ROOM_JOIN, .site = "s", .name = "X",
              .role = MCU_ROLE_OBSERVER);
  g_assert_cmpstr(mcu_room_chair(room)->site, ==, "a");
  ASSERT_OBEY(room, 24, "!forbidden", .type = MCU_ROOM_HAND_OVER, .site = "s");
}

/* Who is put on the list as the chair while it is there, has the chair; or is the next. */
static void
test_late_chair(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "c", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "seat-lost", .type = MCU_ROOM_LOST, .site = "c");
  ASSERT_OBEY(room, 3, "invited seat-replaced", .type = MCU_ROOM_INVITE, .site = "c", .name = "C",
              .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 3, "invited seat-replaced role-changed", .type = MCU_ROOM_INVITE, .site = "a", .name = "A",
              .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 3, "invited seat-replaced", .type = MCU_ROOM_INVITE, .site = "b", .name = "B",
              .role = MCU_ROLE_CHAIR);
  g_assert_cmpint(mcu_room_find(room, "b")->role, ==, MCU_ROLE_SITE);
  ASSERT_OBEY(room, 4, "seat-removed role-changed", .type = MCU_ROOM_LEAVE, .site = "a");
  g_assert_cmpstr(mcu_room_chair(room)->site, ==, "b");
  ASSERT_OBEY(room, 5, "invited", .type = MCU_ROOM_INVITE, .site = "nobody", .name = "N", .role = MCU_ROLE_CHAIR);
}

static void
test_roles(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "w", .name = "X", .role = MCU_ROLE_OBSERVER);
  /* A voice given by the chair is not lost, nor is floor or hand, by a new connection as invited. */
  ASSERT_OBEY(room, 2, "role-changed", .type = MCU_ROOM_ROLE, .site = "w", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 3, "floor-given", .type = MCU_ROOM_FLOOR, .site = "w", .on = TRUE, .number = 60);
  ASSERT_OBEY(room, 4, "seat-replaced", .type = MCU_ROOM_JOIN, .site = "w", .name = "X", .role = MCU_ROLE_OBSERVER);
  g_assert_true(mcu_room_find(room, "w")->floor);
  g_assert_cmpint(mcu_room_find(room, "w")->role, ==, MCU_ROLE_SITE);
  g_assert_cmpuint(mcu_room_n_tiles(room), ==, 2);
  ASSERT_OBEY(room, 5, "floor-taken role-changed", .type = MCU_ROOM_ROLE, .site = "w", .role = MCU_ROLE_OPERATOR);
  ASSERT_OBEY(room, 6, "hand-raised", .type = MCU_ROOM_HAND, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 7, "hand-lowered role-changed", .type = MCU_ROOM_ROLE, .site = "a", .role = MCU_ROLE_OBSERVER);
  ASSERT_OBEY(room, 8, "!forbidden", .type = MCU_ROOM_MEDIA, .site = "a", .mic = TRUE);
  g_assert_cmpuint(mcu_room_n_tiles(room), ==, 0);
}

/* --- microphones and the queue ------------------------------------------------------------ */

static gboolean
is_silent(const McuRoom *room, const char *site)
{
  return mcu_room_find(room, site)->silenced;
}

static void
test_policy(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "chair", .name = "X", .role = MCU_ROLE_CHAIR);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "t", .name = "X", .role = MCU_ROLE_SECRETARY);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "a", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = "b", .name = "X", .role = MCU_ROLE_SITE);
  ASSERT_OBEY(room, 2, "policy-changed", .type = MCU_ROOM_POLICY, .number = MCU_MIC_PERMISSION, .on = TRUE);
  ASSERT_OBEY(room, 2, "", .type = MCU_ROOM_POLICY, .number = MCU_MIC_PERMISSION, .on = TRUE);
  ASSERT_OBEY(room, 2, "!bad-message", .type = MCU_ROOM_POLICY, .number = MCU_N_MIC_POLICIES);
  ASSERT_OBEY(room, 3, "seat-added", .type = MCU_ROOM_JOIN, .site = "late", .name = "X", .role = MCU_ROLE_SITE);
  g_assert_true(!is_silent(room, "chair") && !is_silent(room, "t") && is_silent(room, "a") && is_silent(room, "late"));
  /* With permission, by the floor, by the chair's word; not by oneself. */
  ASSERT_OBEY(room, 4, "media-changed", .type = MCU_ROOM_MEDIA, .site = "a", .mic = TRUE, .camera = TRUE);
  g_assert_true(is_silent(room, "a"));
  ASSERT_OBEY(room, 5, "floor-given", .type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE);
  g_assert_false(is_silent(room, "a"));
  ASSERT_OBEY(room, 6, "floor-taken", .type = MCU_ROOM_YIELD, .site = "a");
  g_assert_true(is_silent(room, "a"));
  ASSERT_OBEY(room, 7, "seat-unmuted", .type = MCU_ROOM_SILENCE, .site = "a", .on = FALSE);
  g_assert_false(is_silent(room, "a"));
  ASSERT_OBEY(room, 8, "policy-changed", .type = MCU_ROOM_POLICY, .number = MCU_MIC_CHAIR);
  g_assert_true(!is_silent(room, "chair") && is_silent(room, "t") && is_silent(room, "a"));

  /* All but; chair and floor are never silenced by it. */
  ASSERT_OBEY(room, 9, "policy-changed", .type = MCU_ROOM_POLICY, .number = MCU_MIC_OPEN, .on = TRUE);
  ASSERT_OBEY(room, 9, "floor-given", .type = MCU_ROOM_FLOOR, .site = "b", .on = TRUE);
  ASSERT_OBEY(room, 9, "all-muted", .type = MCU_ROOM_SILENCE_ALL, .on = TRUE, .text = "t nobody");
  g_assert_true(!is_silent(room, "chair") && !is_silent(room, "t") && !is_silent(room, "b"));
  g_assert_true(is_silent(room, "a") && is_silent(room, "late"));
  ASSERT_OBEY(room, 10, "!bad-message", .type = MCU_ROOM_SILENCE_ALL, .on = TRUE, .text = "t  a");
  ASSERT_OBEY(room, 10, "!bad-message", .type = MCU_ROOM_SILENCE_ALL, .on = TRUE, .text = "\xff");
  /* It may open its own microphone, where that is allowed. */
  ASSERT_OBEY(room, 11, "seat-unmuted", .type = MCU_ROOM_MEDIA, .site = "a", .mic = TRUE, .camera = TRUE);
  g_assert_false(is_silent(room, "a"));
  ASSERT_OBEY(room, 12, "policy-changed", .type = MCU_ROOM_POLICY, .number = MCU_MIC_OPEN, .on = FALSE);
  ASSERT_OBEY(room, 12, "seat-muted", .type = MCU_ROOM_SILENCE, .site = "a", .on = TRUE);
  ASSERT_OBEY(room, 13, "", .type = MCU_ROOM_MEDIA, .site = "a", .mic = TRUE, .camera = TRUE);
  g_assert_true(is_silent(room, "a"));
}

#define ASSERT_QUEUE(room, expected)                                                                                   \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr(GString) queue_ = g_string_new(NULL);                                                                    \
    for (guint i_ = 0; i_ < mcu_room_n_hands(room); i_++)                                                              \
      g_string_append(queue_, mcu_room_hand(room, i_)->site);                                                          \
    g_assert_cmpstr(queue_->str, ==, expected);                                                                        \
  }                                                                                                                    \
  G_STMT_END

static void
test_queue(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  static const char *const sites[] = {"a", "b", "c", "d"};
  for (guint i = 0; i < G_N_ELEMENTS(sites); i++) {
    ASSERT_OBEY(room, 1, "seat-added", .type = MCU_ROOM_JOIN, .site = sites[i], .name = "X", .role = MCU_ROLE_SITE);
    ASSERT_OBEY(room, 2, "hand-raised", .type = MCU_ROOM_HAND, .site = sites[i], .on = TRUE);
    ASSERT_OBEY(room, 3, "", .type = MCU_ROOM_HAND, .site = sites[i], .on = TRUE);
  }
  ASSERT_OBEY(room, 4, "hand-moved", .type = MCU_ROOM_QUEUE, .site = "d", .number = 0);
  ASSERT_QUEUE(room, "dabc");
  ASSERT_OBEY(room, 4, "hand-moved", .type = MCU_ROOM_QUEUE, .site = "d", .number = 2);
  ASSERT_QUEUE(room, "abdc");
  ASSERT_OBEY(room, 4, "hand-moved", .type = MCU_ROOM_QUEUE, .site = "a", .number = MCU_INVITED_MAX);
  ASSERT_QUEUE(room, "bdca");
  ASSERT_OBEY(room, 5, "", .type = MCU_ROOM_QUEUE, .site = "a", .number = 99);
  ASSERT_OBEY(room, 5, "", .type = MCU_ROOM_QUEUE, .site = "d", .number = 1);
  ASSERT_OBEY(room, 5, "!bad-message", .type = MCU_ROOM_QUEUE, .site = "d", .number = -1);
  ASSERT_OBEY(room, 5, "!bad-message", .type = MCU_ROOM_QUEUE, .site = "d", .number = G_MAXINT64);
  /* Who gets the floor leaves the queue, and who had it is not in it. */
  ASSERT_OBEY(room, 6, "hand-lowered floor-given", .type = MCU_ROOM_FLOOR, .site = "c", .on = TRUE);
  ASSERT_QUEUE(room, "bda");
  ASSERT_OBEY(room, 6, "", .type = MCU_ROOM_HAND, .site = "c", .on = TRUE);
  ASSERT_OBEY(room, 7, "floor-taken hand-lowered floor-given", .type = MCU_ROOM_FLOOR, .site = "b", .on = TRUE);
  ASSERT_QUEUE(room, "da");
  ASSERT_OBEY(room, 8, "hand-lowered", .type = MCU_ROOM_LOWER, .site = "d");
  ASSERT_OBEY(room, 8, "!not-found", .type = MCU_ROOM_QUEUE, .site = "d", .number = 0);
  ASSERT_OBEY(room, 9, "hand-lowered seat-removed", .type = MCU_ROOM_LEAVE, .site = "a");
  ASSERT_QUEUE(room, "");
  ASSERT_OBEY(room, 10, "!bad-message", .type = MCU_ROOM_FLOOR, .site = "d", .on = TRUE,
              .number = MCU_ROOM_FLOOR_MAX_S + 1);
}

/* --- the picture -------------------------------------------------------------------------- */

static void
test_picture(void)
{
  g_autoptr(McuRoom) room = room_new(10);
  ASSERT_OBEY(room, 1, "!not-found", .type = MCU_ROOM_TAKE);
  ASSERT_OBEY(room, 1, "!not-found", .type = MCU_ROOM_UNDO);
  ASSERT_OBEY(room, 1, "!not-found", .type = MCU_ROOM_SAVE_SCENE, .name = "A");
  ASSERT_OBEY(room, 1, "", .type = MCU_ROOM_SHOW, .text = "auto");
  ASSERT_OBEY(room, 1, "!bad-message", .type = MCU_ROOM_SHOW, .text = "1+7|everybody");
  ASSERT_OBEY(room, 2, "preview-set", .type = MCU_ROOM_PREVIEW, .text = "1+7;letterbox;letterbox|loudest");
  g_assert_cmpstr(mcu_room_preview(room), ==, "1+7;letterbox|loudest:1"); /* in its one form */
  ASSERT_OBEY(room, 3, "programme-set", .type = MCU_ROOM_TAKE);
  ASSERT_OBEY(room, 3, "", .type = MCU_ROOM_TAKE);
  ASSERT_OBEY(room, 4, "programme-undone", .type = MCU_ROOM_UNDO);
  g_assert_cmpstr(mcu_room_programme(room), ==, "auto");
  ASSERT_OBEY(room, 5, "programme-undone", .type = MCU_ROOM_UNDO);
  g_assert_cmpstr(mcu_room_programme(room), ==, "1+7;letterbox|loudest:1");
  for (guint i = 0; i < MCU_ROOM_SCENES_MAX; i++) {
    g_autofree char *name = g_strdup_printf("Cảnh %u", i);
    ASSERT_OBEY(room, 6, "scene-saved", .type = MCU_ROOM_SAVE_SCENE, .name = name);
  }
  ASSERT_OBEY(room, 7, "!full", .type = MCU_ROOM_SAVE_SCENE, .name = "one more");
  ASSERT_OBEY(room, 7, "scene-saved", .type = MCU_ROOM_SAVE_SCENE, .name = "Cảnh 3", .text = "2x2");
  g_assert_cmpstr(mcu_room_scene(room, 3)->scene, ==, "2x2");
  ASSERT_OBEY(room, 8, "!not-found", .type = MCU_ROOM_DROP_SCENE, .name = "one more");
  ASSERT_OBEY(room, 8, "scene-dropped", .type = MCU_ROOM_DROP_SCENE, .name = "Cảnh 0");
  ASSERT_OBEY(room, 9, "tour-set", .type = MCU_ROOM_TOUR, .number = 10);
  ASSERT_OBEY(room, 9, "!bad-message", .type = MCU_ROOM_TOUR, .number = 1);
  ASSERT_OBEY(room, 9, "!bad-message", .type = MCU_ROOM_TOUR, .number = 3601);
  ASSERT_OBEY(room, 9, "tour-set", .type = MCU_ROOM_TOUR, .number = 0);
  g_autofree char *banner = g_strnfill(MCU_BANNER_MAX_CHARS + 1, 'x');
  ASSERT_OBEY(room, 10, "!too-large", .type = MCU_ROOM_BANNER, .text = banner);
  ASSERT_OBEY(room, 10, "banner-set", .type = MCU_ROOM_BANNER, .text = banner + 1);
  ASSERT_OBEY(room, 11, "banner-set", .type = MCU_ROOM_BANNER, .text = "");
  g_assert_cmpstr(mcu_room_banner(room), ==, "");
}

/* --- properties under random commands ----------------------------------------------------- */

static void
assert_same(const McuRoom *left, const McuRoom *right)
{
  g_assert_cmpuint(mcu_room_n_seats(left), ==, mcu_room_n_seats(right));
  g_assert_cmpuint(mcu_room_n_tiles(left), ==, mcu_room_n_tiles(right));
  g_assert_cmpint(mcu_room_recording(left), ==, mcu_room_recording(right));
  g_assert_cmpint(mcu_room_next_expiry(left), ==, mcu_room_next_expiry(right));
  for (guint i = 0; i < mcu_room_n_seats(left); i++)
    g_assert_cmpmem(mcu_room_seat(left, i), sizeof(McuRoomSeat), mcu_room_seat(right, i), sizeof(McuRoomSeat));
}

static void
assert_invariants(const McuRoom *room, guint max_seats)
{
  g_autoptr(GHashTable) sites = g_hash_table_new(g_str_hash, g_str_equal);
  guint tiles = 0, floors = 0;
  g_assert_cmpuint(mcu_room_n_seats(room), <=, max_seats);
  for (guint i = 0; i < mcu_room_n_seats(room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    g_assert_true(g_hash_table_add(sites, (gpointer)seat->site));
    g_assert_true(mcu_room_find(room, seat->site) == seat);
    tiles += seat->role != MCU_ROLE_OBSERVER;
    floors += seat->floor;
    g_assert_false(seat->floor && seat->role == MCU_ROLE_OBSERVER);
  }
  g_assert_cmpuint(mcu_room_n_tiles(room), ==, tiles);
  g_assert_cmpuint(floors, <=, 1);
}

/* The state is the fold of the events, whatever the commands were. */
static void
test_fold(void)
{
  static const char *const sites[] = {"a", "b", "c", "d", "e", "f", "nobody"};
  enum { MAX_SEATS = 4 };
  g_autoptr(GRand) rand = g_rand_new_with_seed(20261122);

  for (guint round = 0; round < 50; round++) {
    g_autoptr(McuRoom) room = room_new(MAX_SEATS);
    g_autoptr(GArray) log = mcu_room_events_new();
    gint64 now = 1;
    for (guint step = 0; step < 200; step++) {
      now += g_rand_int_range(rand, 0, GRACE / 4);
      McuRoomCommand command = {
          .type = g_rand_int_range(rand, MCU_ROOM_JOIN, MCU_ROOM_EXPIRE + 1),
          .site = sites[g_rand_int_range(rand, 0, G_N_ELEMENTS(sites))],
          .name = "Xã Lũng Cú",
          .role = g_rand_int_range(rand, MCU_ROLE_CHAIR, MCU_ROLE_OBSERVER + 1),
          .mic = g_rand_boolean(rand),
          .camera = g_rand_boolean(rand),
          .on = g_rand_boolean(rand),
      };
      guint before = log->len;
      g_autoptr(GError) error = NULL;
      gboolean ok = mcu_room_decide(room, &command, now, log, &error);
      g_assert_true(ok == (error == NULL));
      if (!ok)
        g_assert_cmpuint(log->len, ==, before);
      for (guint i = before; i < log->len; i++)
        mcu_room_apply(room, &g_array_index(log, McuRoomEvent, i));
      assert_invariants(room, MAX_SEATS);
    }
    g_autoptr(McuRoom) replayed = room_new(MAX_SEATS);
    for (guint i = 0; i < log->len; i++)
      mcu_room_apply(replayed, &g_array_index(log, McuRoomEvent, i));
    assert_same(room, replayed);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/life", test_life);
  g_test_add_func("/room/lost", test_lost);
  g_test_add_func("/room/floor", test_floor);
  g_test_add_func("/room/refused", test_refused);
  g_test_add_func("/room/door", test_door);
  g_test_add_func("/room/end", test_end);
  g_test_add_func("/room/remembered", test_remembered);
  g_test_add_func("/room/lobby-full", test_lobby_full);
  g_test_add_func("/room/chair", test_chair);
  g_test_add_func("/room/late-chair", test_late_chair);
  g_test_add_func("/room/roles", test_roles);
  g_test_add_func("/room/policy", test_policy);
  g_test_add_func("/room/queue", test_queue);
  g_test_add_func("/room/picture", test_picture);
  g_test_add_func("/room/fold", test_fold);
  return g_test_run();
}
