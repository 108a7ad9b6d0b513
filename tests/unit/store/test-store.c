#include "mcu/store/store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "mcu/util/error.h"

#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct {
  char *dir, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  (void)data;
  f->dir = g_dir_make_tmp("diemcau-store-XXXXXX", NULL);
  g_assert_nonnull(f->dir);
  f->path = g_build_filename(f->dir, "diemcau.db", NULL);
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
  g_free(f->path);
  g_free(f->dir);
}

static McuStore *
store_open(Fixture *f)
{
  g_autoptr(GError) error = NULL;
  McuStore *store = mcu_store_open(f->path, &error);
  g_assert_no_error(error);
  return store;
}

static void
execute(sqlite3 *db, const char *sql)
{
  char *message = NULL;
  sqlite3_exec(db, sql, NULL, NULL, &message);
  g_assert_cmpstr(message, ==, NULL);
}

static void
test_kept(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  g_assert_true(mcu_store_meeting_opened(store, "u1", "giao-ban", "Giao ban tháng 11", 1000));
  for (gint64 seq = 0; seq < 1000; seq++) {
    g_autofree char *payload = g_strdup_printf("{\"site\":\"xa-%d\"}", (int)seq);
    g_assert_true(mcu_store_append_event(store, "u1", seq, 2000 + seq, "seat-added", payload));
  }
  g_assert_true(mcu_store_append_event(store, "u2", 0, 1, "seat-lost", "{}"));
  g_assert_true(mcu_store_meeting_titled(store, "u1", "Giao ban tháng 12"));
  g_assert_true(mcu_store_meeting_closed(store, "u1", 5000));
  g_assert_true(mcu_store_flush(store, PATIENCE_US));

  g_autoptr(GPtrArray) events = mcu_store_read_events(f->path, "u1", NULL);
  g_assert_cmpuint(events->len, ==, 1000);
  for (guint i = 0; i < events->len; i++) {
    const McuStoreEvent *event = g_ptr_array_index(events, i);
    g_assert_cmpint(event->seq, ==, i);
    g_assert_cmpint(event->time_us, ==, 2000 + i);
    g_assert_cmpstr(event->type, ==, "seat-added");
  }
  g_assert_cmpstr(((McuStoreEvent *)g_ptr_array_index(events, 7))->payload, ==, "{\"site\":\"xa-7\"}");
  mcu_store_close(store);

  /* A second start finds the same and goes on. */
  store = store_open(f);
  g_assert_true(mcu_store_meeting_opened(store, "u3", "giao-ban", "Giao ban", 9000));
  mcu_store_close(store);
  g_autoptr(GPtrArray) meetings = mcu_store_read_meetings(f->path, NULL);
  g_assert_cmpuint(meetings->len, ==, 2);
  const McuStoreMeeting *first = g_ptr_array_index(meetings, 0);
  const McuStoreMeeting *second = g_ptr_array_index(meetings, 1);
  g_assert_cmpstr(first->title, ==, "Giao ban tháng 12");
  g_assert_cmpint(first->opened_us, ==, 1000);
  g_assert_cmpint(first->closed_us, ==, 5000);
  g_assert_cmpstr(second->uuid, ==, "u3");
  g_assert_cmpint(second->closed_us, ==, 0);
}

static void
test_recording(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *file = g_build_filename(f->dir, "a.mp4", NULL);
  g_autofree char *missing = g_build_filename(f->dir, "missing.mp4", NULL);
  g_assert_true(g_file_set_contents(file, "abc", 3, NULL));

  McuStore *store = store_open(f);
  g_assert_true(mcu_store_recording_started(store, "u1", file, 10));
  g_assert_true(mcu_store_recording_started(store, "u1", missing, 20));
  g_assert_true(mcu_store_recording_finished(store, file, 6000000, NULL));
  g_test_expect_message("mcu-store", G_LOG_LEVEL_WARNING, "cannot read*missing.mp4*");
  g_assert_true(mcu_store_recording_finished(store, missing, 1, "disk full"));
  mcu_store_close(store);
  g_test_assert_expected_messages();

  g_autoptr(GPtrArray) rows = mcu_store_read_recordings(f->path, "u1", NULL);
  g_assert_cmpuint(rows->len, ==, 2);
  const McuStoreRecording *good = g_ptr_array_index(rows, 0);
  g_assert_cmpstr(good->path, ==, file);
  g_assert_cmpint(good->size, ==, 3);
  g_assert_cmpint(good->duration_us, ==, 6000000);
  /* FIPS 180-4, example of one block. */
  g_assert_cmpstr(good->sha256, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_null(good->error);
  const McuStoreRecording *bad = g_ptr_array_index(rows, 1);
  g_assert_null(bad->sha256);
  g_assert_cmpstr(bad->error, ==, "disk full");
}

/* A row that can never be written costs itself alone. */
static void
test_refused(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  g_assert_true(mcu_store_append_event(store, "u", 0, 0, "a", "{}"));
  g_assert_true(mcu_store_flush(store, PATIENCE_US));
  g_test_expect_message("mcu-store", G_LOG_LEVEL_WARNING, "not kept*UNIQUE*");
  g_assert_true(mcu_store_append_event(store, "u", 0, 0, "b", "{}"));
  g_assert_true(mcu_store_append_event(store, "u", 1, 0, "c", "{}"));
  g_assert_true(mcu_store_flush(store, PATIENCE_US));
  g_test_assert_expected_messages();
  McuStoreStats stats;
  mcu_store_get_stats(store, &stats);
  g_assert_cmpuint(stats.written, ==, 2);
  g_assert_cmpuint(stats.failed, ==, 1);
  mcu_store_close(store);
}

/* On a slow machine the thread may meet the lock and say so, too. */
static gboolean
on_expected_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  (void)level;
  (void)message;
  (void)user_data;
  return g_strcmp0(domain, "mcu-store") != 0;
}

static void
swallow_log(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  (void)domain;
  (void)level;
  (void)message;
  (void)user_data;
}

/* Somebody holds the database: nobody waits, the order is kept, what did not fit shows as a gap. */
static void
test_locked(Fixture *f, gconstpointer data)
{
  (void)data;
  enum { EVENTS = MCU_STORE_QUEUE_MAX + 5000 };
  McuStore *store = store_open(f);
  sqlite3 *other = NULL;
  g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
  execute(other, "BEGIN IMMEDIATE");

  g_test_log_set_fatal_handler(on_expected_log, NULL);
  guint handler = g_log_set_handler("mcu-store", G_LOG_LEVEL_MASK | G_LOG_FLAG_FATAL, swallow_log, NULL);
  guint accepted = 0;
  for (gint64 seq = 0; seq < EVENTS; seq++)
    accepted += mcu_store_append_event(store, "u", seq, 0, "media-changed", "{}");
  g_assert_cmpuint(accepted, <, MCU_STORE_QUEUE_MAX + 256);
  /* The end of a meeting fits in even so. */
  g_assert_true(mcu_store_meeting_opened(store, "u", "m", "M", 0));
  McuStoreStats stats;
  mcu_store_get_stats(store, &stats);
  g_assert_cmpuint(stats.dropped, ==, EVENTS - accepted);
  g_assert_cmpuint(stats.written, ==, 0);

  execute(other, "COMMIT");
  sqlite3_close(other);
  g_assert_true(mcu_store_flush(store, PATIENCE_US));
  mcu_store_get_stats(store, &stats);
  g_assert_cmpuint(stats.written, ==, accepted + 1);
  g_assert_cmpuint(stats.failed, ==, 0);

  g_assert_true(mcu_store_append_event(store, "u", EVENTS, 0, "last", "{}"));
  mcu_store_close(store);
  g_log_remove_handler("mcu-store", handler);
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->path, "u", NULL);
  g_assert_cmpuint(events->len, ==, accepted + 1);
  for (guint i = 0; i < accepted; i++)
    g_assert_cmpint(((McuStoreEvent *)g_ptr_array_index(events, i))->seq, ==, i);
  g_assert_cmpint(((McuStoreEvent *)g_ptr_array_index(events, accepted))->seq, ==, EVENTS);
}

typedef struct {
  guint behind;            /* main */
  guint caught_up, events; /* the store's thread; main once it has ended */
} Said;

static void
note(const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  (void)domain;
  Said *said = user_data;
  if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_WARNING && strstr(message, "queue in their order") != NULL)
    said->behind++;
  if (sscanf(message, "the disk has caught up: %u events", &said->events) == 1)
    said->caught_up++;
}

/* A disk that does not answer costs a meeting one short wait, not one for each event. */
static void
test_settle(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  sqlite3 *other = NULL;
  Said said = {0};
  gint64 bad = -1;
  g_assert_true(mcu_store_append_event(store, "u", 0, 0, "t", "{}"));
  g_assert_true(mcu_store_settle(store, PATIENCE_US));
  g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
  execute(other, "BEGIN EXCLUSIVE");
  g_test_log_set_fatal_handler(on_expected_log, NULL);
  guint handler = g_log_set_handler("mcu-store", G_LOG_LEVEL_MASK | G_LOG_FLAG_FATAL, note, &said);
  for (gint64 seq = 1; seq < 1000; seq++) {
    g_assert_true(mcu_store_append_event(store, "u", seq, 0, "t", "{}"));
    g_assert_false(mcu_store_settle(store, seq == 1 ? 1000 : PATIENCE_US)); /* the second is not waited for */
  }
  McuStoreStats stats;
  mcu_store_get_stats(store, &stats);
  g_assert_true(stats.behind);
  execute(other, "COMMIT");
  sqlite3_close(other);
  g_assert_true(mcu_store_flush(store, PATIENCE_US));
  mcu_store_get_stats(store, &stats);
  g_assert_false(stats.behind);
  g_assert_true(mcu_store_settle(store, PATIENCE_US));
  mcu_store_close(store);
  g_assert_cmpuint(said.behind, ==, 1);
  g_assert_cmpuint(said.caught_up, ==, 1);
  g_assert_cmpuint(said.events, ==, 999);
  g_log_remove_handler("mcu-store", handler);
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->path, "u", NULL);
  g_assert_cmpuint(events->len, ==, 1000);
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpint(((McuStoreEvent *)g_ptr_array_index(events, i))->seq, ==, i);
  g_assert_true(mcu_store_verify(f->path, "u", &bad, NULL));
}

/* What a restart brings back: all that nobody closed, also what was never held. */
static void
test_open_meetings(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  g_assert_true(mcu_store_meeting_opened(store, "u1", "a", "A", 1));
  g_assert_true(mcu_store_meeting_opened(store, "u2", "b", "B", 2));
  g_assert_true(mcu_store_meeting_opened(store, "u3", "c", "C", 3));
  g_assert_true(mcu_store_meeting_closed(store, "u2", 4));
  mcu_store_close(store);
  mcu_store_close(store_open(f)); /* opening closes none */
  g_autoptr(GPtrArray) open = mcu_store_read_open_meetings(f->path, NULL);
  g_assert_cmpuint(open->len, ==, 2);
  g_assert_cmpstr(((McuStoreMeeting *)g_ptr_array_index(open, 0))->uuid, ==, "u1");
  g_assert_cmpstr(((McuStoreMeeting *)g_ptr_array_index(open, 1))->uuid, ==, "u3");
}

/* Events that could not be kept are said, once, and the chain goes on over the gap. */
static void
test_gap(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  gint64 bad = -1;
  g_assert_true(mcu_store_append_event(store, "u", 0, 0, "t", "{}"));
  g_assert_true(mcu_store_flush(store, PATIENCE_US));
  g_test_expect_message("mcu-store", G_LOG_LEVEL_WARNING, "events are missing: the log of meeting u lacks 1 to 4");
  g_assert_true(mcu_store_append_event(store, "u", 5, 0, "t", "{}"));
  g_assert_true(mcu_store_append_event(store, "u", 6, 0, "t", "{}"));
  mcu_store_close(store);
  g_test_assert_expected_messages();
  g_assert_true(mcu_store_verify(f->path, "u", &bad, NULL));
}

static gpointer
append_many(gpointer user_data)
{
  McuStore *store = user_data;
  g_autofree char *uuid = g_uuid_string_random();
  for (gint64 seq = 0; seq < 1000; seq++)
    g_assert_true(mcu_store_append_event(store, uuid, seq, seq, "t", "{}"));
  return NULL;
}

static void
test_threads(Fixture *f, gconstpointer data)
{
  (void)data;
  McuStore *store = store_open(f);
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("append", append_many, store);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  mcu_store_close(store); /* writes the rest */
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->path, NULL, NULL);
  g_assert_cmpuint(events->len, ==, 4000);
}

static void
test_unusable(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr(GError) error = NULL;
  g_autofree char *nowhere = g_build_filename(f->dir, "no", "such", "x.db", NULL);
  g_assert_null(mcu_store_open(nowhere, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);

  g_autofree char *text = g_build_filename(f->dir, "text.db", NULL);
  g_assert_true(g_file_set_contents(text, "this is no database, however long it may be ...........", -1, NULL));
  g_assert_null(mcu_store_open(text, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);

  mcu_store_close(store_open(f));
  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
  execute(db, "PRAGMA user_version = 999");
  sqlite3_close(db);
  g_assert_null(mcu_store_open(f->path, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_nonnull(g_strstr_len(error->message, -1, "newer version"));
  g_clear_error(&error);

  /* A reader changes no schema, and says so. */
  g_assert_null(mcu_store_read_meetings(f->path, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_nonnull(g_strstr_len(error->message, -1, "newer version"));
  g_clear_error(&error);
  g_assert_cmpint(sqlite3_open(f->path, &db), ==, SQLITE_OK);
  execute(db, "PRAGMA user_version = 1");
  sqlite3_close(db);
  g_assert_null(mcu_store_read_events(f->path, NULL, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_nonnull(g_strstr_len(error->message, -1, "older version"));
  g_clear_error(&error);
  gint64 bad = 77;
  g_assert_false(mcu_store_verify(nowhere, "u", &bad, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_assert_cmpint(bad, ==, 77);

  g_assert_null(mcu_store_read_events(nowhere, NULL, NULL));
}

/* --- one log ------------------------------------------------------------------------------ */

typedef struct {
  McuStore *store;
  guint n_meetings, n_events, enough;
  gint64 next_late; /* what is appended while the log is read */
  char *before;     /* hash of the last event */
} Told;

static void
on_meeting(const McuStoreMeeting *meeting, gpointer user_data)
{
  Told *told = user_data;
  g_assert_cmpuint(told->n_events, ==, 0);
  g_assert_cmpstr(meeting->uuid, ==, "u");
  g_assert_cmpstr(meeting->title, ==, "Giao ban");
  told->n_meetings++;
}

/* What is written meanwhile does not wait, and is not seen. */
static gboolean
on_event(const McuStoreEvent *event, gpointer user_data, GError **error)
{
  Told *told = user_data;
  g_autofree char *hash = mcu_store_hash(told->before, event);
  g_assert_cmpint(event->seq, ==, told->n_events);
  g_assert_cmpstr(event->hash, ==, hash);
  g_free(told->before);
  told->before = g_steal_pointer(&hash);
  mcu_store_append_event(told->store, "u", told->next_late++, 1, "late", "{}");
  g_assert_true(mcu_store_flush(told->store, PATIENCE_US));
  if (++told->n_events < told->enough)
    return TRUE;
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "enough");
  return FALSE;
}

static gboolean
tell_log(Fixture *f, Told *told, const char *uuid, GError **error)
{
  const McuStoreLogReader reader = {.meeting = on_meeting, .event = on_event};
  told->before = g_strdup("");
  gboolean ok = mcu_store_read_log(f->path, uuid, &reader, told, error);
  g_clear_pointer(&told->before, g_free);
  return ok;
}

static void
test_log(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr(GError) error = NULL;
  McuStore *store = store_open(f);
  mcu_store_meeting_opened(store, "u", "giao-ban", "Giao ban", 1);
  mcu_store_meeting_opened(store, "v", "so-ket", "Sơ kết", 1);
  for (gint64 seq = 0; seq < 10; seq++)
    mcu_store_append_event(store, "u", seq, seq, "t", "{}");
  g_assert_true(mcu_store_flush(store, PATIENCE_US));

  Told all = {.store = store, .enough = G_MAXUINT, .next_late = 10};
  g_assert_true(tell_log(f, &all, "u", &error));
  g_assert_no_error(error);
  g_assert_cmpuint(all.n_meetings, ==, 1);
  g_assert_cmpuint(all.n_events, ==, 10);

  Told some = {.store = store, .enough = 12, .next_late = 20};
  g_assert_false(tell_log(f, &some, "u", &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
  g_assert_cmpuint(some.n_events, ==, 12);
  g_clear_error(&error);

  Told none = {.store = store, .enough = G_MAXUINT};
  g_assert_false(tell_log(f, &none, "w", &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_assert_cmpuint(none.n_meetings + none.n_events, ==, 0);
  mcu_store_close(store);
}

static void
ignore_meeting(const McuStoreMeeting *meeting, gpointer user_data)
{
  (void)meeting;
  (void)user_data;
}

static gboolean
count_event(const McuStoreEvent *event, gpointer user_data, GError **error)
{
  guint *n = user_data;
  (void)event;
  (void)error;
  (*n)++;
  return TRUE;
}

/* The file is the same to the byte when it has been read. */
static void
test_log_unchanged(Fixture *f, gconstpointer data)
{
  (void)data;
  const McuStoreLogReader reader = {.meeting = ignore_meeting, .event = count_event};
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  guint n = 0;
  McuStore *store = store_open(f);
  mcu_store_meeting_opened(store, "u", "giao-ban", "Giao ban", 1);
  mcu_store_append_event(store, "u", 0, 1, "t", "{}");
  mcu_store_append_event(store, "u", 1, 1, "t", "{}");
  mcu_store_append_event(store, "v", 0, 1, "t", "{}");
  mcu_store_close(store);
  g_assert_true(g_file_get_contents(f->path, &before, &n_before, NULL));
  g_assert_true(mcu_store_read_log(f->path, "u", &reader, &n, NULL));
  g_assert_cmpuint(n, ==, 2);
  g_assert_true(g_file_get_contents(f->path, &after, &n_after, NULL));
  g_assert_cmpmem(before, n_before, after, n_after);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/store/" name, Fixture, NULL, set_up, func, tear_down)
  ADD("kept", test_kept);
  ADD("recording", test_recording);
  ADD("refused", test_refused);
  ADD("locked", test_locked);
  ADD("settle", test_settle);
  ADD("open-meetings", test_open_meetings);
  ADD("gap", test_gap);
  ADD("log", test_log);
  ADD("log-unchanged", test_log_unchanged);
  ADD("threads", test_threads);
  ADD("unusable", test_unusable);
  return g_test_run();
}
