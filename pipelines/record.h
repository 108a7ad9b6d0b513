/* PlRecord: the programme on disk, as already encoded: H.264 access units of the rendition and the
 * Opus packets of the shared mix, in a fragmented mp4 (PATH.part) which plays up to its last second
 * whatever happens. After the stop it is written once more as a plain mp4 with its index in front
 * (PATH.tmp), which takes PATH; should that fail, the fragmented file takes PATH. Disk trouble ends
 * the recording with an error and touches nothing else. */
#pragma once

#include <gst/gst.h>

#include "mcu/util/stream.h"

typedef struct PlRecord PlRecord;

/* [main] Once, at the end. `path`: the playable file, NULL when nothing was written. `error`: NULL
 * after a stop. The record may be freed in it, unless it is called out of pl_record_free(). */
typedef void (*PlRecordDone)(PlRecord *record, const char *path, gint64 duration_us, const GError *error,
                             gpointer user_data);

/* [main] Begins with the first key frame. MCU_ERROR_RECORDING when the file cannot be made. */
PlRecord *pl_record_new(const char *path, McuStream *audio, guint fps, PlRecordDone done, gpointer user_data,
                        GError **error);
/* [main] Returns at once; `done` comes when the file is ready. No unit may come after it. */
void pl_record_stop(PlRecord *record);
/* [main] Stops, if need be without the second writing, calls `done` if it was not called yet. Frees. */
void pl_record_free(PlRecord *record);

/* [gst] A PlRenditionTap, with the record as user_data. */
void pl_record_unit(GstBuffer *unit, gint64 capture_us, gboolean keyframe, gpointer record);
