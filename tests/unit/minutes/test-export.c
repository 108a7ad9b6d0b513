#include "mcu/minutes/export.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/store/tamper.h"

#define START_US (G_GINT64_CONSTANT(1795566600) * G_USEC_PER_SEC)

typedef struct {
  char *dir, *path;
  McuStore *store;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  (void)data;
  f->dir = g_dir_make_tmp("diemcau-minutes-XXXXXX", NULL);
  f->path = g_build_filename(f->dir, "diemcau.db", NULL);
  f->store = mcu_store_open(f->path, NULL);
  g_assert_nonnull(f->store);
  mcu_store_meeting_opened(f->store, "u1", "giao-ban", "Giao ban", START_US);
  mcu_store_append_event(f->store, "u1", 0, START_US, "seat-added", "{\"site\":\"a\",\"name\":\"Xã A\"}");
  mcu_store_append_event(f->store, "u1", 1, START_US + 5000000, "ended", "{}");
  mcu_store_meeting_opened(f->store, "u2", "so-ket", "Sơ kết", START_US);
  mcu_store_append_event(f->store, "u2", 0, START_US, "seat-added", "{\"site\":\"b\",\"name\":\"Xã B\"}");
  g_assert_true(mcu_store_flush(f->store, 10 * G_USEC_PER_SEC));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  (void)data;
  mcu_store_close(f->store);
  g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    g_unlink(path);
  }
  g_rmdir(f->dir);
  g_free(f->path);
  g_free(f->dir);
}

static char *
export_json(Fixture *f, const char *uuid)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = mcu_minutes_export(f->path, uuid, MCU_MINUTES_JSON, NULL, &error);
  g_assert_no_error(error);
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* While the store has the database open, and after it. */
static void
test_formats(Fixture *f, gconstpointer data)
{
  static const char *const beginnings[MCU_MINUTES_N_FORMATS] = {"{\"v\":1", "\xef\xbb\xbfPhiên họp", "%PDF-1."};
  const McuMinutesHeader header = {.agency = "UBND XÃ"};
  (void)data;
  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < MCU_MINUTES_N_FORMATS; i++) {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = mcu_minutes_export(f->path, "u1", (McuMinutesFormat)i, &header, &error);
      g_assert_no_error(error);
      g_assert_true(memcmp(g_bytes_get_data(bytes, NULL), beginnings[i], strlen(beginnings[i])) == 0);
    }
    mcu_store_close(f->store);
    f->store = NULL;
  }
}

/* Of one meeting nothing stands in the minutes of another. */
static void
test_one_meeting(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autofree char *text = export_json(f, "u1");
  g_assert_nonnull(strstr(text, "Xã A"));
  g_assert_null(strstr(text, "Xã B"));
  g_assert_nonnull(strstr(text, "\"events\":2,\"missing\":0,\"checked\":true,\"whole\":true,\"hash\":\""));
}

static void
test_tampered(Fixture *f, gconstpointer data)
{
  (void)data;
  tamper(f->path, "UPDATE event SET payload = '{\"site\":\"z\"}' WHERE meeting = 'u1' AND seq = 0");
  g_autofree char *text = export_json(f, "u1");
  g_autofree char *other = export_json(f, "u2");
  g_assert_nonnull(strstr(text, "\"whole\":false"));
  g_assert_nonnull(strstr(text, "\"badSeq\":0"));
  g_assert_nonnull(strstr(other, "\"whole\":true"));
}

/* As when the program is killed: what it wrote last stands in the WAL alone. */
static void
test_unfinished(Fixture *f, gconstpointer data)
{
  (void)data;
  mcu_store_append_event(f->store, "u2", 1, START_US + 1, "chat-said",
                         "{\"site\":\"b\",\"number\":0,\"text\":\"mới\"}");
  g_assert_true(mcu_store_flush(f->store, 10 * G_USEC_PER_SEC));
  g_autofree char *copy = g_build_filename(f->dir, "copy.db", NULL);
  g_autofree char *wal = g_strconcat(f->path, "-wal", NULL), *copied_wal = g_strconcat(copy, "-wal", NULL);
  const char *const pairs[][2] = {{f->path, copy}, {wal, copied_wal}};
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    g_autofree char *bytes = NULL;
    gsize n;
    g_assert_true(g_file_get_contents(pairs[i][0], &bytes, &n, NULL));
    g_assert_true(g_file_set_contents(pairs[i][1], bytes, (gssize)n, NULL));
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = mcu_minutes_export(copy, "u2", MCU_MINUTES_JSON, NULL, &error);
  g_assert_no_error(error);
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_assert_nonnull(strstr(text, "mới"));
}

static void
test_errors(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  (void)data;
  g_assert_null(mcu_minutes_export(f->path, "nobody", MCU_MINUTES_PDF, NULL, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_clear_error(&error);
  g_assert_null(mcu_minutes_export("/nowhere/x.db", "u1", MCU_MINUTES_PDF, NULL, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);
  g_autofree char *junk = g_build_filename(f->dir, "junk.db", NULL);
  g_assert_true(g_file_set_contents(junk, "this is no database at all, but long enough to be read", -1, NULL));
  g_assert_null(mcu_minutes_export(junk, "u1", MCU_MINUTES_PDF, NULL, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
}

static void
test_words(Fixture *f, gconstpointer data)
{
  McuMinutesFormat format;
  (void)f;
  (void)data;
  for (guint i = 0; i < MCU_MINUTES_N_FORMATS; i++) {
    g_assert_true(mcu_minutes_format_parse(mcu_minutes_format_word((McuMinutesFormat)i), &format));
    g_assert_cmpint((gint)format, ==, (gint)i);
    g_assert_nonnull(strchr(mcu_minutes_format_mime(format), '/'));
  }
  g_assert_false(mcu_minutes_format_parse("doc", &format));
}

static gpointer
export_in_thread(gpointer path)
{
  return mcu_minutes_export(path, "u1", MCU_MINUTES_PDF, NULL, NULL);
}

static void
test_threads(Fixture *f, gconstpointer data)
{
  GThread *threads[4];
  (void)data;
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("export", export_in_thread, f->path);
  for (gint64 seq = 1; seq < 500; seq++)
    mcu_store_append_event(f->store, "u2", seq, START_US, "hat-worn", "{}");
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
    GBytes *bytes = g_thread_join(threads[i]);
    g_assert_nonnull(bytes);
    g_bytes_unref(bytes);
  }
}

#define ADD(name, func) g_test_add("/minutes/export/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("formats", test_formats);
  ADD("one-meeting", test_one_meeting);
  ADD("tampered", test_tampered);
  ADD("unfinished", test_unfinished);
  ADD("errors", test_errors);
  ADD("words", test_words);
  ADD("threads", test_threads);
  return g_test_run();
}
