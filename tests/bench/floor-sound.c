/* Who talks is decoded and summed; the sum is encoded once for all who listen, and once more for each
 * who talks, without their own voice. */
#include "floor-sound.h"

#include <stdio.h>
#include <string.h>

#include "pipelines/opus-codec.h"
#include "pipelines/sound-ops.h"

/* As the mixer has them (pipelines/mix-audio.c). */
#define SHARED_COMPLEXITY 5
#define OWN_COMPLEXITY 1

#define FRAME MCU_AUDIO_FRAME_SAMPLES
#define TICKS 50 /* per second */
#define PACKET_MAX 700

typedef struct {
  SimClip *loop;
  guint at;
  PlOpusDecoder *decoder;
  PlOpusEncoder *encoder;
  float pcm[PL_OPUS_SAMPLES_MAX];
} Talker;

typedef struct {
  Talker *talkers;
  guint n;
  PlOpusEncoder *encoder;
  guint64 bytes; /* of the shared sound */
  FloorWatch watch;
} Desk;

static void
do_tick(Desk *desk)
{
  float sum[FRAME] = {0}, out[FRAME];
  guint8 payload[PACKET_MAX];
  floor_watch_start(&desk->watch);
  for (guint i = 0; i < desk->n; i++) {
    Talker *talker = &desk->talkers[i];
    SimClipPacket packet;
    sim_clip_packet(talker->loop, talker->at, &packet); /* a packet is a frame */
    talker->at = (talker->at + 1) % sim_clip_frames(talker->loop);
    guint n = pl_opus_decode(talker->decoder, packet.payload, packet.size, talker->pcm);
    g_assert(n == FRAME);
    pl_sound_add(sum, talker->pcm, FRAME);
  }
  for (guint i = 0; i < desk->n; i++) {
    pl_sound_minus(out, sum, desk->talkers[i].pcm, FRAME);
    pl_opus_encode(desk->talkers[i].encoder, out, FALSE, payload, PACKET_MAX);
  }
  desk->bytes += pl_opus_encode(desk->encoder, sum, FALSE, payload, PACKET_MAX);
  floor_watch_stop(&desk->watch);
}

static gboolean
desk_open(Desk *desk, const FloorScenario *scenario, const FloorContent *content, GError **error)
{
  desk->watch.clock = CLOCK_PROCESS_CPUTIME_ID;
  desk->encoder = pl_opus_encoder_new(scenario->audio_kbps, SHARED_COMPLEXITY, error);
  if (desk->encoder == NULL)
    return FALSE;
  desk->n = scenario->talkers;
  desk->talkers = g_new0(Talker, desk->n);
  for (guint i = 0; i < desk->n; i++) {
    desk->talkers[i].loop = content->sounds->pdata[i];
    desk->talkers[i].decoder = pl_opus_decoder_new();
    desk->talkers[i].encoder = pl_opus_encoder_new(scenario->audio_kbps, OWN_COMPLEXITY, error);
    if (desk->talkers[i].encoder == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
desk_close(Desk *desk)
{
  for (guint i = 0; i < desk->n; i++) {
    pl_opus_decoder_free(desk->talkers[i].decoder);
    pl_opus_encoder_free(desk->talkers[i].encoder);
  }
  g_free(desk->talkers);
  pl_opus_encoder_free(desk->encoder);
}

gboolean
floor_sound_measure(const FloorScenario *scenario, const FloorContent *content, double *out_cores, GError **error)
{
  Desk desk = {0};
  gboolean good = desk_open(&desk, scenario, content, error);
  if (good) {
    for (guint i = 0; i < TICKS; i++) /* caches and encoders get warm */
      do_tick(&desk);
    desk.watch.spent_ns = 0;
    desk.bytes = 0;
    guint seconds = 0;
    gint64 end = g_get_monotonic_time() + (gint64)(scenario->seconds * G_USEC_PER_SEC);
    for (; seconds == 0 || g_get_monotonic_time() < end; seconds++)
      for (guint i = 0; i < TICKS; i++)
        do_tick(&desk);
    *out_cores = (double)desk.watch.spent_ns / 1e9 / seconds;
    printf("sound: %u s of %u who talk: %.0f kbit/s\n", seconds, desk.n, (double)desk.bytes * 8 / 1000 / seconds);
  }
  desk_close(&desk);
  return good;
}
