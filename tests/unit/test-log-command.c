#include <glib/gstdio.h>
#include <string.h>

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
  f->dir = g_dir_make_tmp("diemcau-log-XXXXXX", NULL);
  g_assert_nonnull(f->dir);
  f->database = g_build_filename(f->dir, "diemcau.db", NULL);
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

/* Two holdings of one meeting, and another meeting. */
static void
write_meetings(Fixture *f)
{
  McuStore *store = mcu_store_open(f->database, NULL);
  g_assert_nonnull(store);
  mcu_store_meeting_opened(store, "u1", "giao-ban", "Giao ban tháng 11", START_US);
  mcu_store_append_event(store, "u1", 0, START_US + 1000, "seat-added", "{\"site\":\"lung-cu\"}");
  mcu_store_append_event(store, "u1", 1, START_US + 2000, "hand-up", "{\"site\":\"lung-cu\"}");
  mcu_store_append_event(store, "u1", 2, START_US + 3000, "hand-down", "{\"site\":\"lung-cu\"}");
  mcu_store_meeting_closed(store, "u1", START_US + 60 * G_USEC_PER_SEC);
  mcu_store_meeting_opened(store, "u2", "giao-ban", "Giao ban tháng 12", START_US + 1);
  mcu_store_append_event(store, "u2", 0, START_US, "seat-added", "{\"site\":\"yen-minh\"}");
  mcu_store_meeting_opened(store, "u3", "so-ket", "Sơ kết", START_US + 2);
  mcu_store_append_event(store, "u3", 0, START_US, "seat-added", "{\"site\":\"meo-vac\"}");
  mcu_store_close(store);
}

/* `diemcau log` with these arguments, NULL at the end; the exit code. */
static int G_GNUC_NULL_TERMINATED
run(Fixture *f, const char *first, ...)
{
  g_autoptr(GPtrArray) args = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  va_list rest;
  int status = 0;
  g_ptr_array_add(args, (char *)g_getenv("DIEMCAU"));
  g_ptr_array_add(args, (char *)"log");
  va_start(rest, first);
  for (const char *arg = first; arg != NULL; arg = va_arg(rest, const char *))
    g_ptr_array_add(args, (char *)arg);
  va_end(rest);
  g_ptr_array_add(args, NULL);
  g_clear_pointer(&f->out, g_free);
  g_clear_pointer(&f->err, g_free);
  g_spawn_sync(NULL, (char **)args->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &f->out, &f->err, &status, &error);
  g_assert_no_error(error);
  g_test_message("%s%s", f->out, f->err);
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
assert_lacks(const char *text, const char *part)
{
  if (strstr(text, part) != NULL)
    g_error("\"%s\" is in:\n%s", part, text);
}

static void
test_meetings(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  g_assert_cmpint(run(f, "--data", f->dir, NULL), ==, 0);
  g_assert_cmpstr(f->err, ==, "");
  g_assert_cmpstr(f->out, ==,
                  "2026-11-25 07:30:00.000  giao-ban  u1  closed 2026-11-25 07:31:00.000  \"Giao ban tháng 11\"\n"
                  "2026-11-25 07:30:00.000  giao-ban  u2  open  \"Giao ban tháng 12\"\n"
                  "2026-11-25 07:30:00.000  so-ket  u3  open  \"Sơ kết\"\n");
}

static void
test_events(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "u1", NULL), ==, 0);
  g_assert_cmpstr(f->out, ==,
                  "2026-11-25 07:30:00.000  giao-ban  u1  closed 2026-11-25 07:31:00.000  \"Giao ban tháng 11\"\n"
                  "  0  2026-11-25 07:30:00.001  seat-added  {\"site\":\"lung-cu\"}\n"
                  "  1  2026-11-25 07:30:00.002  hand-up  {\"site\":\"lung-cu\"}\n"
                  "  2  2026-11-25 07:30:00.003  hand-down  {\"site\":\"lung-cu\"}\n");

  /* By its id: each holding. */
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "giao-ban", "--verify", NULL), ==, 0);
  assert_has(f->out, "lung-cu");
  assert_has(f->out, "yen-minh");
  assert_lacks(f->out, "meo-vac");
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->database, "u1", NULL);
  g_autofree char *whole = g_strdup_printf("  whole: 3 events up to 2, the last with hash %s\n",
                                           ((McuStoreEvent *)g_ptr_array_index(events, 2))->hash);
  assert_has(f->out, whole);
}

/* While the server holds the database open. */
static void
test_beside_the_server(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  McuStore *store = mcu_store_open(f->database, NULL);
  g_assert_true(mcu_store_append_event(store, "u3", 1, START_US, "hand-up", "{}"));
  g_assert_true(mcu_store_flush(store, 60 * G_USEC_PER_SEC));
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "so-ket", "--verify", NULL), ==, 0);
  assert_has(f->out, "hand-up");
  assert_has(f->out, "whole: 2 events");
  mcu_store_close(store);
}

static void
test_broken(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  tamper(f->database, "UPDATE event SET payload = '{\"site\":\"yen-minh\"}' WHERE meeting = 'u1' AND seq = 1");
  g_assert_cmpint(run(f, "--data", f->dir, "--verify", NULL), ==, 1);
  assert_has(f->out, "  BROKEN: event 1 of meeting u1 ");
  assert_has(f->out, "whole: 1 events up to 0"); /* the others are checked all the same */
  g_assert_cmpstr(f->err, ==, "diemcau log: the log of 1 of 3 meetings is not what was written\n");
  /* Without being asked it does not judge, and a whole meeting stays whole. */
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "u1", NULL), ==, 0);
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "so-ket", "--verify", NULL), ==, 0);
}

static void
test_gap(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  tamper(f->database, "DELETE FROM event WHERE meeting = 'u1' AND seq = 1");
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "u1", "--verify", NULL), ==, 1);
  assert_has(f->out, "  (events 1 to 1 are missing)\n  2  ");
  assert_has(f->out, "  BROKEN: event 2 of meeting u1 ");
}

/* What stands in a database that was touched does not reach the terminal as commands or lines. */
static void
test_unprintable(Fixture *f, gconstpointer data)
{
  (void)data;
  write_meetings(f);
  tamper(f->database,
         "UPDATE event SET payload = char(27) || '[2J' || char(10) || '  whole: 9 events' WHERE meeting = 'u3'");
  tamper(f->database, "UPDATE meeting SET title = CAST(x'ff07' AS TEXT) || char(8238) WHERE uuid = 'u3'");
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "so-ket", "--verify", NULL), ==, 1);
  assert_has(f->out, "\\u{1b}[2J\\u{a}  whole: 9 events\n");
  assert_has(f->out, "\\u{7}\\u{202e}\"\n");
  assert_lacks(f->out, "\033");
  assert_lacks(f->out, "\n  whole");
}

static void
test_wrong_use(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *missing = g_build_filename(f->dir, "nowhere", NULL);
  g_assert_cmpint(run(f, "--data", missing, NULL), ==, 1);
  assert_has(f->err, "nowhere/diemcau.db; name the data folder");
  g_assert_cmpint(run(f, "--data", f->dir, "--meting", "x", NULL), ==, 2);
  assert_has(f->err, "--meting");
  assert_has(f->err, "see diemcau log --help");
  g_assert_cmpint(run(f, "--data", f->dir, "giao-ban", NULL), ==, 2);
  assert_has(f->err, "unexpected argument \"giao-ban\"");
  g_assert_cmpint(run(f, "--help", NULL), ==, 0);
  assert_has(f->out, "--verify");

  g_assert_true(g_file_set_contents(f->database, "this is no database, however long it may be .......", -1, NULL));
  g_assert_cmpint(run(f, "--data", f->dir, "--verify", NULL), ==, 1);
  assert_has(f->err, "diemcau.db: ");
  g_unlink(f->database);
  write_meetings(f);
  g_assert_cmpint(run(f, "--data", f->dir, "--meeting", "giao", NULL), ==, 1);
  assert_has(f->err, "there is no meeting \"giao\" in ");
  g_assert_cmpstr(f->out, ==, "");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/log-command/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("meetings", test_meetings);
  ADD("events", test_events);
  ADD("beside-the-server", test_beside_the_server);
  ADD("broken", test_broken);
  ADD("gap", test_gap);
  ADD("unprintable", test_unprintable);
  ADD("wrong-use", test_wrong_use);
  return g_test_run();
}
