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
  McuStream *video[MCU_N_VIEWS][MCU_N_RUNGS][MCU_CODEC_H264 + 1]; /* NULL where no codec of pictures */
  guint acquired[MCU_N_VIEWS][MCU_N_RUNGS][MCU_CODEC_H264 + 1];
  GPtrArray *shown[MCU_N_VIEWS]; /* of McuMixSeat *, as last told; freed ones go */
  McuViewLook look[MCU_N_VIEWS]; /* as last told, with freed seats still in it; panes and banner are copies: */
  GArray *panes[MCU_N_VIEWS];    /* of McuPane */
  char *banner[MCU_N_VIEWS];
  guint shows[MCU_N_VIEWS]; /* how often it was told */
  char *recording;          /* path, while a file is open */
  gboolean stop_wanted;
};

struct McuMixSeat {
  McuMix *mix;
  char *name;
  gboolean lost, camera, muted, floor, warm;
  gint64 heard_us; /* set by the test */
  McuPicture wanted;
  McuRing *audio, *video; /* referenced */
  McuCodec video_codec;
  McuStream *own;
};

const McuMediaEngineOps *fake_engine(void);
guint fake_engine_mixes(void);
McuMix *fake_engine_newest(void); /* NULL: none alive */
McuMixSeat *fake_engine_seat(McuMix *mix, const char *name);

/* The stream of a rendition, and how many hold it. */
McuStream *fake_engine_video(McuMix *mix, McuView view, McuRung rung, McuCodec codec);
guint fake_engine_acquired(McuMix *mix, McuView view, McuRung rung, McuCodec codec);
/* What a view shows, as names: "Xã a, Xã b"; caller frees. */
char *fake_engine_view(McuMix *mix, McuView view);
/* The mix wants this of the seat from now on: remembers and says so. */
void fake_engine_want(McuMixSeat *seat, const McuPicture *picture);

/* Each fails the next call of that name. */
void fake_engine_fail_mix(void);
void fake_engine_fail_seat(void);
void fake_engine_fail_record(void);
void fake_engine_fail_video(void);
/* The file is finished (`error` NULL), or the recording broke. */
void fake_engine_finish_recording(McuMix *mix, const GError *error);
