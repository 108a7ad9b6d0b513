/* McuRecorder: the recording of one meeting: file names, the states between start, stop and "the
 * file is finished", and its line in the store. Owned by the meeting; all [main].
 *
 *   IDLE --start--> RUNNING --stop--> STOPPING --done--> IDLE (or RUNNING again, if wanted)
 *                   RUNNING --ended by itself--> IDLE */
#pragma once

#include "mcu/bridge/bridge-priv.h"

typedef struct McuRecorder McuRecorder;

typedef struct {
  /* [main] It runs, or no longer; `error` when that was not as wanted. */
  void (*changed)(gboolean on, const GError *error, gpointer user_data);
} McuRecorderEvents;

/* `uuid` and `meeting_id` are borrowed for its life. */
McuRecorder *mcu_recorder_new(McuBridge *bridge, const char *uuid, const char *meeting_id,
                              const McuRecorderEvents *events, gpointer user_data);
/* After the mix was freed: what still ran is taken for finished. */
void mcu_recorder_free(McuRecorder *recorder);

gboolean mcu_recorder_start(McuRecorder *recorder, McuMix *mix, GError **error);
void mcu_recorder_stop(McuRecorder *recorder, McuMix *mix);
/* From the mix's event. */
void mcu_recorder_done(McuRecorder *recorder, McuMix *mix, const char *path, gint64 duration_us, const GError *error);
gboolean mcu_recorder_busy(const McuRecorder *recorder); /* not IDLE */
