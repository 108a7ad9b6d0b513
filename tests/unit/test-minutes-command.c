#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "mcu/store/store.h"
#include "tests/unit/store/tamper.h"

typedef struct {
  char *dir, *database;
  char *out, *err; /* of the last run */
} Fixture;

/* 2026-11-25 07:30:00 in Viet Nam */
#define START_US (G_GINT64_CONSTANT(1795566600) * G_USEC_PER_SEC)

static void
set_up(Fixture *f, gconstpointer data)
{
  (void)data;
  g_assert_nonnull(g_getenv("DIEMCAU"));
  f->dir = g_dir_make_tmp("diemcau-minutes-XXXXXX", NULL);
  f->database = g_build_filename(f->dir, "diemcau.db", NULL);
  McuStore *store = mcu_store_open(f->database, NULL);
  g_assert_nonnull(store);
  mcu_store_meeting_opened(store, "u1", "giao-ban", "Giao ban tháng 11", START_US);
  mcu_store_append_event(store, "u1", 0, START_US, "seat-added", "{\"site\":\"lung-cu\",\"name\":\"Xã Lũng Cú\"}");
  mcu_store_append_event(store, "u1", 1, START_US + 60 * G_USEC_PER_SEC, "ended", "{}");
  mcu_store_meeting_closed(store, "u1", START_US + 60 * G_USEC_PER_SEC);
  mcu_store_meeting_opened(store, "u2", "giao-ban", "Giao ban tháng 12", START_US + 1);
  mcu_store_append_event(store, "u2", 0, START_US, "seat-added", "{\"site\":\"yen-minh\",\"name\":\"Xã Yên Minh\"}");
  mcu_store_close(store);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    g_unlink(path);
  }
  g_rmdir(f->dir);
  g_free(f->database);
  g_free(f->dir);
  g_free(f->out);
  g_free(f->err);
}

/* `diemcau minutes` on the fixture's data with these arguments, NULL at the end; the exit code. */
static int G_GNUC_NULL_TERMINATED
run(Fixture *f, const char *first, ...)
{
  g_autoptr(GPtrArray) args = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  const char *const begin[] = {g_getenv("DIEMCAU"), "minutes", "--data", f->dir};
  va_list rest;
  int status = 0;
  for (guint i = 0; i < G_N_ELEMENTS(begin); i++)
    g_ptr_array_add(args, (char *)begin[i]);
  va_start(rest, first);
  for (const char *arg = first; arg != NULL; arg = va_arg(rest, const char *))
    g_ptr_array_add(args, (char *)arg);
  va_end(rest);
  g_ptr_array_add(args, NULL);
  g_clear_pointer(&f->out, g_free);
  g_clear_pointer(&f->err, g_free);
  g_spawn_sync(NULL, (char **)args->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &f->out, &f->err, &status, &error);
  g_assert_no_error(error);
  if (g_spawn_check_wait_status(status, &error))
    return 0;
  g_assert_cmpint((int)error->domain, ==, (int)G_SPAWN_EXIT_ERROR); /* not by a signal */
  return error->code;
}

static void
assert_has(const char *text, const char *part)
{
  if (strstr(text, part) == NULL)
    g_error("\"%s\" is not in:\n%s", part, text);
}

static void
test_list(Fixture *f, gconstpointer data)
{
  (void)data;
  g_assert_cmpint(run(f, "--list", NULL), ==, 0);
  g_assert_cmpstr(f->err, ==, "");
  g_assert_cmpstr(f->out, ==,
                  "07:30:00 25/11/2026  giao-ban  u1  closed  \"Giao ban tháng 11\"\n"
                  "07:30:00 25/11/2026  giao-ban  u2  open  \"Giao ban tháng 12\"\n");
  tamper(f->database, "UPDATE meeting SET title = char(27) || '[2J' WHERE uuid = 'u1'");
  g_assert_cmpint(run(f, "--list", NULL), ==, 0);
  assert_has(f->out, "\\u{1b}[2J");
  g_assert_null(strchr(f->out, '\033'));
}

/* An id is that of its newest holding; each holding has its own long one. */
static void
test_which(Fixture *f, gconstpointer data)
{
  (void)data;
  g_assert_cmpint(run(f, "--meeting", "giao-ban", "--format", "json", NULL), ==, 0);
  assert_has(f->out, "Xã Yên Minh");
  g_assert_cmpint(run(f, "--meeting", "u1", "--format", "json", NULL), ==, 0);
  assert_has(f->out, "Xã Lũng Cú");
  g_assert_cmpint(run(f, "--meeting", "u1", "--format", "csv", "--output", "-", NULL), ==, 0);
  assert_has(f->out, "\xef\xbb\xbfPhiên họp\r\n");
  assert_has(f->out, "Xã Lũng Cú");
}

static void
test_file(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *path = g_build_filename(f->dir, "minutes.pdf", NULL);
  g_autofree char *bytes = NULL;
  GStatBuf info;
  gsize n;
  g_assert_cmpint(run(f, "--meeting", "u1", "--header", "UBND TỈNH", "--header", "VĂN PHÒNG", "--output", path, NULL),
                  ==, 0);
  g_assert_cmpstr(f->out, ==, "");
  g_assert_true(g_file_get_contents(path, &bytes, &n, NULL));
  g_assert_true(n > 1000 && memcmp(bytes, "%PDF-1.", 7) == 0);
  g_assert_cmpint(g_stat(path, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0007, ==, 0); /* not for every user */
}

/* What is no file is written to, and not replaced by one. */
static void
test_device(Fixture *f, gconstpointer data)
{
  (void)data;
  GStatBuf info;
  g_assert_cmpint(run(f, "--meeting", "u1", "--output", "/dev/null", NULL), ==, 0);
  g_assert_cmpint(g_stat("/dev/null", &info), ==, 0);
  g_assert_true(S_ISCHR(info.st_mode));
  g_assert_cmpint(run(f, "--meeting", "u1", "--output", "/dev/full", NULL), ==, 1);
  assert_has(f->err, "cannot write");
}

static void
test_wrong_use(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *nowhere = g_build_filename(f->dir, "nowhere", "x.pdf", NULL);
  g_assert_cmpint(run(f, "--help", NULL), ==, 0);
  assert_has(f->out, "--header");
  g_assert_cmpint(run(f, "--format", "pdf", NULL), ==, 2);
  assert_has(f->err, "--meeting");
  g_assert_cmpint(run(f, "--list", "--meeting", "u1", NULL), ==, 2);
  g_assert_cmpint(run(f, "--meeting", "u1", "--format", "doc", NULL), ==, 2);
  assert_has(f->err, "\"doc\" is no format");
  g_assert_cmpint(run(f, "--meeting", "giao", NULL), ==, 1);
  assert_has(f->err, "there is no meeting \"giao\"");
  g_assert_cmpint(run(f, "--meeting", "u1", "--output", nowhere, NULL), ==, 1);
  assert_has(f->err, "x.pdf");
  g_unlink(f->database);
  g_assert_cmpint(run(f, "--list", NULL), ==, 1);
  assert_has(f->err, "diemcau.db; name the data folder");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/minutes-command/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("list", test_list);
  ADD("which", test_which);
  ADD("file", test_file);
  ADD("device", test_device);
  ADD("wrong-use", test_wrong_use);
  return g_test_run();
}
