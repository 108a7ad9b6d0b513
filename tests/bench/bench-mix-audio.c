/* Cost of a tick of the sound mixer, and that a tick allocates nothing once it is warm. Sites talk
 * as noise shaped like a voice would be: tones with strength that goes up and down. */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mcu/types.h"
#include "pipelines/mix-audio.h"
#include "sound-site.h"

#define TICKS 1500
#define WARM_UP 300
#define LOOP 100 /* packets of a site, encoded beforehand and sent again and again */
#define SITES_MAX 209

typedef struct {
  McuPacket packet;
  guint8 data[400];
} Kept;

typedef struct {
  Kept loop[LOOP];
  guint32 ssrc, timestamp;
  guint16 seq;
  McuRing *ring;
  PlAudioSeat *seat;
} Sender;

static gint64
cpu_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static void
record(Sender *sender, guint i, gboolean talks)
{
  SoundSite site;
  sound_site_init(&site, i + 1, 200 + 37 * i, talks ? 0.1 : 0, MCU_AUDIO_FRAME_SAMPLES);
  sound_site_use_fec(&site); /* as browsers do */
  for (guint k = 0; k < LOOP; k++) {
    site.strength = talks ? 0.1 * (1 + sin(k * 0.7)) : 0;
    const McuPacket *packet = sound_site_next(&site, 0);
    g_assert(packet->size <= sizeof sender->loop[k].data);
    sender->loop[k].packet = *packet;
    memcpy(sender->loop[k].data, packet->data, packet->size);
  }
  sender->ssrc = i + 1;
  sound_site_clear(&site);
}

static void
send_next(Sender *sender, guint tick, gint64 now_us)
{
  Kept *kept = &sender->loop[tick % LOOP];
  kept->packet.data = kept->data;
  kept->packet.arrival_us = now_us - 3000;
  kept->packet.seq = sender->seq++;
  kept->packet.timestamp = sender->timestamp;
  sender->timestamp += MCU_AUDIO_FRAME_SAMPLES;
  mcu_ring_push(sender->ring, &kept->packet);
}

static int
by_value(const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static void
bench(guint seats, guint talkers, guint kbps)
{
  static gint64 cost[TICKS];
  g_autofree Sender *senders = g_new0(Sender, seats);
  PlAudioMix *mix = pl_audio_mix_new(kbps, 16, NULL);
  gint64 now_us = 1000000000;
  for (guint i = 0; i < seats; i++) {
    record(&senders[i], i, i < talkers);
    senders[i].ring = mcu_ring_new(16);
    senders[i].seat = pl_audio_seat_new(mix, NULL);
    pl_audio_seat_set_ring(senders[i].seat, senders[i].ring);
  }

  gint64 total = 0;
  size_t before = 0;
  for (guint t = 0; t < WARM_UP + TICKS; t++) {
    for (guint i = 0; i < seats; i++)
      send_next(&senders[i], t, now_us);
    if (t == WARM_UP)
      before = mallinfo2().uordblks;
    gint64 begin = cpu_ns();
    pl_audio_mix_tick(mix, now_us);
    if (t >= WARM_UP)
      total += cost[t - WARM_UP] = cpu_ns() - begin;
    now_us += MCU_AUDIO_FRAME_US;
  }
  size_t grown = mallinfo2().uordblks - before;
  qsort(cost, TICKS, sizeof *cost, by_value);

  PlAudioMixStats stats;
  pl_audio_mix_get_stats(mix, &stats);
  printf("%3u seats, %2u heard, %3u kbit/s: %7.1f us a tick (p50 %.1f, p99 %.1f), %.2f %% of a core, %zu bytes more\n",
         seats, stats.heard, kbps, (double)total / TICKS / 1e3, (double)cost[TICKS / 2] / 1e3,
         (double)cost[TICKS * 99 / 100] / 1e3, (double)total / TICKS / (MCU_AUDIO_FRAME_US * 10.0), grown);
  g_assert_cmpuint(stats.heard, ==, talkers);
  g_assert_cmpuint(grown, ==, 0);

  for (guint i = 0; i < seats; i++) {
    pl_audio_seat_free(senders[i].seat);
    mcu_ring_unref(senders[i].ring);
  }
  pl_audio_mix_free(mix);
}

int
main(void)
{
  bench(16, 0, 48);
  bench(16, 1, 48);
  bench(16, 16, 32);
  bench(16, 16, 48);
  bench(16, 16, 64);
  bench(SITES_MAX, 0, 48);
  bench(SITES_MAX, 6, 48);
  return 0;
}
