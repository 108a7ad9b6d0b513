#include <string.h>

#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define H264 MCU_CODEC_H264
#define VP8 MCU_CODEC_VP8

static guint
held(McuView view, McuRung rung, McuCodec codec)
{
  return fake_engine_acquired(fake_engine_newest(), view, rung, codec);
}

static McuStream *
stream(McuView view, McuRung rung, McuCodec codec)
{
  return fake_engine_video(fake_engine_newest(), view, rung, codec);
}

static void
assert_watch(Client *client, McuView view, McuRung rung)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mcu_member_watch(client->member, view, rung, &error));
  g_assert_no_error(error);
}

static void
assert_no_watch(Client *client, McuView view, McuRung rung, McuError code)
{
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_member_watch(client->member, view, rung, &error));
  g_assert_error(error, MCU_ERROR, (int)code);
}

static void
test_choice(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_CHAIR);
  McuLeg *leg = client_connect(&a, f);
  g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264));
  guint sets = leg->media_sets;

  assert_watch(&a, MCU_VIEW_WALL, MCU_RUNG_1080);
  g_assert_true(leg->video == stream(MCU_VIEW_WALL, MCU_RUNG_1080, H264));
  g_assert_cmpuint(held(MCU_VIEW_WALL, MCU_RUNG_1080, H264), ==, 1);
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264), ==, 0);
  assert_watch(&a, MCU_VIEW_WALL, MCU_RUNG_1080); /* the same again */
  g_assert_cmpuint(held(MCU_VIEW_WALL, MCU_RUNG_1080, H264), ==, 1);
  assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_180);
  g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_180, H264));
  g_assert_cmpuint(held(MCU_VIEW_WALL, MCU_RUNG_1080, H264), ==, 0);
  g_assert_cmpuint(leg->media_sets, ==, sets); /* nothing else was touched */

  /* It stays with the member: other codec, other leg. */
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .no_h264 = TRUE}));
  g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_180, VP8));
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_180, H264), ==, 0);
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 2}));
  g_assert_true(fake_leg_newest()->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_180, H264));
  fake_leg_set_state(fake_leg_newest(), MCU_LEG_FAILED);
  fixture_run(f, G_USEC_PER_SEC / 2);
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_180, H264), ==, 0);
  assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_360); /* without a leg: for the next */
  client_connect(&a, f);
  g_assert_true(fake_leg_newest()->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_360, H264));
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_360, H264), ==, 1);

  /* A new member begins anew. */
  Client again;
  client_join(&again, f, "a", MCU_ROLE_CHAIR);
  client_connect(&again, f);
  g_assert_true(fake_leg_newest()->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264));
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_360, H264), ==, 0);
  client_clear(&a);
  client_clear(&again);
}

static void
test_before_the_offer(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_OBSERVER);
  assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_360);
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_360, H264), ==, 0);
  client_connect(&a, f);
  g_assert_true(fake_leg_newest()->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_360, H264));
  /* Who receives no picture holds none. */
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .no_video = TRUE}));
  assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_180);
  g_assert_null(fake_leg_newest()->video);
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_180, H264), ==, 0);
  client_clear(&a);
}

static void
test_rights(Fixture *f, gconstpointer data)
{
  (void)data;
  static const McuRole roles[] = {MCU_ROLE_SITE, MCU_ROLE_OBSERVER};
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
    Client a;
    client_join(&a, f, "a", roles[i]);
    McuLeg *leg = client_connect(&a, f);
    assert_no_watch(&a, MCU_VIEW_WALL, MCU_RUNG_1080, MCU_ERROR_FORBIDDEN);
    g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264));
    assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_1080);
    g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_1080, H264));
    mcu_member_leave(a.member);
    client_clear(&a);
  }
}

/* No encoder to be had: what was sent goes on. */
static void
test_failure(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  McuLeg *leg = client_connect(&a, f);
  guint64 planned = f->bridge->budget.planned_kbps;
  fake_engine_fail_video();
  assert_no_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_1080, MCU_ERROR_INTERNAL);
  g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264));
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264), ==, 1);
  g_assert_cmpuint(f->bridge->budget.planned_kbps, ==, planned);
  assert_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_1080);

  /* ... but not in a codec that is agreed no more. */
  g_autofree char *offer = make_offer(&(OfferOptions){.fingerprint_byte = 1, .no_h264 = TRUE});
  fake_engine_fail_video();
  g_assert_null(mcu_member_offer(a.member, offer, strlen(offer), NULL));
  g_assert_null(leg->video);
  g_assert_cmpuint(held(MCU_VIEW_PROGRAMME, MCU_RUNG_1080, H264), ==, 0);
  client_clear(&a);
}

/* The fake engine's programme in 720 lines has 1500 kbit/s, in 1080 lines the double, and so on. */
static void
test_budget(Fixture *f, gconstpointer data)
{
  (void)data;
  f->config.max_mbps = 4;
  fixture_restart(f);
  guint one = mcu_budget_need(1500, 40), small = mcu_budget_need(150, 40);
  Client a, b, c, publisher;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  g_assert_cmpuint(f->bridge->budget.planned_kbps, ==, 2 * one);
  client_join(&c, f, "c", MCU_ROLE_SITE);
  g_assert_cmpint(c.closed, ==, MCU_ERROR_FULL);
  client_clear(&c);

  /* Those inside go on; smaller always fits, larger only where there is room. */
  McuLeg *leg = client_connect(&a, f);
  client_connect(&b, f);
  assert_no_watch(&a, MCU_VIEW_PROGRAMME, MCU_RUNG_1080, MCU_ERROR_FULL);
  g_assert_true(leg->video == stream(MCU_VIEW_PROGRAMME, MCU_RUNG_720, H264));
  assert_watch(&b, MCU_VIEW_PROGRAMME, MCU_RUNG_180);
  g_assert_cmpuint(f->bridge->budget.planned_kbps, ==, one + small);
  client_join(&c, f, "c", MCU_ROLE_SITE);
  g_assert_nonnull(c.member);

  /* An offer that asks for more than is left is refused, and the leg it had goes on. */
  assert_no_watch(&b, MCU_VIEW_PROGRAMME, MCU_RUNG_720, MCU_ERROR_FULL);
  g_free(client_offer(&a, &(OfferOptions){.fingerprint_byte = 1, .no_video = TRUE}));
  assert_watch(&b, MCU_VIEW_PROGRAMME, MCU_RUNG_720);
  g_autofree char *offer = make_offer(&(OfferOptions){.fingerprint_byte = 1});
  g_autofree char *other = make_offer(&(OfferOptions){.fingerprint_byte = 9});
  g_autoptr(GError) error = NULL;
  g_assert_null(mcu_member_offer(a.member, offer, strlen(offer), &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_FULL);
  g_assert_nonnull(strstr(error->message, "4.0 Mbit/s"));
  g_assert_null(mcu_member_offer(a.member, other, strlen(other), NULL));
  g_assert_true(leg->audio_shared != NULL);
  g_assert_null(leg->video);

  /* Who comes back needs no more than he had; who only sends needs nothing. */
  Client again;
  client_join(&again, f, "c", MCU_ROLE_SITE);
  g_assert_nonnull(again.member);
  g_assert_cmpint(c.closed, ==, MCU_ERROR_REPLACED);
  client_join_to_send(&publisher, f, "p");
  g_assert_nonnull(publisher.member);
  g_free(client_offer(&publisher, &(OfferOptions){.fingerprint_byte = 5, .direction = "sendonly"}));

  McuBridgeStats stats;
  mcu_bridge_get_stats(f->bridge, &stats);
  g_assert_cmpuint(stats.planned_kbps, ==, 2 * one + mcu_budget_need(0, 40));
  mcu_member_leave(a.member);
  mcu_member_leave(b.member);
  mcu_member_leave(again.member);
  mcu_member_leave(publisher.member);
  g_assert_cmpuint(f->bridge->budget.planned_kbps, ==, 0);
  client_clear(&a);
  client_clear(&b);
  client_clear(&c);
  client_clear(&again);
  client_clear(&publisher);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/watch/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("choice", test_choice);
  ADD("before-the-offer", test_before_the_offer);
  ADD("rights", test_rights);
  ADD("failure", test_failure);
  ADD("budget", test_budget);
  return g_test_run();
}
