#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

typedef struct {
  Client client;
  McuLeg *leg;
  McuMixSeat *seat;
} Joined;

static void
join_and_connect(Fixture *f, Joined *joined)
{
  client_join(&joined->client, f, "a", MCU_ROLE_SITE);
  joined->leg = client_connect(&joined->client, f);
  joined->seat = fake_engine_seat(fake_engine_newest(), "Xã a");
}

static void
test_silence(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  g_assert_cmpstr(a.client.media->str, ==, "connected ");
  for (guint i = 0; i < 20; i++) {
    leg_hear(a.leg, f);
    fixture_run(f, SECOND / 2);
  }
  g_assert_false(a.seat->lost);
  fixture_run(f, SECOND);
  g_assert_false(a.seat->lost);
  fixture_run(f, SECOND);
  g_assert_true(a.seat->lost);
  leg_hear(a.leg, f);
  fixture_run(f, SECOND / 2);
  g_assert_false(a.seat->lost);

  /* Muted and camera off: it may be silent as long as its signaling lives. */
  mcu_member_set_mic(a.client.member, FALSE);
  mcu_member_set_camera(a.client.member, FALSE);
  fixture_run(f, 9 * SECOND);
  g_assert_false(a.seat->lost);
  client_clear(&a.client);
}

/* Nothing is wanted of its camera and its microphone is off: it is silent by our wish. When something is
 * wanted again it has its time to begin. */
static void
test_unwanted_silence(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  mcu_member_set_mic(a.client.member, FALSE);
  fixture_run(f, 9 * SECOND);
  g_assert_false(a.seat->lost);
  fake_engine_want(a.seat, &(McuPicture){320, 180, 15, 150});
  fixture_run(f, SECOND);
  g_assert_false(a.seat->lost);
  fixture_run(f, 2 * SECOND);
  g_assert_true(a.seat->lost);
  leg_hear(a.leg, f);
  fixture_run(f, SECOND / 2);
  g_assert_false(a.seat->lost);
  client_clear(&a.client);
}

/* What the mix wants of a camera is told to whoever sends it, and asked by REMB, and touches nothing else. */
static void
test_picture(Fixture *f, gconstpointer data)
{
  (void)data;
  static const McuPicture small = {320, 180, 15, 150}, large = {1280, 720, 25, 700}, none = {0};
  Joined a;
  McuPicture wanted;
  client_join(&a.client, f, "a", MCU_ROLE_SITE);
  a.seat = fake_engine_seat(fake_engine_newest(), "Xã a");
  fake_engine_want(a.seat, &small); /* before there is a camera: the answer will be followed by it */
  g_assert_false(mcu_member_wanted(a.client.member, &wanted));
  g_assert_cmpstr(a.client.pictures->str, ==, "");
  a.leg = client_connect(&a.client, f);
  g_assert_true(mcu_member_wanted(a.client.member, &wanted));
  g_assert_cmpmem(&wanted, sizeof wanted, &small, sizeof small);
  g_assert_cmpstr(a.client.pictures->str, ==, "");
  g_assert_cmpuint(a.leg->media.video.remb_kbps, ==, 150);

  McuRing *rings[] = {a.leg->media.audio.ring, a.leg->media.video.ring};
  McuStream *streams[] = {a.leg->video, a.leg->audio_shared};
  guint32 ssrc = a.leg->media.video.send_ssrc;
  guint sets = a.leg->media_sets;
  fake_engine_want(a.seat, &large);
  g_assert_cmpstr(a.client.pictures->str, ==, "1280x720@25/700 ");
  g_assert_cmpuint(a.leg->media.video.remb_kbps, ==, 700);
  g_assert_cmpuint(a.leg->media_sets, ==, sets + 1);
  g_assert_true(a.leg->media.audio.ring == rings[0] && a.leg->media.video.ring == rings[1]);
  g_assert_true(a.seat->audio == rings[0] && a.seat->video == rings[1]);
  g_assert_true(a.leg->video == streams[0] && a.leg->audio_shared == streams[1]);
  g_assert_cmpuint(a.leg->media.video.send_ssrc, ==, ssrc);

  fake_engine_want(a.seat, &(McuPicture){640, 360, 25, 700}); /* the rate is the same */
  g_assert_cmpuint(a.leg->media_sets, ==, sets + 1);
  fake_engine_want(a.seat, &none);
  g_assert_cmpuint(a.leg->media.video.remb_kbps, ==, 50);
  g_assert_cmpstr(a.client.pictures->str, ==, "1280x720@25/700 640x360@25/700 0x0@0/0 ");

  /* Its signaling is gone: nobody to tell, and the camera is asked as before. */
  mcu_member_lost(a.client.member);
  fake_engine_want(a.seat, &small);
  g_assert_cmpuint(a.leg->media.video.remb_kbps, ==, 150);
  g_assert_cmpstr(a.client.pictures->str, ==, "1280x720@25/700 640x360@25/700 0x0@0/0 ");

  /* It comes back: what is wanted is remembered by the seat. */
  Client again;
  client_join(&again, f, "a", MCU_ROLE_SITE);
  McuLeg *leg = client_connect(&again, f);
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 150);
  g_assert_true(mcu_member_wanted(again.member, &wanted));
  g_assert_cmpuint(wanted.width, ==, 320);
  g_free(client_offer(&again, &(OfferOptions){.fingerprint_byte = 1, .direction = "recvonly"}));
  g_assert_false(mcu_member_wanted(again.member, &wanted));
  fake_engine_want(a.seat, &large);
  g_assert_cmpstr(again.pictures->str, ==, "");
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 0);
  client_clear(&a.client);
  client_clear(&again);
}

/* The bridge itself did not run for three seconds: that is not the sites' fault. */
static void
test_late_bridge(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  fixture_run(f, SECOND / 2);
  leg_hear(a.leg, f);
  f->now_us += 3 * SECOND;
  fixture_run(f, 3 * SECOND / 4);
  g_assert_false(a.seat->lost);
  fixture_run(f, SECOND); /* but then it is */
  g_assert_true(a.seat->lost);
  client_clear(&a.client);
}

/* Signaling ends, packets go on: nothing is shown; then they stop. */
static void
test_signaling_lost(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  mcu_member_lost(a.client.member);
  for (guint i = 0; i < 40; i++) {
    leg_hear(a.leg, f);
    fixture_run(f, SECOND / 2);
  }
  g_assert_false(a.seat->lost);
  guint lines = a.client.lines, changes = a.client.sites_changed;
  fixture_run(f, 3 * SECOND / 2);
  g_assert_true(a.seat->lost);
  fake_leg_set_state(a.leg, MCU_LEG_FAILED);
  fixture_run(f, 61 * SECOND);
  g_assert_cmpuint(fake_leg_alive(), ==, 0);
  g_assert_cmpstr(a.client.media->str, ==, "connected "); /* no event after lost */
  g_assert_cmpuint(a.client.lines, ==, lines);
  g_assert_cmpuint(a.client.sites_changed, ==, changes);
  g_assert_cmpint(a.client.closed, ==, -1);
  client_clear(&a.client);
}

static void
test_failed(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  g_assert_cmpuint(fake_engine_acquired(fake_engine_newest(), MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 1);
  fake_leg_set_state(a.leg, MCU_LEG_FAILED);
  g_assert_cmpstr(a.client.media->str, ==, "connected failed ");
  g_assert_true(a.seat->lost);
  g_assert_cmpuint(fake_leg_alive(), ==, 1); /* not from within its own event */
  fixture_run(f, SECOND / 2);
  g_assert_cmpuint(fake_leg_alive(), ==, 0);
  g_assert_cmpuint(fake_engine_acquired(fake_engine_newest(), MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_CODEC_H264), ==, 0);
  fixture_run(f, 5 * SECOND);
  g_assert_true(a.seat->lost);

  /* A new offer of the same member: a new leg; lost until it is there. */
  g_free(client_offer(&a.client, &(OfferOptions){.fingerprint_byte = 1}));
  McuLeg *leg = fake_leg_newest();
  fixture_run(f, SECOND);
  g_assert_true(a.seat->lost);
  leg_hear(leg, f);
  fake_leg_set_state(leg, MCU_LEG_CONNECTED);
  g_assert_false(a.seat->lost);
  g_assert_cmpstr(a.client.media->str, ==, "connected failed connected ");
  client_clear(&a.client);
}

/* Signaling lives, but the media never comes back: the seat goes and the owner is told. */
static void
test_expired(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  fake_leg_set_state(a.leg, MCU_LEG_FAILED);
  fixture_run(f, 59 * SECOND);
  g_assert_cmpint(a.client.closed, ==, -1);
  fixture_run(f, 2 * SECOND);
  g_assert_cmpint(a.client.closed, ==, MCU_ERROR_TRANSPORT);
  g_assert_cmpuint(fake_engine_newest()->seats->len, ==, 0);
  client_clear(&a.client);
}

/* Who only signs in and looks at his own picture is not lost. */
static void
test_no_media_yet(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  fixture_run(f, 300 * SECOND);
  g_assert_nonnull(a.member);
  g_assert_false(fake_engine_seat(fake_engine_newest(), "Xã a")->lost);
  g_assert_cmpuint(a.line.quality, ==, 0);
  client_clear(&a);
}

static void
test_line(Fixture *f, gconstpointer data)
{
  (void)data;
  Joined a;
  join_and_connect(f, &a);
  a.leg->stats.rx_packets = 980;
  a.leg->stats.rx_lost = 20;
  a.leg->stats.rtt_ms = 40;
  a.leg->stats.remote_loss_permille = 3;
  guint before = a.client.lines;
  for (guint i = 0; i < 20; i++) {
    leg_hear(a.leg, f);
    fixture_run(f, SECOND / 2);
  }
  g_assert_cmpuint(a.client.lines - before, ==, 5); /* every two seconds */
  g_assert_cmpuint(a.client.line.rtt_ms, ==, 40);
  g_assert_cmpuint(a.client.line.loss_permille, ==, 3);
  g_assert_cmpuint(a.client.line.quality, ==, 3);
  client_clear(&a.client);
}

static void
test_rights(Fixture *f, gconstpointer data)
{
  (void)data;
  static const struct {
    McuRole role;
    gboolean may;
  } cases[] = {{MCU_ROLE_CHAIR, TRUE}, {MCU_ROLE_SITE, FALSE}, {MCU_ROLE_OBSERVER, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (gboolean on = FALSE; on <= TRUE; on++) {
      Client client;
      client_join(&client, f, "a", cases[i].role);
      g_autoptr(GError) error = NULL;
      g_assert_true(client_record(&client, on, &error) == cases[i].may);
      if (!cases[i].may)
        g_assert_error(error, MCU_ERROR, MCU_ERROR_FORBIDDEN);
      g_assert_true(mcu_member_recording(client.member) == (cases[i].may && on));
      if (on && cases[i].may) {
        g_assert_true(client_record(&client, FALSE, NULL));
        fake_engine_finish_recording(fake_engine_newest(), NULL);
      }
      mcu_member_leave(client.member);
      client_clear(&client);
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/member/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("silence", test_silence);
  ADD("unwanted-silence", test_unwanted_silence);
  ADD("picture", test_picture);
  ADD("late-bridge", test_late_bridge);
  ADD("signaling-lost", test_signaling_lost);
  ADD("failed", test_failed);
  ADD("expired", test_expired);
  ADD("no-media-yet", test_no_media_yet);
  ADD("line", test_line);
  ADD("rights", test_rights);
  return g_test_run();
}
