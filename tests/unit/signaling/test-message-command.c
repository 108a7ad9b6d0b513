/* Commands of clients: which members they have, how much, and what becomes of them for the room. */
#include <string.h>

#include "mcu/room/scene-spec.h"
#include "mcu/signaling/message.h"
#include "mcu/util/error.h"

static gboolean
parse(const char *text, gsize size, McuMessage *message, guint32 *id, GError **error)
{
  /* An exact copy, so that reading past the end is seen. */
  g_autofree char *copy = g_memdup2(text, size);
  return mcu_message_parse(copy, size, message, id, error);
}

static void
assert_refused(const char *text, gsize size, McuError code)
{
  McuMessage message;
  guint32 id;
  g_autoptr(GError) error = NULL;
  g_assert_false(parse(text, size, &message, &id, &error));
  g_assert_error(error, MCU_ERROR, (gint)code);
}

#define COMMAND(type, members) "{\"v\":1,\"id\":5,\"type\":\"" type "\"" members "}"
#define SCENE(members) ",\"scene\":{\"layout\":\"1+7\"" members "}"

static void
assert_command(const char *text, const McuRoomCommand *expected)
{
  McuMessage m;
  guint32 id;
  g_autoptr(GError) error = NULL;
  g_test_message("%s", text);
  parse(text, strlen(text), &m, &id, &error);
  g_assert_no_error(error);
  const McuRoomCommand *command = &m.command.room;
  g_assert_cmpint(m.type, ==, MCU_MESSAGE_COMMAND);
  g_assert_cmpint(command->type, ==, expected->type);
  g_assert_null(command->actor); /* the bridge says who */
  g_assert_cmpstr(command->site, ==, expected->site);
  g_assert_cmpstr(command->name, ==, expected->name);
  g_assert_cmpstr(command->text, ==, expected->text);
  g_assert_cmpint(command->role, ==, expected->role);
  g_assert_cmpint(command->on, ==, expected->on);
  g_assert_cmpint(command->number, ==, expected->number);
  mcu_message_clear(&m);
}

static void
test_commands(void)
{
  static const struct {
    const char *text;
    McuRoomCommand is;
  } table[] = {
      {COMMAND("hand", ",\"on\":true"), {.type = MCU_ROOM_HAND, .on = TRUE}},
      {COMMAND("hand", ",\"on\":false,\"site\":\"another\""), {.type = MCU_ROOM_HAND}},
      {COMMAND("lower", ",\"site\":\"a\""), {.type = MCU_ROOM_LOWER, .site = "a"}},
      {COMMAND("queue", ",\"site\":\"a\",\"to\":3"), {.type = MCU_ROOM_QUEUE, .site = "a", .number = 3}},
      {COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":86400"),
       {.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE, .number = 86400}},
      {COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":0"),
       {.type = MCU_ROOM_FLOOR, .site = "a", .on = TRUE}},
      {COMMAND("floor", ",\"site\":\"a\",\"on\":false"), {.type = MCU_ROOM_FLOOR, .site = "a"}},
      {COMMAND("policy", ",\"mic\":\"open\""), {.type = MCU_ROOM_POLICY, .on = TRUE, .number = MCU_MIC_OPEN}},
      {COMMAND("policy", ",\"mic\":\"permission\",\"selfUnmute\":true"),
       {.type = MCU_ROOM_POLICY, .on = TRUE, .number = MCU_MIC_PERMISSION}},
      {COMMAND("policy", ",\"mic\":\"chair\",\"selfUnmute\":false"),
       {.type = MCU_ROOM_POLICY, .number = MCU_MIC_CHAIR}},
      {COMMAND("silence", ",\"site\":\"a\",\"on\":true"), {.type = MCU_ROOM_SILENCE, .site = "a", .on = TRUE}},
      {COMMAND("silence-all", ",\"on\":true"), {.type = MCU_ROOM_SILENCE_ALL, .on = TRUE}},
      {COMMAND("silence-all", ",\"on\":false,\"except\":[]"), {.type = MCU_ROOM_SILENCE_ALL, .text = ""}},
      {COMMAND("silence-all", ",\"on\":true,\"except\":[\"a\",\"b.c\"]"),
       {.type = MCU_ROOM_SILENCE_ALL, .on = TRUE, .text = "a b.c"}},
      {COMMAND("consent", ",\"on\":true"), {.type = MCU_ROOM_CONSENT, .on = TRUE}},
      {COMMAND("lock", ",\"on\":true"), {.type = MCU_ROOM_LOCK, .on = TRUE}},
      {COMMAND("admit", ",\"site\":\"a\",\"on\":true"), {.type = MCU_ROOM_ADMIT, .site = "a", .on = TRUE}},
      {COMMAND("remove", ",\"site\":\"a\",\"keepOut\":true"), {.type = MCU_ROOM_REMOVE, .site = "a", .on = TRUE}},
      {COMMAND("remove", ",\"site\":\"a\",\"keepOut\":false,\"on\":true"), {.type = MCU_ROOM_REMOVE, .site = "a"}},
      {COMMAND("let-in", ",\"site\":\"a\""), {.type = MCU_ROOM_LET_IN, .site = "a"}},
      {COMMAND("role", ",\"site\":\"a\",\"role\":\"operator\""),
       {.type = MCU_ROOM_ROLE, .site = "a", .role = MCU_ROLE_OPERATOR}},
      {COMMAND("hand-over", ",\"site\":\"a\""), {.type = MCU_ROOM_HAND_OVER, .site = "a"}},
      {COMMAND("show", SCENE("")), {.type = MCU_ROOM_SHOW, .text = "1+7"}},
      {COMMAND("show", SCENE(",\"letterbox\":true,\"labels\":false,\"border\":false,\"unknown\":[{}]")),
       {.type = MCU_ROOM_SHOW, .text = "1+7;letterbox;nolabels;noborder"}},
      {COMMAND("preview", SCENE(",\"letterbox\":false,\"labels\":true,\"border\":true,\"panes\":[]")),
       {.type = MCU_ROOM_PREVIEW, .text = "1+7"}},
      {COMMAND("preview",
               SCENE(",\"panes\":[\"floor\",\"auto\",\"site:lung-cu\",\"roll:10\",\"loudest:3\",\"previous\","
                     "\"chair\",\"nothing\"]")),
       {.type = MCU_ROOM_PREVIEW, .text = "1+7|floor,auto,site:lung-cu,roll:10,loudest:3,previous,chair,nothing"}},
      {COMMAND("take", ""), {.type = MCU_ROOM_TAKE}},
      {COMMAND("undo", ""), {.type = MCU_ROOM_UNDO}},
      {COMMAND("scene-save", ",\"name\":\"Mở đầu\""), {.type = MCU_ROOM_SAVE_SCENE, .name = "Mở đầu"}},
      {COMMAND("scene-save", ",\"name\":\"n\"" SCENE("")), {.type = MCU_ROOM_SAVE_SCENE, .name = "n", .text = "1+7"}},
      {COMMAND("scene-drop", ",\"name\":\"n\""), {.type = MCU_ROOM_DROP_SCENE, .name = "n"}},
      {COMMAND("layout-lock", ",\"on\":true"), {.type = MCU_ROOM_LOCK_LAYOUT, .on = TRUE}},
      {COMMAND("banner", ",\"text\":\"\""), {.type = MCU_ROOM_BANNER, .text = ""}},
      {COMMAND("tour", ",\"seconds\":3600"), {.type = MCU_ROOM_TOUR, .number = 3600}},
      {COMMAND("end", ""), {.type = MCU_ROOM_END}},
      {COMMAND("record", ",\"on\":false"), {.type = MCU_ROOM_RECORD}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    assert_command(table[i].text, &table[i].is);
}

/* As names of tokens: one form, and nothing that hides or turns what stands beside it. */
static void
test_texts_are_cleaned(void)
{
  assert_command(COMMAND("banner", ",\"text\":\"Xa\xcc\x83 \\u202eĐồng\\u2066 \\u0007Văn\\n\""),
                 &(McuRoomCommand){.type = MCU_ROOM_BANNER, .text = "Xã Đồng Văn"});
  assert_command(COMMAND("scene-save", ",\"name\":\" \\u200fa\\u2028b \""),
                 &(McuRoomCommand){.type = MCU_ROOM_SAVE_SCENE, .name = "ab"});
  assert_command(COMMAND("banner", ",\"text\":\"\\u202e\\u0001\""),
                 &(McuRoomCommand){.type = MCU_ROOM_BANNER, .text = ""});
}

static char *
filled(const char *before, const char *unit, guint n, const char *after)
{
  GString *text = g_string_new(before);
  for (guint i = 0; i < n; i++)
    g_string_append(text, unit);
  return g_string_free(g_string_append(text, after), FALSE);
}

/* Limits are of characters, whatever bytes they have, and after cleaning. */
static void
test_limits_of_texts(void)
{
  static const struct {
    const char *before;
    guint max;
  } table[] = {
      {"{\"v\":1,\"id\":5,\"type\":\"banner\",\"text\":\"", MCU_BANNER_MAX_CHARS},
      {"{\"v\":1,\"id\":5,\"type\":\"scene-save\",\"name\":\"", MCU_NAME_MAX_CHARS},
      {"{\"v\":1,\"id\":5,\"type\":\"scene-drop\",\"name\":\"", MCU_NAME_MAX_CHARS},
  };
  static const char *const units[] = {"x", "ế", "\xf0\x9f\x8e\xa5", "e\xcc\x82\xcc\x81", "x\\u202e"};
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    for (guint unit = 0; unit < G_N_ELEMENTS(units); unit++) {
      McuMessage m;
      guint32 id;
      g_autofree char *fits = filled(table[i].before, units[unit], table[i].max, "\"}");
      g_autofree char *over = filled(table[i].before, units[unit], table[i].max + 1, "\"}");
      g_test_message("%s", fits);
      g_assert_true(parse(fits, strlen(fits), &m, &id, NULL));
      const char *text = m.command.name != NULL ? m.command.name : m.command.text;
      g_assert_cmpint(g_utf8_strlen(text, -1), ==, table[i].max);
      mcu_message_clear(&m);
      assert_refused(over, strlen(over), MCU_ERROR_TOO_LARGE);
    }
  }
}

static void
test_limits_of_lists(void)
{
  static const char head[] = "{\"v\":1,\"id\":5,\"type\":\"silence-all\",\"on\":true,\"except\":[\"a\"";
  static const char scene[] = "{\"v\":1,\"id\":5,\"type\":\"show\",\"scene\":{\"layout\":\"l\",\"panes\":[\"auto\"";
  g_autofree char *id_64 = g_strnfill(MCU_ID_MAX_BYTES, 'x');
  g_autofree char *one = g_strdup_printf(",\"%s\"", id_64);
  g_autofree char *site = g_strdup_printf(",\"site:%s\"", id_64);
  g_autofree char *ids_256 = filled(head, one, 255, "]}");
  g_autofree char *ids_257 = filled(head, one, 256, "]}");
  g_autofree char *panes_64 = filled(scene, site, 63, "]}}");
  g_autofree char *panes_65 = filled(scene, site, 64, "]}}");
  McuMessage m;
  guint32 id;
  g_assert_true(parse(ids_256, strlen(ids_256), &m, &id, NULL));
  g_assert_cmpuint(strlen(m.command.text), ==, 1 + 255 * (1 + MCU_ID_MAX_BYTES));
  mcu_message_clear(&m);
  assert_refused(ids_257, strlen(ids_257), MCU_ERROR_BAD_MESSAGE);
  g_assert_true(parse(panes_64, strlen(panes_64), &m, &id, NULL));
  McuSceneSpec spec;
  g_assert_true(mcu_scene_spec_parse(m.command.text, &spec, NULL)); /* the room takes what was let in here */
  g_assert_cmpuint(spec.n_panes, ==, 64);
  mcu_message_clear(&m);
  assert_refused(panes_65, strlen(panes_65), MCU_ERROR_BAD_MESSAGE);
}

/* All by the error that it has been read and is no good, and with the request's id. */
static void
test_commands_refused(void)
{
  static const char *const table[] = {
      COMMAND("hand", ""),
      COMMAND("hand", ",\"on\":null"),
      COMMAND("hand", ",\"on\":1"),
      COMMAND("lower", ",\"site\":\"\""),
      COMMAND("lower", ",\"site\":7"),
      COMMAND("lower", ",\"site\":\"..\""),
      COMMAND("lower", ",\"site\":\"a/b\""),
      COMMAND("lower", ",\"site\":\"a\\u0000b\""),
      COMMAND("lower", ",\"site\":\"xã\""),
      COMMAND("lower", ",\"site\":\"0123456789012345678901234567890123456789012345678901234567890123x\""),
      COMMAND("queue", ",\"site\":\"a\""),
      COMMAND("queue", ",\"site\":\"a\",\"to\":-1"),
      COMMAND("queue", ",\"site\":\"a\",\"to\":1.0"),
      COMMAND("queue", ",\"site\":\"a\",\"to\":\"1\""),
      COMMAND("queue", ",\"site\":\"a\",\"to\":9223372036854775807"),
      COMMAND("queue", ",\"site\":\"a\",\"to\":9223372036854775808"),
      COMMAND("floor", ",\"on\":true"),
      COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":86401"),
      COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":null"),
      COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":-9223372036854775808"),
      COMMAND("policy", ",\"mic\":\"OPEN\""),
      COMMAND("policy", ",\"mic\":0"),
      COMMAND("policy", ",\"selfUnmute\":true"),
      COMMAND("policy", ",\"mic\":\"open\",\"selfUnmute\":1"),
      COMMAND("silence", ",\"on\":true"),
      COMMAND("silence-all", ",\"except\":[]"),
      COMMAND("silence-all", ",\"on\":true,\"except\":\"a\""),
      COMMAND("silence-all", ",\"on\":true,\"except\":{\"0\":\"a\"}"),
      COMMAND("silence-all", ",\"on\":true,\"except\":[\"a\",null]"),
      COMMAND("silence-all", ",\"on\":true,\"except\":[\"a b\"]"),
      COMMAND("silence-all", ",\"on\":true,\"except\":null"),
      COMMAND("remove", ",\"site\":\"a\""),
      COMMAND("remove", ",\"site\":\"a\",\"on\":true"),
      COMMAND("role", ",\"site\":\"a\",\"role\":\"admin\""),
      COMMAND("role", ",\"site\":\"a\",\"role\":3"),
      COMMAND("role", ",\"site\":\"a\""),
      COMMAND("show", ""),
      COMMAND("show", ",\"scene\":null"),
      COMMAND("show", ",\"scene\":\"1+7\""),
      COMMAND("show", ",\"scene\":[]"),
      COMMAND("show", ",\"scene\":{}"),
      COMMAND("show", ",\"scene\":{\"layout\":\"\"}"),
      COMMAND("show", ",\"scene\":{\"layout\":\"1+7;letterbox\"}"),
      COMMAND("show", ",\"scene\":{\"layout\":\"a|auto\"}"),
      COMMAND("show", ",\"scene\":{\"layout\":\"../secret\"}"),
      COMMAND("show", ",\"scene\":{\"layout\":\"abcdefghijklmnopqrstuvwxyz1234567\"}"),
      COMMAND("show", SCENE(",\"letterbox\":\"yes\"")),
      COMMAND("show", SCENE(",\"labels\":null")),
      COMMAND("show", SCENE(",\"border\":0")),
      COMMAND("show", SCENE(",\"panes\":\"auto\"")),
      COMMAND("show", SCENE(",\"panes\":[null]")),
      COMMAND("show", SCENE(",\"panes\":[\"\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"auto,auto\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"auto:1\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"site\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"site:\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"site:a,b\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"roll\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"roll:1\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"roll:3601\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"roll:+5\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"loudest:-1\"]")),
      COMMAND("show", SCENE(",\"panes\":[\"%s%n\"]")),
      COMMAND("scene-save", ""),
      COMMAND("scene-save", ",\"name\":null"),
      COMMAND("scene-save", ",\"name\":\"n\",\"scene\":null"),
      COMMAND("scene-drop", ",\"name\":[\"n\"]"),
      COMMAND("layout-lock", ",\"on\":\"true\""),
      COMMAND("banner", ""),
      COMMAND("banner", ",\"text\":null"),
      COMMAND("banner", ",\"text\":\"a\\u0000b\""),
      COMMAND("banner", ",\"text\":\"\\ud800\""),
      COMMAND("banner", ",\"text\":\"\xff\""),
      COMMAND("tour", ""),
      COMMAND("tour", ",\"seconds\":3601"),
      COMMAND("tour", ",\"seconds\":true"),
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *shown = g_utf8_make_valid(table[i], -1); /* TAP is UTF-8 */
    g_test_message("%s", shown);
    assert_refused(table[i], strlen(table[i]), MCU_ERROR_BAD_MESSAGE);
  }
  /* What the bridge alone may do, and what is no word of the protocol though the room has it. */
  static const char *const words[] = {"leaves", "lost",   "back",     "expire", "speak", "yield",
                                      "make",   "invite", "uninvite", "plan",   "Hand",  "hand "};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autofree char *text =
        g_strdup_printf("{\"v\":1,\"id\":5,\"type\":\"%s\",\"site\":\"a\",\"on\":true,\"name\":\"n\"}", words[i]);
    assert_refused(text, strlen(text), MCU_ERROR_UNKNOWN_TYPE);
  }
}

/* Damaged in every way that one byte allows: refused or read, never more. */
static void
damage(const char *good, GRand *random)
{
  gint length = (gint)strlen(good);
  for (guint i = 0; i < 20000; i++) {
    g_autofree char *bad = g_strdup(good);
    gsize size = (gsize)g_rand_int_range(random, 0, length + 1);
    for (guint hits = 0; hits < 3; hits++)
      bad[g_rand_int_range(random, 0, length)] = (char)g_rand_int_range(random, 0, 256);
    McuMessage message;
    guint32 id;
    g_autoptr(GError) error = NULL;
    if (parse(bad, size, &message, &id, &error))
      mcu_message_clear(&message);
    else
      g_assert_nonnull(error);
  }
}

static void
test_damaged(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(21);
  damage(COMMAND("scene-save", ",\"name\":\"Mở\\u202e\"" SCENE(",\"labels\":false,\"panes\":[\"site:a\",\"roll:10\"]")),
         random);
  damage(COMMAND("silence-all", ",\"on\":true,\"except\":[\"a\",\"b\"]"), random);
  damage(COMMAND("floor", ",\"site\":\"a\",\"on\":true,\"seconds\":120"), random);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/message-command/commands", test_commands);
  g_test_add_func("/message-command/texts-are-cleaned", test_texts_are_cleaned);
  g_test_add_func("/message-command/limits-of-texts", test_limits_of_texts);
  g_test_add_func("/message-command/limits-of-lists", test_limits_of_lists);
  g_test_add_func("/message-command/refused", test_commands_refused);
  g_test_add_func("/message-command/damaged", test_damaged);
  return g_test_run();
}
