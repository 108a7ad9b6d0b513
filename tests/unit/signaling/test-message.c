/* Messages: every example of a client in tests/messages is read, every invalid one is refused, and
 * what is built conforms to docs/schema (check-messages.py runs this with --write DIR). */
#include <string.h>

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

static void
test_members(void)
{
  McuMessage m;
  guint32 id;
#define PARSE(text) g_assert_true(parse(text, strlen(text), &m, &id, NULL))
  PARSE("{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"a.b.c\",\"mic\":true,\"camera\":false}");
  g_assert_cmpint(m.type, ==, MCU_MESSAGE_JOIN);
  g_assert_cmpuint(m.id, ==, 1);
  g_assert_cmpstr(m.join.token, ==, "a.b.c");
  g_assert_cmpint(m.join.mic, ==, MCU_SWITCH_ON);
  g_assert_cmpint(m.join.camera, ==, MCU_SWITCH_OFF);
  mcu_message_clear(&m);
  PARSE("{\"v\":1,\"type\":\"join\",\"id\":2147483647,\"token\":\"\"}");
  g_assert_cmpuint(m.id, ==, 2147483647);
  g_assert_cmpint(m.join.mic, ==, MCU_SWITCH_UNSET);
  mcu_message_clear(&m);
  PARSE(" {\"sdp\":\"v=0\\r\\n\",\"id\":2,\"type\":\"offer\",\"v\":1} ");
  g_assert_cmpstr(m.offer.sdp, ==, "v=0\r\n");
  mcu_message_clear(&m);
  PARSE("{\"v\":1,\"type\":\"candidate\",\"id\":3,\"candidate\":\"\"}");
  g_assert_cmpstr(m.candidate.candidate, ==, "");
  mcu_message_clear(&m);
  PARSE("{\"v\":1,\"type\":\"media\",\"id\":3,\"camera\":true}");
  g_assert_cmpint(m.media.mic, ==, MCU_SWITCH_UNSET);
  g_assert_cmpint(m.media.camera, ==, MCU_SWITCH_ON);
  PARSE("{\"v\":1,\"type\":\"record\",\"id\":3,\"on\":true}");
  g_assert_cmpint(m.type, ==, MCU_MESSAGE_COMMAND);
  g_assert_cmpint(m.command.room.type, ==, MCU_ROOM_RECORD);
  g_assert_true(m.command.room.on);
  PARSE("{\"v\":1,\"type\":\"watch\",\"id\":3,\"view\":\"programme\"}");
  g_assert_cmpint(m.watch.view, ==, MCU_VIEW_PROGRAMME);
  g_assert_cmpint(m.watch.rung, ==, MCU_RUNG_720);
  PARSE("{\"v\":1,\"type\":\"watch\",\"id\":3,\"view\":\"wall\"}");
  g_assert_cmpint(m.watch.view, ==, MCU_VIEW_WALL);
  g_assert_cmpint(m.watch.rung, ==, MCU_RUNG_1080);
  PARSE("{\"v\":1,\"type\":\"watch\",\"id\":3,\"view\":\"wall\",\"height\":180}");
  g_assert_cmpint(m.watch.rung, ==, MCU_RUNG_180);
  PARSE("{\"v\":1,\"type\":\"floor\",\"id\":3,\"site\":\"xa-1\",\"on\":true}");
  g_assert_cmpstr(m.command.room.site, ==, "xa-1");
  g_assert_true(m.command.room.on);
  mcu_message_clear(&m);
  PARSE("{\"v\":1,\"type\":\"leave\",\"id\":4,\"unknown\":{\"a\":[1,2.5,null]}}");
  g_assert_cmpint(m.type, ==, MCU_MESSAGE_LEAVE);
#undef PARSE
}

static void
test_join_members(void)
{
  McuMessage m;
  guint32 id;
#define PARSE(more)                                                                                                    \
  static const char text[] = "{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"a\"" more "}";                           \
  g_assert_true(parse(text, strlen(text), &m, &id, NULL))
  {
    PARSE("");
    g_assert_null(m.join.meeting);
    g_assert_null(m.join.client);
    g_assert_false(m.join.replace);
    g_assert_cmpint(m.join.screen, ==, MCU_SCREEN_NONE);
    mcu_message_clear(&m);
  }
  {
    PARSE(",\"meeting\":\"m-1\",\"client\":\"c_2.x\",\"replace\":true,\"screen\":\"wall\"");
    g_assert_cmpstr(m.join.meeting, ==, "m-1");
    g_assert_cmpstr(m.join.client, ==, "c_2.x");
    g_assert_true(m.join.replace);
    g_assert_cmpint(m.join.screen, ==, MCU_SCREEN_WALL);
    mcu_message_clear(&m);
  }
  {
    PARSE(",\"screen\":\"preview\",\"replace\":false");
    g_assert_cmpint(m.join.screen, ==, MCU_SCREEN_PREVIEW);
    g_assert_false(m.join.replace);
    mcu_message_clear(&m);
  }
#undef PARSE
}

static void
test_refused(void)
{
  static const struct {
    const char *text;
    McuError code;
    guint32 id; /* that the error answers to */
  } table[] = {
      {"", MCU_ERROR_BAD_MESSAGE, 0},
      {"{", MCU_ERROR_BAD_MESSAGE, 0},
      {"null", MCU_ERROR_BAD_MESSAGE, 0},
      {"\"x\"", MCU_ERROR_BAD_MESSAGE, 0},
      {"{}", MCU_ERROR_BAD_MESSAGE, 0},
      {"{\"v\":1,\"type\":\"ping\",\"id\":1,\"id\":1}", MCU_ERROR_BAD_MESSAGE, 0},
      {"{\"type\":\"ping\",\"id\":5}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":true,\"type\":\"ping\",\"id\":5}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1.0,\"type\":\"ping\",\"id\":5}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":2,\"type\":\"ping\",\"id\":5}", MCU_ERROR_BAD_VERSION, 5},
      {"{\"v\":0,\"type\":\"ping\",\"id\":5}", MCU_ERROR_BAD_VERSION, 5},
      {"{\"v\":1,\"type\":\"ping\"}", MCU_ERROR_BAD_MESSAGE, 0},
      {"{\"v\":1,\"type\":\"ping\",\"id\":-9223372036854775808}", MCU_ERROR_BAD_MESSAGE, 0},
      {"{\"v\":1,\"type\":\"ping\",\"id\":2147483648}", MCU_ERROR_BAD_MESSAGE, 0},
      {"{\"v\":1,\"type\":\"PING\",\"id\":5}", MCU_ERROR_UNKNOWN_TYPE, 5},
      {"{\"v\":1,\"type\":\"\",\"id\":5}", MCU_ERROR_UNKNOWN_TYPE, 5},
      {"{\"v\":1,\"type\":null,\"id\":5}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":null}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"camera\":null}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"media\",\"id\":5}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"record\",\"id\":5,\"on\":\"yes\"}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"watch\",\"id\":5,\"view\":\"wall\",\"height\":240}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"watch\",\"id\":5,\"view\":\"wall\",\"height\":720.0}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"floor\",\"id\":5,\"site\":\"a b\",\"on\":true}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"meeting\":\"a/b\"}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"client\":\"\"}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"client\":null}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"replace\":\"yes\"}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"screen\":\"programme\"}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"join\",\"id\":5,\"token\":\"a\",\"screen\":null}", MCU_ERROR_BAD_MESSAGE, 5},
      {"{\"v\":1,\"type\":\"watch\",\"id\":5,\"view\":\"speaker\"}", MCU_ERROR_BAD_MESSAGE, 5},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    McuMessage message = {.type = MCU_MESSAGE_PING, .id = 77};
    guint32 id = 99;
    g_autoptr(GError) error = NULL;
    g_test_message("%s", table[i].text);
    g_assert_false(parse(table[i].text, strlen(table[i].text), &message, &id, &error));
    g_assert_error(error, MCU_ERROR, (gint)table[i].code);
    g_assert_cmpuint(id, ==, table[i].id);
    g_assert_cmpuint(message.id, ==, 77); /* written only on success */
  }
}

/* `n` brackets inside of one object, closed or not. */
static char *
nested(guint n, char open, const char *inner, char close)
{
  GString *text = g_string_new("{\"v\":1,\"type\":\"ping\",\"id\":1,\"x\":");
  for (guint i = 0; i < n; i++)
    g_string_append(text, open == '[' ? "[" : "{\"a\":");
  g_string_append(text, inner);
  for (guint i = 0; i < n && close != 0; i++)
    g_string_append_c(text, close);
  g_string_append_c(text, '}');
  return g_string_free(text, FALSE);
}

static void
test_depth(void)
{
  g_autofree char *lists_32 = nested(MCU_MESSAGE_MAX_DEPTH - 1, '[', "", ']');
  g_autofree char *lists_33 = nested(MCU_MESSAGE_MAX_DEPTH, '[', "", ']');
  g_autofree char *objects_32 = nested(MCU_MESSAGE_MAX_DEPTH - 1, '{', "1", '}');
  g_autofree char *objects_33 = nested(MCU_MESSAGE_MAX_DEPTH, '{', "1", '}');
  g_autofree char *many = nested(60000, '[', "", 0);
  g_autofree char *most = nested(100000, '[', "", ']');
  McuMessage m;
  guint32 id;
  g_assert_true(parse(lists_32, strlen(lists_32), &m, &id, NULL));
  g_assert_true(parse(objects_32, strlen(objects_32), &m, &id, NULL));
  assert_refused(lists_33, strlen(lists_33), MCU_ERROR_TOO_LARGE);
  assert_refused(objects_33, strlen(objects_33), MCU_ERROR_TOO_LARGE);
  assert_refused(many, strlen(many), MCU_ERROR_TOO_LARGE);
  assert_refused(most, strlen(most), MCU_ERROR_TOO_LARGE);
  /* Brackets in strings are no depth. */
  g_autofree char *brackets = g_strnfill(40000, '[');
  g_autofree char *text = g_strdup_printf("{\"v\":1,\"type\":\"ping\",\"id\":1,\"x\":\"\\\"%s\\\\\"}", brackets);
  g_assert_true(parse(text, strlen(text), &m, &id, NULL));
}

static void
test_size(void)
{
  static const char head[] = "{\"v\":1,\"type\":\"ping\",\"id\":1,\"x\":\"";
  gsize room = MCU_MESSAGE_MAX_BYTES - strlen(head) - 2;
  g_autofree char *filling = g_strnfill(room, 'x');
  g_autofree char *fits = g_strconcat(head, filling, "\"}", NULL);
  g_autofree char *over = g_strconcat(head, filling, "x\"}", NULL);
  McuMessage m;
  guint32 id;
  g_assert_cmpuint(strlen(fits), ==, MCU_MESSAGE_MAX_BYTES);
  g_assert_true(parse(fits, strlen(fits), &m, &id, NULL));
  assert_refused(over, strlen(over), MCU_ERROR_TOO_LARGE);
  g_autofree char *token = g_strnfill(4097, 'x');
  g_autofree char *join = g_strdup_printf("{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"%s\"}", token);
  assert_refused(join, strlen(join), MCU_ERROR_TOO_LARGE);
}

/* Damaged in every way that one byte allows: refused or read, never more. */
static void
test_damaged(void)
{
  static const char good[] = "{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"a.b\\u00e9\",\"mic\":true}";
  g_autoptr(GRand) random = g_rand_new_with_seed(21);
  for (guint i = 0; i < 20000; i++) {
    g_autofree char *bad = g_strdup(good);
    gsize size = (gsize)g_rand_int_range(random, 0, sizeof good);
    for (guint hits = 0; hits < 3; hits++)
      bad[g_rand_int_range(random, 0, sizeof good - 1)] = (char)g_rand_int_range(random, 0, 256);
    McuMessage message;
    guint32 id;
    g_autoptr(GError) error = NULL;
    if (parse(bad, size, &message, &id, &error))
      mcu_message_clear(&message);
    else
      g_assert_nonnull(error);
  }
}

/* --- the examples shared with the pages' tests --- */

static const char *const of_bridge[] = {"joined-",  "answer-", "ok-",      "pong-",       "error-",  "sites-",
                                        "picture-", "line-",   "lines-",   "connection-", "closed-", "recording-",
                                        "state-",   "desk-",   "waiting-", "work-",       "said-",   "ballot-"};

static gboolean
is_of_client(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(of_bridge); i++)
    if (g_str_has_prefix(name, of_bridge[i]))
      return FALSE;
  return TRUE;
}

static void
for_examples(const char *folder, void (*check)(const char *name, const char *text, gsize size), guint at_least)
{
  g_autofree char *path = g_test_build_filename(G_TEST_DIST, folder, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
  g_assert_no_error(error);
  guint n = 0;
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_autofree char *text = NULL;
    gsize size;
    if (!g_str_has_suffix(name, ".txt") && !(g_str_has_suffix(name, ".json") && is_of_client(name)))
      continue;
    g_assert_true(g_file_get_contents(file, &text, &size, &error));
    g_test_message("%s", name);
    check(name, text, size);
    n++;
  }
  g_assert_cmpuint(n, >=, at_least);
}

static void
check_valid(const char *name, const char *text, gsize size)
{
  McuMessage message;
  guint32 id;
  g_autoptr(GError) error = NULL;
  parse(text, size, &message, &id, &error);
  g_assert_no_error(error);
  /* "calls" has a command for each of its verbs. */
  if (message.type == MCU_MESSAGE_COMMAND && !g_str_has_prefix(name, "calls-"))
    g_assert_true(g_str_has_prefix(name, mcu_rights_word(message.command.room.type)));
  mcu_message_clear(&message);
}

static void
check_invalid(const char *name G_GNUC_UNUSED, const char *text, gsize size)
{
  McuMessage message;
  guint32 id;
  g_autoptr(GError) error = NULL;
  g_assert_false(parse(text, size, &message, &id, &error));
  g_assert_true(error->domain == MCU_ERROR);
}

static void
test_examples(void)
{
  for_examples("messages", check_valid, 38);
  for_examples("messages/invalid", check_invalid, 50);
}

/* --- what the bridge says --- */

static void
write_one(const char *dir, const char *name, char *text)
{
  g_autofree char *path = g_strdup_printf("%s/%s.json", dir, name);
  g_autofree char *owned = text;
  g_assert_true(g_file_set_contents(path, owned, -1, NULL));
}

static void
write_numbered(const char *dir, const char *type, gint code, char *text)
{
  g_autofree char *name = g_strdup_printf("%s-code-%d", type, code);
  write_one(dir, name, text);
}

#define SOME_SITES                                                                                                        \
  "[{\"id\":\"tinh\",\"name\":\"UBND tỉnh Hà Giang\",\"role\":\"chair\",\"present\":true,\"lost\":false,\"mic\":true," \
  "\"camera\":true,\"floor\":false,\"silenced\":false,\"consent\":false}]"
#define SOME_STATE                                                                                                     \
  "{\"policy\":\"open\",\"selfUnmute\":true,\"locked\":false,\"banner\":\"\",\"chair\":null,\"floor\":null,\"queue\":" \
  "[],"                                                                                                                \
  "\"tour\":0}"

#define SOME_DESK                                                                                                      \
  "{\"programme\":{\"layout\":\"auto\",\"letterbox\":false,\"labels\":true,\"border\":true,\"panes\":[]},\"preview\":" \
  "null,"                                                                                                              \
  "\"canUndo\":false,\"layoutLocked\":false,\"scenes\":[],\"lobby\":[],\"keptOut\":[],\"shown\":[]}"

static int
write_messages(const char *dir)
{
  McuJoinedInfo joined = {.meeting = "m1",
                          .meeting_title = "Giao ban tháng 11",
                          .site = "xa-1",
                          .site_name = "Xã Đồng Văn",
                          .role = MCU_ROLE_SITE,
                          .sites = SOME_SITES,
                          .state = SOME_STATE,
                          .now_ms = G_GINT64_CONSTANT(1795000000000)};
  McuLineInfo line = {.loss_permille = 12, .rtt_ms = 34, .quality = 2};
  McuLineInfo wild = {.loss_permille = 5000, .rtt_ms = G_MAXUINT, .quality = 9};
  write_one(dir, "joined-1", mcu_message_joined(1, &joined));
  joined.recording = TRUE;
  joined.sites = "[]";
  joined.site_name = "bad \xff utf-8";
  write_one(dir, "joined-2", mcu_message_joined(G_MAXINT32, &joined));
  joined.desk = SOME_DESK;
  for (gint role = 0; role < MCU_N_ROLES; role++) {
    joined.role = (McuRole)role;
    write_numbered(dir, "joined", role, mcu_message_joined(1, &joined));
  }
  write_one(dir, "answer-1", mcu_message_answer(2, "v=0\r\n"));
  write_one(dir, "waiting-1", mcu_message_waiting(9));
  write_one(dir, "ok-1", mcu_message_ok(3));
  write_one(dir, "pong-1", mcu_message_pong(4, 0));
  write_one(dir, "picture-1", mcu_message_picture(&(McuPicture){320, 180, 15, 150}));
  write_one(dir, "picture-2", mcu_message_picture(&(McuPicture){0}));
  write_one(dir, "recording-1", mcu_message_recording(TRUE, NULL));
  write_one(dir, "line-1", mcu_message_line(&line));
  write_one(dir, "line-2", mcu_message_line(&wild));
  write_one(dir, "connection-1", mcu_message_connection(TRUE, NULL));
  write_one(dir, "connection-2", mcu_message_connection(FALSE, NULL));
  write_one(dir, "closed-1", mcu_message_closed(NULL));
  for (gint code = 0; code < MCU_N_ERRORS; code++) {
    g_autoptr(GError) error = g_error_new(MCU_ERROR, code, "said \"%s\"", "\xc3\x28");
    write_numbered(dir, "error", code, mcu_message_error((guint32)code, error)); /* 0: without id */
    write_numbered(dir, "recording", code, mcu_message_recording(FALSE, error));
    write_numbered(dir, "connection", code, mcu_message_connection(FALSE, error));
    write_numbered(dir, "closed", code, mcu_message_closed(error));
  }
  g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_ACCES, "not of our domain");
  write_one(dir, "error-foreign", mcu_message_error(1, foreign));
  return 0;
}

static void
test_built(void)
{
  g_autofree char *ok = mcu_message_ok(7);
  g_assert_cmpstr(ok, ==, "{\"v\":1,\"type\":\"ok\",\"id\":7}");
  McuJoinedInfo joined = {.meeting = "m1",
                          .meeting_title = "50 % \"Đồng Văn\" </script>\n",
                          .site = "a",
                          .site_name = "A",
                          .sites = SOME_SITES,
                          .state = SOME_STATE,
                          .now_ms = 5};
  g_autofree char *text = mcu_message_joined(1, &joined);
  g_assert_nonnull(strstr(text, "\"title\":\"50 % \\\"Đồng Văn\\\" </script>\\n\""));
  g_assert_true(g_str_has_suffix(text, ",\"now\":5,\"sites\":" SOME_SITES ",\"state\":" SOME_STATE "}"));
  joined.desk = SOME_DESK;
  g_autofree char *at_desk = mcu_message_joined(1, &joined);
  g_assert_true(g_str_has_suffix(at_desk, ",\"state\":" SOME_STATE ",\"desk\":" SOME_DESK "}"));
  g_autofree char *waiting = mcu_message_waiting(7);
  g_assert_cmpstr(waiting, ==, "{\"v\":1,\"type\":\"waiting\",\"id\":7}");
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "--write") == 0)
    return write_messages(argv[2]);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/message/members", test_members);
  g_test_add_func("/message/join-members", test_join_members);
  g_test_add_func("/message/refused", test_refused);
  g_test_add_func("/message/depth", test_depth);
  g_test_add_func("/message/size", test_size);
  g_test_add_func("/message/damaged", test_damaged);
  g_test_add_func("/message/examples", test_examples);
  g_test_add_func("/message/built", test_built);
  return g_test_run();
}
