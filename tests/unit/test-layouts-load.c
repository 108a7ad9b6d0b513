/* The operator's own folder of layouts. Beside this executable there are none: only "auto" comes with it. */
#include "mcu/layouts-load.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/util/error.h"

typedef struct {
  char *folder;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  f->folder = g_dir_make_tmp("diemcau-layouts-XXXXXX", NULL);
  g_assert_nonnull(f->folder);
  g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*only the automatic one*");
}

static void
put(Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(f->folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_test_assert_expected_messages();
  g_autoptr(GDir) dir = g_dir_open(f->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(f->folder, name, NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
  }
  g_assert_cmpint(g_rmdir(f->folder), ==, 0);
  g_free(f->folder);
}

static void
test_own(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  put(f, "b.layout", "[layout]\nname=b\ntitle=B\nspeaker=a\ngrid=2x1\npane1=0,0 1x1 site:hall\npane2=1,0 1x1\n");
  put(f, "a.layout", "[layout]\nname=a\ntitle=A\ngrid=1x1\npane1=0,0 1x1\n");
  put(f, "c.layout", "[layout]\nname=b\ntitle=Later\ngrid=1x1\npane1=0,0 1x1\n");
  put(f, "notes.txt", "not a layout");
  g_autoptr(McuLayouts) layouts = mcu_layouts_load(f->folder, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(mcu_layouts_count(layouts), ==, 3);
  g_assert_cmpstr(mcu_layouts_get(layouts, 1)->name, ==, "a"); /* in the order of the files */
  g_assert_cmpstr(mcu_layouts_find(layouts, "b")->title, ==, "Later");
}

static void
assert_refused(Fixture *f, const char *named)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(mcu_layouts_load(f->folder, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, named));
}

static void
test_faulty(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  put(f, "good.layout", "[layout]\nname=a\ntitle=A\ngrid=1x1\npane1=0,0 1x1\n");
  put(f, "hall.layout", "[layout]\nname=b\ntitle=B\ngrid=2x1\npane1=1,0 2x1\n");
  assert_refused(f, "hall.layout: the pane lies outside of the grid");
}

static void
test_speaker(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  put(f, "a.layout", "[layout]\nname=a\ntitle=A\nspeaker=none\ngrid=1x1\npane1=0,0 1x1\n");
  assert_refused(f, "the layout a has as speaker the layout none");
}

static void
test_too_large(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *huge = g_strnfill(65 * 1024, '#');
  put(f, "a.layout", huge);
  assert_refused(f, "a.layout: too large");
}

static void
test_missing(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *none = g_build_filename(f->folder, "none", NULL);
  g_assert_null(mcu_layouts_load(none, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, none));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/layouts-load/own", Fixture, NULL, set_up, test_own, tear_down);
  g_test_add("/layouts-load/faulty", Fixture, NULL, set_up, test_faulty, tear_down);
  g_test_add("/layouts-load/speaker", Fixture, NULL, set_up, test_speaker, tear_down);
  g_test_add("/layouts-load/too-large", Fixture, NULL, set_up, test_too_large, tear_down);
  g_test_add("/layouts-load/missing", Fixture, NULL, set_up, test_missing, tear_down);
  return g_test_run();
}
