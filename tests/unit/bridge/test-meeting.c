#include "mcu/bridge/meeting.h"

#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

/* Of the list of sites; microphone and camera alike. */
#define SITE(id, role, present, lost, media)                                                                           \
  "{\"id\":\"" id "\",\"name\":\"Xã " id "\",\"role\":\"" role "\",\"present\":" present ",\"lost\":" lost             \
  ",\"mic\":" media ",\"camera\":" media ",\"floor\":false,\"silenced\":false,\"consent\":false}"

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

  /* ... but in the list */
  g_assert_cmpstr(mcu_member_sites(observer.member), ==,
                  "[" SITE("a", "chair", "true", "false", "true") "," SITE(
                      "b", "site", "true", "false", "true") "," SITE("o", "observer", "true", "false", "false") "]");

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
  g_assert_nonnull(strstr(mcu_member_sites(b.member), SITE("a", "site", "false", "true", "true")));

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

/* What has changed, in the same bytes for everybody; who joins in between has heard of it in `joined`. */
static void
test_changes(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a, b, c;
  client_join(&a, f, "a", MCU_ROLE_CHAIR);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  fixture_run(f, SECOND / 4);
  client_join(&c, f, "c", MCU_ROLE_SITE);
  mcu_member_set_mic(b.member, FALSE);
  mcu_member_set_camera(b.member, FALSE);
  fixture_run(f, SECOND / 4);
  g_assert_cmpstr(a.sites->str, ==,
                  "{\"v\":1,\"type\":\"sites\",\"sites\":[" SITE("b", "site", "true", "false", "false") "," SITE(
                      "c", "site", "true", "false", "true") "],\"gone\":[]}");
  g_assert_cmpstr(c.sites->str, ==, a.sites->str);
  mcu_member_leave(b.member);
  fixture_run(f, SECOND / 4);
  g_assert_cmpstr(a.sites->str, ==, "{\"v\":1,\"type\":\"sites\",\"sites\":[],\"gone\":[\"b\"]}");
  g_assert_true(client_floor(&a, "c", TRUE, NULL));
  fixture_run(f, SECOND / 4);
  g_assert_nonnull(strstr(a.sites->str, "\"id\":\"c\""));
  g_assert_nonnull(strstr(a.sites->str, "\"floor\":true"));
  guint told = a.sites_changed;
  fixture_run(f, 10 * SECOND);
  g_assert_cmpuint(a.sites_changed, ==, told);
  client_clear(&a);
  client_clear(&b);
  client_clear(&c);
}

static void
test_floor(Fixture *f, gconstpointer data)
{
  (void)data;
  Client chair, a, b;
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  McuMix *mix = fake_engine_newest();
  g_assert_true(client_floor(&chair, "a", TRUE, NULL));
  g_assert_true(fake_engine_seat(mix, "Xã a")->floor);
  g_assert_true(client_floor(&chair, "b", TRUE, NULL));
  g_assert_false(fake_engine_seat(mix, "Xã a")->floor);
  g_assert_true(fake_engine_seat(mix, "Xã b")->floor);
  g_assert_true(client_floor(&chair, "b", TRUE, NULL));

  g_autoptr(GError) error = NULL;
  g_assert_false(client_floor(&chair, "nobody", TRUE, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_NOT_FOUND);
  g_clear_error(&error);
  g_assert_false(client_floor(&a, "a", TRUE, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_FORBIDDEN);

  mcu_member_leave(b.member);
  g_assert_true(client_floor(&chair, "a", TRUE, NULL));
  g_assert_true(client_floor(&chair, "a", FALSE, NULL));
  g_assert_false(fake_engine_seat(mix, "Xã a")->floor);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==,
                  "seat-added seat-added seat-added floor-given floor-taken floor-given floor-taken seat-removed "
                  "floor-given floor-taken");
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

#define ASSERT_VIEW(mix, view, expected)                                                                               \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *names_ = fake_engine_view(mix, view);                                                             \
    g_assert_cmpstr(names_, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

/* The programme and the wall follow the room, the floor and who speaks. */
static void
test_views(Fixture *f, gconstpointer data)
{
  (void)data;
  static const char *const sites[] = {"s1", "s2", "s3", "s4", "s5"};
  Client chair, observer, clients[G_N_ELEMENTS(sites)];
  for (guint i = 0; i < G_N_ELEMENTS(sites); i++)
    client_join(&clients[i], f, sites[i], MCU_ROLE_SITE);
  client_join(&observer, f, "o", MCU_ROLE_OBSERVER);
  client_join(&chair, f, "chair", MCU_ROLE_CHAIR);
  McuMix *mix = fake_engine_newest();
  g_assert_cmpuint(mix->shows[MCU_VIEW_WALL], ==, 0); /* once for all of them */
  fixture_run(f, SECOND / 4);
  ASSERT_VIEW(mix, MCU_VIEW_WALL, "Xã s1, Xã s2, Xã s3, Xã s4, Xã s5, Xã chair");
  ASSERT_VIEW(mix, MCU_VIEW_PROGRAMME, "Xã chair, Xã s1, Xã s2, Xã s3");
  fixture_run(f, 10 * SECOND);
  g_assert_cmpuint(mix->shows[MCU_VIEW_WALL], ==, 1);
  g_assert_cmpuint(mix->shows[MCU_VIEW_PROGRAMME], ==, 1);

  McuMixSeat *fifth = fake_engine_seat(mix, "Xã s5");
  for (guint i = 0; i < 8; i++) {
    fifth->heard_us = f->now_us;
    fixture_run(f, SECOND / 4);
  }
  ASSERT_VIEW(mix, MCU_VIEW_PROGRAMME, "Xã chair, Xã s1, Xã s2, Xã s5");
  g_assert_true(client_floor(&chair, "s4", TRUE, NULL));
  fixture_run(f, SECOND / 4);
  ASSERT_VIEW(mix, MCU_VIEW_PROGRAMME, "Xã chair, Xã s1, Xã s4, Xã s5");
  mcu_member_leave(clients[0].member);
  fixture_run(f, SECOND / 4);
  ASSERT_VIEW(mix, MCU_VIEW_PROGRAMME, "Xã chair, Xã s2, Xã s4, Xã s5");
  ASSERT_VIEW(mix, MCU_VIEW_WALL, "Xã s2, Xã s3, Xã s4, Xã s5, Xã chair");
  client_clear(&chair);
  client_clear(&observer);
  for (guint i = 0; i < G_N_ELEMENTS(sites); i++)
    client_clear(&clients[i]);
}

/* A province at once: one telling each, and the wall has its limit. */
static void
test_storm(Fixture *f, gconstpointer data)
{
  (void)data;
  enum { N = 600 };
  f->config.max_members = N;
  fixture_restart(f);
  Client *clients = g_new(Client, N);
  for (guint i = 0; i < N; i++) {
    g_autofree char *site = g_strdup_printf("xa-%u", i);
    client_join(&clients[i], f, site, MCU_ROLE_SITE);
    g_assert_nonnull(strstr(mcu_member_sites(clients[i].member), site));
  }
  Client over;
  client_join(&over, f, "over", MCU_ROLE_SITE);
  g_assert_cmpint(over.closed, ==, MCU_ERROR_FULL);
  fixture_run(f, SECOND / 4);
  McuMix *mix = fake_engine_newest();
  g_assert_cmpuint(mix->seats->len, ==, N);
  g_assert_cmpuint(mix->shown[MCU_VIEW_WALL]->len, ==, MCU_VIEW_SEATS_MAX);
  g_assert_cmpuint(mix->shown[MCU_VIEW_PROGRAMME]->len, ==, 4);
  for (guint i = 0; i < N; i++) {
    g_assert_cmpuint(clients[i].sites_changed, ==, 1);
    g_assert_cmpint(clients[i].closed, ==, -1); /* the meeting goes on */
    client_clear(&clients[i]);
  }
  client_clear(&over);
  g_free(clients);
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
  ADD("changes", test_changes);
  ADD("floor", test_floor);
  ADD("views", test_views);
  ADD("storm", test_storm);
  ADD("kept", test_kept);
  return g_test_run();
}
