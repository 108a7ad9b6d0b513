/* Who stands in which pane; a meeting of eight seats by name, in a time of its own. */
#include "mcu/room/panes.h"

#include <string.h>

#define N 8
#define TICK 250000

typedef struct {
  McuPanes *panes;
  McuSceneSeat seats[N], *list[N];
  McuLayouts *layouts;
  gint64 now_us;
  guint tour_s;
  gboolean frozen;
  const McuSceneSeat *without;
  McuSceneSeat *content;
} Fixture;

static const char *const ids[N] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const files[] = {
      "[layout]\nname=two\ntitle=T\ntitle[vi]=T\ngrid=2x1\npane1=0,0 1x1 chair\npane2=1,0 1x1 floor\n",
      "[layout]\nname=four\ntitle=T\ntitle[vi]=T\ngrid=2x2\npane1=0,0 1x1\npane2=1,0 1x1\npane3=0,1 1x1\npane4=1,1 "
      "1x1\n",
  };
  f->layouts = mcu_layouts_new();
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    g_assert_true(mcu_layouts_add(f->layouts, files[i], strlen(files[i]), NULL));
  f->panes = mcu_panes_new(1, 16);
  f->now_us = 1000000;
  for (guint i = 0; i < N; i++) {
    f->seats[i] = (McuSceneSeat){.site = ids[i], .role = MCU_ROLE_SITE, .camera = TRUE};
    f->list[i] = &f->seats[i];
  }
  f->seats[2].role = MCU_ROLE_CHAIR; /* c */
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_panes_free(f->panes);
  mcu_layouts_free(f->layouts);
}

/* The choice as "a b - ?x": empty, away. Caller frees. */
static char *
choose(Fixture *f, const char *scene)
{
  McuSceneSpec spec;
  g_assert_true(mcu_scene_spec_parse(scene, &spec, NULL));
  const McuPanesAsk ask = {.spec = &spec,
                           .layout = mcu_layouts_find(f->layouts, spec.layout),
                           .seats = f->list,
                           .n_seats = N,
                           .without = f->without,
                           .content = f->content,
                           .tour_s = f->tour_s,
                           .frozen = f->frozen,
                           .now_us = f->now_us};
  mcu_panes_update(f->panes, &ask);
  guint n;
  const McuPaneChoice *choices = mcu_panes_get(f->panes, &n);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < n; i++) {
    g_string_append(text, i > 0 ? " " : "");
    if (choices[i].away[0] != '\0')
      g_string_append_printf(text, "?%s", choices[i].away);
    else
      g_string_append(text, choices[i].seat != NULL ? choices[i].seat->site : "-");
  }
  return g_string_free(text, FALSE);
}

#define ASSERT_CHOICE(f, scene, expected)                                                                              \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *choice_ = choose(f, scene);                                                                       \
    g_assert_cmpstr(choice_, ==, expected);                                                                            \
  }                                                                                                                    \
  G_STMT_END

static void
run(Fixture *f, const char *scene, guint ticks, guint talker)
{
  for (guint i = 0; i < ticks; i++) {
    f->now_us += TICK;
    if (talker < N)
      f->seats[talker].heard_us = f->now_us;
    g_free(choose(f, scene));
  }
}

static void
test_named(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ASSERT_CHOICE(f, "auto", "a b c d e f g h");
  ASSERT_CHOICE(f, "four|site:g,chair,nothing", "g c - a");
  ASSERT_CHOICE(f, "four|site:zz,site:zz,site:a,site:a", "?zz - a -"); /* nobody twice */
  ASSERT_CHOICE(f, "two", "c a");
  f->seats[4].floor = TRUE;
  ASSERT_CHOICE(f, "two", "c e");
  ASSERT_CHOICE(f, "four|floor,floor", "e c a b"); /* the second follows the talk: the chair, while nobody does */
  f->seats[4].floor = FALSE;
  f->seats[2].floor = TRUE;
  ASSERT_CHOICE(f, "two", "a c"); /* the chair has it: the other half shows somebody else */
  f->without = &f->seats[2];
  ASSERT_CHOICE(f, "four|floor,chair,site:c,auto", "e a ?c b");
}

static void
test_loudest(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const char *scene = "four|loudest:2,previous";
  ASSERT_CHOICE(f, "four|loudest:2,previous", "c a b d"); /* nobody has talked: the chair */
  run(f, scene, 3, 4);                                    /* a cough of e */
  ASSERT_CHOICE(f, scene, "c a b d");
  run(f, scene, 12, 4);
  g_autofree char *talks = choose(f, scene);
  g_assert_true(g_str_has_prefix(talks, "e c"));
  run(f, scene, 4, 5); /* f begins within the talk of e */
  f->seats[4].heard_us = f->now_us;
  g_autofree char *stays = choose(f, scene);
  g_assert_true(g_str_has_prefix(stays, "e c"));
  run(f, scene, 16, 5);
  g_autofree char *next = choose(f, scene);
  g_assert_true(g_str_has_prefix(next, "f e"));
  f->frozen = TRUE;
  run(f, scene, 40, 6);
  g_autofree char *frozen = choose(f, scene);
  g_assert_true(g_str_has_prefix(frozen, "f e"));
}

static void
test_roll(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const char *scene = "two|roll:2,site:b";
  f->seats[3].lost = TRUE;
  static const char *const order[] = {"a b", "c b", "e b", "f b",
                                      "g b", "h b", "a b"}; /* past who is shown and who is lost */
  for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
    ASSERT_CHOICE(f, scene, order[i]);
    f->now_us += 1999999;
    ASSERT_CHOICE(f, scene, order[i]);
    f->now_us += 1;
  }
  f->tour_s = 2;
  f->now_us += 2000000;
  g_autofree char *tour = choose(f, "two");
  g_assert_true(g_str_has_suffix(tour, " a") || g_str_has_suffix(tour, " c") || g_str_has_suffix(tour, " b"));
}

/* Whatever is asked, nobody stands in two panes and nobody is there who is not. */
static void
test_random(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const shows[] = {"auto",   "loudest:1", "previous", "floor",  "chair",
                                      "site:b", "site:zz",   "roll:3",   "nothing"};
  GRand *rand = g_rand_new_with_seed(4);
  for (guint i = 0; i < 5000; i++) {
    GString *scene = g_string_new(g_rand_boolean(rand) ? "four" : "auto");
    for (gint k = g_rand_int_range(rand, 0, 5); k > 0; k--)
      g_string_append_printf(scene, "%c%s", strchr(scene->str, '|') != NULL ? ',' : '|',
                             shows[g_rand_int_range(rand, 0, G_N_ELEMENTS(shows))]);
    f->now_us += TICK;
    McuSceneSeat *seat = &f->seats[g_rand_int_range(rand, 0, N)];
    seat->heard_us = f->now_us;
    seat->lost = g_rand_int(rand) % 5 == 0;
    for (guint k = 0; k < N; k++)
      f->seats[k].floor = FALSE;
    f->seats[g_rand_int_range(rand, 0, N)].floor = g_rand_boolean(rand);
    f->frozen = g_rand_int(rand) % 7 == 0;
    g_free(choose(f, scene->str));
    g_string_free(scene, TRUE);
    guint n;
    const McuPaneChoice *choices = mcu_panes_get(f->panes, &n);
    for (guint a = 0; a < n; a++)
      for (guint b = 0; b < a; b++)
        g_assert_true(choices[a].seat == NULL || choices[a].seat != choices[b].seat);
  }
  g_rand_free(rand);
}

/* What is presented stands in the pane that is for it, once; while nobody presents whoever has the floor does. */
static void
test_content(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  McuSceneSeat content = {.site = "a~content"};
  f->seats[5].floor = TRUE; /* f */
  g_autofree char *without = choose(f, "two|content,chair");
  g_assert_cmpstr(without, ==, "f c");
  f->content = &content;
  g_autofree char *with = choose(f, "two|content,floor");
  g_assert_cmpstr(with, ==, "a~content f");
  g_autofree char *twice = choose(f, "two|content,content");
  g_assert_true(g_str_has_prefix(twice, "a~content "));
  g_assert_false(g_str_has_suffix(twice, "a~content"));
  g_autofree char *nowhere = choose(f, "two|chair,floor");
  g_assert_cmpstr(nowhere, ==, "c f");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/room/panes/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("named", test_named);
  ADD("loudest", test_loudest);
  ADD("roll", test_roll);
  ADD("content", test_content);
  ADD("random", test_random);
  return g_test_run();
}
