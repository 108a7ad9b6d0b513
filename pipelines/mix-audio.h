/* PlAudioMix: one meeting's sound. At each 20 ms tick it takes the next 20 ms of every site that
 * is heard (never waiting: concealment fills what is missing), sums, and encodes one mix for all
 * listeners and one mix-minus for each site that is heard.
 *
 * Pure towards time: pl_audio_mix_tick() does one tick at the time it is given; the thread that
 * calls it every 20 ms is pl_audio_mix_start(). Sites are added and removed from [main] by
 * messages that the tick obeys; a removed site's memory is freed after the tick that let it go. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"
#include "mcu/util/stream.h"
#include "pipelines/heard-at.h"

typedef struct PlAudioMix PlAudioMix;
typedef struct PlAudioSeat PlAudioSeat;

typedef struct {
  guint heard;    /* sites in the mix of the last tick */
  guint decoding; /* of these and of those listened to because they send no level */
  guint64 ticks;
  guint64 ticks_late;
  guint64 concealed; /* frames made up */
  guint64 decode_errors;
} PlAudioMixStats;

/* [main] `max_heard`: sites mixed at once, loudest first. */
PlAudioMix *pl_audio_mix_new(guint kbps, guint max_heard, GError **error);
void pl_audio_mix_start(PlAudioMix *mix); /* starts the ticking thread */
void pl_audio_mix_free(PlAudioMix *mix);  /* stops and joins it; all seats freed before */

/* [mix thread, or the test] One tick; `now_us` is monotonic time. */
void pl_audio_mix_tick(PlAudioMix *mix, gint64 now_us);

/* [main] */
PlAudioSeat *pl_audio_seat_new(PlAudioMix *mix, GError **error);
void pl_audio_seat_free(PlAudioSeat *seat);
void pl_audio_seat_set_ring(PlAudioSeat *seat, McuRing *ring); /* NULL: none; takes a reference */
void pl_audio_seat_set_muted(PlAudioSeat *seat, gboolean muted);
void pl_audio_seat_set_floor(PlAudioSeat *seat, gboolean on); /* mixed in any case */
PlHeardAt *pl_audio_seat_heard_at(PlAudioSeat *seat);
PlHeardAt *pl_audio_seat_speech_at(PlAudioSeat *seat);
/* likewise: when it spoke last, while it had the floor */ /* borrowed; follows by itself */

/* [main] Borrowed. */
McuStream *pl_audio_mix_stream(PlAudioMix *mix);
McuStream *pl_audio_seat_stream(PlAudioSeat *seat);

/* [any] */
void pl_audio_mix_get_stats(PlAudioMix *mix, PlAudioMixStats *out_stats);
