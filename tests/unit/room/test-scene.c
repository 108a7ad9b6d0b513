/* Meetings of seats named a, b, c ..., on a clock that the test moves. Scenes are words: "abd". */
#include "mcu/room/scene.h"

#include <string.h>

#define TICK 250000
#define SECOND 1000000
#define MAX_SEATS 2122

typedef struct {
  McuScene *scene;
  McuSceneSeat *seats[MAX_SEATS];
  guint n;
  gint64 now_us;
  guint changes;
} Meeting;

static void
meeting_add(Meeting *m, McuRole role)
{
  g_assert(m->n < MAX_SEATS);
  McuSceneSeat *seat = g_new0(McuSceneSeat, 1);
  seat->role = role;
  seat->camera = TRUE;
  m->seats[m->n++] = seat;
}

static Meeting *
meeting_new(guint max_visible, guint n_sites)
{
  Meeting *m = g_new0(Meeting, 1);
  m->scene = mcu_scene_new(max_visible, 0);
  m->now_us = 1000 * (gint64)SECOND;
  for (guint i = 0; i < n_sites; i++)
    meeting_add(m, MCU_ROLE_SITE);
  return m;
}

static void
meeting_free(Meeting *m)
{
  for (guint i = 0; i < m->n; i++)
    g_free(m->seats[i]);
  mcu_scene_free(m->scene);
  g_free(m);
}

static void
meeting_remove(Meeting *m, guint index)
{
  g_free(m->seats[index]);
  m->n--;
  memmove(m->seats + index, m->seats + index + 1, (m->n - index) * sizeof m->seats[0]);
}

static void
tick(Meeting *m)
{
  m->now_us += TICK;
  m->changes += mcu_scene_update(m->scene, m->seats, m->n, FALSE, m->now_us);
}

static void
silence(Meeting *m, gint64 us)
{
  for (gint64 end = m->now_us + us; m->now_us < end;)
    tick(m);
}

/* Those of `who` are heard all the time. */
static void
talk(Meeting *m, const char *who, gint64 us)
{
  for (gint64 end = m->now_us + us; m->now_us < end;) {
    for (const char *c = who; *c != '\0'; c++)
      m->seats[*c - 'a']->heard_us = m->now_us + TICK;
    tick(m);
  }
}

#define ASSERT_SCENE(m, expected)                                                                                      \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *scene_ = scene_of(m);                                                                             \
    g_assert_cmpstr(scene_, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

static char *
scene_of(const Meeting *m)
{
  guint n;
  McuSceneSeat *const *cells = mcu_scene_cells(m->scene, &n);
  GString *word = g_string_new(NULL);
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m->n; j++)
      if (m->seats[j] == cells[i])
        g_string_append_c(word, (char)('a' + j));
  g_assert_cmpuint(word->len, ==, n);
  return g_string_free(word, FALSE);
}

/* All fit: the order of the seats, whoever talks. */
static void
test_all_fit(void)
{
  Meeting *m = meeting_new(4, 3);
  tick(m);
  ASSERT_SCENE(m, "abc");
  talk(m, "c", 10 * SECOND);
  ASSERT_SCENE(m, "abc");
  g_assert_cmpuint(m->changes, ==, 1);
  meeting_add(m, MCU_ROLE_OBSERVER);
  tick(m);
  g_assert_cmpuint(m->changes, ==, 1);
  meeting_add(m, MCU_ROLE_CHAIR);
  tick(m);
  ASSERT_SCENE(m, "abce");
  meeting_remove(m, 0);
  tick(m);
  ASSERT_SCENE(m, "abd");
  m->seats[1]->role = MCU_ROLE_OBSERVER; /* came back as one */
  tick(m);
  ASSERT_SCENE(m, "ad");
  g_assert_cmpuint(m->changes, ==, 4);
  meeting_free(m);
}

/* A seat that goes and one that comes between two updates, perhaps at the same address. */
static void
test_replaced_between(void)
{
  Meeting *m = meeting_new(4, 2);
  tick(m);
  memset(m->seats[1], 0, sizeof *m->seats[1]);
  m->changes = 0;
  tick(m);
  g_assert_cmpuint(m->changes, ==, 1);
  ASSERT_SCENE(m, "ab");
  meeting_free(m);
}

static void
test_talk(void)
{
  Meeting *m = meeting_new(3, 6);
  tick(m);
  ASSERT_SCENE(m, "abc");
  talk(m, "e", SECOND / 2); /* a cough */
  silence(m, 3 * SECOND);
  ASSERT_SCENE(m, "abc");
  talk(m, "a", 2 * SECOND);
  talk(m, "e", SECOND);
  ASSERT_SCENE(m, "abc");
  talk(m, "e", SECOND / 2); /* it talks: the last of those never heard gives way */
  ASSERT_SCENE(m, "abe");
  silence(m, 60 * SECOND);
  ASSERT_SCENE(m, "abe"); /* silence moves nothing */
  talk(m, "d", 2 * SECOND);
  ASSERT_SCENE(m, "ade");
  talk(m, "f", 2 * SECOND);
  ASSERT_SCENE(m, "fde"); /* `a` was heard longest ago */
  meeting_free(m);
}

/* Coughs far enough apart are not talk; words of one sentence are. */
static void
test_pauses(void)
{
  Meeting *m = meeting_new(1, 2);
  tick(m);
  for (guint i = 0; i < 20; i++) {
    talk(m, "b", SECOND / 4);
    silence(m, 5 * SECOND / 4);
  }
  ASSERT_SCENE(m, "a");
  for (guint i = 0; i < 4; i++) {
    talk(m, "b", SECOND / 4);
    silence(m, SECOND / 2);
  }
  ASSERT_SCENE(m, "b");
  meeting_free(m);
}

static void
test_stays(void)
{
  Meeting *m = meeting_new(1, 4);
  silence(m, SECOND);
  talk(m, "b", 2 * SECOND);
  ASSERT_SCENE(m, "b");
  talk(m, "c", 3 * SECOND); /* it has been there for less than four seconds */
  ASSERT_SCENE(m, "b");
  talk(m, "c", 2 * SECOND);
  ASSERT_SCENE(m, "c");

  /* Two at once: who is shown and goes on talking is not sent away. */
  talk(m, "cd", 30 * SECOND);
  ASSERT_SCENE(m, "c");
  talk(m, "d", 2 * SECOND);
  ASSERT_SCENE(m, "c"); /* it talked when `d` had begun already */
  silence(m, 2 * SECOND);
  talk(m, "d", 2 * SECOND);
  ASSERT_SCENE(m, "d");
  meeting_free(m);
}

static void
test_chair_and_floor(void)
{
  Meeting *m = meeting_new(3, 5);
  tick(m);
  ASSERT_SCENE(m, "abc");
  meeting_add(m, MCU_ROLE_CHAIR); /* f */
  tick(m);
  ASSERT_SCENE(m, "abf");
  m->seats[3]->floor = TRUE;
  tick(m);
  ASSERT_SCENE(m, "adf");
  /* However long the others talk: their cells are not to be had. */
  talk(m, "e", 3 * SECOND);
  ASSERT_SCENE(m, "edf");
  talk(m, "bc", 20 * SECOND);
  ASSERT_SCENE(m, "bdf");
  m->seats[3]->lost = TRUE;
  m->seats[5]->lost = TRUE;
  talk(m, "bc", 20 * SECOND);
  ASSERT_SCENE(m, "bdf");
  /* Taken away: shown until somebody needs the cell. */
  silence(m, 5 * SECOND);
  m->seats[3]->floor = FALSE;
  tick(m);
  ASSERT_SCENE(m, "bdf");
  talk(m, "e", 3 * SECOND);
  ASSERT_SCENE(m, "bef");
  meeting_free(m);
}

static void
test_narrow(void)
{
  Meeting *m = meeting_new(1, 2);
  meeting_add(m, MCU_ROLE_CHAIR);
  meeting_add(m, MCU_ROLE_CHAIR);
  tick(m);
  ASSERT_SCENE(m, "c"); /* more chairs than cells: the first */
  m->seats[1]->floor = TRUE;
  tick(m);
  ASSERT_SCENE(m, "b");
  m->seats[1]->floor = FALSE;
  tick(m);
  ASSERT_SCENE(m, "c");
  meeting_free(m);
}

static void
test_free_cells(void)
{
  Meeting *m = meeting_new(3, 8);
  tick(m);
  ASSERT_SCENE(m, "abc");
  m->seats[3]->lost = TRUE;
  m->seats[4]->camera = FALSE;
  m->seats[6]->heard_us = m->now_us - 10 * SECOND;
  m->seats[7]->heard_us = m->now_us - 20 * SECOND;
  meeting_remove(m, 1);
  tick(m);
  ASSERT_SCENE(m, "afb"); /* heard last, in the place that is free; `c` stays where it was */
  meeting_remove(m, 5);
  tick(m);
  ASSERT_SCENE(m, "afb");
  meeting_free(m);

  /* Nobody was ever heard: with a camera, without, lost. */
  m = meeting_new(3, 6);
  m->seats[0]->lost = m->seats[1]->lost = TRUE;
  m->seats[2]->camera = FALSE;
  tick(m);
  ASSERT_SCENE(m, "def");
  meeting_remove(m, 3);
  tick(m);
  ASSERT_SCENE(m, "cde");
  meeting_free(m);
}

/* The lost give way first. */
static void
test_lost(void)
{
  Meeting *m = meeting_new(3, 5);
  tick(m);
  talk(m, "a", SECOND);
  m->seats[0]->lost = TRUE;
  silence(m, 2 * SECOND);
  ASSERT_SCENE(m, "abc"); /* its place is kept ... */
  talk(m, "d", 2 * SECOND);
  ASSERT_SCENE(m, "dbc"); /* ... until it is needed */
  meeting_free(m);
}

/* From few to many and back: cells stay when the picture gets too small, and the order returns. */
static void
test_grows_and_shrinks(void)
{
  Meeting *m = meeting_new(3, 3);
  tick(m);
  meeting_add(m, MCU_ROLE_SITE);
  tick(m);
  ASSERT_SCENE(m, "abc");
  g_assert_cmpuint(m->changes, ==, 1);
  talk(m, "d", 2 * SECOND);
  ASSERT_SCENE(m, "abd");
  meeting_remove(m, 0);
  tick(m);
  ASSERT_SCENE(m, "abc");
  meeting_remove(m, 0);
  meeting_remove(m, 0);
  meeting_remove(m, 0);
  tick(m);
  ASSERT_SCENE(m, "");
  meeting_free(m);
}

static void
assert_whole(const Meeting *m, guint max_visible)
{
  guint n, n_tiles = 0;
  McuSceneSeat *const *cells = mcu_scene_cells(m->scene, &n);
  for (guint i = 0; i < m->n; i++) {
    n_tiles += m->seats[i]->role != MCU_ROLE_OBSERVER;
    if (m->seats[i]->scene[0].cell != 0)
      g_assert_true(cells[m->seats[i]->scene[0].cell - 1] == m->seats[i]);
    if (m->seats[i]->floor && m->seats[i]->role != MCU_ROLE_OBSERVER)
      g_assert_cmpuint(m->seats[i]->scene[0].cell, !=, 0);
  }
  g_assert_cmpuint(n, ==, MIN(n_tiles, max_visible));
  for (guint i = 0; i < n; i++)
    g_assert_true(cells[i]->scene[0].cell == i + 1 && cells[i]->role != MCU_ROLE_OBSERVER);
}

/* Whatever happens: each cell one seat, each seat one cell, and a change is said if and only if one is. */
static void
test_random(void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(209);
  for (guint round = 0; round < 40; round++) {
    guint max_visible = (guint)g_rand_int_range(rand, 1, 8);
    Meeting *m = meeting_new(max_visible, 0);
    g_autofree char *before = g_strdup("");
    for (guint step = 0; step < 400; step++) {
      gboolean went = FALSE;
      if (m->n < 14 && g_rand_int_range(rand, 0, 4) == 0)
        meeting_add(m, (McuRole)g_rand_int_range(rand, MCU_ROLE_CHAIR, MCU_ROLE_OBSERVER + 1));
      if (m->n > 0) {
        McuSceneSeat *seat = m->seats[g_rand_int_range(rand, 0, (gint)m->n)];
        seat->lost = g_rand_boolean(rand);
        seat->camera = g_rand_boolean(rand);
        seat->heard_us = m->now_us;
        for (guint i = 0; i < m->n; i++)
          m->seats[i]->floor = FALSE;
        m->seats[g_rand_int_range(rand, 0, (gint)m->n)]->floor = g_rand_boolean(rand);
      }
      if (m->n > 0 && g_rand_int_range(rand, 0, 6) == 0) {
        meeting_remove(m, (guint)g_rand_int_range(rand, 0, (gint)m->n));
        went = TRUE;
      }
      m->changes = 0;
      tick(m);
      assert_whole(m, max_visible);
      char *after = scene_of(m);
      if (!went) /* names are those of places in the list: they move when one goes */
        g_assert_true((strcmp(before, after) != 0) == (m->changes > 0));
      g_free(before);
      before = after;
    }
    meeting_free(m);
  }
}

/* A whole province: an hour of ticks is no work to speak of. */
static void
test_large(void)
{
  Meeting *m = meeting_new(16, MAX_SEATS);
  for (guint i = 0; i < 4 * 3600; i++) {
    for (guint j = 0; j < 6; j++)
      m->seats[(i / 12 * 7 + j) % m->n]->heard_us = m->now_us + TICK;
    tick(m);
  }
  assert_whole(m, 16);
  g_assert_cmpuint(m->changes, >, 100);
  meeting_free(m);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/scene/all-fit", test_all_fit);
  g_test_add_func("/room/scene/replaced-between", test_replaced_between);
  g_test_add_func("/room/scene/talk", test_talk);
  g_test_add_func("/room/scene/pauses", test_pauses);
  g_test_add_func("/room/scene/stays", test_stays);
  g_test_add_func("/room/scene/chair-and-floor", test_chair_and_floor);
  g_test_add_func("/room/scene/narrow", test_narrow);
  g_test_add_func("/room/scene/free-cells", test_free_cells);
  g_test_add_func("/room/scene/lost", test_lost);
  g_test_add_func("/room/scene/grows-and-shrinks", test_grows_and_shrinks);
  g_test_add_func("/room/scene/random", test_random);
  g_test_add_func("/room/scene/large", test_large);
  return g_test_run();
}
