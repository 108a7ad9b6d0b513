/* Rows of the log back to events: each kind of event as it was written, and what is on a disk may be anything. */
#include "mcu/bridge/replay-event.h"

#include <string.h>

#include "mcu/util/error.h"

/* --- round trip --------------------------------------------------------------------------- */

static const char *const hostile[] = {
    "\"",         "\\",   "\x01\x1f\x7f", "</script><b>", "\n\r\t", "Xã Đồng Văn", "\xf0\x9f\x98\x80\xe2\x80\xae",
    "{\"a\":[]}", "%s%n",
};

static void
assert_same(const McuRoomEvent *a, const McuRoomEvent *b)
{
  g_assert_cmpint(a->type, ==, b->type);
  g_assert_cmpstr(a->site, ==, b->site);
  g_assert_cmpstr(a->other, ==, b->other);
  g_assert_cmpstr(a->name, ==, b->name);
  g_assert_cmpint(a->role, ==, b->role);
  g_assert_cmpint(a->invited_as, ==, b->invited_as);
  g_assert_cmpint(a->reason, ==, b->reason);
  g_assert_true(a->mic == b->mic && a->camera == b->camera && a->on == b->on);
  g_assert_cmpint(a->number, ==, b->number);
  g_assert_cmpint(a->count, ==, b->count);
  g_assert_cmpint(a->limit, ==, b->limit);
  g_assert_cmpstr(a->text, ==, b->text);
  g_assert_cmpstr(a->more, ==, b->more);
}

/* Every member that the type has, and no other, gets a value that is not the one it has from the start. */
static McuRoomEvent
make_event(McuRoomEventType type, const char *text)
{
  McuRoomEvent event = {.type = type};
  const struct {
    const char *key;
    gboolean *flag;
  } flags[] = {{"mic", &event.mic}, {"camera", &event.camera}, {"on", &event.on}};
  const struct {
    const char *key, *value;
  } texts[] = {
      {"site", "xa-1"},      {"other", "huyen.1"}, {"name", text}, {"role", "operator"}, {"invited-as", "secretary"},
      {"reason", "expired"}, {"text", text},       {"more", text}};
  for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
    *flags[i].flag = mcu_room_event_has(type, flags[i].key);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    if (mcu_room_event_has(type, texts[i].key))
      g_assert_true(mcu_room_event_set_text(&event, texts[i].key, texts[i].value));
  static const char *const numbers[] = {"number", "count", "limit"};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (mcu_room_event_has(type, numbers[i]))
      g_assert_true(mcu_room_event_set_number(&event, numbers[i], 2 + i));
  return event;
}

static void
test_round_trip(void)
{
  for (guint type = 0; type < MCU_ROOM_N_EVENTS; type++) {
    for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
      McuRoomEvent event = make_event((McuRoomEventType)type, hostile[i]), read;
      g_autoptr(GError) error = NULL;
      g_autofree char *payload = mcu_room_event_payload(&event);
      g_test_message("%s %s", mcu_room_event_word(event.type), payload);
      mcu_replay_event(mcu_room_event_word(event.type), payload, &read, &error);
      g_assert_no_error(error);
      assert_same(&event, &read);
      mcu_room_event_clear(&event);
      mcu_room_event_clear(&read);
    }
  }
}

/* As versions wrote it in which roles could not change and turns had no limit. */
static void
test_earlier(void)
{
  McuRoomEvent event;
  g_autoptr(GError) error = NULL;
  mcu_replay_event("seat-added", "{\"site\":\"a\",\"name\":\"A\",\"role\":\"site\",\"mic\":true,\"camera\":false}",
                   &event, &error);
  g_assert_no_error(error);
  g_assert_cmpint(event.invited_as, ==, MCU_ROLE_SITE);
  g_assert_true(event.mic && !event.camera);
  mcu_replay_event("floor-given", "{\"site\":\"a\"}", &event, &error);
  g_assert_no_error(error);
  g_assert_cmpint(event.number, ==, 0);
}

/* --- refused ------------------------------------------------------------------------------ */

static void
test_refused(void)
{
  static const struct {
    const char *type, *payload;
  } cases[] = {
      {"seat-added", ""},
      {"seat-added", "[]"},
      {"seat-added", "{\"site\":\"a\""},
      {"seat-added", "{\"site\":1,\"name\":\"A\",\"role\":\"site\",\"mic\":true,\"camera\":true}"},
      {"seat-added", "{\"site\":\"a\",\"name\":\"A\",\"role\":\"king\",\"mic\":true,\"camera\":true}"},
      {"seat-added", "{\"site\":\"a\",\"role\":\"site\"}"},
      {"seat-added", "{\"site\":\"a\",\"name\":\"A\",\"role\":\"site\",\"colour\":\"red\"}"},
      {"seat-lost", "{}"},
      {"seat-lost", "{\"site\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"},
      {"policy-changed", "{\"number\":7,\"on\":true}"},
      {"seat-exploded", "{}"},
      {"", "{}"},
      {"seat-lost", "{\"site\":\"a\",\"site\":\"a\"}"},
      {"seat-lost", "{\"site\":\"a\",\"on\":true}"},
      {"seat-lost", "{\"site\":\"a\\u0000b\"}"},
      {"seat-lost", "{\"site\":\"../a\"}"},
      {"seat-lost", "{\"site\":\"\xff\"}"},
      {"seat-removed", "{\"site\":\"a\",\"reason\":\"bored\"}"},
      {"role-changed", "{\"site\":\"a\"}"}, /* or it would be the chair */
      {"media-changed", "{\"site\":\"a\",\"mic\":1,\"camera\":true}"},
      {"hand-moved", "{\"site\":\"a\",\"number\":1.5}"},
      {"hand-moved", "{\"site\":\"a\",\"number\":99999999999999999999}"},
      {"locked", "{\"on\":null}"},
      {"tour-set", "{\"number\":-1}"},
      {"tour-set", "{\"number\":3601}"},
      {"made", "{\"name\":\"M\",\"number\":-1}"},
      {"made", "{\"name\":\"\",\"number\":0}"},
      {"ended", "{\"on\":true}"},
      {"invited",
       "{\"site\":\"a\",\"other\":\"a b\",\"name\":\"A\",\"role\":\"site\",\"number\":1,\"text\":\"\",\"more\":\"\"}"},
      {"invited",
       "{\"site\":\"a\",\"other\":\"\",\"name\":\"A\",\"role\":\"site\",\"number\":100,\"text\":\"\",\"more\":\"\"}"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuRoomEvent event;
    g_autoptr(GError) error = NULL;
    g_test_message("case %u, %s", i, cases[i].type);
    g_assert_false(mcu_replay_event(cases[i].type, cases[i].payload, &event, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE);
  }
}

/* Each member is needed, and none of another type is taken. */
static void
test_members(void)
{
  for (guint type = 0; type < MCU_ROOM_N_EVENTS; type++) {
    McuRoomEvent event = make_event((McuRoomEventType)type, "x"), read;
    const char *word = mcu_room_event_word((McuRoomEventType)type);
    g_autofree char *payload = mcu_room_event_payload(&event);
    g_autofree char *more =
        g_strdup_printf("%.*s%s\"colour\":\"red\"}", (int)strlen(payload) - 1, payload, strlen(payload) > 2 ? "," : "");
    g_assert_false(mcu_replay_event(word, more, &read, NULL));
    if (strlen(payload) > 2 && type != MCU_ROOM_ENDED)
      g_assert_false(mcu_replay_event(word, "{}", &read, NULL));
    mcu_room_event_clear(&event);
  }
}

static void
test_limits(void)
{
  McuRoomEvent event;
  g_autofree char *name = g_strnfill(MCU_TITLE_MAX_CHARS + 1, 'n'),
                  *contact = g_strnfill(MCU_CONTACT_MAX_BYTES + 1, '1'), *huge = g_strnfill(70000, 'x');
  g_autofree char *made = g_strdup_printf("{\"name\":\"%s\",\"number\":0}", name);
  g_autofree char *seat =
      g_strdup_printf("{\"site\":\"a\",\"name\":\"%.*s\",\"role\":\"site\",\"mic\":true,\"camera\":true}",
                      MCU_NAME_MAX_CHARS + 1, name);
  g_autofree char *invited = g_strdup_printf(
      "{\"site\":\"a\",\"other\":\"\",\"name\":\"A\",\"role\":\"site\",\"number\":1,\"text\":\"%s\",\"more\":\"\"}",
      contact);
  g_autofree char *banner = g_strdup_printf("{\"text\":\"%s\"}", huge);
  g_assert_false(mcu_replay_event("made", made, &event, NULL));
  g_assert_false(mcu_replay_event("seat-added", seat, &event, NULL));
  g_assert_false(mcu_replay_event("invited", invited, &event, NULL));
  g_assert_false(mcu_replay_event("banner-set", banner, &event, NULL));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/replay-event/round-trip", test_round_trip);
  g_test_add_func("/bridge/replay-event/earlier", test_earlier);
  g_test_add_func("/bridge/replay-event/refused", test_refused);
  g_test_add_func("/bridge/replay-event/members", test_members);
  g_test_add_func("/bridge/replay-event/limits", test_limits);
  return g_test_run();
}
