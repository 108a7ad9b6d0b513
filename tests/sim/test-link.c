/* A bridge's leg and a site's leg on a link with loss, disorder and duplicates. Virtual time in steps of
 * 5 ms; every random choice from a seed, so that a failure repeats. */
#include <string.h>

#include "mcu/rtp/header.h"
#include "mcu/transport/cert.h"
#include "mcu/transport/leg-priv.h"
#include "mcu/transport/net-priv.h"
#include "mcu/util/error.h"
#include "tests/fakes/fake-ice.h"

#define STEP_US 5000
#define PACKETS_PER_FRAME 4
#define FRAME_BYTES 900

typedef struct {
  McuNet *net;
  McuCert *cert;
  McuLeg *leg;
  char ufrag[64];
  McuLegState state;
  GError *error;
  McuStream *audio, *video;
  McuRing *audio_ring, *video_ring;
  /* sending */
  guint64 frames, ticks, index;
  guint keyframes;
  /* received */
  guint audio_got, video_got, disconts, keyframes_got;
  guint32 last_timestamp;
  gboolean backwards;
} End;

typedef struct {
  End bridge, site;
  gint64 now_us, start_us;
  gboolean mute_site; /* it sends nothing, not even RTCP */
} World;

static void
on_state(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  (void)leg;
  End *end = user_data;
  end->state = state;
  if (error != NULL && end->error == NULL)
    end->error = g_error_copy(error);
}

static McuLegMedia
media_of(const End *end, guint32 ssrc)
{
  return (McuLegMedia){
      .audio = {.codec = MCU_CODEC_OPUS, .pt = 111, .send_ssrc = ssrc, .ext_audio_level = 1, .ring = end->audio_ring},
      .video =
          {.codec = MCU_CODEC_VP8, .pt = 96, .send_ssrc = ssrc + 1, .nack = TRUE, .pli = TRUE, .ring = end->video_ring},
      .cname = "sim"};
}

static void
end_open(End *end, gboolean controlling, guint32 ssrc)
{
  static const McuLegEvents events = {.state_changed = on_state};
  g_autoptr(GError) error = NULL;
  end->net = mcu_net_new_manual(&error);
  end->cert = mcu_cert_new(&error);
  McuLegConfig config = {.name = controlling ? "site" : "bridge",
                         .controlling = controlling,
                         .lite = !controlling,
                         .cert = end->cert,
                         .silence_timeout_us = 5 * G_USEC_PER_SEC};
  end->leg = mcu_leg_new(end->net, &config, &events, end, &error);
  g_assert_no_error(error);
  g_strlcpy(end->ufrag, mcu_leg_ufrag(end->leg), sizeof end->ufrag);
  end->audio = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 512, 0);
  end->video = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_VP8, 1024, 0);
  end->audio_ring = mcu_ring_new(64);
  end->video_ring = mcu_ring_new(512);
  const McuLegMedia media = media_of(end, ssrc);
  mcu_leg_set_media(end->leg, &media);
  mcu_leg_send_audio(end->leg, end->audio, NULL);
  mcu_leg_send_video(end->leg, end->video);
}

static void
end_close(End *end)
{
  mcu_leg_free(end->leg);
  mcu_net_free(end->net);
  g_assert_cmpuint(mcu_stream_subscribers(end->audio), ==, 0);
  g_assert_cmpuint(mcu_stream_subscribers(end->video), ==, 0);
  mcu_stream_unref(end->audio);
  mcu_stream_unref(end->video);
  mcu_ring_unref(end->audio_ring);
  mcu_ring_unref(end->video_ring);
  mcu_cert_free(end->cert);
  g_clear_error(&end->error);
}

static void
send_sound(End *end, gint64 now_us)
{
  guint8 payload[80];
  memset(payload, (int)end->ticks, sizeof payload);
  McuStreamPacket packet = {.index = end->ticks,
                            .timestamp = (guint32)end->ticks * MCU_AUDIO_FRAME_SAMPLES,
                            .capture_us = now_us,
                            .size = sizeof payload,
                            .level = 20,
                            .payload = payload};
  mcu_stream_write(end->audio, &packet);
  end->ticks++;
}

static void
send_picture(End *end, gint64 now_us)
{
  gboolean key = mcu_stream_take_keyframe_request(end->video) || end->frames == 0;
  if (key)
    end->keyframes++;
  for (guint i = 0; i < PACKETS_PER_FRAME; i++) {
    guint8 payload[FRAME_BYTES] = {i == 0 ? 0x10 : 0, key ? 0x10 : 0x11, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1};
    McuStreamPacket packet = {.index = end->index++,
                              .timestamp = (guint32)end->frames * 3600,
                              .capture_us = now_us,
                              .size = sizeof payload,
                              .marker = i == PACKETS_PER_FRAME - 1,
                              .keyframe = key && i == 0,
                              .payload = payload};
    mcu_stream_write(end->video, &packet);
  }
  end->frames++;
}

static void
take(End *end)
{
  const McuPacket *packet;
  for (; (packet = mcu_ring_peek(end->audio_ring)) != NULL; mcu_ring_advance(end->audio_ring)) {
    g_assert_cmpuint(packet->level, ==, 20);
    end->audio_got++;
  }
  for (; (packet = mcu_ring_peek(end->video_ring)) != NULL; mcu_ring_advance(end->video_ring)) {
    if (packet->discont)
      end->disconts++;
    if (end->video_got++ > 0 && (gint32)(packet->timestamp - end->last_timestamp) < 0)
      end->backwards = TRUE;
    end->last_timestamp = packet->timestamp;
    const guint8 *payload = packet->data + MCU_RTP_HEADER;
    if ((payload[0] & 0x10) && (payload[1] & 1) == 0)
      end->keyframes_got++;
  }
}

static void
run(World *world, gint64 seconds_us)
{
  for (gint64 until = world->now_us + seconds_us; world->now_us < until; world->now_us += STEP_US) {
    gint64 since = world->now_us - world->start_us;
    fake_ice_set_now(world->now_us);
    End *ends[] = {&world->bridge, &world->site};
    for (guint i = 0; i < 2; i++) {
      if (since % MCU_AUDIO_FRAME_US == 0)
        send_sound(ends[i], world->now_us);
      if (since % 40000 == 0)
        send_picture(ends[i], world->now_us);
      if (!(world->mute_site && ends[i] == &world->site))
        mcu_net_turn(ends[i]->net, world->now_us);
      take(ends[i]);
    }
    while (g_main_context_iteration(NULL, FALSE)) {
    }
  }
}

static void
introduce(End *to, End *peer, McuDtlsRole role)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mcu_leg_start(to->leg, mcu_leg_ufrag(peer->leg), mcu_leg_pwd(peer->leg),
                              mcu_cert_fingerprint(peer->cert), role, &error));
}

static void
world_open(World *world)
{
  *world = (World){0};
  static const FakeLink clean = {.seed = 42, .delay_us = 10000};
  fake_ice_set_link(&clean);
  g_random_set_seed(42); /* numbers, timestamps and report times of the legs */
  world->start_us = world->now_us = g_get_monotonic_time();
  end_open(&world->bridge, FALSE, 1000);
  end_open(&world->site, TRUE, 2000);
  introduce(&world->bridge, &world->site, MCU_DTLS_SERVER);
  introduce(&world->site, &world->bridge, MCU_DTLS_CLIENT);
  run(world, G_USEC_PER_SEC);
  g_assert_cmpint(world->bridge.state, ==, MCU_LEG_CONNECTED);
  g_assert_cmpint(world->site.state, ==, MCU_LEG_CONNECTED);
}

static void
world_close(World *world)
{
  end_close(&world->bridge);
  end_close(&world->site);
}

static guint64
drops(World *world, End *end, McuDrop reason)
{
  (void)world;
  McuNetStats stats;
  mcu_net_get_stats(end->net, &stats);
  return stats.drops[reason];
}

static void
test_clean(void)
{
  World world;
  world_open(&world);
  guint audio = world.bridge.audio_got, video = world.bridge.video_got;
  run(&world, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint(world.bridge.audio_got - audio, >=, 498);
  g_assert_cmpuint(world.bridge.audio_got - audio, <=, 502);
  g_assert_cmpuint(world.bridge.video_got - video, >=, 248 * PACKETS_PER_FRAME);
  g_assert_false(world.bridge.backwards);
  g_assert_cmpuint(world.bridge.disconts, <=, 1); /* the first packet of all */

  McuLegStats stats;
  mcu_leg_get_stats(world.bridge.leg, &stats);
  g_assert_cmpuint(stats.rx_lost, ==, 0);
  g_assert_cmpuint(stats.nacks_sent, ==, 0);
  g_assert_cmpuint(stats.remote_loss_permille, ==, 0);
  g_assert_cmpuint(stats.rtt_ms, >=, 20);
  g_assert_cmpuint(stats.rtt_ms, <=, 50); /* two ways of 10 ms, and steps */
  world_close(&world);
}

typedef struct {
  FakeLink link;
  double video_min; /* of the packets sent */
  guint disconts_max;
} LossCase;

static const LossCase loss_cases[] = {
    {{.seed = 1, .loss = 0.01, .delay_us = 10000, .jitter_us = 5000}, 0.999, 1},
    {{.seed = 2, .loss = 0.05, .delay_us = 15000, .jitter_us = 15000}, 0.995, 2},
    {{.seed = 3, .loss = 0.10, .delay_us = 15000, .jitter_us = 20000, .duplicate = 0.05}, 0.99, 5},
    {{.seed = 4, .loss = 0.00, .delay_us = 20000, .jitter_us = 40000, .duplicate = 1.0}, 0.999, 1},
};

static void
test_loss(gconstpointer data)
{
  const LossCase *test = data;
  World world;
  world_open(&world);
  guint video = world.bridge.video_got, disconts = world.bridge.disconts, audio = world.bridge.audio_got;
  guint64 sent = world.site.index;
  fake_ice_set_link(&test->link);
  run(&world, 30 * G_USEC_PER_SEC);
  static const FakeLink clean = {.seed = 43, .delay_us = 10000};
  fake_ice_set_link(&clean);
  run(&world, G_USEC_PER_SEC); /* what was being repaired arrives or is given up */

  double share = (double)(world.bridge.video_got - video) / (double)(world.site.index - sent);
  double audio_share = (double)(world.bridge.audio_got - audio) / 1550.0;
  McuLegStats stats;
  mcu_leg_get_stats(world.bridge.leg, &stats);
  g_test_message("loss %.2f: picture %.4f, sound %.3f, gaps %u, requests %" G_GUINT64_FORMAT ", key frames %u",
                 test->link.loss, share, audio_share, world.bridge.disconts - disconts, stats.nacks_sent,
                 world.site.keyframes);
  g_assert_cmpfloat(share, >=, test->video_min);
  g_assert_cmpfloat(share, <=, 1.01); /* nothing comes out twice */
  g_assert_cmpfloat(audio_share, >=, 1.0 - test->link.loss - 0.03);
  g_assert_cmpfloat(audio_share, <=, 1.01);
  g_assert_cmpuint(world.bridge.disconts - disconts, <=, test->disconts_max);
  g_assert_false(world.bridge.backwards);
  g_assert_cmpint(world.bridge.state, ==, MCU_LEG_CONNECTED);
  world_close(&world);
}

/* A second picture in the payload type of the first goes a way of its own, with requests of its own; what is on its way
 * when it ends is not taken for the first. */
static void
test_content(void)
{
  World world;
  world_open(&world);
  McuRing *camera = world.bridge.video_ring;
  g_autoptr(McuRing) content = mcu_ring_new(512);
  McuLegMedia media = media_of(&world.bridge, 1000);
  media.content = (McuLegTrack){.codec = MCU_CODEC_VP8, .pt = 96, .nack = TRUE, .pli = TRUE, .ring = content};
  media.content_source.ssrc = 2001; /* what the site sends */
  mcu_leg_set_media(world.bridge.leg, &media);
  world.bridge.video_ring = content; /* where it is looked for */
  static const FakeLink lossy = {.seed = 5, .loss = 0.05, .delay_us = 15000, .jitter_us = 15000};
  fake_ice_set_link(&lossy);
  guint video = world.bridge.video_got, keyframes = world.bridge.keyframes_got;
  guint64 sent = world.site.index;
  run(&world, 10 * G_USEC_PER_SEC);
  static const FakeLink clean = {.seed = 43, .delay_us = 10000};
  fake_ice_set_link(&clean);
  run(&world, G_USEC_PER_SEC);
  g_assert_cmpfloat((double)(world.bridge.video_got - video) / (double)(world.site.index - sent), >=, 0.99);
  g_assert_cmpuint(world.bridge.keyframes_got, >, keyframes); /* asked for at its beginning */
  g_assert_null(mcu_ring_peek(camera));

  media.content = (McuLegTrack){0};
  mcu_leg_set_media(world.bridge.leg, &media);
  run(&world, 3 * G_USEC_PER_SEC);
  g_assert_null(mcu_ring_peek(camera));
  world.bridge.video_ring = camera;
  world_close(&world);
}

static void
test_outage(void)
{
  World world;
  world_open(&world);
  static const FakeLink cut = {.seed = 9, .loss = 1.0}, whole = {.seed = 10, .delay_us = 10000};
  fake_ice_set_link(&cut);
  run(&world, 3 * G_USEC_PER_SEC);
  guint keyframes = world.site.keyframes, got = world.bridge.keyframes_got, audio = world.bridge.audio_got;
  fake_ice_set_link(&whole);
  run(&world, 2 * G_USEC_PER_SEC);
  g_assert_cmpint(world.bridge.state, ==, MCU_LEG_CONNECTED);
  g_assert_cmpuint(world.site.keyframes, >, keyframes); /* asked for, since three seconds cannot be repaired */
  g_assert_cmpuint(world.bridge.keyframes_got, >, got);
  g_assert_cmpuint(world.bridge.audio_got - audio, >=, 95);
  world_close(&world);
}

static void
test_silence_ends_it(void)
{
  World world;
  world_open(&world);
  world.mute_site = TRUE;
  run(&world, 6 * G_USEC_PER_SEC);
  g_assert_cmpint(world.bridge.state, ==, MCU_LEG_FAILED);
  g_assert_error(world.bridge.error, MCU_ERROR, MCU_ERROR_TRANSPORT);
  world_close(&world);
}

static void
replay_one(const guint8 *data, gsize size, gpointer user_data)
{
  World *world = user_data;
  if (size < 20 || data[0] < 128)
    return;
  guint8 copy[2048];
  memcpy(copy, data, size);
  fake_ice_inject(world->bridge.ufrag, copy, size); /* as it was: replay */
  for (gsize cut = 1; cut < size; cut += 397)
    fake_ice_inject(world->bridge.ufrag, copy, cut); /* truncated */
  copy[size - 1] ^= 0x55;
  fake_ice_inject(world->bridge.ufrag, copy, size); /* forged */
}

/* From an address that has passed its check: random bytes, truncations, forgeries, replays. All are
 * counted, none ends or disturbs the media. */
static void
test_junk(void)
{
  World world;
  world_open(&world);
  g_autoptr(GRand) rand = g_rand_new_with_seed(77);
  guint audio = world.bridge.audio_got, video = world.bridge.video_got;

  for (guint second = 0; second < 5; second++) {
    for (guint i = 0; i < 400; i++) {
      guint8 junk[1600];
      gsize size = (gsize)g_rand_int_range(rand, 1, sizeof junk);
      for (gsize j = 0; j < size; j++)
        junk[j] = (guint8)g_rand_int(rand);
      fake_ice_inject(world.bridge.ufrag, junk, size);
    }
    fake_ice_each_sent(world.bridge.ufrag, replay_one, &world);
    run(&world, G_USEC_PER_SEC);
  }
  g_assert_cmpuint(world.bridge.audio_got - audio, >=, 248);
  g_assert_cmpuint(world.bridge.video_got - video, >=, 124 * PACKETS_PER_FRAME);
  g_assert_cmpint(world.bridge.state, ==, MCU_LEG_CONNECTED);
  static const McuDrop expected[] = {MCU_DROP_AUTH, MCU_DROP_REPLAY, MCU_DROP_UNKNOWN, MCU_DROP_DTLS,
                                     MCU_DROP_OVERSIZED};
  for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_test_message("%s: %" G_GUINT64_FORMAT, mcu_drop_word(expected[i]), drops(&world, &world.bridge, expected[i]));
    g_assert_cmpuint(drops(&world, &world.bridge, expected[i]), >, 0);
  }
  world_close(&world);
}

/* A flood in one step is cut at the limit, and what follows is heard. */
static void
test_flood(void)
{
  World world;
  world_open(&world);
  guint8 forged[200] = {0x80, 111};
  for (guint i = 0; i < 8000; i++)
    fake_ice_inject(world.bridge.ufrag, forged, sizeof forged);
  run(&world, 5 * G_USEC_PER_SEC);
  guint audio = world.bridge.audio_got;
  run(&world, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint(drops(&world, &world.bridge, MCU_DROP_RATE), >, 0);
  g_assert_cmpuint(world.bridge.audio_got - audio, >=, 98);
  world_close(&world);
}

/* Receivers see one source through a change of streams: the next number, a timestamp that goes on. */
static void
test_stream_change(void)
{
  World world;
  world_open(&world);
  guint disconts = world.site.disconts;
  McuStream *other = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_VP8, 1024, 0);
  McuStream *first = world.bridge.video;
  for (guint i = 0; i < 6; i++) {
    mcu_leg_send_video(world.bridge.leg, i % 2 == 0 ? other : first);
    world.bridge.video = i % 2 == 0 ? other : first;
    if (i < 2)
      world.bridge.index = world.bridge.frames = i == 0 ? 0 : world.bridge.index + 5000;
    else
      world.bridge.index += 1000;
    guint got = world.site.video_got;
    run(&world, G_USEC_PER_SEC);
    g_assert_cmpuint(world.site.video_got - got, >, 20 * PACKETS_PER_FRAME);
  }
  g_assert_cmpuint(world.site.disconts, ==, disconts);
  g_assert_false(world.site.backwards);
  mcu_leg_send_video(world.bridge.leg, first);
  run(&world, G_USEC_PER_SEC / 10);
  world.bridge.video = first;
  world_close(&world);
  mcu_stream_unref(other);
}

typedef struct {
  guint own, shared;
} Heard;

/* Sound: the own mix in the ticks it has, the shared one in all others. */
static void
test_mix_minus(void)
{
  World world;
  world_open(&world);
  McuStream *own = mcu_stream_new(MCU_MEDIA_AUDIO, MCU_CODEC_OPUS, 512, 0);
  mcu_leg_send_audio(world.bridge.leg, world.bridge.audio, own);
  run(&world, G_USEC_PER_SEC / 5);
  Heard heard = {0};
  for (guint tick = 0; tick < 100; tick++) {
    gboolean with_own = tick >= 30 && tick < 70;
    if (with_own) {
      guint8 payload[50] = {0};
      memset(payload, 0xee, sizeof payload);
      McuStreamPacket packet = {.index = world.bridge.ticks,
                                .timestamp = (guint32)world.bridge.ticks * MCU_AUDIO_FRAME_SAMPLES,
                                .capture_us = world.now_us,
                                .size = sizeof payload,
                                .level = 20,
                                .payload = payload};
      mcu_stream_write(own, &packet);
    }
    const McuPacket *packet;
    mcu_net_turn(world.site.net, world.now_us);
    for (; (packet = mcu_ring_peek(world.site.audio_ring)) != NULL; mcu_ring_advance(world.site.audio_ring)) {
      if (packet->size == MCU_RTP_HEADER + 50)
        heard.own++;
      else
        heard.shared++;
    }
    send_sound(&world.bridge, world.now_us);
    mcu_net_turn(world.bridge.net, world.now_us);
    world.now_us += MCU_AUDIO_FRAME_US;
    fake_ice_set_now(world.now_us);
  }
  g_assert_cmpuint(heard.own, ==, 40);
  g_assert_cmpuint(heard.shared, >=, 55);
  world_close(&world);
  mcu_stream_unref(own);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/link/clean", test_clean);
  for (gsize i = 0; i < G_N_ELEMENTS(loss_cases); i++) {
    g_autofree char *path = g_strdup_printf("/link/loss/%zu", i);
    g_test_add_data_func(path, &loss_cases[i], test_loss);
  }
  g_test_add_func("/link/content", test_content);
  g_test_add_func("/link/outage", test_outage);
  g_test_add_func("/link/silence-ends-it", test_silence_ends_it);
  g_test_add_func("/link/junk", test_junk);
  g_test_add_func("/link/flood", test_flood);
  g_test_add_func("/link/stream-change", test_stream_change);
  g_test_add_func("/link/mix-minus", test_mix_minus);
  return g_test_run();
}
