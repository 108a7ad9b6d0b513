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
  g_test_add_func("/room/fold", test_fold);
  return g_test_run();
}
