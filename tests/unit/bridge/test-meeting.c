#include "mcu/bridge/meeting.h"

#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
test_seats(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair, site, observer;
  client_join(&chair, f, "a", MCU_ROLE_CHAIR);
  client_join(&site, f, "b", MCU_ROLE_SITE);
  client_join(&observer, f, "o", MCU_ROLE_OBSERVER);
  McuMix *mix = fake_engine_newest();
  g_assert_cmpuint(mix->seats->len, ==, 2); /* observers are not in the picture ... */
  g_assert_nonnull(fake_engine_seat(mix, "Xã a"));
  g_assert_nonnull(fake_engine_seat(mix, "Xã b"));

  guint n; /* ... but in the list */
  g_autofree McuSiteInfo *sites = mcu_member_sites(observer.member, &n);
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpstr(sites[0].id, ==, "a");
  g_assert_cmpint(sites[0].role, ==, MCU_ROLE_CHAIR);
  g_assert_true(sites[1].present && !sites[1].lost && sites[1].mic && sites[1].camera);
  g_assert_cmpstr(sites[1].name, ==, "Xã b");
  g_assert_false(sites[2].mic || sites[2].camera);

  mcu_member_set_mic(site.member, FALSE);
  g_assert_true(fake_engine_seat(mix, "Xã b")->muted);
  g_assert_true(fake_engine_seat(mix, "Xã b")->camera);
  mcu_member_set_camera(site.member, FALSE);
  g_assert_false(fake_engine_seat(mix, "Xã b")->camera);
  mcu_member_set_mic(site.member, 2); /* any truth */
  g_assert_false(fake_engine_seat(mix, "Xã b")->muted);

  mcu_member_leave(site.member);
  g_assert_null(fake_engine_seat(mix, "Xã b"));
  g_assert_cmpuint(mix->seats->len, ==, 1);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==, "seat-added seat-added seat-added media-changed media-changed media-changed seat-removed");
  client_clear(&chair);
  client_clear(&site);
  client_clear(&observer);
}

static void
test_replaced(Fixture *f, gconstpointer data)
{
  (void)data;
  Client old, new;
  client_join(&old, f, "a", MCU_ROLE_SITE);
  mcu_member_set_mic(old.member, FALSE);
  McuLeg *leg = client_connect(&old, f);
  McuMixSeat *seat = fake_engine_seat(fake_engine_newest(), "Xã a");
  McuRing *ring = seat->video;
  g_assert_nonnull(ring);

  client_join(&new, f, "a", MCU_ROLE_SITE);
  g_assert_cmpint(old.closed, ==, MCU_ERROR_REPLACED);
  g_assert_cmpuint(fake_leg_alive(), ==, 0);
  g_assert_true(fake_engine_seat(fake_engine_newest(), "Xã a") == seat); /* the same tile, */
  g_assert_true(seat->muted);                                            /* as it was, */
  g_assert_true(seat->video == ring);                                    /* with the last picture until ... */

  McuLeg *second = client_connect(&new, f);
  g_assert_nonnull(second);
  (void)leg;
  g_assert_true(seat->video != ring && seat->video == second->media.video.ring);
  g_assert_true(second->audio_own == seat->own);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==, "seat-added media-changed seat-replaced");
  client_clear(&old);
  client_clear(&new);
}

/* A link with another role for the same site. */
static void
test_role_change(Fixture *f, gconstpointer data)
{
  (void)data;
  Client first, second, third;
  client_join(&first, f, "a", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  client_join(&second, f, "a", MCU_ROLE_OBSERVER);
  g_assert_cmpuint(mix->seats->len, ==, 0);
  client_join(&third, f, "a", MCU_ROLE_CHAIR);
  g_assert_cmpuint(mix->seats->len, ==, 1);
  g_assert_cmpint(mcu_member_role(third.member), ==, MCU_ROLE_CHAIR);
  client_clear(&first);
  client_clear(&second);
  client_clear(&third);
}

static void
test_grace(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a, b, again;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_connect(&a, f);
  McuMixSeat *seat = fake_engine_seat(fake_engine_newest(), "Xã a");

  /* It dies without a word: signaling ends, packets stop. */
  mcu_member_lost(a.member);
  g_assert_false(seat->lost);
  fixture_run(f, SECOND + SECOND / 2);
  g_assert_true(seat->lost);
  g_autofree McuSiteInfo *sites = mcu_member_sites(b.member, &(guint){0});
  g_assert_true(sites[0].lost && !sites[0].present);

  /* It comes back in time: same tile. */
  fixture_run(f, 30 * SECOND);
  client_join(&again, f, "a", MCU_ROLE_SITE);
  g_assert_cmpint(a.closed, ==, -1);
  g_assert_true(fake_engine_seat(fake_engine_newest(), "Xã a") == seat);
  g_assert_false(seat->lost);

  mcu_member_lost(again.member); /* no leg: nothing to wait for */
  g_assert_true(seat->lost);
  fixture_run(f, 59 * SECOND);
  g_assert_nonnull(fake_engine_seat(fake_engine_newest(), "Xã a"));
  fixture_run(f, 2 * SECOND);
  g_assert_null(fake_engine_seat(fake_engine_newest(), "Xã a"));
  g_assert_cmpint(again.closed, ==, -1); /* freed without a word */
  McuBridgeStats stats;
  mcu_bridge_get_stats(f->bridge, &stats);
  g_assert_cmpuint(stats.members, ==, 1);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==, "seat-added seat-added seat-lost seat-replaced seat-back seat-lost seat-removed");
  client_clear(&a);
  client_clear(&b);
  client_clear(&again);
}

/* A burst of changes is one message, at most four in a second. */
static void
test_coalesced(Fixture *f, gconstpointer data)
{
  (void)data;
  Client clients[20];
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    client_join(&clients[i], f, site, MCU_ROLE_SITE);
  }
  g_assert_cmpuint(clients[0].sites_changed, ==, 0);
  fixture_run(f, SECOND);
  g_assert_cmpuint(clients[0].sites_changed, ==, 1);
  g_assert_cmpuint(clients[19].sites_changed, ==, 1);
  for (guint i = 0; i < 100; i++) {
    mcu_member_set_mic(clients[3].member, i % 2);
    if (i % 10 == 9)
      fixture_run(f, SECOND / 10); /* ten heartbeats */
  }
  g_assert_cmpuint(clients[0].sites_changed, ==, 11);
  fixture_run(f, 10 * SECOND);
  g_assert_cmpuint(clients[0].sites_changed, ==, 11);
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
    client_clear(&clients[i]);
}

/* More tiles, less asked of each camera; nobody is told twice. */
static void
test_rates(Fixture *f, gconstpointer data)
{
  (void)data;
  Client first, clients[4];
  client_join(&first, f, "first", MCU_ROLE_SITE);
  McuLeg *leg = client_connect(&first, f);
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 700);
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++) {
    g_autofree char *site = g_strdup_printf("s%u", i);
    client_join(&clients[i], f, site, i == 0 ? MCU_ROLE_OBSERVER : MCU_ROLE_SITE);
  }
  guint sets = leg->media_sets;
  leg_hear(leg, f);
  fixture_run(f, SECOND);
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 700); /* four tiles and an observer */
  g_assert_cmpuint(leg->media_sets, ==, sets);
  Client fifth;
  client_join(&fifth, f, "fifth", MCU_ROLE_SITE);
  fixture_run(f, SECOND);
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 400);
  g_assert_cmpuint(leg->media_sets, ==, sets + 1);
  mcu_member_leave(fifth.member);
  fixture_run(f, SECOND);
  g_assert_cmpuint(leg->media.video.remb_kbps, ==, 700);
  client_clear(&first);
  client_clear(&fifth);
  for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
    client_clear(&clients[i]);
}

static void
test_kept(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  mcu_member_leave(a.member);
  fixture_run(f, 11 * SECOND);
  client_clear(&a);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_true(mcu_store_flush(f->store, 60 * SECOND));

  /* The same meeting held twice: two entries, each with a log that starts at 0. */
  g_autoptr(GPtrArray) meetings = mcu_store_read_meetings(f->database, NULL);
  g_assert_cmpuint(meetings->len, ==, 2);
  const McuStoreMeeting *first = g_ptr_array_index(meetings, 0);
  const McuStoreMeeting *second = g_ptr_array_index(meetings, 1);
  g_assert_cmpstr(first->id, ==, "m");
  g_assert_cmpstr(second->id, ==, "m");
  g_assert_cmpstr(first->title, ==, "Giao ban");
  g_assert_cmpstr(first->uuid, !=, second->uuid);
  g_assert_cmpint(first->closed_us, >, 0);
  g_assert_cmpint(second->closed_us, ==, 0);
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->database, second->uuid, NULL);
  g_assert_cmpuint(events->len, ==, 1);
  const McuStoreEvent *event = g_ptr_array_index(events, 0);
  g_assert_cmpint(event->seq, ==, 0);
  g_assert_nonnull(strstr(event->payload, "\"name\":\"Xã a\""));
  client_clear(&a);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/meeting/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("seats", test_seats);
  ADD("replaced", test_replaced);
  ADD("role-change", test_role_change);
  ADD("grace", test_grace);
  ADD("coalesced", test_coalesced);
  ADD("rates", test_rates);
  ADD("kept", test_kept);
  return g_test_run();
}
