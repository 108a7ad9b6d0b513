/* The sound of a whole meeting in virtual time: sites that send tones, ticks one by one, and what
 * each listener's decoder makes of the streams. */
#include "pipelines/mix-audio.h"

#include <math.h>
#include <opus/opus.h>
#include <string.h>

#include "mcu/util/error.h"
#include "sound-site.h"

#define FRAME MCU_AUDIO_FRAME_SAMPLES
#define TICK_US MCU_AUDIO_FRAME_US
#define START_US 5000000000
#define SITES_MAX 210
#define KBPS 64

/* A listener as a leg makes it: its own packet where there is one, else the shared. */
typedef struct {
  OpusDecoder *decoder;
  float last[48000]; /* the newest second */
  float most;        /* the largest sample of all */
  guint own_ticks;
} Ear;

typedef struct {
  PlAudioMix *mix;
  guint n;
  SoundSite sites[SITES_MAX];
  PlAudioSeat *seats[SITES_MAX]; /* NULL: none */
  McuRing *rings[SITES_MAX];
  gboolean sends[SITES_MAX];
  Ear *ears[SITES_MAX + 1]; /* the one behind the last site hears the shared mix alone */
  GRand *rand;
  gint64 now_us;
  guint64 tick;
  double loss;
} Meeting;

static double
hz_of(guint site)
{
  return 400 + 170 * site;
}

static void
add_ear(Meeting *m, guint i)
{
  m->ears[i] = g_new0(Ear, 1);
  m->ears[i]->decoder = opus_decoder_create(MCU_AUDIO_RATE, 1, NULL);
}

static void
add_seat(Meeting *m, guint i)
{
  m->seats[i] = pl_audio_seat_new(m->mix, NULL);
  g_assert_nonnull(m->seats[i]);
  m->rings[i] = mcu_ring_new(64);
  pl_audio_seat_set_ring(m->seats[i], m->rings[i]);
}

static void
remove_seat(Meeting *m, guint i)
{
  g_clear_pointer(&m->seats[i], pl_audio_seat_free);
  g_clear_pointer(&m->rings[i], mcu_ring_unref);
}

static Meeting *
meeting_new(guint n, guint max_heard, double strength)
{
  g_autoptr(GError) error = NULL;
  Meeting *m = g_new0(Meeting, 1);
  m->mix = pl_audio_mix_new(KBPS, max_heard, &error);
  g_assert_no_error(error);
  m->n = n;
  m->now_us = START_US;
  m->rand = g_rand_new_with_seed(11);
  for (guint i = 0; i < n; i++) {
    sound_site_init(&m->sites[i], i + 1, hz_of(i), strength, FRAME);
    m->sends[i] = TRUE;
    add_seat(m, i);
  }
  return m;
}

static void
meeting_free(Meeting *m)
{
  for (guint i = 0; i < m->n; i++) {
    sound_site_clear(&m->sites[i]);
    remove_seat(m, i);
  }
  for (guint i = 0; i <= SITES_MAX; i++) {
    if (m->ears[i] != NULL)
      opus_decoder_destroy(m->ears[i]->decoder);
    g_free(m->ears[i]);
  }
  pl_audio_mix_free(m->mix);
  g_rand_free(m->rand);
  g_free(m);
}

static void
send_all(Meeting *m)
{
  for (guint i = 0; i < m->n; i++) {
    if (!m->sends[i])
      continue;
    /* Each site at a time of its own within the period. */
    const McuPacket *packet = sound_site_next(&m->sites[i], m->now_us - 1000 - (gint64)i * 7919 % 18000);
    if (m->seats[i] != NULL && g_rand_double(m->rand) >= m->loss)
      mcu_ring_push(m->rings[i], packet);
  }
}

static void
listen(Meeting *m, guint i)
{
  McuStreamPacket packet;
  Ear *ear = m->ears[i];
  McuStream *own = i < m->n && m->seats[i] != NULL ? pl_audio_seat_stream(m->seats[i]) : NULL;
  if (own != NULL && mcu_stream_read(own, m->tick, &packet))
    ear->own_ticks++;
  else
    g_assert_true(mcu_stream_read(pl_audio_mix_stream(m->mix), m->tick, &packet));
  g_assert_cmpuint(packet.timestamp, ==, (guint32)(m->tick * FRAME));
  g_assert_cmpint(packet.capture_us, ==, m->now_us);

  memmove(ear->last, ear->last + FRAME, sizeof ear->last - FRAME * sizeof(float));
  float *out = ear->last + G_N_ELEMENTS(ear->last) - FRAME;
  g_assert_cmpint(opus_decode_float(ear->decoder, packet.payload, packet.size, out, FRAME, 0), ==, FRAME);
  for (guint k = 0; k < FRAME; k++)
    ear->most = MAX(ear->most, fabsf(out[k]));
}

static void
step(Meeting *m)
{
  pl_audio_mix_tick(m->mix, m->now_us);
  for (guint i = 0; i <= m->n; i++) {
    if (m->ears[i] != NULL)
      listen(m, i);
  }
  m->now_us += TICK_US;
  m->tick++;
}

static void
run(Meeting *m, guint ticks)
{
  for (guint t = 0; t < ticks; t++) {
    send_all(m);
    step(m);
  }
}

static PlAudioMixStats
stats_of(Meeting *m)
{
  PlAudioMixStats stats;
  pl_audio_mix_get_stats(m->mix, &stats);
  return stats;
}

static double
tone_at(Meeting *m, guint ear, guint site)
{
  return sound_tone(m->ears[ear]->last, G_N_ELEMENTS(m->ears[ear]->last), hz_of(site));
}

static void
assert_hears(Meeting *m, guint ear, guint site, double strength)
{
  double got = tone_at(m, ear, site);
  if (strength == 0)
    g_assert_cmpfloat(got, <, 0.005); /* what coding the others leaves there */
  else
    g_assert_cmpfloat(fabs(20 * log10(got / strength)), <, 1.5);
}

static void
test_mix_minus(void)
{
  Meeting *m = meeting_new(4, 16, 0.15);
  for (guint i = 0; i <= 4; i++)
    add_ear(m, i);
  run(m, 150);
  for (guint ear = 0; ear <= 4; ear++) {
    for (guint site = 0; site < 4; site++)
      assert_hears(m, ear, site, ear == site ? 0 : 0.15);
  }
  g_assert_cmpuint(stats_of(m).heard, ==, 4);
  g_assert_cmpuint(stats_of(m).decoding, ==, 4);
  g_assert_cmpuint(stats_of(m).concealed, ==, 0);
  g_assert_cmpuint(stats_of(m).decode_errors, ==, 0);
  g_assert_cmpuint(stats_of(m).ticks, ==, 150);
  meeting_free(m);
}

/* The level of each packet is that of its mix (RFC 6464). */
static void
test_levels(void)
{
  Meeting *m = meeting_new(2, 16, 0.1);
  McuStreamPacket packet;
  m->sends[1] = FALSE;
  run(m, 1);
  g_assert_true(mcu_stream_read(pl_audio_mix_stream(m->mix), 0, &packet));
  g_assert_cmpuint(packet.level, ==, 127);
  run(m, 100);
  g_assert_true(mcu_stream_read(pl_audio_mix_stream(m->mix), 100, &packet));
  g_assert_cmpuint(packet.level, >=, 22);
  g_assert_cmpuint(packet.level, <=, 25);
  g_assert_true(mcu_stream_read(pl_audio_seat_stream(m->seats[0]), 100, &packet));
  g_assert_cmpuint(packet.level, ==, 127);
  meeting_free(m);
}

static void
test_no_clipping(void)
{
  Meeting *m = meeting_new(16, 16, 1.0);
  add_ear(m, 0);
  add_ear(m, 16);
  run(m, 200);
  for (guint ear = 0; ear <= 16; ear += 16) {
    double lowest = 1, highest = 0;
    for (guint site = ear == 0 ? 1 : 0; site < 16; site++) {
      double tone = tone_at(m, ear, site);
      lowest = MIN(lowest, tone);
      highest = MAX(highest, tone);
    }
    /* Sixteen tones alike, at a share each; between them nothing that clipping would have made. */
    g_assert_cmpfloat(lowest, >, 0.02);
    g_assert_cmpfloat(highest / lowest, <, 2.5);
    g_assert_cmpfloat(sound_tone(m->ears[ear]->last, 48000, hz_of(0) + 85), <, lowest / 10);
    g_assert_cmpfloat(sound_tone(m->ears[ear]->last, 48000, 9000), <, lowest / 10);
    g_assert_cmpfloat(m->ears[ear]->most, <, 1.1); /* lossy coding may overshoot a little */
  }
  g_assert_cmpfloat(tone_at(m, 0, 0), <, 0.01);
  meeting_free(m);
}

/* While one speaks steadily, others come, go, mute, get a new connection and lose packets; the
 * steady tone goes on, and nothing broad-band is heard: a click would be. */
static void
test_come_and_go(void)
{
  Meeting *m = meeting_new(3, 16, 0.2);
  add_ear(m, 0);
  add_ear(m, 1);
  add_ear(m, 3);
  m->sends[2] = FALSE;
  remove_seat(m, 2);
  run(m, 150);
  m->sends[2] = TRUE;
  double quietest = 1, noise = 0;
  for (guint round = 0; round < 60; round++) {
    guint i = 2;
    switch (round % 4) {
    case 0:
      add_seat(m, i);
      break;
    case 1:
      pl_audio_seat_set_muted(m->seats[i], TRUE);
      break;
    case 2:
      pl_audio_seat_set_muted(m->seats[i], FALSE);
      break;
    case 3:
      remove_seat(m, i);
      break;
    }
    for (guint t = 0; t < 13 + round % 5; t++) {
      run(m, 1);
      const float *last = m->ears[3]->last + 48000 - 4 * FRAME;
      quietest = MIN(quietest, sound_tone(last, 4 * FRAME, hz_of(0)));
      for (double hz = 5000; hz < 12000; hz += 2300)
        noise = MAX(noise, sound_tone(last, 4 * FRAME, hz));
    }
  }
  g_test_message("steady tone at least %g, noise at most %g", quietest, noise);
  g_assert_cmpfloat(quietest, >, 0.17);
  g_assert_cmpfloat(noise, <, 0.0002);
  g_assert_cmpuint(stats_of(m).heard, ==, 2);
  meeting_free(m);
}

/* A site that is let in and let go hears the others without a hole or a step at the change between
 * its own mix and the shared one. */
static void
test_own_and_shared(void)
{
  Meeting *m = meeting_new(2, 16, 0.2);
  add_ear(m, 1);
  m->sends[1] = FALSE;
  run(m, 100);
  g_assert_cmpuint(m->ears[1]->own_ticks, ==, 0);
  double worst = 0, quietest = 1;
  for (guint round = 0; round < 6; round++) {
    /* Sends for 20 ticks something as good as silent but said to be loud. */
    m->sites[1].strength = 1e-4;
    m->sites[1].level = 30;
    for (guint t = 0; t < 170; t++) {
      m->sends[1] = t < 20;
      run(m, 1);
      worst = MAX(worst, sound_click(m->ears[1]->last + 48000 - 2 * FRAME, 2 * FRAME, hz_of(0)));
      quietest = MIN(quietest, sound_tone(m->ears[1]->last + 48000 - FRAME, FRAME, hz_of(0)));
    }
    sound_site_pause(&m->sites[1], 150 * FRAME);
    g_assert_cmpuint(stats_of(m).heard, ==, 1);
  }
  g_test_message("worst step %g, steady tone at least %g", worst, quietest);
  /* 20 ticks of sound and half a second after them; the place is kept longer. */
  g_assert_cmpuint(m->ears[1]->own_ticks, >, 6 * 40);
  g_assert_cmpuint(m->ears[1]->own_ticks, <, 6 * 60);
  g_assert_cmpfloat(worst, <, 0.01);
  g_assert_cmpfloat(quietest, >, 0.17);
  meeting_free(m);
}

static void
test_losses(void)
{
  Meeting *m = meeting_new(4, 16, 0.15);
  for (guint i = 0; i <= 4; i++)
    add_ear(m, i);
  for (guint i = 0; i < 4; i++)
    sound_site_use_fec(&m->sites[i]);
  run(m, 100);
  m->loss = 0.05;
  run(m, 1000);
  /* 200 of 4,000 packets; some of them come back by FEC. */
  g_assert_cmpuint(stats_of(m).concealed, >, 0);
  g_assert_cmpuint(stats_of(m).concealed, <, 100);
  for (guint ear = 0; ear <= 4; ear++) {
    for (guint site = 0; site < 4; site++) {
      if (ear == site)
        g_assert_cmpfloat(tone_at(m, ear, site), <, 0.005);
      else
        g_assert_cmpfloat(tone_at(m, ear, site), >, 0.1);
    }
  }
  meeting_free(m);
}

/* From the push of the first loud packet to the mix that has it: at most 60 ms. */
static void
test_delay(void)
{
  for (gint64 phase = 1; phase < TICK_US; phase += 1733) {
    Meeting *m = meeting_new(1, 4, 0);
    add_ear(m, 1);
    m->sends[0] = FALSE;
    guint loud_at = 150, heard_at = 0;
    for (guint t = 0; t < 170; t++) {
      m->sites[0].strength = t < loud_at ? 0 : 0.5;
      m->sites[0].level = t < loud_at ? 127 : 9;
      mcu_ring_push(m->rings[0], sound_site_next(&m->sites[0], m->now_us - phase));
      step(m);
      if (heard_at == 0 && sound_rms(m->ears[1]->last + 48000 - FRAME, FRAME) > 0.1)
        heard_at = t;
    }
    g_assert_cmpuint(heard_at, >=, loud_at);
    /* The sender's and our encoder add 6.5 ms each, so the first half of a tick may be silent. */
    g_assert_cmpint((heard_at - loud_at) * TICK_US + phase, <=, 60000);
    meeting_free(m);
  }
}

/* A meeting as large as they come, in which six talk: nobody else costs a decoder. */
static void
test_many_silent(void)
{
  Meeting *m = meeting_new(209, 16, 0);
  add_ear(m, 0);
  add_ear(m, 209);
  for (guint i = 0; i < 6; i++) {
    m->sites[i * 30].strength = 0.1;
    m->sites[i * 30].hz = hz_of(i);
    m->sites[i * 30].level = 23;
  }
  for (guint t = 0; t < 160; t++) {
    run(m, 1);
    g_assert_cmpuint(stats_of(m).decoding, <=, 6);
  }
  g_assert_cmpuint(stats_of(m).heard, ==, 6);
  for (guint i = 0; i < 6; i++) {
    assert_hears(m, 209, i, 0.1);
    assert_hears(m, 0, i, i == 0 ? 0 : 0.1);
  }
  for (guint i = 0; i < 209; i++)
    g_assert_cmpuint(mcu_stream_head(pl_audio_seat_stream(m->seats[i])) > 0, ==, i % 30 == 0 && i < 180);
  meeting_free(m);
}

static void
test_max_heard(void)
{
  Meeting *m = meeting_new(12, 4, 0.1);
  add_ear(m, 12);
  run(m, 200);
  g_assert_cmpuint(stats_of(m).heard, ==, 4);
  g_assert_cmpuint(stats_of(m).decoding, ==, 4);
  guint found = 0;
  for (guint i = 0; i < 12; i++)
    found += tone_at(m, 12, i) > 0.05;
  g_assert_cmpuint(found, ==, 4);

  m->sites[11].strength = 0.5;
  m->sites[11].level = 9;
  run(m, 150);
  assert_hears(m, 12, 11, 0.5);
  g_assert_cmpuint(stats_of(m).heard, ==, 4);
  meeting_free(m);
}

/* Clients without RFC 6464 are heard by what they say, from the first frame, silent ones not. */
static void
test_unknown_levels(void)
{
  Meeting *m = meeting_new(20, 8, 0);
  add_ear(m, 20);
  for (guint i = 0; i < 20; i++)
    m->sites[i].level = MCU_LEVEL_UNKNOWN;
  run(m, 100);
  g_assert_cmpuint(stats_of(m).heard, ==, 0);
  g_assert_cmpuint(stats_of(m).decoding, ==, 8);
  m->sites[13].strength = 0.2;
  m->sites[17].strength = 0.2;
  run(m, 120);
  g_assert_cmpuint(stats_of(m).heard, ==, 2);
  assert_hears(m, 20, 13, 0.2);
  assert_hears(m, 20, 17, 0.2);
  m->sites[13].strength = 0;
  run(m, 140);
  g_assert_cmpuint(stats_of(m).heard, ==, 1);
  meeting_free(m);
}

static void
test_mute(void)
{
  Meeting *m = meeting_new(2, 16, 0.2);
  add_ear(m, 2);
  run(m, 100);
  pl_audio_seat_set_muted(m->seats[1], TRUE);
  run(m, 60);
  assert_hears(m, 2, 0, 0.2);
  assert_hears(m, 2, 1, 0);
  g_assert_cmpuint(stats_of(m).heard, ==, 1);
  g_assert_null(mcu_ring_peek(m->rings[1])); /* read and forgotten */
  guint64 head = mcu_stream_head(pl_audio_seat_stream(m->seats[1]));
  g_assert_cmpuint(head, ==, 101); /* the tick of the fade-out was its last */
  pl_audio_seat_set_muted(m->seats[1], FALSE);
  run(m, 60);
  assert_hears(m, 2, 1, 0.2);
  g_assert_cmpuint(stats_of(m).concealed, ==, 0);
  meeting_free(m);
}

/* A new connection of the same site: another ring, SSRC, sequence and time; back within 200 ms. */
static void
test_new_ring(void)
{
  Meeting *m = meeting_new(2, 16, 0.2);
  add_ear(m, 2);
  run(m, 100);
  for (guint round = 0; round < 5; round++) {
    McuRing *old = m->rings[1];
    m->rings[1] = mcu_ring_new(64);
    pl_audio_seat_set_ring(m->seats[1], m->rings[1]);
    m->sites[1].ssrc += 1000;
    m->sites[1].seq += 20000;
    m->sites[1].timestamp += 0x70000000;
    run(m, 1);
    mcu_ring_push(old, sound_site_next(&m->sites[0], m->now_us));
    run(m, 10);
    g_assert_nonnull(mcu_ring_peek(old)); /* nobody reads it any more */
    mcu_ring_unref(old);
    run(m, 60);
    assert_hears(m, 2, 0, 0.2);
    assert_hears(m, 2, 1, 0.2);
  }
  pl_audio_seat_set_ring(m->seats[1], NULL);
  run(m, 150);
  g_assert_cmpuint(stats_of(m).heard, ==, 1);
  assert_hears(m, 2, 1, 0);
  meeting_free(m);
}

/* Bytes of all kinds and more packets than time, into one seat: the others do not notice. */
static void
test_hostile_seat(void)
{
  Meeting *m = meeting_new(3, 16, 0.2);
  guint8 data[MCU_RTP_MAX], payload[400];
  add_ear(m, 3);
  m->sends[2] = FALSE;
  run(m, 100);
  for (guint t = 0; t < 300; t++) {
    for (guint k = 0; k < 80; k++) {
      gsize size = (gsize)g_rand_int_range(m->rand, 0, sizeof payload);
      for (gsize b = 0; b < size; b++)
        payload[b] = (guint8)g_rand_int(m->rand);
      McuPacket packet = sound_packet(data, (guint16)g_rand_int(m->rand), g_rand_int(m->rand),
                                      k % 8 ? 5 : g_rand_int(m->rand), payload, size, m->now_us - k);
      packet.level = (guint8)(k % 2 ? 127 : g_rand_int(m->rand));
      mcu_ring_push(m->rings[2], &packet);
    }
    run(m, 1);
    g_assert_true(isfinite(m->ears[3]->most));
    g_assert_cmpfloat(m->ears[3]->most, <, 2); /* noise at full scale overshoots in coding */
  }
  g_assert_cmpuint(stats_of(m).decode_errors, >, 0);
  remove_seat(m, 2);
  run(m, 60);
  assert_hears(m, 3, 0, 0.2);
  assert_hears(m, 3, 1, 0.2);
  meeting_free(m);
}

/* Ticks left out: the index goes on with the time, and is counted. */
static void
test_late_ticks(void)
{
  Meeting *m = meeting_new(1, 16, 0.2);
  McuStreamPacket packet;
  McuStream *stream = pl_audio_mix_stream(m->mix);
  run(m, 10);
  m->now_us += 7 * TICK_US;
  m->tick += 7;
  run(m, 1);
  g_assert_cmpuint(mcu_stream_head(stream), ==, 18);
  g_assert_false(mcu_stream_read(stream, 12, &packet));
  g_assert_true(mcu_stream_read(stream, 17, &packet));
  g_assert_cmpuint(packet.timestamp, ==, 17 * FRAME);
  g_assert_cmpuint(stats_of(m).ticks_late, ==, 7);
  g_assert_cmpuint(stats_of(m).ticks, ==, 11);
  meeting_free(m);
}

static void
test_bad_config(void)
{
  static const struct {
    guint kbps, max_heard;
  } cases[] = {{0, 16}, {7, 16}, {257, 16}, {G_MAXUINT, 16}, {32, 0}, {32, 65}, {32, G_MAXUINT}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pl_audio_mix_new(cases[i].kbps, cases[i].max_heard, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
  pl_audio_mix_free(NULL);
  pl_audio_seat_free(NULL);
}

/* With its thread: seats and rings come and go under it. Nothing here depends on when it ticks; the
 * sanitizers look. */
static void
test_thread(void)
{
  PlAudioMix *mix = pl_audio_mix_new(32, 8, NULL);
  SoundSite site;
  PlAudioMixStats stats;
  sound_site_init(&site, 1, 440, 0.2, FRAME);
  pl_audio_mix_start(mix);
  PlAudioSeat *steady = pl_audio_seat_new(mix, NULL);
  g_autoptr(McuRing) ring = mcu_ring_new(16);
  pl_audio_seat_set_ring(steady, ring);
  do {
    mcu_ring_push(ring, sound_site_next(&site, g_get_monotonic_time()));
    PlAudioSeat *seat = pl_audio_seat_new(mix, NULL);
    g_autoptr(McuRing) other = mcu_ring_new(4);
    pl_audio_seat_set_ring(seat, other);
    mcu_ring_push(other, sound_site_next(&site, g_get_monotonic_time()));
    pl_audio_seat_set_muted(seat, TRUE);
    pl_audio_seat_set_ring(seat, NULL);
    pl_audio_seat_free(seat);
    pl_audio_mix_get_stats(mix, &stats);
    g_thread_yield();
  } while (stats.ticks < 10);
  g_autoptr(McuStream) kept = mcu_stream_ref(pl_audio_mix_stream(mix));
  pl_audio_seat_free(steady);
  pl_audio_mix_free(mix);
  sound_site_clear(&site);
  guint64 head = mcu_stream_head(kept);
  McuStreamPacket packet;
  g_assert_cmpuint(head, >=, 10);
  g_assert_true(mcu_stream_read(kept, head - 1, &packet));
}

/* Told by the tick itself, to whoever holds it; it outlives seat and mix. */
static void
test_heard_at(void)
{
  Meeting *m = meeting_new(2, 8, 0.3);
  g_autoptr(PlHeardAt) loud = pl_heard_at_ref(pl_audio_seat_heard_at(m->seats[0]));
  g_autoptr(PlHeardAt) muted = pl_heard_at_ref(pl_audio_seat_heard_at(m->seats[1]));
  pl_audio_seat_set_muted(m->seats[1], TRUE);
  g_assert_cmpint(pl_heard_at_get(loud), ==, 0);
  run(m, 50);
  g_assert_cmpint(pl_heard_at_get(loud), ==, m->now_us - TICK_US);
  g_assert_cmpint(pl_heard_at_get(muted), ==, 0);
  m->sends[0] = FALSE;
  run(m, 50);
  gint64 last_us = pl_heard_at_get(loud);
  g_assert_cmpint(last_us, <, m->now_us - 40 * TICK_US);
  remove_seat(m, 0);
  run(m, 2);
  meeting_free(m);
  g_assert_cmpint(pl_heard_at_get(loud), ==, last_us);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mix-audio/mix-minus", test_mix_minus);
  g_test_add_func("/mix-audio/levels", test_levels);
  g_test_add_func("/mix-audio/no-clipping", test_no_clipping);
  g_test_add_func("/mix-audio/come-and-go", test_come_and_go);
  g_test_add_func("/mix-audio/own-and-shared", test_own_and_shared);
  g_test_add_func("/mix-audio/losses", test_losses);
  g_test_add_func("/mix-audio/delay", test_delay);
  g_test_add_func("/mix-audio/many-silent", test_many_silent);
  g_test_add_func("/mix-audio/max-heard", test_max_heard);
  g_test_add_func("/mix-audio/unknown-levels", test_unknown_levels);
  g_test_add_func("/mix-audio/mute", test_mute);
  g_test_add_func("/mix-audio/new-ring", test_new_ring);
  g_test_add_func("/mix-audio/hostile-seat", test_hostile_seat);
  g_test_add_func("/mix-audio/late-ticks", test_late_ticks);
  g_test_add_func("/mix-audio/bad-config", test_bad_config);
  g_test_add_func("/mix-audio/thread", test_thread);
  g_test_add_func("/mix-audio/heard-at", test_heard_at);
  return g_test_run();
}
