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
      g_assert_true(mcu_member_record(client.member, on, &error) == cases[i].may);
      if (!cases[i].may)
        g_assert_error(error, MCU_ERROR, MCU_ERROR_FORBIDDEN);
      g_assert_true(mcu_member_recording(client.member) == (cases[i].may && on));
      if (on && cases[i].may) {
        g_assert_true(mcu_member_record(client.member, FALSE, NULL));
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
  ADD("late-bridge", test_late_bridge);
  ADD("signaling-lost", test_signaling_lost);
  ADD("failed", test_failed);
  ADD("expired", test_expired);
  ADD("no-media-yet", test_no_media_yet);
  ADD("line", test_line);
  ADD("rights", test_rights);
  return g_test_run();
}
