/* One recording after the other of a meeting; owned by McuMeeting, on main. */
#include "mcu/bridge/recorder.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"

typedef enum { IDLE, RUNNING, STOPPING } State;

struct McuRecorder {
  McuBridge *bridge;
  const char *uuid, *meeting_id;
  McuRecorderEvents events;
  gpointer user_data;

  State state;
  char *path;        /* while not IDLE */
  gint64 started_us; /* by the bridge's clock */
  gboolean restart;  /* wanted again while STOPPING */
};

McuRecorder *
mcu_recorder_new(McuBridge *bridge, const char *uuid, const char *meeting_id, const McuRecorderEvents *events,
                 gpointer user_data)
{
  McuRecorder *recorder = g_new0(McuRecorder, 1);
  recorder->bridge = bridge;
  recorder->uuid = uuid;
  recorder->meeting_id = meeting_id;
  recorder->events = *events;
  recorder->user_data = user_data;
  return recorder;
}

/* The only way back to IDLE. */
static void
finish(McuRecorder *recorder, gint64 duration_us, const GError *error)
{
  if (recorder->bridge->config.store != NULL)
    mcu_store_recording_finished(recorder->bridge->config.store, recorder->path, duration_us,
                                 error != NULL ? error->message : NULL);
  g_message("%s: recording finished: %s (%" G_GINT64_FORMAT " s)", recorder->meeting_id, recorder->path,
            duration_us / G_USEC_PER_SEC);
  g_clear_pointer(&recorder->path, g_free);
  recorder->state = IDLE;
}

void
mcu_recorder_free(McuRecorder *recorder)
{
  if (recorder == NULL)
    return;
  if (recorder->state != IDLE)
    finish(recorder, mcu_bridge_now(recorder->bridge) - recorder->started_us, NULL);
  g_free(recorder);
}

gboolean
mcu_recorder_busy(const McuRecorder *recorder)
{
  return recorder->state != IDLE;
}

/* DATA/recordings/MEETING/YYYYMMDD-HHMMSS.mp4, local time; a second one of that second gets "-2". */
static char *
new_path(McuRecorder *recorder, GError **error)
{
  g_autofree char *dir = g_build_filename(recorder->bridge->data_dir, "recordings", recorder->meeting_id, NULL);
  if (g_mkdir_with_parents(dir, 0700) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "cannot make the folder %s: %s", dir, g_strerror(errno));
    return NULL;
  }
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  g_autofree char *stamp = g_date_time_format(now, "%Y%m%d-%H%M%S");
  for (guint n = 1; n < 100; n++) {
    g_autofree char *suffix = n > 1 ? g_strdup_printf("-%u", n) : g_strdup("");
    g_autofree char *name = g_strconcat(stamp, suffix, ".mp4", NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return g_steal_pointer(&path);
  }
  g_set_error(error, MCU_ERROR, MCU_ERROR_RECORDING, "too many recordings in one second in %s", dir);
  return NULL;
}

static gboolean
begin(McuRecorder *recorder, McuMix *mix, GError **error)
{
  g_autofree char *path = new_path(recorder, error);
  if (path == NULL || !recorder->bridge->config.engine->record_start(mix, path, error))
    return FALSE;
  recorder->path = g_steal_pointer(&path);
  recorder->state = RUNNING;
  recorder->started_us = mcu_bridge_now(recorder->bridge);
  if (recorder->bridge->config.store != NULL)
    mcu_store_recording_started(recorder->bridge->config.store, recorder->uuid, recorder->path, g_get_real_time());
  g_message("%s: recording to %s", recorder->meeting_id, recorder->path);
  recorder->events.changed(TRUE, NULL, recorder->user_data);
  return TRUE;
}

gboolean
mcu_recorder_start(McuRecorder *recorder, McuMix *mix, GError **error)
{
  switch (recorder->state) {
  case RUNNING:
    return TRUE;
  case STOPPING:
    recorder->restart = TRUE; /* as soon as the file before is finished */
    return TRUE;
  case IDLE:
    return begin(recorder, mix, error);
  }
  g_assert_not_reached();
}

void
mcu_recorder_stop(McuRecorder *recorder, McuMix *mix)
{
  recorder->restart = FALSE;
  if (recorder->state != RUNNING)
    return;
  recorder->state = STOPPING;
  recorder->events.changed(FALSE, NULL, recorder->user_data);
  recorder->bridge->config.engine->record_stop(mix);
}

void
mcu_recorder_done(McuRecorder *recorder, McuMix *mix, const char *path, gint64 duration_us, const GError *error)
{
  if (recorder->state == IDLE)
    return;
  if (path != NULL && g_strcmp0(path, recorder->path) != 0)
    g_warning("%s: the recording was written to %s, not %s", recorder->meeting_id, path, recorder->path);
  gboolean by_itself = recorder->state == RUNNING;
  finish(recorder, duration_us, error);
  if (by_itself || error != NULL) {
    g_autoptr(GError) told = g_error_new(MCU_ERROR, MCU_ERROR_RECORDING, "the recording ended: %s",
                                         error != NULL ? error->message : "the media engine stopped it");
    g_warning("%s: %s", recorder->meeting_id, told->message);
    recorder->events.changed(FALSE, told, recorder->user_data);
  }
  if (recorder->restart) {
    g_autoptr(GError) failed = NULL;
    recorder->restart = FALSE;
    if (!begin(recorder, mix, &failed))
      recorder->events.changed(FALSE, failed, recorder->user_data);
  }
}
