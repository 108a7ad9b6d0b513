/* Who is heard: the choice by levels alone. */
#include <string.h>

#include "mcu/util/ring.h"
#include "pipelines/heard.h"

#define SITES 40

typedef struct {
  PlHeard sites[SITES];
  PlHeard *all[SITES];
  guint8 level[SITES]; /* of the packet in each tick */
  guint n, max, turn, n_heard;
  guint changes; /* of any decision */
} Room;

static void
room_init(Room *room, guint n, guint max)
{
  memset(room, 0, sizeof *room);
  room->n = n;
  room->max = max;
  for (guint i = 0; i < n; i++) {
    pl_heard_init(&room->sites[i]);
    room->all[i] = &room->sites[i];
    room->level[i] = 127;
  }
}

static void
run(Room *room, guint ticks)
{
  for (guint t = 0; t < ticks; t++) {
    gboolean before[SITES];
    for (guint i = 0; i < room->n; i++) {
      before[i] = room->sites[i].heard;
      pl_heard_level(&room->sites[i], room->level[i]);
    }
    room->n_heard = pl_heard_choose(room->all, room->n, room->max, &room->turn);
    guint heard = 0;
    for (guint i = 0; i < room->n; i++) {
      heard += room->sites[i].heard;
      room->changes += room->sites[i].heard != before[i];
    }
    g_assert_cmpuint(heard, ==, room->n_heard);
    g_assert_cmpuint(heard, <=, room->max);
  }
}

static void
test_silence(void)
{
  Room room;
  room_init(&room, SITES, 8);
  run(&room, 500);
  g_assert_cmpuint(room.n_heard, ==, 0);
  g_assert_cmpuint(room.changes, ==, 0);
}

/* Heard with its first packet, through pauses between words, and let go after seconds. */
static void
test_hold(void)
{
  Room room;
  room_init(&room, 3, 8);
  run(&room, 100);
  room.level[1] = 33;
  run(&room, 1);
  g_assert_true(room.sites[1].heard);
  for (guint word = 0; word < 20; word++) {
    room.level[1] = 33;
    run(&room, 10);
    room.level[1] = 127;
    run(&room, 90);
  }
  g_assert_cmpuint(room.changes, ==, 1);
  run(&room, 60);
  g_assert_false(room.sites[1].heard);
}

static void
test_constant_quiet_tone(void)
{
  Room room;
  room_init(&room, 1, 1);
  room.level[0] = 33;
  run(&room, 5000);
  g_assert_true(room.sites[0].heard);
  g_assert_cmpuint(room.changes, ==, 1);
}

/* More want to be heard than may: a few dB up and down change nothing, clearly louder does. */
static void
test_hysteresis(void)
{
  Room room;
  GRand *rand = g_rand_new_with_seed(3);
  room_init(&room, 20, 8);
  for (guint i = 0; i < 20; i++)
    room.level[i] = 30;
  run(&room, 100);
  g_assert_cmpuint(room.n_heard, ==, 8);
  g_assert_cmpuint(room.changes, ==, 8);
  for (guint t = 0; t < 1000; t++) {
    for (guint i = 0; i < 20; i++)
      room.level[i] = (guint8)g_rand_int_range(rand, 28, 33);
    run(&room, 1);
  }
  g_assert_cmpuint(room.changes, ==, 8);

  for (guint i = 0; i < 20; i++)
    room.level[i] = 30;
  g_assert_false(room.sites[19].heard);
  room.level[19] = 15;
  run(&room, 5);
  g_assert_true(room.sites[19].heard);
  g_assert_cmpuint(room.changes, ==, 10);

  /* One that falls silent gives way to one who waits, long before its hold is over. */
  guint quiet = room.sites[0].heard ? 0 : 1;
  room.level[quiet] = 127;
  run(&room, 75);
  g_assert_false(room.sites[quiet].heard);
  g_assert_cmpuint(room.n_heard, ==, 8);
  g_rand_free(rand);
}

/* Everybody shouts in turn: each keeps its place for half a second at least. */
static void
test_keep(void)
{
  Room room;
  guint kept[SITES] = {0};
  GRand *rand = g_rand_new_with_seed(4);
  room_init(&room, 30, 4);
  for (guint t = 0; t < 2000; t++) {
    gboolean before[SITES];
    for (guint i = 0; i < 30; i++) {
      before[i] = room.sites[i].heard;
      room.level[i] = (guint8)(t / 40 % 30 == i ? 10 : g_rand_int_range(rand, 40, 60));
    }
    run(&room, 1);
    for (guint i = 0; i < 30; i++) {
      if (before[i] && !room.sites[i].heard)
        g_assert_cmpuint(kept[i], >=, 25);
      kept[i] = room.sites[i].heard ? kept[i] + 1 : 0;
    }
  }
  g_assert_cmpuint(room.changes, >, 50);
  g_rand_free(rand);
}

static void
test_nothing_arrives(void)
{
  Room room;
  room_init(&room, 2, 2);
  room.level[0] = 20;
  run(&room, 10);
  g_assert_true(room.sites[0].heard);
  for (guint t = 0; t < 124; t++) {
    pl_heard_nothing(&room.sites[0]);
    pl_heard_choose(room.all, room.n, room.max, &room.turn);
    g_assert_true(room.sites[0].heard);
  }
  pl_heard_nothing(&room.sites[0]);
  pl_heard_choose(room.all, room.n, room.max, &room.turn);
  g_assert_false(room.sites[0].heard);
}

/* Sites without levels are listened to in turn, few at a time, none left out. */
static void
test_probes(void)
{
  static const guint sizes[] = {1, 3, 8, 9, 17, SITES};
  for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
    Room room;
    guint probed[SITES] = {0};
    room_init(&room, sizes[s], 4);
    memset(room.level, MCU_LEVEL_UNKNOWN, sizeof room.level);
    for (guint t = 0; t < 400; t++) {
      run(&room, 1);
      guint probes = 0;
      for (guint i = 0; i < room.n; i++) {
        probes += room.sites[i].probe;
        probed[i] = room.sites[i].probe ? probed[i] + 1 : probed[i];
      }
      g_assert_cmpuint(probes, ==, MIN(room.n, 8));
    }
    for (guint i = 0; i < room.n; i++)
      g_assert_cmpuint(probed[i], >=, 400 * MIN(8, room.n) / room.n * 3 / 4);
    g_assert_cmpuint(room.n_heard, ==, 0);

    pl_heard_decoded(&room.sites[0], 20);
    g_assert_true(pl_heard_is_candidate(&room.sites[0]));
    pl_heard_admit(&room.sites[0]);
    run(&room, 1);
    g_assert_true(room.sites[0].heard);
    g_assert_false(room.sites[0].probe);
  }
}

/* All places are taken by people who have just stopped: new voices are heard with their first packet, and the old
 * ones when they speak again. */
static void
test_turns(void)
{
  Room room;
  room_init(&room, 20, 6);
  for (guint turn = 0; turn < 10; turn++) {
    guint first = turn % 2 * 6;
    for (guint i = 0; i < 12; i++)
      room.level[i] = i >= first && i < first + 6 ? 25 : 127;
    if (turn > 0)
      for (guint pause = 0; pause < 20; pause++) { /* 400 ms between two turns */
        guint8 level[SITES];
        memcpy(level, room.level, sizeof level);
        memset(room.level, 127, sizeof room.level);
        run(&room, 1);
        memcpy(room.level, level, sizeof level);
      }
    run(&room, 1);
    for (guint i = first; i < first + 6; i++)
      g_assert_true(room.sites[i].heard);
    run(&room, 100);
  }
}

/* Turns without a gap, eight voices for six places in one instant: all four new ones are heard within the two
 * packets that wait to be played anyway. */
static void
test_no_gap(void)
{
  Room room;
  room_init(&room, 20, 6);
  for (guint turn = 0; turn < 10; turn++) {
    for (guint i = 0; i < 8; i++)
      room.level[i] = i / 4 == turn % 2 ? 25 : 127;
    run(&room, 3);
    for (guint i = 0; i < 8; i++)
      if (i / 4 == turn % 2)
        g_assert_true(room.sites[i].heard);
    run(&room, 100);
  }
}

/* While there is room for all, no stop gives a place away; with one voice too many, places change hands twice a
 * second at most. */
static void
test_stops(void)
{
  for (guint max = 3; max >= 2; max--) {
    Room room;
    room_init(&room, 8, max);
    room.level[0] = room.level[1] = room.level[2] = 25;
    run(&room, 50);
    room.changes = 0;
    for (guint word = 0; word < 20; word++) {
      for (guint i = 0; i < 3; i++) {
        room.level[i] = 127;
        run(&room, 4);
        room.level[i] = 25;
        run(&room, 4);
      }
    }
    g_assert_cmpuint(room.changes, <=, max == 3 ? 0 : 2 * 2 * 20 * 24 / 25 + 4);
  }
}

/* The floor is heard at once, even silent, among the loudest; without it, by level like all. */
static void
test_floor(void)
{
  Room room;
  room_init(&room, 10, 6);
  for (guint i = 0; i < 8; i++)
    room.level[i] = 20;
  run(&room, 100);
  g_assert_cmpuint(room.n_heard, ==, 6);
  room.sites[9].floor = TRUE;
  run(&room, 1);
  g_assert_true(room.sites[9].heard);
  g_assert_cmpuint(room.n_heard, ==, 6);
  room.level[8] = 1; /* somebody shouts */
  run(&room, 500);
  g_assert_true(room.sites[9].heard);
  g_assert_true(room.sites[8].heard);
  pl_heard_init(&room.sites[9]); /* a new connection of the site keeps it */
  run(&room, 1);
  g_assert_true(room.sites[9].heard);
  room.sites[9].floor = FALSE;
  run(&room, 300);
  g_assert_false(room.sites[9].heard);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/heard/silence", test_silence);
  g_test_add_func("/heard/hold", test_hold);
  g_test_add_func("/heard/constant-quiet-tone", test_constant_quiet_tone);
  g_test_add_func("/heard/hysteresis", test_hysteresis);
  g_test_add_func("/heard/keep", test_keep);
  g_test_add_func("/heard/nothing-arrives", test_nothing_arrives);
  g_test_add_func("/heard/probes", test_probes);
  g_test_add_func("/heard/turns", test_turns);
  g_test_add_func("/heard/no-gap", test_no_gap);
  g_test_add_func("/heard/stops", test_stops);
  g_test_add_func("/heard/floor", test_floor);
  return g_test_run();
}
