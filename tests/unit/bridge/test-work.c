/* The meeting's work over a bridge with fake media and a real store: what is kept, and what a restart makes of it. */
#include <string.h>

#include "mcu/bridge/replay.h"
#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/fakes/fake-engine.h"
#include "tests/unit/bridge/fixture.h"

static void
vote(Client *client, guint number, guint choice)
{
  client_do(client, (McuRoomCommand){.type = MCU_ROOM_VOTE, .number = number, .count = choice});
}

/* All payloads of events of `type`, a line each; caller frees. */
static char *
payloads(Fixture *f, const char *type)
{
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->database, NULL, NULL);
  GString *lines = g_string_new(NULL);
  for (guint i = 0; i < events->len; i++) {
    const McuStoreEvent *event = g_ptr_array_index(events, i);
    if (strcmp(event->type, type) == 0)
      g_string_append_printf(lines, "%s\n", event->payload);
  }
  return g_string_free(lines, FALSE);
}

static void
test_secret_vote(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b;
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB\nC", .on = TRUE});
  g_assert_nonnull(strstr(a.told->str, "\"type\":\"ballot\",\"vote\":1,\"entitled\":true,\"voted\":false"));
  vote(&a, 1, 2);
  g_assert_nonnull(strstr(a.told->str, "\"type\":\"ballot\",\"vote\":1,\"entitled\":true,\"voted\":true"));
  vote(&b, 1, 0);
  vote(&chair, 1, 2);
  client_must_not(&a, (McuRoomCommand){.type = MCU_ROOM_VOTE, .number = 1, .count = 1}, MCU_ERROR_CONFLICT);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_VOTE_CLOSE});
  g_autofree char *used = payloads(f, "vote-used"), *closed = payloads(f, "vote-closed"),
                  *cast = payloads(f, "vote-cast");
  g_assert_cmpstr(closed, ==, "{\"number\":1,\"text\":\"1 0 2\"}\n");
  g_assert_cmpstr(used, ==,
                  "{\"site\":\"a\",\"number\":1}\n{\"site\":\"b\",\"number\":1}\n{\"site\":\"c\",\"number\":1}\n");
  g_assert_cmpstr(cast, ==, "");
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

/* What was in the box is gone with the bridge: all vote again, and the result is of the second round alone. */
static void
test_secret_vote_and_crash(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a;
  g_autofree char *id = NULL;
  g_assert_true(mcu_bridge_make_meeting(f->bridge, "m", "M", 0, &id, NULL));
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_do(&chair,
            (McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB", .more = "c a", .on = TRUE});
  vote(&a, 1, 1);
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  fixture_restart(f);
  g_assert_true(mcu_replay_meetings(f->bridge, f->database, NULL));
  client_clear(&chair);
  client_clear(&a);
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  vote(&a, 1, 0);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_VOTE_CLOSE});
  g_autofree char *closed = payloads(f, "vote-closed"), *restarted = payloads(f, "vote-restarted");
  g_assert_cmpstr(restarted, ==, "{\"number\":1}\n");
  g_assert_cmpstr(closed, ==, "{\"number\":1,\"text\":\"1 0\"}\n");
  client_clear(&chair);
  client_clear(&a);
}

static void
test_vote_runs_out(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair;
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_VOTE_OPEN, .name = "Q", .text = "A\nB", .limit = 3});
  fixture_run(f, 2 * G_USEC_PER_SEC);
  g_assert_null(strstr(chair.told->str, "\"counts\":["));
  vote(&chair, 1, 1);
  fixture_run(f, 2 * G_USEC_PER_SEC);
  g_assert_nonnull(strstr(chair.told->str, "\"counts\":[0,1]"));
  client_must_not(&chair, (McuRoomCommand){.type = MCU_ROOM_VOTE_CLOSE}, MCU_ERROR_NOT_FOUND);
  client_clear(&chair);
}

/* Lines to the desk are told the desk and whoever wrote them. */
static void
test_chat(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b;
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_CHAT, .text = "to all"});
  client_do(&a, (McuRoomCommand){.type = MCU_ROOM_CHAT, .text = "to the desk", .on = TRUE});
  fixture_run(f, G_USEC_PER_SEC);
  g_assert_nonnull(strstr(chair.told->str, "to the desk"));
  g_assert_nonnull(strstr(a.told->str, "to the desk"));
  g_assert_nonnull(strstr(b.told->str, "to all"));
  g_assert_null(strstr(b.told->str, "to the desk"));
  g_autofree char *joined_a = mcu_member_work(a.member), *joined_b = mcu_member_work(b.member);
  g_assert_nonnull(strstr(joined_a, "to the desk"));
  g_assert_null(strstr(joined_b, "to the desk"));
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

/* One that speaks, one that does not, and the roll says so. */
static void
test_tour(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Client chair, a, b;
  client_join(&chair, f, "c", MCU_ROLE_CHAIR);
  client_join(&a, f, "a", MCU_ROLE_SITE);
  client_join(&b, f, "b", MCU_ROLE_SITE);
  client_do(&chair, (McuRoomCommand){.type = MCU_ROOM_CALLS_START, .number = 5});
  for (guint i = 0; i < 10; i++) {
    fake_engine_seat(fake_engine_newest(), "Xã a")->heard_us = f->now_us;
    fixture_run(f, G_USEC_PER_SEC / 4);
  }
  g_assert_nonnull(strstr(chair.told->str, "\"tour\":{\"on\":true,\"paused\":false,\"site\":\"a\""));
  fixture_run(f, G_USEC_PER_SEC);
  g_assert_nonnull(strstr(chair.told->str, "\"tour\":{\"on\":true,\"paused\":false,\"site\":\"b\""));
  g_assert_null(strstr(chair.told->str, "\"site\":\"b\",\"status\":\"no-sound\""));
  fixture_run(f, 6 * G_USEC_PER_SEC);
  g_assert_nonnull(strstr(chair.told->str, "\"site\":\"a\",\"status\":\"present\""));
  g_assert_nonnull(strstr(chair.told->str, "\"site\":\"b\",\"status\":\"no-sound\""));
  g_autofree char *log = fixture_log(f);
  g_assert_nonnull(strstr(log, "floor-taken calls-ended programme-undone"));
  client_clear(&chair);
  client_clear(&a);
  client_clear(&b);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/bridge-work/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD("secret-vote", test_secret_vote);
  ADD("secret-vote-and-crash", test_secret_vote_and_crash);
  ADD("vote-runs-out", test_vote_runs_out);
  ADD("chat", test_chat);
  ADD("tour", test_tour);
  return g_test_run();
}
