#include "mcu/bridge/meeting.h"
#include "mcu/util/error.h"
#include "tests/unit/bridge/fixture.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
test_limits(Fixture *f, gconstpointer data)
{
  (void)data;
  f->config.max_members = 3;
  f->config.max_meetings = 2;
  fixture_restart(f);
  Client a, b, c, d, again;
  client_join_meeting(&a, f, "m1", "a", MCU_ROLE_CHAIR);
  client_join_meeting(&b, f, "m2", "b", MCU_ROLE_SITE);
  client_join_meeting(&c, f, "m3", "c", MCU_ROLE_SITE);
  g_assert_cmpint(c.closed, ==, MCU_ERROR_FULL); /* meetings */
  client_clear(&c);
  client_join_meeting(&c, f, "m2", "c", MCU_ROLE_OBSERVER);
  g_assert_nonnull(c.member);
  client_join_meeting(&d, f, "m2", "d", MCU_ROLE_SITE);
  g_assert_cmpint(d.closed, ==, MCU_ERROR_FULL); /* members */

  /* Who comes back to his seat needs no more room. */
  client_join_meeting(&again, f, "m2", "b", MCU_ROLE_SITE);
  g_assert_nonnull(again.member);
  g_assert_cmpint(b.closed, ==, MCU_ERROR_REPLACED);
  McuBridgeStats stats;
  mcu_bridge_get_stats(f->bridge, &stats);
  g_assert_cmpuint(stats.members, ==, 3);
  g_assert_cmpuint(stats.meetings, ==, 2);
  g_assert_cmpuint(stats.seats, ==, 2);

  mcu_member_leave(c.member);
  client_clear(&d);
  client_join_meeting(&d, f, "m2", "d", MCU_ROLE_SITE);
  g_assert_nonnull(d.member);
  client_clear(&a);
  client_clear(&b);
  client_clear(&c);
  client_clear(&d);
  client_clear(&again);
}

/* A meeting is made on first joining and goes some time after the last has left. */
static void
test_meetings(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a, b;
  client_join_meeting(&a, f, "m1", "a", MCU_ROLE_SITE);
  client_join_meeting(&b, f, "m2", "b", MCU_ROLE_SITE);
  g_assert_cmpuint(fake_engine_mixes(), ==, 2);
  g_assert_cmpstr(mcu_member_meeting(a.member), ==, "m1");
  g_assert_cmpstr(mcu_member_meeting_title(a.member), ==, "Giao ban");

  mcu_member_leave(a.member);
  fixture_run(f, 9 * SECOND);
  g_assert_cmpuint(fake_engine_mixes(), ==, 2);
  client_clear(&a);
  client_join_meeting(&a, f, "m1", "a", MCU_ROLE_SITE); /* in time */
  fixture_run(f, 20 * SECOND);
  g_assert_cmpuint(fake_engine_mixes(), ==, 2);
  mcu_member_leave(a.member);
  fixture_run(f, 11 * SECOND);
  g_assert_cmpuint(fake_engine_mixes(), ==, 1);
  client_clear(&a);
  client_clear(&b);
}

static void
test_failures(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  fake_engine_fail_mix();
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_cmpint(a.closed, ==, MCU_ERROR_INTERNAL);
  client_clear(&a);
  fake_engine_fail_seat();
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_cmpint(a.closed, ==, MCU_ERROR_INTERNAL);
  client_clear(&a);
  g_autofree char *log = fixture_log(f);
  g_assert_cmpstr(log, ==, ""); /* nothing has happened */
  client_join(&a, f, "a", MCU_ROLE_SITE);
  g_assert_nonnull(a.member);
  client_clear(&a);
}

static void
test_stop(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a, b, late;
  client_join(&a, f, "a", MCU_ROLE_CHAIR);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_connect(&a, f);
  g_assert_true(client_record(&a, TRUE, NULL));
  mcu_member_lost(b.member);
  mcu_bridge_stop(f->bridge);
  g_assert_cmpint(a.closed, ==, MCU_ERROR_INTERNAL);
  g_assert_cmpint(b.closed, ==, -1); /* its owner has already gone */
  g_assert_cmpuint(fake_leg_alive(), ==, 0);
  g_assert_cmpuint(fake_engine_mixes(), ==, 0);
  client_join(&late, f, "c", MCU_ROLE_SITE);
  g_assert_cmpint(late.closed, ==, MCU_ERROR_FULL);
  client_clear(&a);
  client_clear(&b);
  client_clear(&late);
}

/* --- waiting to join --- */

typedef struct {
  Fixture *f;
  const char *site;
  Client client;
  GString *log;
} Comer;

static void
on_turn(gpointer user_data)
{
  Comer *comer = user_data;
  client_join(&comer->client, comer->f, comer->site, MCU_ROLE_SITE);
  g_string_append_printf(comer->log, "%s ", comer->site);
}

static McuTicket *
come(Comer *comer, const char *site, McuRole role, GError **error)
{
  McuGrant grant = {.meeting = "m", .role = role};
  g_strlcpy(grant.site, site, sizeof grant.site);
  comer->site = site;
  return mcu_bridge_wait(comer->f->bridge, &grant, on_turn, comer, error);
}

static void
test_storm(Fixture *f, gconstpointer data)
{
  (void)data;
  static const struct {
    const char *site;
    McuRole role;
  } order[] = {{"a", MCU_ROLE_SITE},       {"b", MCU_ROLE_OBSERVER}, {"c", MCU_ROLE_SITE},
               {"speaker", MCU_ROLE_SITE}, {"d", MCU_ROLE_SITE},     {"e", MCU_ROLE_SITE},
               {"f", MCU_ROLE_SITE},       {"g", MCU_ROLE_SITE},     {"chair", MCU_ROLE_CHAIR}};
  Client chair, speaker;
  client_join(&chair, f, "before", MCU_ROLE_CHAIR);
  client_join(&speaker, f, "speaker", MCU_ROLE_SITE);
  g_assert_true(client_floor(&chair, "speaker", TRUE, NULL));
  mcu_member_lost(speaker.member);

  g_autoptr(GString) log = g_string_new(NULL);
  Comer comers[G_N_ELEMENTS(order)];
  McuTicket *tickets[G_N_ELEMENTS(order)];
  for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
    comers[i] = (Comer){.f = f, .log = log};
    tickets[i] = come(&comers[i], order[i].site, order[i].role, NULL);
    g_assert_nonnull(tickets[i]);
  }
  McuBridgeStats stats;
  mcu_bridge_get_stats(f->bridge, &stats);
  g_assert_cmpuint(stats.waiting, ==, G_N_ELEMENTS(order));
  g_assert_cmpstr(log->str, ==, ""); /* not from within */
  mcu_ticket_cancel(tickets[2]);     /* its client is gone */
  g_assert_true(mcu_bridge_admit(f->bridge));
  g_assert_cmpstr(log->str, ==, "chair speaker a b "); /* a few each time */
  g_assert_true(mcu_room_find(mcu_meeting_room(g_hash_table_lookup(f->bridge->meetings, "m")), "speaker")->floor);

  /* The rest by the main loop, as in the product. */
  while (f->bridge->admit_source != 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpstr(log->str, ==, "chair speaker a b d e f g ");
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    if (i != 2)
      client_clear(&comers[i].client);
  client_clear(&chair);
  client_clear(&speaker);
}

static void
test_too_many_wait(Fixture *f, gconstpointer data)
{
  (void)data;
  f->config.max_members = 3;
  fixture_restart(f);
  g_autoptr(GString) log = g_string_new(NULL);
  Comer comers[5];
  for (guint i = 0; i < G_N_ELEMENTS(comers); i++) {
    static const char *const sites[] = {"a", "b", "c", "d", "e"};
    comers[i] = (Comer){.f = f, .log = log};
    g_autoptr(GError) error = NULL;
    g_assert_true((come(&comers[i], sites[i], MCU_ROLE_SITE, &error) != NULL) == (i < 3));
    if (i >= 3)
      g_assert_error(error, MCU_ERROR, MCU_ERROR_FULL);
  }
  /* The bridge stops: each hears in its turn that it is too late, and nobody may come any more. */
  mcu_bridge_stop(f->bridge);
  g_assert_cmpstr(log->str, ==, "a b c ");
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint(comers[i].client.closed, ==, MCU_ERROR_FULL);
    client_clear(&comers[i].client);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(come(&comers[4], "e", MCU_ROLE_SITE, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_FULL);
}

/* The timer of the product turns the heartbeat: no call of ours. */
static void
test_timer(Fixture *f, gconstpointer data)
{
  (void)data;
  Client a;
  client_join(&a, f, "a", MCU_ROLE_SITE);
  while (a.sites_changed == 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(f->bridge->ticks, >=, 1);
  client_clear(&a);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/bridge/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("limits", test_limits);
  ADD("meetings", test_meetings);
  ADD("failures", test_failures);
  ADD("stop", test_stop);
  ADD("storm", test_storm);
  ADD("too-many-wait", test_too_many_wait);
  ADD("timer", test_timer);
  return g_test_run();
}
