#include "mcu/bridge/recorder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static GPtrArray *
recordings(Fixture *f)
{
  g_assert_true(mcu_store_flush(f->store, 60 * SECOND));
  GPtrArray *rows = mcu_store_read_recordings(f->database, NULL, NULL);
  g_assert_nonnull(rows);
  return rows;
}

static void
test_start_stop(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair, site;
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  client_join(&site, f, "b", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_true(client_record(&chair, TRUE, NULL)); /* twice is no error */
  g_assert_cmpstr(site.recording->str, ==, "on ");

  /* DATA/recordings/MEETING/YYYYMMDD-HHMMSS.mp4, in a folder for the owner alone. */
  g_autofree char *dir = g_build_filename(f->dir, "recordings", "m", NULL);
  g_autofree char *parent = g_path_get_dirname(mix->recording);
  g_autofree char *name = g_path_get_basename(mix->recording);
  g_assert_cmpstr(parent, ==, dir);
  g_assert_true(g_regex_match_simple("^[0-9]{8}-[0-9]{6}\\.mp4$", name, 0, 0));
  GStatBuf info;
  g_assert_cmpint(g_stat(dir, &info), ==, 0);
  g_assert_cmpuint(info.st_mode & 0777, ==, 0700);

  g_assert_true(g_file_set_contents(mix->recording, "abc", 3, NULL));
  g_assert_true(client_record(&chair, FALSE, NULL));
  g_assert_true(mix->stop_wanted);
  g_assert_cmpstr(site.recording->str, ==, "on off ");
  g_assert_true(client_record(&chair, FALSE, NULL));
  fake_engine_finish_recording(mix, NULL);
  g_assert_cmpstr(chair.recording->str, ==, "on off ");

  g_autoptr(GPtrArray) rows = recordings(f);
  g_assert_cmpuint(rows->len, ==, 1);
  const McuStoreRecording *row = g_ptr_array_index(rows, 0);
  g_assert_cmpint(row->duration_us, ==, 6 * SECOND);
  g_assert_cmpint(row->size, ==, 3);
  g_assert_nonnull(row->sha256);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==, "seat-added seat-added recording-on recording-off");
  client_clear(&chair);
  client_clear(&site);
}

/* Started again before the first file is finished: the second begins then, under another name. */
static void
test_again(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair;
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  McuMix *mix = fake_engine_newest();
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_autofree char *first = g_strdup(mix->recording);
  g_assert_true(g_file_set_contents(first, "x", 1, NULL));
  g_assert_true(client_record(&chair, FALSE, NULL));
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_cmpstr(chair.recording->str, ==, "on off ");
  fake_engine_finish_recording(mix, NULL);
  g_assert_cmpstr(chair.recording->str, ==, "on off on ");
  g_assert_cmpstr(mix->recording, !=, first);
  g_assert_true(g_file_set_contents(mix->recording, "x", 1, NULL));

  /* Stop, start, stop: the last word counts. */
  g_assert_true(client_record(&chair, FALSE, NULL));
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_true(client_record(&chair, FALSE, NULL));
  fake_engine_finish_recording(mix, NULL);
  g_assert_null(mix->recording);
  client_clear(&chair);
}

static void
test_broken(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair;
  g_autoptr(GError) error = NULL;
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  McuMix *mix = fake_engine_newest();
  fake_engine_fail_record();
  g_assert_false(client_record(&chair, TRUE, &error));
  g_assert_nonnull(error);
  g_assert_cmpstr(chair.recording->str, ==, "");

  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_true(g_file_set_contents(mix->recording, "x", 1, NULL));
  g_autoptr(GError) full = g_error_new_literal(MCU_ERROR, MCU_ERROR_RECORDING, "no space left");
  g_test_expect_message("mcu-bridge", G_LOG_LEVEL_MESSAGE, "*recording finished*");
  g_test_expect_message("mcu-bridge", G_LOG_LEVEL_WARNING, "*no space left*");
  fake_engine_finish_recording(mix, full);
  g_test_assert_expected_messages();
  g_assert_cmpstr(chair.recording->str, ==, "on recording-failed ");
  g_assert_false(mcu_member_recording(chair.member));
  g_autoptr(GPtrArray) rows = recordings(f);
  g_assert_cmpstr(((McuStoreRecording *)g_ptr_array_index(rows, 0))->error, ==, "no space left");
  client_clear(&chair);
}

/* A folder that cannot be made is an error in words. */
static void
test_no_folder(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair;
  g_autoptr(GError) error = NULL;
  g_autofree char *blocked = g_build_filename(f->dir, "recordings", NULL);
  g_assert_true(g_file_set_contents(blocked, "a file", -1, NULL));
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  g_assert_false(client_record(&chair, TRUE, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_RECORDING);
  g_assert_nonnull(strstr(error->message, "recordings"));
  client_clear(&chair);
}

/* The last one leaves without stopping: the meeting ends the recording and waits for the file. */
static void
test_left_alone(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair;
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  McuMix *mix = fake_engine_newest();
  g_assert_true(client_record(&chair, TRUE, NULL));
  g_assert_true(g_file_set_contents(mix->recording, "x", 1, NULL));
  mcu_member_leave(chair.member);
  fixture_run(f, 5 * SECOND);
  g_assert_false(mix->stop_wanted);
  fixture_run(f, 6 * SECOND);
  g_assert_true(mix->stop_wanted);
  g_assert_cmpuint(fake_engine_mixes(), ==, 1);
  fake_engine_finish_recording(mix, NULL);
  fixture_run(f, SECOND);
  g_assert_cmpuint(fake_engine_mixes(), ==, 0);
  g_autoptr(GPtrArray) rows = recordings(f);
  g_assert_nonnull(((McuStoreRecording *)g_ptr_array_index(rows, 0))->sha256);
  client_clear(&chair);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/recorder/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("start-stop", test_start_stop);
  ADD("again", test_again);
  ADD("broken", test_broken);
  ADD("no-folder", test_no_folder);
  ADD("left-alone", test_left_alone);
  return g_test_run();
}
