/* The layouts that come with the bridge, and files that are none. */
#include "mcu/room/layout.h"

#include <string.h>

#include "mcu/util/error.h"

static McuLayouts *
load_all(void)
{
  McuLayouts *layouts = mcu_layouts_new();
  g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "mcu", "room", "layouts", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
  g_assert_no_error(error);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL, *expected = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    mcu_layouts_add(layouts, text, size, &error);
    g_assert_no_error(error);
    const McuLayout *last = mcu_layouts_get(layouts, mcu_layouts_count(layouts) - 1);
    expected = g_strdup_printf("%s.layout", last->name);
    g_assert_cmpstr(name, ==, expected);
  }
  return layouts;
}

static guint
overlap(const McuLayoutPane *a, const McuLayoutPane *b)
{
  guint left = MAX(a->x, b->x), right = MIN(a->x + a->width, b->x + b->width);
  guint top = MAX(a->y, b->y), bottom = MIN(a->y + a->height, b->y + b->height);
  return left < right && top < bottom;
}

static void
test_own(void)
{
  static const struct {
    const char *name;
    guint panes;
  } known[] = {{"single", 1},      {"2x1", 2},          {"2x2", 4},
               {"3x2", 6},         {"3x3", 9},          {"4x3", 12},
               {"4x4", 16},        {"5x4", 20},         {"5x5", 25},
               {"6x5", 30},        {"6x6", 36},         {"7x6", 42},
               {"7x7", 49},        {"1+5", 6},          {"1+7", 8},
               {"1+9", 10},        {"1+12", 13},        {"1+20", 21},
               {"1+33", 34},       {"2+8", 10},         {"2+21", 23},
               {"3+9", 12},        {"dialogue", 2},     {"lecture", 1},
               {"pip", 2},         {"presentation", 5}, {"presentation+strip", 7},
               {"content-only", 1}};
  g_autoptr(McuLayouts) layouts = load_all();
  g_assert_cmpuint(mcu_layouts_count(layouts), ==, G_N_ELEMENTS(known) + 1); /* and auto */
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    const McuLayout *layout = mcu_layouts_find(layouts, known[i].name);
    g_test_message("%s", known[i].name);
    g_assert_nonnull(layout);
    g_assert_cmpuint(layout->n_panes, ==, known[i].panes);
    for (guint a = 0; a < layout->n_panes; a++) {
      const McuLayoutPane *pane = &layout->panes[a];
      g_assert_cmpuint(pane->x + pane->width, <=, MCU_PANE_UNITS);
      g_assert_cmpuint(pane->y + pane->height, <=, MCU_PANE_UNITS);
      for (guint b = 0; b < a && strcmp(layout->name, "pip") != 0; b++)
        g_assert_false(overlap(pane, &layout->panes[b]));
    }
    if (layout->speaker[0] != '\0')
      g_assert_nonnull(mcu_layouts_find(layouts, layout->speaker));
  }
  g_assert_cmpstr(mcu_layouts_find(layouts, "lecture")->speaker, ==, "4x4");
  g_autofree char *json = mcu_layouts_json(layouts);
  g_assert_true(g_str_has_prefix(json, "{\"layouts\":[{\"name\":\"auto\""));
  g_assert_nonnull(strstr(json, "{\"x\":0.00000,\"y\":0.00000,\"w\":0.75000,\"h\":0.75000,\"show\":\"floor\"}"));
}

static void
test_refused(void)
{
#define HEAD "[layout]\nname=x\ntitle=X\ntitle[vi]=X\n"
  static const char *const texts[] = {
      "",
      "name=x",
      "[layout]\ntitle=X\ngrid=1x1\npane1=0,0 1x1",
      "[layout]\nname=auto\ntitle=X\ngrid=1x1\npane1=0,0 1x1",
      "[layout]\nname=../x\ntitle=X\ngrid=1x1\npane1=0,0 1x1",
      HEAD "pane1=0,0 1x1",
      HEAD "grid=0x1\npane1=0,0 1x1",
      HEAD "grid=25x1\npane1=0,0 1x1",
      HEAD "grid=2x2",
      HEAD "grid=2x2\npane2=0,0 1x1",
      HEAD "grid=2x2\npane1=0,0",
      HEAD "grid=2x2\npane1=1,1 2x1",
      HEAD "grid=2x2\npane1=0,0 0x1",
      HEAD "grid=2x2\npane1=-1,0 1x1",
      HEAD "grid=2x2\npane1=0,0 1x1 everybody",
      HEAD "grid=2x2\npane1=0,0 1x1 auto more",
      HEAD "grid=2x2\nspeaker=a b\npane1=0,0 1x1",
      HEAD "grid=2x2\npane1=0,0 1x1\npane3=1,1 1x1", /* a gap */
      HEAD "grid=2x2\npane1=0,0 1x1\npane02=1,1 1x1",
      HEAD "grid=2x2\npane1=0,0 1x1\nspeeker=4x4",
      HEAD "grid=2x2\npane1=0,0 1x1\n[more]\nx=1",
      HEAD "grid=2x2\npane1=0,0 4294967297x1",
      HEAD "grid=2x2x2\npane1=0,0 1x1",
      HEAD "grid=2x2\npane1=0,0 1x1 site:../a",
      "[layout]\nname=x\ntitle=\xff\ngrid=1x1\npane1=0,0 1x1",
      "[layout]\nname=x\ntitle=\ngrid=1x1\npane1=0,0 1x1",
  };
  g_autoptr(McuLayouts) layouts = mcu_layouts_new();
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(mcu_layouts_add(layouts, texts[i], strlen(texts[i]), &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
  g_assert_cmpuint(mcu_layouts_count(layouts), ==, 1);
  const char *good = HEAD "grid=2x2\npane1=0,0 1x1\npane2=1,1 1x1 site:xa-1";
  const char *again = HEAD "grid=2x2\npane1=0,0 2x2 roll:10";
  g_assert_true(mcu_layouts_add(layouts, good, strlen(good), NULL));
  g_assert_cmpuint(mcu_layouts_find(layouts, "x")->n_panes, ==, 2);
  g_assert_true(mcu_layouts_add(layouts, again, strlen(again), NULL));
  g_assert_cmpuint(mcu_layouts_find(layouts, "x")->n_panes, ==, 1);
  g_assert_cmpuint(mcu_layouts_count(layouts), ==, 2);
}

/* The page for those who write their own shows one that is taken. */
static void
test_documented(void)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, "docs", "layouts.md", NULL), *page = NULL;
  g_assert_true(g_file_get_contents(path, &page, NULL, NULL));
  char *start = strstr(page, "```ini\n");
  g_assert_nonnull(start);
  start += strlen("```ini\n");
  char *end = strstr(start, "```");
  g_assert_nonnull(end);
  g_autoptr(McuLayouts) layouts = mcu_layouts_new();
  g_autoptr(GError) error = NULL;
  mcu_layouts_add(layouts, start, (gsize)(end - start), &error);
  g_assert_no_error(error);
  g_assert_cmpuint(mcu_layouts_find(layouts, "hoi-truong")->n_panes, ==, 4);
}

static void
test_limits(void)
{
  g_autoptr(McuLayouts) layouts = mcu_layouts_new();
  g_autoptr(GString) text = g_string_new(HEAD "grid=24x24\n");
  for (guint i = 0; i < MCU_SCENE_PANES_MAX; i++)
    g_string_append_printf(text, "pane%u=%u,%u 1x1\n", i + 1, i % 24, i / 24);
  g_assert_true(mcu_layouts_add(layouts, text->str, text->len, NULL));
  g_string_append_printf(text, "pane%u=0,9 1x1\n", MCU_SCENE_PANES_MAX + 1);
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_layouts_add(layouts, text->str, text->len, &error));
  g_assert_nonnull(strstr(error->message, "too many panes"));
  for (guint i = mcu_layouts_count(layouts); i < MCU_LAYOUTS_MAX; i++) {
    g_autofree char *one = g_strdup_printf("[layout]\nname=n%u\ntitle=N\ngrid=1x1\npane1=0,0 1x1\n", i);
    g_assert_true(mcu_layouts_add(layouts, one, strlen(one), NULL));
  }
  const char *more = "[layout]\nname=more\ntitle=N\ngrid=1x1\npane1=0,0 1x1\n";
  g_assert_false(mcu_layouts_add(layouts, more, strlen(more), NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/room/layout/own", test_own);
  g_test_add_func("/room/layout/refused", test_refused);
  g_test_add_func("/room/layout/documented", test_documented);
  g_test_add_func("/room/layout/limits", test_limits);
  return g_test_run();
}
