/* FloorStage: one GStreamer element between two pads of ours, without a pipeline: what is pushed in is
 * worked on in the caller's thread, and what comes out is handed over in the same call. [main] */
#pragma once

#include <gst/video/video.h>

typedef struct FloorStage FloorStage;

/* Takes over `buffer`. */
typedef void (*FloorOutput)(GstBuffer *buffer, gpointer user_data);

/* Takes over the floating `element`. `in`: caps of what is pushed; `out`: what it may put out. */
FloorStage *floor_stage_new(GstElement *element, GstCaps *in, GstCaps *out, FloorOutput output, gpointer user_data,
                            GError **error);
void floor_stage_free(FloorStage *stage);
/* Takes over `buffer`. */
gboolean floor_stage_push(FloorStage *stage, GstBuffer *buffer, GError **error);
/* Of raw pictures put out; valid from the first on. */
const GstVideoInfo *floor_stage_info(const FloorStage *stage);
