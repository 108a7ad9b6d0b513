/* The playout of one site's sound against lines of all kinds, in virtual time. */
#include <math.h>
#include <string.h>

#include "mcu/types.h"
#include "pipelines/playout.h"
#include "sound-site.h"

#define TICK_US MCU_AUDIO_FRAME_US
#define FRAME MCU_AUDIO_FRAME_SAMPLES
#define START_US 1000000000
#define HZ 440.0

typedef struct {
  McuPacket packet;
  guint8 data[MCU_RTP_MAX];
} Sent;

/* One sender, one line, one playout. */
typedef struct {
  SoundSite site;
  PlPlayout *playout;
  GArray *line; /* Sent, on the way */
  gint64 sent_us, tick_us;
  double sender_us; /* real time between two packets of 20 ms in the sender's clock */
  GRand *rand;
  GArray *heard; /* float */
  gint64 most_delay_us;
  guint silent_ticks;
} Line;

static void
line_init(Line *line, guint samples, gint64 phase_us)
{
  memset(line, 0, sizeof *line);
  sound_site_init(&line->site, 77, HZ, 0.25, samples);
  line->playout = pl_playout_new();
  line->line = g_array_new(FALSE, FALSE, sizeof(Sent));
  line->heard = g_array_new(FALSE, FALSE, sizeof(float));
  line->sent_us = START_US;
  line->tick_us = START_US + phase_us;
  line->sender_us = samples * 125 / 6.0;
  line->rand = g_rand_new_with_seed(2026);
}

static void
line_clear(Line *line)
{
  sound_site_clear(&line->site);
  pl_playout_free(line->playout);
  g_array_unref(line->line);
  g_array_unref(line->heard);
  g_rand_free(line->rand);
}

static const PlPlayoutStats *
stats_of(const Line *line)
{
  return pl_playout_stats(line->playout);
}

static void
put_on_line(Line *line, const McuPacket *packet, gint64 delay_us)
{
  Sent sent = {.packet = *packet};
  sent.packet.arrival_us = line->sent_us + delay_us;
  memcpy(sent.data, packet->data, packet->size);
  g_array_append_val(line->line, sent);
}

static void
send_one(Line *line, gint64 delay_us)
{
  put_on_line(line, sound_site_next(&line->site, 0), delay_us);
}

/* Hands over what has arrived by `now_us`, in order of arrival. */
static void
deliver(Line *line, gint64 now_us)
{
  for (;;) {
    gint best = -1;
    for (guint i = 0; i < line->line->len; i++) {
      const McuPacket *packet = &g_array_index(line->line, Sent, i).packet;
      if (packet->arrival_us <= now_us &&
          (best < 0 || packet->arrival_us < g_array_index(line->line, Sent, best).packet.arrival_us))
        best = (gint)i;
    }
    if (best < 0)
      return;
    Sent *sent = &g_array_index(line->line, Sent, best);
    sent->packet.data = sent->data;
    pl_playout_push(line->playout, &sent->packet);
    g_array_remove_index(line->line, (guint)best);
  }
}

static void
tick(Line *line)
{
  float frame[FRAME];
  deliver(line, line->tick_us);
  if (!pl_playout_pull(line->playout, line->tick_us, frame))
    line->silent_ticks++;
  for (guint i = 0; i < FRAME; i++)
    g_assert_true(isfinite(frame[i]) && fabsf(frame[i]) <= 2);
  g_assert_cmpuint(pl_playout_waiting(line->playout), <=, PL_PLAYOUT_PACKETS);
  g_array_append_vals(line->heard, frame, FRAME);
  line->most_delay_us = MAX(line->most_delay_us, pl_playout_delay_us(line->playout));
  line->tick_us += TICK_US;
}

typedef void (*SendFunc)(Line *line, guint n);

/* Sends and ticks until `seconds` have passed from here; `send` is called as each packet is due. */
static void
run(Line *line, double seconds, SendFunc send)
{
  gint64 until = line->tick_us + (gint64)(seconds * 1e6);
  double due = (double)line->sent_us;
  guint n = 0;
  while (line->tick_us < until) {
    while (due <= (double)line->tick_us) {
      line->sent_us = (gint64)due;
      send(line, n++);
      due += line->sender_us;
    }
    line->sent_us = (gint64)due;
    tick(line);
  }
}

static void
send_clean(Line *line, guint n)
{
  (void)n;
  send_one(line, 0);
}

static const float *
last_samples(const Line *line, guint n)
{
  g_assert_cmpuint(line->heard->len, >=, n);
  return &g_array_index(line->heard, float, line->heard->len - n);
}

static void
assert_tone(const Line *line, guint n)
{
  double strength = sound_tone(last_samples(line, n), n, HZ);
  g_assert_cmpfloat(strength, >, 0.2);
  g_assert_cmpfloat(strength, <, 0.3);
}

static void
test_nothing(void)
{
  float frame[FRAME];
  PlPlayout *playout = pl_playout_new();
  for (guint i = 0; i < 100; i++) {
    g_assert_false(pl_playout_pull(playout, START_US + i * TICK_US, frame));
    g_assert_cmpfloat(sound_rms(frame, FRAME), ==, 0);
    pl_playout_skip(playout, START_US + i * TICK_US);
  }
  g_assert_cmpuint(pl_playout_stats(playout)->concealed, ==, 0);
  pl_playout_free(playout);
}

/* All durations of Opus, all positions of the tick between two packets: nothing made up, short. */
static void
test_clean(void)
{
  static const guint samples[] = {120, 240, 480, 960, 1920, 2880, 5760};
  for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
    for (gint64 phase = 0; phase < TICK_US; phase += 3700) {
      Line line;
      line_init(&line, samples[i], phase);
      run(&line, 3, send_clean);
      g_assert_cmpuint(stats_of(&line)->concealed, ==, 0);
      g_assert_cmpuint(stats_of(&line)->late, ==, 0);
      g_assert_cmpint(line.most_delay_us, <=, 45000);
      g_assert_cmpuint(line.silent_ticks, <=, 4);
      assert_tone(&line, 48000);
      g_assert_cmpfloat(sound_click(last_samples(&line, 96000), 96000, HZ), <, 0.01);
      line_clear(&line);
    }
  }
}

/* From the arrival of the first loud packet to the tick that plays it. */
static void
test_delay(void)
{
  for (gint64 phase = 0; phase < TICK_US; phase += 1000) {
    Line line;
    line_init(&line, FRAME, phase);
    line.site.strength = 0;
    run(&line, 3, send_clean);
    line.site.strength = 0.5;
    gint64 first = line.sent_us;
    float rms = 0;
    while (rms < 0.05f) {
      g_assert_cmpint(line.tick_us - first, <=, 60000);
      gint64 now = line.tick_us;
      run(&line, 0.02, send_clean);
      rms = (float)sound_rms(last_samples(&line, FRAME), FRAME);
      if (rms >= 0.05f)
        g_assert_cmpint(now - first, <=, 45000);
    }
    line_clear(&line);
  }
}

static void
send_jittery(Line *line, guint n)
{
  (void)n;
  send_one(line, g_rand_int_range(line->rand, 0, 60000));
}

static void
test_jitter(void)
{
  Line line;
  line_init(&line, FRAME, 7000);
  run(&line, 6, send_jittery);
  guint64 concealed = stats_of(&line)->concealed;
  g_assert_cmpuint(pl_playout_target_ms(line.playout), >=, 50);
  run(&line, 20, send_jittery);
  /* 2 % may be late by design, and reordering must cost nothing more. */
  g_assert_cmpuint(stats_of(&line)->concealed - concealed, <=, 30);
  g_assert_cmpint(line.most_delay_us, <=, 150000);
  assert_tone(&line, 48000);

  run(&line, 20, send_clean);
  g_assert_cmpuint(pl_playout_target_ms(line.playout), ==, 10);
  g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 45000);
  g_assert_cmpuint(stats_of(&line)->removed, >=, 1);
  line_clear(&line);
}

static guint n_lost;

static void
send_lossy(Line *line, guint n)
{
  (void)n;
  if (g_rand_double(line->rand) < 0.05) {
    n_lost++;
    sound_site_next(&line->site, 0);
  } else {
    send_one(line, g_rand_int_range(line->rand, 0, 5000));
  }
}

static void
test_loss(void)
{
  Line line;
  line_init(&line, FRAME, 11000);
  sound_site_use_fec(&line.site);
  run(&line, 2, send_clean);
  n_lost = 0;
  run(&line, 40, send_lossy);
  const PlPlayoutStats *stats = stats_of(&line);
  g_assert_cmpuint(n_lost, >, 60);
  g_assert_cmpuint(stats->concealed + stats->recovered, >=, n_lost - 2);
  g_assert_cmpuint(stats->concealed + stats->recovered, <=, n_lost + n_lost / 5);
  /* On such a line the delay makes room for FEC, and most of the gaps come from it. */
  g_assert_cmpuint(stats->recovered, >, n_lost / 2);
  g_assert_cmpint(line.most_delay_us, <=, 80000);
  assert_tone(&line, 48000);
  line_clear(&line);
}

/* The same site over two lines: `send` on one, cleanly on the other; the same is heard. */
static void
assert_same_as_clean(SendFunc send, double seconds)
{
  Line clean, other;
  line_init(&clean, FRAME, 5000);
  line_init(&other, FRAME, 5000);
  run(&clean, seconds, send_clean);
  run(&other, seconds, send);
  g_assert_cmpuint(stats_of(&other)->concealed, ==, 0);
  g_assert_cmpmem(clean.heard->data, clean.heard->len * sizeof(float), other.heard->data,
                  other.heard->len * sizeof(float));
  line_clear(&clean);
  line_clear(&other);
}

static void
send_twice(Line *line, guint n)
{
  (void)n;
  const McuPacket *packet = sound_site_next(&line->site, 0);
  put_on_line(line, packet, 0);
  put_on_line(line, packet, 500);
  put_on_line(line, packet, 90000);
}

static void
test_duplicates(void)
{
  assert_same_as_clean(send_twice, 4);
  Line line;
  line_init(&line, FRAME, 5000);
  run(&line, 4, send_twice);
  g_assert_cmpuint(stats_of(&line)->duplicates, >, 380);
  line_clear(&line);
}

/* Two packets in one burst, the wrong way round. */
static void
send_swapped(Line *line, guint n)
{
  static Sent kept;
  if (n % 2 == 0) {
    kept.packet = *sound_site_next(&line->site, 0);
    memcpy(kept.data, kept.packet.data, kept.packet.size);
    kept.packet.data = kept.data;
    return;
  }
  send_one(line, 0);
  put_on_line(line, &kept.packet, 10);
}

static void
test_reordered(void)
{
  Line line;
  line_init(&line, FRAME, 5000);
  run(&line, 3, send_swapped);
  guint64 concealed = stats_of(&line)->concealed;
  run(&line, 10, send_swapped);
  g_assert_cmpuint(stats_of(&line)->concealed, ==, concealed);
  g_assert_cmpfloat(sound_click(last_samples(&line, 96000), 96000, HZ), <, 0.01);
  line_clear(&line);
}

/* Pauses of the sender: silence, not loss; and the sound is back in time. */
static void
test_dtx(void)
{
  Line line;
  line_init(&line, FRAME, 9000);
  run(&line, 3, send_clean);
  for (guint round = 0; round < 20; round++) {
    guint frames = 1 + round * round;
    for (guint i = 0; i < frames; i++) {
      sound_site_pause(&line.site, FRAME);
      tick(&line);
      line.sent_us += TICK_US;
    }
    run(&line, 0.06, send_clean);
    g_assert_cmpfloat(sound_rms(last_samples(&line, FRAME), FRAME), >, 0.05);
    run(&line, 0.5, send_clean);
    assert_tone(&line, 9600);
  }
  g_assert_cmpuint(stats_of(&line)->concealed, ==, 0);
  g_assert_cmpint(line.most_delay_us, <=, 60000);
  line_clear(&line);
}

static void
change_source(SoundSite *site)
{
  site->ssrc ^= 0xdeadbeef;
  site->seq += 30000;
  site->timestamp += 0x7fff0000;
}

static void
restart_seq(SoundSite *site)
{
  site->seq = 3;
}

static void
jump_forward(SoundSite *site)
{
  site->timestamp += 48000 * 3600;
}

static void
jump_back(SoundSite *site)
{
  site->timestamp -= 48000 * 5;
}

static void
jump_back_little(SoundSite *site)
{
  site->timestamp -= 48000 * 2 / 5;
}

static void
wrap_around(SoundSite *site)
{
  site->timestamp = (guint32)-FRAME * 20;
  site->seq = 65530;
}

static void
test_jumps(void)
{
  static void (*const changes[])(SoundSite *) = {change_source,    restart_seq, jump_forward, jump_back,
                                                 jump_back_little, wrap_around, change_source};
  Line line;
  line_init(&line, FRAME, 9000);
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
    run(&line, 5, send_clean);
    assert_tone(&line, 96000);
    changes[i](&line.site);
    run(&line, 0.2, send_clean);
    run(&line, 0.1, send_clean);
    assert_tone(&line, 4800);
    g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 60000);
  }
  run(&line, 2, send_clean);
  assert_tone(&line, 48000);
  line_clear(&line);
}

/* The line stands for a second, then all comes at once: soon as before. */
static void
test_stall(void)
{
  Line line;
  line_init(&line, FRAME, 9000);
  run(&line, 5, send_clean);
  gint64 end = line.sent_us + 1000000;
  while (line.sent_us < end) {
    send_one(&line, end - line.sent_us);
    line.sent_us += TICK_US;
    tick(&line);
  }
  g_assert_cmpfloat(sound_rms(last_samples(&line, FRAME), FRAME), <, 1e-4);
  g_assert_cmpuint(stats_of(&line)->concealed, <=, 5);
  run(&line, 0.1, send_clean);
  assert_tone(&line, 1920);
  g_assert_cmpuint(stats_of(&line)->concealed, <=, 8);
  run(&line, 10, send_clean);
  g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 60000);
  line_clear(&line);
}

static void
check_drift(double ppm)
{
  Line line;
  line_init(&line, FRAME, 9000);
  line.sender_us = 20000 * (1 - ppm * 1e-6);
  double worst = 0;
  for (guint i = 0; i < 600; i++) {
    run(&line, 1, send_clean);
    g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 55000);
    if (i > 0)
      worst = MAX(worst, sound_click(last_samples(&line, 48000), 48000, HZ));
    assert_tone(&line, 9600);
    g_array_set_size(line.heard, 0);
  }
  const PlPlayoutStats *stats = stats_of(&line);
  g_test_message("%+.0f ppm: %" G_GUINT64_FORMAT " put in, %" G_GUINT64_FORMAT " taken out, click %g", ppm,
                 stats->inserted, stats->removed, worst);
  g_assert_cmpuint(stats->concealed, ==, 0);
  g_assert_cmpuint(stats->jumps, ==, 0);
  g_assert_cmpuint(stats->inserted + stats->removed, >=, 4);
  g_assert_cmpuint(stats->inserted + stats->removed, <=, 14);
  g_assert_cmpfloat(worst, <, 0.01);
  line_clear(&line);
}

static void
test_drift(void)
{
  check_drift(200);
  check_drift(-200);
}

/* Nobody listens for a while: no decoding, and the first tick afterwards has sound. */
static void
test_skip(void)
{
  Line line;
  line_init(&line, FRAME, 3000);
  for (guint i = 0; i < 500; i++) {
    send_one(&line, g_rand_int_range(line.rand, 0, 15000));
    line.sent_us += TICK_US;
    deliver(&line, line.tick_us);
    pl_playout_skip(line.playout, line.tick_us);
    g_assert_cmpuint(pl_playout_waiting(line.playout), <=, 4 + 5); /* and the 100 ms before */
    line.tick_us += TICK_US;
  }
  g_assert_cmpuint(stats_of(&line)->decoded, ==, 0);
  run(&line, 0.02, send_clean);
  g_assert_cmpfloat(sound_rms(last_samples(&line, FRAME), FRAME), >, 0.01);
  run(&line, 0.04, send_clean); /* a fresh decoder leans on frames it has not seen */
  g_assert_cmpfloat(sound_rms(last_samples(&line, FRAME), FRAME), >, 0.1);
  run(&line, 1, send_clean);
  g_assert_cmpuint(stats_of(&line)->concealed, ==, 0);
  assert_tone(&line, 24000);
  line_clear(&line);
}

/* A claim of silence with it, as a client would send. */
static void
set_strength(Line *line, double strength)
{
  line->site.strength = strength;
  line->site.level = strength > 1e-6 ? (guint8)CLAMP(-20 * log10(strength), 0, 127) : 127;
}

/* Nobody listens; silence, then a word that begins quietly. When its loud part makes the playout be listened to,
 * the quiet beginning is played, and the delay that this costs is gone within the second. */
static void
test_word_beginning(void)
{
  for (gint64 phase = 0; phase < TICK_US; phase += 4000) {
    Line line;
    line_init(&line, FRAME, phase);
    for (guint i = 0; i < 105; i++) {
      set_strength(&line, i < 100 ? 0 : 0.002);
      send_one(&line, 0);
      line.sent_us += TICK_US;
      deliver(&line, line.tick_us);
      pl_playout_skip(line.playout, line.tick_us);
      line.tick_us += TICK_US;
    }
    set_strength(&line, 0.25);
    run(&line, 1, send_clean);
    guint quiet = 0;
    const float *all = &g_array_index(line.heard, float, 0);
    while (sound_rms(all + quiet * FRAME, FRAME) < 0.05)
      quiet++;
    g_assert_cmpuint(quiet, >=, 4); /* frames: four fifths of the beginning, and up to two of delay */
    g_assert_cmpfloat(sound_rms(all + FRAME, FRAME), >, 0.0005);
    g_assert_cmpuint(stats_of(&line)->concealed, ==, 0);
    g_assert_cmpuint(stats_of(&line)->removed, >=, 3);
    g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 65000);
    assert_tone(&line, 9600);
    line_clear(&line);
  }
}

/* After silence there is no beginning to be kept: no delay for it. */
static void
test_sudden_beginning(void)
{
  Line line;
  line_init(&line, FRAME, 5000);
  set_strength(&line, 0);
  for (guint i = 0; i < 100; i++) {
    send_one(&line, 0);
    line.sent_us += TICK_US;
    deliver(&line, line.tick_us);
    pl_playout_skip(line.playout, line.tick_us);
    line.tick_us += TICK_US;
  }
  set_strength(&line, 0.25);
  run(&line, 0.2, send_clean);
  g_assert_cmpint(line.most_delay_us, <=, 65000);
  g_assert_cmpuint(stats_of(&line)->removed, ==, 0);
  line_clear(&line);
}

/* Packets that are no Opus, or claim what they do not hold, between good ones. */
static void
test_bad_payloads(void)
{
  static const struct {
    const char *bytes;
    gsize size;
  } cases[] = {
      {"", 0},
      {"\xff", 1},             /* code 3 without a count */
      {"\x03\x00", 2},         /* no frame */
      {"\x03\x3f", 2},         /* 63 frames */
      {"\x1b\x3f", 2},         /* 63 frames of 60 ms */
      {"\x1b\x02", 2},         /* two of 60 ms, empty */
      {"\x02\xff\xff", 3},     /* first frame longer than the packet */
      {"\x01\x00\x00\x00", 4}, /* two frames of equal size of three bytes */
      {"\x03\x41\xff\xff", 4}, /* padding without end */
      {"\x03\x81\x00", 3},     /* VBR without lengths */
      {"\xfc", 1},             /* one empty frame: legal */
  };
  Line line;
  line_init(&line, FRAME, 9000);
  run(&line, 2, send_clean);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    guint8 data[MCU_RTP_MAX];
    McuPacket packet = sound_packet(data, line.site.seq++, line.site.timestamp, line.site.ssrc, cases[i].bytes,
                                    cases[i].size, line.sent_us);
    line.site.timestamp += FRAME;
    put_on_line(&line, &packet, 0);
    line.sent_us += TICK_US;
    tick(&line);
    run(&line, 0.5, send_clean);
    assert_tone(&line, 4800);
  }
  g_assert_cmpuint(stats_of(&line)->decode_errors, >=, 8);
  line_clear(&line);
}

/* Anything at all: bounded, finite (tick() looks), and the next good sender is heard. */
static void
test_random_packets(void)
{
  Line line;
  line_init(&line, FRAME, 9000);
  guint8 data[MCU_RTP_MAX], payload[MCU_RTP_MAX - MCU_RTP_HEADER];
  guint32 base = 0;
  for (guint i = 0; i < 20000; i++) {
    gsize size = (gsize)g_rand_int_range(line.rand, 0, i % 50 == 0 ? sizeof payload : 60);
    for (gsize k = 0; k < size; k++)
      payload[k] = (guint8)g_rand_int(line.rand);
    base = i % 64 == 0 ? g_rand_int(line.rand) : base + (guint32)g_rand_int_range(line.rand, -960, 1920);
    guint32 ssrc = i % 512 == 0 ? g_rand_int(line.rand) : 1;
    McuPacket packet = sound_packet(data, (guint16)g_rand_int(line.rand), base, ssrc, payload, size, line.tick_us);
    pl_playout_push(line.playout, &packet);
    if (i % 3 == 0)
      tick(&line);
    if (i % 1000 == 0)
      pl_playout_skip(line.playout, line.tick_us);
    g_array_set_size(line.heard, 0);
  }
  line.sent_us = line.tick_us;
  run(&line, 6, send_clean);
  assert_tone(&line, 48000);
  g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 240000);
  line_clear(&line);
}

/* A hundred times what is due, for a second. */
static void
test_flood(void)
{
  Line line;
  line_init(&line, FRAME, 9000);
  run(&line, 2, send_clean);
  for (guint i = 0; i < 50; i++) {
    for (guint k = 0; k < 100; k++)
      send_one(&line, 0);
    line.sent_us += TICK_US;
    tick(&line);
    g_assert_cmpuint(pl_playout_waiting(line.playout), <=, PL_PLAYOUT_PACKETS);
  }
  run(&line, 3, send_clean);
  assert_tone(&line, 24000);
  g_assert_cmpint(pl_playout_delay_us(line.playout), <=, 240000);
  line_clear(&line);
}

static void
test_reset(void)
{
  Line line;
  line_init(&line, FRAME, 9000);
  run(&line, 2, send_clean);
  pl_playout_reset(line.playout);
  line.site.timestamp += 12345678;
  line.site.seq += 999;
  line.sent_us += 3000000;
  line.tick_us += 3000000;
  run(&line, 1, send_clean);
  assert_tone(&line, 24000);
  g_assert_cmpuint(stats_of(&line)->concealed, ==, 0);
  line_clear(&line);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/playout/nothing", test_nothing);
  g_test_add_func("/playout/clean", test_clean);
  g_test_add_func("/playout/delay", test_delay);
  g_test_add_func("/playout/jitter", test_jitter);
  g_test_add_func("/playout/loss", test_loss);
  g_test_add_func("/playout/duplicates", test_duplicates);
  g_test_add_func("/playout/reordered", test_reordered);
  g_test_add_func("/playout/dtx", test_dtx);
  g_test_add_func("/playout/jumps", test_jumps);
  g_test_add_func("/playout/stall", test_stall);
  g_test_add_func("/playout/drift", test_drift);
  g_test_add_func("/playout/skip", test_skip);
  g_test_add_func("/playout/word-beginning", test_word_beginning);
  g_test_add_func("/playout/sudden-beginning", test_sudden_beginning);
  g_test_add_func("/playout/bad-payloads", test_bad_payloads);
  g_test_add_func("/playout/random-packets", test_random_packets);
  g_test_add_func("/playout/flood", test_flood);
  g_test_add_func("/playout/reset", test_reset);
  return g_test_run();
}
