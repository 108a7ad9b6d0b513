/* A media engine that mixes nothing: McuMediaEngineOps implemented by remembering. The test looks
 * into the structs. */
#pragma once

#include "mcu/media-engine.h"

struct McuMix {
  McuMixEvents events;
  gpointer user_data;
  char *name;
  guint video_kbps, max_heard;
  GPtrArray *seats; /* of McuMixSeat *, alive, oldest first */
  McuStream *audio;
  McuStream *video[MCU_CODEC_H264 + 1];
  guint acquired[MCU_CODEC_H264 + 1];
  char *recording; /* path, while a file is open */
  gboolean stop_wanted;
};

struct McuMixSeat {
  McuMix *mix;
  char *name;
  gboolean lost, camera, muted;
  McuRing *audio, *video; /* referenced */
  McuCodec video_codec;
  McuStream *own;
};

const McuMediaEngineOps *fake_engine(void);
guint fake_engine_mixes(void);
McuMix *fake_engine_newest(void); /* NULL: none alive */
McuMixSeat *fake_engine_seat(McuMix *mix, const char *name);

/* Each fails the next call of that name. */
void fake_engine_fail_mix(void);
void fake_engine_fail_seat(void);
void fake_engine_fail_record(void);
/* The file is finished (`error` NULL), or the recording broke. */
void fake_engine_finish_recording(McuMix *mix, const GError *error);
