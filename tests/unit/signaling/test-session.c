/* Sessions against a fake bridge, in virtual time. What a session says is kept as one line per
 * message, "TYPE id CODE". */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "mcu/signaling/session.h"
#include "tests/fakes/fake-bridge.h"

#define START_US (1000 * G_USEC_PER_SEC)
#define WALL_S 1800000000

typedef struct {
  gint64 now_us;
  McuClock clock, wall;
  McuBridge *bridge;
  McuTokenKey *key;
  McuSession *session;
  GString *said;
  GBytes *last; /* that was sent; NULL: none was */
  guint close_code;
  guint deadlines;
} Fixture;

static gint64
read_clock(gpointer user_data)
{
  return ((Fixture *)user_data)->now_us;
}

static gint64
read_wall(gpointer user_data)
{
  return (gint64)WALL_S * G_USEC_PER_SEC + ((Fixture *)user_data)->now_us - START_US;
}

static void
on_send(McuSession *session G_GNUC_UNUSED, GBytes *text, gpointer user_data)
{
  Fixture *f = user_data;
  json_t *tree = json_loadb(g_bytes_get_data(text, NULL), g_bytes_get_size(text), JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull(tree);
  g_assert_cmpuint(f->close_code, ==, 0); /* nothing is said after the close */
  json_t *id = json_object_get(tree, "id");
  const char *code = json_string_value(json_object_get(tree, "code"));
  g_string_append(f->said, json_string_value(json_object_get(tree, "type")));
  if (id != NULL)
    g_string_append_printf(f->said, " %d", (int)json_integer_value(id));
  if (code != NULL)
    g_string_append_printf(f->said, " %s", code);
  g_string_append_c(f->said, '\n');
  json_decref(tree);
  g_bytes_ref(text);
  g_clear_pointer(&f->last, g_bytes_unref);
  f->last = text;
}

static void
on_close(McuSession *session G_GNUC_UNUSED, guint code, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_cmpuint(f->close_code, ==, 0); /* once */
  f->close_code = code;
}

static void
on_deadline_changed(McuSession *session G_GNUC_UNUSED, gpointer user_data)
{
  ((Fixture *)user_data)->deadlines++;
}

static const McuSessionOutput output = {.send = on_send, .close = on_close, .deadline_changed = on_deadline_changed};

static McuSession *
new_session(Fixture *f)
{
  McuSessionConfig config = {.bridge = f->bridge, .token_key = f->key, .clock = &f->clock, .wall = &f->wall};
  return mcu_session_new(&config, &output, f);
}

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *folder = g_dir_make_tmp("diemcau-session-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "token.key", NULL);
  f->now_us = START_US;
  f->clock = (McuClock){read_clock, f};
  f->wall = (McuClock){read_wall, f};
  f->bridge = fake_bridge_new();
  f->key = mcu_token_key_load(path, TRUE, NULL);
  f->said = g_string_new(NULL);
  f->session = new_session(f);
  g_assert_nonnull(f->key);
  g_unlink(path);
  g_rmdir(folder);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_session_free(f->session);
  mcu_bridge_free(f->bridge);
  mcu_token_key_free(f->key);
  g_string_free(f->said, TRUE);
  g_clear_pointer(&f->last, g_bytes_unref);
}

static void
receive(Fixture *f, const char *text)
{
  mcu_session_receive(f->session, text, strlen(text));
}

/* With members beside the usual ones. */
static void
ask_with(Fixture *f, const McuGrant *grant, const char *more)
{
  g_autofree char *token = mcu_token_sign(f->key, grant, NULL);
  g_autofree char *text = g_strdup_printf("{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"%s\"%s}", token, more);
  g_assert_nonnull(token);
  receive(f, text);
}

/* Says so, and has not its turn yet. */
static void
ask_to_join(Fixture *f, const char *site, McuRole role, gint64 expires_s)
{
  McuGrant grant = {.meeting = "m1", .role = role, .expires_s = expires_s};
  g_strlcpy(grant.site, site, sizeof grant.site);
  ask_with(f, &grant, ",\"mic\":false,\"camera\":true");
}

static void
join(Fixture *f, const char *site, McuRole role, gint64 expires_s)
{
  ask_to_join(f, site, role, expires_s);
  fake_bridge_turn(f->bridge);
}

static void
assert_said(Fixture *f, const char *expected)
{
  g_assert_cmpstr(f->said->str, ==, expected);
  g_string_truncate(f->said, 0);
}

static void
assert_asked(Fixture *f, const char *expected)
{
  g_autofree char *log = fake_bridge_log(f->bridge);
  g_assert_cmpstr(log, ==, expected);
}

static void
join_quietly(Fixture *f, McuRole role)
{
  join(f, "xa-1", role, WALL_S + 60);
  assert_said(f, "joined 1\n");
  g_free(fake_bridge_log(f->bridge));
}

#define OFFER "{\"v\":1,\"type\":\"offer\",\"id\":2,\"sdp\":\"v=0\"}"
#define CANDIDATE "{\"v\":1,\"type\":\"candidate\",\"id\":3,\"candidate\":\"candidate:1\"}"
#define NO_MORE "{\"v\":1,\"type\":\"candidate\",\"id\":4,\"candidate\":\"\"}"
#define MEDIA "{\"v\":1,\"type\":\"media\",\"id\":5,\"mic\":true,\"camera\":false}"
#define MIC "{\"v\":1,\"type\":\"media\",\"id\":5,\"mic\":true}"
#define RECORD "{\"v\":1,\"type\":\"record\",\"id\":6,\"on\":true}"
#define WALL "{\"v\":1,\"type\":\"watch\",\"id\":9,\"view\":\"wall\"}"
#define SMALL "{\"v\":1,\"type\":\"watch\",\"id\":9,\"view\":\"programme\",\"height\":180}"
#define FLOOR "{\"v\":1,\"type\":\"floor\",\"id\":10,\"site\":\"xa-2\",\"on\":true}"
#define YIELD "{\"v\":1,\"type\":\"floor\",\"id\":10,\"site\":\"xa-1\",\"on\":false}"
#define TURN "{\"v\":1,\"type\":\"floor\",\"id\":10,\"site\":\"xa-1\",\"on\":true,\"seconds\":120}"
#define HAND "{\"v\":1,\"type\":\"hand\",\"id\":11,\"on\":true}"
#define END "{\"v\":1,\"type\":\"end\",\"id\":12}"
#define PREVIEW "{\"v\":1,\"type\":\"watch\",\"id\":9,\"view\":\"preview\"}"
#define LEAVE "{\"v\":1,\"type\":\"leave\",\"id\":7}"
#define PING "{\"v\":1,\"type\":\"ping\",\"id\":8}"

/* --- role x command x state: everything that may be asked --- */

static void
test_before_join(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const refused[] = {OFFER, CANDIDATE, NO_MORE, MEDIA, RECORD, SMALL, FLOOR, LEAVE};
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    receive(f, refused[i]);
    g_assert_nonnull(strstr(f->said->str, " not-joined\n"));
    g_string_truncate(f->said, 0);
  }
  receive(f, PING);
  assert_said(f, "pong 8\n");
  assert_asked(f, "");
}

static void
test_roles(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *text;
    const char *said[3], *asked[3]; /* chair, site, observer */
  } table[] = {
      {OFFER, {"answer 2\n", "answer 2\n", "answer 2\n"}, {"offer xa-1\n", "offer xa-1\n", "offer xa-1\n"}},
      {CANDIDATE,
       {"ok 3\n", "ok 3\n", "ok 3\n"},
       {"candidate xa-1 candidate:1\n", "candidate xa-1 candidate:1\n", "candidate xa-1 candidate:1\n"}},
      {NO_MORE, {"ok 4\n", "ok 4\n", "ok 4\n"}, {"", "", ""}},
      {MEDIA,
       {"ok 5\n", "ok 5\n", "error 5 forbidden\n"},
       {"mic xa-1 on\ncamera xa-1 off\n", "mic xa-1 on\ncamera xa-1 off\n", ""}},
      {MIC, {"ok 5\n", "ok 5\n", "error 5 forbidden\n"}, {"mic xa-1 on\n", "mic xa-1 on\n", ""}},
      {RECORD, /* likewise */
       {"ok 6\n", "ok 6\n", "ok 6\n"},
       {"record xa-1 on\n", "record xa-1 on\n", "record xa-1 on\n"}},
      {SMALL,
       {"ok 9\n", "ok 9\n", "ok 9\n"},
       {"watch xa-1 programme 3\n", "watch xa-1 programme 3\n", "watch xa-1 programme 3\n"}},
      {WALL, /* whose it is, is the bridge's to say */
       {"ok 9\n", "ok 9\n", "ok 9\n"},
       {"watch xa-1 wall 0\n", "watch xa-1 wall 0\n", "watch xa-1 wall 0\n"}},
      {FLOOR,
       {"ok 10\n", "ok 10\n", "ok 10\n"},
       {"floor xa-1 xa-2 on\n", "floor xa-1 xa-2 on\n", "floor xa-1 xa-2 on\n"}},
      {PING, {"pong 8\n", "pong 8\n", "pong 8\n"}, {"", "", ""}},
      {LEAVE, {"ok 7\n", "ok 7\n", "ok 7\n"}, {"leave xa-1\n", "leave xa-1\n", "leave xa-1\n"}},
  };
  for (guint role = MCU_ROLE_CHAIR; role <= MCU_ROLE_OBSERVER; role++) {
    join_quietly(f, (McuRole)role);
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
      g_test_message("%s as role %u", table[i].text, role);
      receive(f, table[i].text);
      assert_said(f, table[i].said[role]);
      assert_asked(f, table[i].asked[role]);
    }
    g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_NORMAL);
    g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 0);
    mcu_session_free(f->session);
    f->close_code = 0;
    f->session = new_session(f);
  }
}

static void
test_join_tells_the_bridge(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 1);
  assert_said(f, "joined 1\n");
  assert_asked(f, "join m1 xa-1 site\nmic xa-1 off\ncamera xa-1 on\n");
  join(f, "xa-2", MCU_ROLE_SITE, WALL_S + 1);
  assert_said(f, "error 1 already-joined\n");
  assert_asked(f, "");
}

static void
test_observer_sends_nothing(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join(f, "khach", MCU_ROLE_OBSERVER, WALL_S + 1);
  assert_said(f, "joined 1\n");
  assert_asked(f, "join m1 khach observer\n"); /* no mic, no camera */
}

static void
test_join_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S);
  assert_said(f, "error 1 token-expired\n");
  receive(f, "{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"a.b.c\"}");
  assert_said(f, "error 1 token-invalid\n");
  assert_asked(f, "");
  fake_bridge_fail(f->bridge, "join", MCU_ERROR_FULL);
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 1);
  assert_said(f, "error 1 full\n");
  /* Nothing is lost: the next one is let in. */
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 1);
  assert_said(f, "joined 1\n");
}

/* An administrator has no seat; a lasting link needs the name of a meeting, and another's does not change a seat's. */
static void
test_kinds_of_tokens(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuGrant admin = {.admin = TRUE, .expires_s = WALL_S + 60};
  const McuGrant link = {.by_list = TRUE, .site = "xa-1", .expires_s = WALL_S + 60};
  const McuGrant seat = {.meeting = "m1", .site = "xa-1", .role = MCU_ROLE_SITE, .expires_s = WALL_S + 60};
  const struct {
    const McuGrant *grant;
    const char *more, *said, *asked;
  } table[] = {
      {&admin, "", "error 1 token-invalid\n", ""},
      {&admin, ",\"meeting\":\"m1\"", "error 1 token-invalid\n", ""},
      {&link, "", "error 1 token-invalid\n", ""},
      {&link, ",\"meeting\":\"a b\"", "error 1 bad-message\n", ""},
      {&seat, ",\"meeting\":\"m2\"", "error 1 forbidden\n", ""},
      {&link, ",\"meeting\":\"m2\"", "joined 1\n", "join m2 xa-1 by-list\ncamera xa-1 off\n"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *token = mcu_token_sign(f->key, table[i].grant, NULL);
    g_autofree char *text = g_strdup_printf("{\"v\":1,\"type\":\"join\",\"id\":1,\"token\":\"%s\",\"camera\":false%s}",
                                            token, table[i].more);
    g_test_message("case %u", i);
    receive(f, text);
    fake_bridge_turn(f->bridge);
    assert_said(f, table[i].said);
    assert_asked(f, table[i].asked);
  }
}

static void
test_errors_of_the_bridge_reach_the_client(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *call, *text, *said;
    McuError code;
  } table[] = {
      {"offer", OFFER, "error 2 bad-sdp\n", MCU_ERROR_BAD_SDP},
      {"offer", OFFER, "error 2 no-common-codec\n", MCU_ERROR_NO_COMMON_CODEC},
      {"candidate", CANDIDATE, "error 3 bad-candidate\n", MCU_ERROR_BAD_CANDIDATE},
      {"record", RECORD, "error 6 recording-failed\n", MCU_ERROR_RECORDING},
      {"record", RECORD, "error 6 internal\n", MCU_ERROR_INTERNAL},
      {"watch", WALL, "error 9 forbidden\n", MCU_ERROR_FORBIDDEN},
      {"watch", SMALL, "error 9 full\n", MCU_ERROR_FULL},
      {"floor", FLOOR, "error 10 not-found\n", MCU_ERROR_NOT_FOUND},
  };
  join_quietly(f, MCU_ROLE_CHAIR);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    fake_bridge_fail(f->bridge, table[i].call, table[i].code);
    receive(f, table[i].text);
    assert_said(f, table[i].said);
  }
  g_assert_cmpuint(f->close_code, ==, 0);
}

/* --- ends --- */

static void
test_no_join_in_time(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint(mcu_session_deadline(f->session), ==, START_US + 10 * G_USEC_PER_SEC);
  f->now_us += 10 * G_USEC_PER_SEC - 1;
  mcu_session_tick(f->session);
  assert_said(f, "");
  f->now_us += 1;
  mcu_session_tick(f->session);
  assert_said(f, "error not-joined\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_POLICY);
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60); /* too late */
  assert_said(f, "");
  assert_asked(f, "");
}

static void
test_joined_has_no_deadline(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
  f->now_us += G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
  mcu_session_tick(f->session);
  g_assert_cmpuint(f->close_code, ==, 0);
}

static void
test_lost(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  mcu_session_lost(f->session);
  assert_asked(f, "lost xa-1\n");
  receive(f, PING);
  assert_said(f, "");
  g_clear_pointer(&f->session, mcu_session_free);
  assert_asked(f, "");
}

static void
test_freed_while_joined(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  g_clear_pointer(&f->session, mcu_session_free);
  assert_asked(f, "leave xa-1\n");
}

static void
test_closed_by_the_bridge(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_REPLACED, "joined elsewhere");
  join_quietly(f, MCU_ROLE_SITE);
  fake_member_close(fake_bridge_member(f->bridge, "xa-1"), error);
  assert_said(f, "closed replaced\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_NORMAL);
  receive(f, LEAVE);
  mcu_session_lost(f->session);
  assert_said(f, "");
  assert_asked(f, "");
}

/* --- limits --- */

static void
test_messages_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < 200; i++)
    receive(f, PING);
  g_assert_cmpuint(f->close_code, ==, 0);
  f->now_us += G_USEC_PER_SEC;
  for (guint i = 0; i < 50; i++)
    receive(f, PING);
  g_assert_cmpuint(f->close_code, ==, 0);
  g_string_truncate(f->said, 0);
  receive(f, PING);
  assert_said(f, "error rate-limited\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_POLICY);
}

static void
test_steady_50_are_fine(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  for (guint i = 0; i < 3000; i++) {
    receive(f, PING);
    f->now_us += G_USEC_PER_SEC / 50;
  }
  g_assert_cmpuint(f->close_code, ==, 0);
}

static void
test_errors_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  for (guint i = 0; i < 20; i++)
    receive(f, "x");
  g_assert_cmpuint(f->close_code, ==, 0);
  g_string_truncate(f->said, 0);
  receive(f, "x");
  assert_said(f, "error rate-limited\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_POLICY);
  assert_asked(f, "leave xa-1\n");
}

static void
test_offers_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  for (guint i = 0; i < MCU_SESSION_OFFERS_BURST; i++) {
    receive(f, OFFER);
    assert_said(f, "answer 2\n");
  }
  receive(f, OFFER);
  assert_said(f, "error 2 rate-limited\n");
  f->now_us += G_USEC_PER_SEC;
  receive(f, OFFER);
  assert_said(f, "answer 2\n");
  g_assert_cmpuint(f->close_code, ==, 0);
}

static void
test_candidates_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  for (guint round = 0; round < 2; round++) {
    receive(f, OFFER);
    for (guint i = 0; i < MCU_CANDIDATES_MAX + 20; i++)
      receive(f, CANDIDATE);
    g_autofree char *log = fake_bridge_log(f->bridge);
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1 + MCU_CANDIDATES_MAX + 1); /* the offer, and an end */
  }
  g_assert_cmpuint(f->close_code, ==, 0);
}

/* --- events --- */

/* Who is told, and not by whom: the text is the bridge's, the same for all. */
static void
test_sites(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  fake_bridge_turn(f->bridge);
  assert_said(f, "joined 1\n"); /* it tells all: nothing before it */
  for (guint i = 0; i < 3; i++)
    fake_member_sites_changed(fake_bridge_member(f->bridge, "xa-1"));
  assert_said(f, "sites\nsites\nsites\n");
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
}

/* What is wanted of the camera: after each answer, and when it changes. */
static void
test_picture(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  receive(f, OFFER);
  assert_said(f, "answer 2\n"); /* it sends none */
  McuMember *member = fake_bridge_member(f->bridge, "xa-1");
  fake_member_want(member, &(McuPicture){320, 180, 15, 150});
  assert_said(f, "picture\n");
  receive(f, OFFER);
  assert_said(f, "answer 2\npicture\n");
}

/* --- the queue of those who join --- */

static void
test_queued(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  receive(f, OFFER);
  receive(f, CANDIDATE);
  receive(f, PING);
  receive(f, "nonsense");
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  assert_said(f, "");
  assert_asked(f, "");
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 1);
  /* It has asked: however long its turn takes, that is not its fault. */
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
  f->now_us += 100 * G_USEC_PER_SEC;
  mcu_session_tick(f->session);
  g_assert_cmpuint(f->close_code, ==, 0);

  fake_bridge_turn(f->bridge);
  assert_said(f, "joined 1\nanswer 2\nok 3\npong 8\nerror bad-message\nerror 1 already-joined\n");
  assert_asked(f, "join m1 xa-1 site\nmic xa-1 off\ncamera xa-1 on\noffer xa-1\ncandidate xa-1 candidate:1\n");
}

/* Refused in its turn: what came behind is answered as if never joined; a second try waits anew. */
static void
test_queued_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  fake_bridge_fail(f->bridge, "join", MCU_ERROR_FULL);
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 600);
  receive(f, OFFER);
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 600);
  receive(f, CANDIDATE);
  f->now_us += 60 * G_USEC_PER_SEC;
  fake_bridge_turn(f->bridge); /* and the turn of the second */
  assert_said(f, "error 1 full\nerror 2 not-joined\njoined 1\nok 3\n");
  g_assert_cmpuint(f->close_code, ==, 0);
}

static void
test_refused_has_its_time_again(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  f->now_us += 60 * G_USEC_PER_SEC;
  fake_bridge_fail(f->bridge, "join", MCU_ERROR_FULL);
  f->deadlines = 0;
  fake_bridge_turn(f->bridge);
  assert_said(f, "error 1 full\n");
  g_assert_cmpuint(f->deadlines, ==, 1);
  g_assert_cmpint(mcu_session_deadline(f->session), ==, f->now_us + MCU_SESSION_JOIN_TIMEOUT_US);
}

static void
test_too_many_wait(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  fake_bridge_fail(f->bridge, "wait", MCU_ERROR_FULL);
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  assert_said(f, "error 1 full\n");
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  assert_said(f, "joined 1\n");
}

/* A bad token costs no place in the queue. */
static void
test_token_comes_first(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S);
  assert_said(f, "error 1 token-expired\n");
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
}

static void
test_gone_while_queued(Fixture *f, gconstpointer data)
{
  gboolean lost = GPOINTER_TO_INT(data);
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  receive(f, OFFER);
  if (lost)
    mcu_session_lost(f->session);
  else
    g_clear_pointer(&f->session, mcu_session_free);
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
  fake_bridge_turn(f->bridge);
  assert_said(f, "");
  assert_asked(f, "");
}

static void
assert_thrown_out(Fixture *f)
{
  assert_said(f, "error rate-limited\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_POLICY);
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
  assert_asked(f, "");
}

static void
test_held_messages_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  for (guint i = 0; i < MCU_SESSION_HELD_MESSAGES; i++)
    receive(f, PING);
  g_assert_cmpuint(f->close_code, ==, 0);
  receive(f, PING);
  assert_thrown_out(f);
}

static void
test_held_bytes_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *large = g_strnfill(MCU_MESSAGE_MAX_BYTES, 'x');
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  receive(f, large);
  g_assert_cmpuint(f->close_code, ==, 0);
  receive(f, large);
  assert_thrown_out(f);
}

/* Not every two seconds: when there is something new to see, and now and then. */
static void
test_line_is_told_when_it_changes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const struct {
    McuLineInfo line;
    const char *said;
  } steps[] = {
      {{.quality = 3, .rtt_ms = 20}, "line\n"}, {{.quality = 3, .rtt_ms = 20}, ""},
      {{.quality = 3, .rtt_ms = 49}, ""},       {{.quality = 3, .rtt_ms = 50}, "line\n"},
      {{.quality = 2, .rtt_ms = 50}, "line\n"}, {{.quality = 2, .rtt_ms = 50, .loss_permille = 9}, ""},
      {{.quality = 2, .rtt_ms = 20}, "line\n"}, {{.quality = 2, .rtt_ms = 20, .loss_permille = 10}, "line\n"},
  };
  join_quietly(f, MCU_ROLE_SITE);
  McuMember *member = fake_bridge_member(f->bridge, "xa-1");
  for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
    fake_member_line(member, &steps[i].line);
    assert_said(f, steps[i].said);
  }
  const McuLineInfo *last = &steps[G_N_ELEMENTS(steps) - 1].line;
  f->now_us += 10 * G_USEC_PER_SEC - 1;
  fake_member_line(member, last);
  assert_said(f, "");
  f->now_us += 1;
  fake_member_line(member, last);
  assert_said(f, "line\n");
}

static void
test_events(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  join_quietly(f, MCU_ROLE_SITE);
  McuMember *member = fake_bridge_member(f->bridge, "xa-1");
  McuLineInfo line = {.quality = 3};
  g_autoptr(GError) failed = g_error_new_literal(MCU_ERROR, MCU_ERROR_TRANSPORT, "no answer");
  g_autoptr(GError) full = g_error_new_literal(MCU_ERROR, MCU_ERROR_RECORDING, "disk full");
  fake_member_line(member, &line);
  fake_member_media_state(member, TRUE, NULL);
  fake_member_media_state(member, FALSE, failed);
  fake_member_recording(member, TRUE, NULL);
  fake_member_recording(member, FALSE, full);
  assert_said(f, "line\nconnection\nconnection transport-failed\nrecording\nrecording recording-failed\n");
  receive(f, OFFER); /* a failed transport is mended by a new offer */
  assert_said(f, "answer 2\n");
}

/* --- what is said beside the token --- */

static void
test_said_beside_the_token(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *meeting; /* of the token; NULL: a lasting link */
    const char *more, *said, *asked;
  } table[] = {
      {"m1", ",\"client\":\"page-1\"", "joined 1\n", "join m1 xa-1 site client=page-1\n"},
      {"m1", ",\"client\":\"page-1\",\"replace\":true", "joined 1\n", "join m1 xa-1 site client=page-1 replace\n"},
      {"m1", ",\"replace\":false", "joined 1\n", "join m1 xa-1 site\n"},
      {"m1", ",\"meeting\":\"m1\"", "joined 1\n", "join m1 xa-1 site\n"},
      {"m1", ",\"meeting\":\"m2\"", "error 1 forbidden\n", ""},
      {"m1", ",\"meeting\":\"M1\"", "error 1 forbidden\n", ""},
      {"m1", ",\"meeting\":\"\"", "error 1 bad-message\n", ""},
      {NULL, ",\"meeting\":\"m2\"", "joined 1\n", "join m2 xa-1 by-list\n"},
      {NULL, "", "error 1 token-invalid\n", ""},
      {NULL, ",\"meeting\":\"../m\"", "error 1 bad-message\n", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    McuGrant grant = {.site = "xa-1", .role = MCU_ROLE_SITE, .expires_s = WALL_S + 60};
    grant.by_list = table[i].meeting == NULL;
    g_strlcpy(grant.meeting, table[i].meeting != NULL ? table[i].meeting : "", sizeof grant.meeting);
    g_test_message("%s", table[i].more);
    ask_with(f, &grant, table[i].more);
    fake_bridge_turn(f->bridge);
    assert_said(f, table[i].said);
    assert_asked(f, table[i].asked);
    g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
    mcu_session_free(f->session);
    g_free(fake_bridge_log(f->bridge));
    f->session = new_session(f);
  }
}

static void
test_administration_is_no_seat(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuGrant grant = {.admin = TRUE, .expires_s = WALL_S + 60};
  ask_with(f, &grant, ",\"meeting\":\"m1\"");
  assert_said(f, "error 1 token-invalid\n");
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
}

/* Another device is there: the person is asked, and the same connection joins again. */
static void
test_occupied(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuGrant grant = {.meeting = "m1", .site = "xa-1", .role = MCU_ROLE_SITE, .expires_s = WALL_S + 60};
  fake_bridge_fail(f->bridge, "join", MCU_ERROR_OCCUPIED);
  ask_with(f, &grant, ",\"client\":\"b\"");
  fake_bridge_turn(f->bridge);
  assert_said(f, "error 1 occupied\n");
  g_assert_cmpuint(f->close_code, ==, 0);
  ask_with(f, &grant, ",\"client\":\"b\",\"replace\":true");
  fake_bridge_turn(f->bridge);
  assert_said(f, "joined 1\n");
  assert_asked(f, "join m1 xa-1 site client=b\njoin m1 xa-1 site client=b replace\n");
}

static json_t *
last_said(Fixture *f)
{
  return json_loadb(g_bytes_get_data(f->last, NULL), g_bytes_get_size(f->last), 0, NULL);
}

/* The state is for all, the desk for those who work there. */
static void
test_joined_tells_state_and_desk(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  for (guint role = 0; role < MCU_N_ROLES; role++) {
    join(f, "xa-1", (McuRole)role, WALL_S + 60);
    json_t *joined = last_said(f);
    assert_said(f, "joined 1\n");
    g_assert_cmpstr(json_string_value(json_object_get(joined, "role")), ==, mcu_room_role_word((McuRole)role));
    g_assert_cmpstr(json_string_value(json_object_get(json_object_get(joined, "state"), "policy")), ==, "open");
    gboolean has_desk = json_is_object(json_object_get(json_object_get(joined, "desk"), "programme"));
    g_assert_cmpint(has_desk, ==, mcu_role_has_desk((McuRole)role));
    json_decref(joined);
    mcu_session_free(f->session);
    f->session = new_session(f);
  }
}

/* As the bridge wrote them, byte for byte, and not a copy each. */
static void
test_told(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char state[] = "{\"v\":1, \"type\":\"state\", \"banner\":\"Đồng Văn\"}";
  join_quietly(f, MCU_ROLE_CHAIR);
  fake_member_tell(fake_bridge_member(f->bridge, "xa-1"), state);
  assert_said(f, "state\n");
  g_assert_cmpmem(g_bytes_get_data(f->last, NULL), g_bytes_get_size(f->last), state, strlen(state));
}

/* --- commands --- */

static void
test_commands_reach_the_bridge(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *text, *asked;
  } table[] = {
      {TURN, "floor xa-1 xa-1 on 120\n"},
      {HAND, "hand xa-1 on\n"},
      {END, "end xa-1 off\n"},
      {"{\"v\":1,\"type\":\"policy\",\"id\":1,\"mic\":\"chair\",\"selfUnmute\":false}", "policy xa-1 off 2\n"},
      {"{\"v\":1,\"type\":\"silence-all\",\"id\":1,\"on\":true,\"except\":[\"a\",\"b\"]}", "silence-all xa-1 a b on\n"},
      {"{\"v\":1,\"type\":\"role\",\"id\":1,\"site\":\"xa-2\",\"role\":\"secretary\"}",
       "role xa-1 xa-2 off secretary\n"},
      {"{\"v\":1,\"type\":\"scene-save\",\"id\":1,\"name\":\"Mở đầu\",\"scene\":{\"layout\":\"1+7\",\"labels\":false}}",
       "scene-save xa-1 Mở đầu 1+7;nolabels off\n"},
      {"{\"v\":1,\"type\":\"banner\",\"id\":1,\"text\":\"\"}", "banner xa-1  off\n"},
  };
  join_quietly(f, MCU_ROLE_CHAIR);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_test_message("%s", table[i].text);
    receive(f, table[i].text);
    g_assert_true(g_str_has_prefix(f->said->str, "ok "));
    g_string_truncate(f->said, 0);
    assert_asked(f, table[i].asked);
  }
}

/* To end one's own turn one needs no desk; who has one takes the floor from whomever it names, itself too. */
static void
test_own_turn(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const own[MCU_N_ROLES] = {
      [MCU_ROLE_CHAIR] = "floor xa-1 xa-1 off\n",    [MCU_ROLE_SECRETARY] = "floor xa-1 xa-1 off\n",
      [MCU_ROLE_OPERATOR] = "floor xa-1 xa-1 off\n", [MCU_ROLE_SITE] = "yield xa-1 xa-1 off\n",
      [MCU_ROLE_OBSERVER] = "yield xa-1 xa-1 off\n",
  };
  for (guint role = 0; role < MCU_N_ROLES; role++) {
    join_quietly(f, (McuRole)role);
    receive(f, YIELD);
    assert_said(f, "ok 10\n");
    assert_asked(f, own[role]);
    /* Another's turn, and to begin one, are asked as they are. */
    receive(f, "{\"v\":1,\"type\":\"floor\",\"id\":10,\"site\":\"xa-2\",\"on\":false}");
    receive(f, TURN);
    assert_said(f, "ok 10\nok 10\n");
    assert_asked(f, "floor xa-1 xa-2 off\nfloor xa-1 xa-1 on 120\n");
    mcu_session_free(f->session);
    f->session = new_session(f);
    g_free(fake_bridge_log(f->bridge));
  }
}

static void
test_commands_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    McuError code;
    const char *said;
  } table[] = {
      {MCU_ERROR_FORBIDDEN, "error 12 forbidden\n"}, {MCU_ERROR_ENDED, "error 12 ended\n"},
      {MCU_ERROR_FULL, "error 12 full\n"},           {MCU_ERROR_NOT_FOUND, "error 12 not-found\n"},
      {MCU_ERROR_REFUSED, "error 12 refused\n"},
  };
  join_quietly(f, MCU_ROLE_SITE);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    fake_bridge_fail(f->bridge, "end", table[i].code);
    receive(f, END);
    assert_said(f, table[i].said);
  }
  g_assert_cmpuint(f->close_code, ==, 0);
}

/* --- screens --- */

static void
test_screen(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuGrant grant = {.meeting = "m1", .site = "tinh", .role = MCU_ROLE_CHAIR, .expires_s = WALL_S + 60};
  ask_with(f, &grant, ",\"screen\":\"preview\",\"mic\":true,\"camera\":true");
  fake_bridge_turn(f->bridge);
  json_t *joined = last_said(f);
  assert_said(f, "joined 1\n");
  g_assert_cmpstr(json_string_value(json_object_get(joined, "role")), ==, "observer");
  g_assert_null(json_object_get(joined, "desk"));
  json_decref(joined);
  receive(f, OFFER);
  receive(f, CANDIDATE);
  receive(f, PREVIEW);
  receive(f, PING);
  assert_said(f, "answer 2\nok 3\nok 9\npong 8\n");
  assert_asked(f, "join m1 tinh chair screen=preview\noffer tinh~preview\n"
                  "candidate tinh~preview candidate:1\nwatch tinh~preview preview 1\n");
  static const char *const refused[] = {MEDIA, RECORD, FLOOR, YIELD, HAND, END};
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    receive(f, refused[i]);
    g_assert_true(g_str_has_suffix(f->said->str, " forbidden\n"));
    g_string_truncate(f->said, 0);
  }
  assert_asked(f, "");
  receive(f, LEAVE);
  assert_said(f, "ok 7\n");
  assert_asked(f, "leave tinh~preview\n");
}

/* --- the lobby --- */

static void
wait_in_lobby(Fixture *f)
{
  fake_bridge_lobby(f->bridge, TRUE);
  join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  assert_said(f, "waiting 1\n");
  assert_asked(f, "join m1 xa-1 site\n");
}

static void
test_lobby(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  receive(f, OFFER);
  receive(f, HAND);
  receive(f, "nonsense");
  receive(f, PING);
  assert_said(f, "pong 8\n"); /* at once: it says that the line is up */
  f->now_us += G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
  mcu_session_tick(f->session);
  assert_asked(f, "");
  g_assert_cmpuint(f->close_code, ==, 0);

  f->deadlines = 0;
  fake_member_admit(fake_bridge_member(f->bridge, "xa-1"));
  assert_said(f, ""); /* not from within the event, and no `sites` before `joined` */
  g_assert_cmpuint(f->deadlines, ==, 1);
  g_assert_cmpint(mcu_session_deadline(f->session), ==, f->now_us);
  receive(f, RECORD); /* behind what is held */
  assert_said(f, "");
  mcu_session_tick(f->session);
  assert_said(f, "joined 1\nanswer 2\nok 11\nerror bad-message\nok 6\n");
  assert_asked(f, "mic xa-1 off\ncamera xa-1 on\noffer xa-1\nhand xa-1 on\nrecord xa-1 on\n");
  g_assert_cmpint(mcu_session_deadline(f->session), ==, G_MAXINT64);
}

/* Whatever the bridge says of the meeting meanwhile: `joined` is the first word. */
static void
test_lobby_hears_nothing(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  McuMember *member = fake_bridge_member(f->bridge, "xa-1");
  for (guint admitted = 0; admitted < 2; admitted++) {
    fake_member_sites_changed(member);
    fake_member_tell(member, "{\"v\":1,\"type\":\"state\"}");
    fake_member_recording(member, TRUE, NULL);
    fake_member_line(member, &(McuLineInfo){.quality = 3});
    fake_member_want(member, &(McuPicture){320, 180, 15, 150});
    fake_member_media_state(member, TRUE, NULL);
    assert_said(f, "");
    if (admitted == 0)
      fake_member_admit(member);
  }
  mcu_session_tick(f->session);
  json_t *joined = last_said(f);
  assert_said(f, "joined 1\n");
  g_assert_true(json_is_true(json_object_get(joined, "recording")));
  json_decref(joined);
  fake_member_line(member, &(McuLineInfo){.quality = 3});
  assert_said(f, "line\n"); /* the one before was not told */
}

static void
test_lobby_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_REFUSED, "not admitted");
  wait_in_lobby(f);
  receive(f, OFFER);
  if (GPOINTER_TO_INT(data)) /* admitted, and removed before it has sat down */
    fake_member_admit(fake_bridge_member(f->bridge, "xa-1"));
  fake_member_close(fake_bridge_member(f->bridge, "xa-1"), error);
  assert_said(f, "closed refused\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_NORMAL);
  mcu_session_tick(f->session);
  receive(f, PING);
  assert_said(f, "");
  assert_asked(f, "");
}

static void
test_lobby_left(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  receive(f, OFFER);
  if (GPOINTER_TO_INT(data))
    fake_member_admit(fake_bridge_member(f->bridge, "xa-1"));
  receive(f, LEAVE);
  assert_said(f, "ok 7\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_NORMAL);
  assert_asked(f, "leave xa-1\n");
  g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 0);
  mcu_session_tick(f->session);
  assert_said(f, "");
}

static void
test_lobby_lost(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  receive(f, OFFER);
  if (GPOINTER_TO_INT(data))
    fake_member_admit(fake_bridge_member(f->bridge, "xa-1"));
  mcu_session_lost(f->session);
  mcu_session_tick(f->session);
  assert_said(f, "");
  assert_asked(f, "lost xa-1\n");
}

/* As in the queue, however long it waits; the seat that it has not is left in order. */
static void
test_lobby_is_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  for (guint i = 0; i < MCU_SESSION_HELD_MESSAGES; i++)
    receive(f, HAND);
  g_assert_cmpuint(f->close_code, ==, 0);
  receive(f, HAND);
  assert_said(f, "error rate-limited\n");
  g_assert_cmpuint(f->close_code, ==, MCU_CLOSE_POLICY);
  assert_asked(f, "leave xa-1\n");
}

static void
test_join_again_in_lobby(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  wait_in_lobby(f);
  ask_to_join(f, "xa-1", MCU_ROLE_SITE, WALL_S + 60);
  fake_bridge_turn(f->bridge);
  assert_said(f, "");
  fake_member_admit(fake_bridge_member(f->bridge, "xa-1"));
  mcu_session_tick(f->session);
  assert_said(f, "joined 1\nerror 1 already-joined\n");
  assert_asked(f, "mic xa-1 off\ncamera xa-1 on\n");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/session/" name, Fixture, NULL, set_up, function, tear_down)
  ADD("before-join", test_before_join);
  ADD("roles", test_roles);
  ADD("join-tells-the-bridge", test_join_tells_the_bridge);
  ADD("observer-sends-nothing", test_observer_sends_nothing);
  ADD("join-refused", test_join_refused);
  ADD("kinds-of-tokens", test_kinds_of_tokens);
  ADD("errors-of-the-bridge", test_errors_of_the_bridge_reach_the_client);
  ADD("no-join-in-time", test_no_join_in_time);
  ADD("joined-has-no-deadline", test_joined_has_no_deadline);
  ADD("lost", test_lost);
  ADD("freed-while-joined", test_freed_while_joined);
  ADD("closed-by-the-bridge", test_closed_by_the_bridge);
  ADD("messages-are-limited", test_messages_are_limited);
  ADD("steady-50-are-fine", test_steady_50_are_fine);
  ADD("errors-are-limited", test_errors_are_limited);
  ADD("offers-are-limited", test_offers_are_limited);
  ADD("candidates-are-limited", test_candidates_are_limited);
  ADD("sites", test_sites);
  ADD("picture", test_picture);
  ADD("queued", test_queued);
  ADD("queued-refused", test_queued_refused);
  ADD("refused-has-its-time-again", test_refused_has_its_time_again);
  ADD("too-many-wait", test_too_many_wait);
  ADD("token-comes-first", test_token_comes_first);
  ADD("held-messages-are-limited", test_held_messages_are_limited);
  ADD("held-bytes-are-limited", test_held_bytes_are_limited);
  g_test_add("/session/freed-while-queued", Fixture, GINT_TO_POINTER(0), set_up, test_gone_while_queued, tear_down);
  g_test_add("/session/lost-while-queued", Fixture, GINT_TO_POINTER(1), set_up, test_gone_while_queued, tear_down);
  ADD("events", test_events);
  ADD("line-is-told-when-it-changes", test_line_is_told_when_it_changes);
  ADD("said-beside-the-token", test_said_beside_the_token);
  ADD("administration-is-no-seat", test_administration_is_no_seat);
  ADD("occupied", test_occupied);
  ADD("joined-tells-state-and-desk", test_joined_tells_state_and_desk);
  ADD("told", test_told);
  ADD("commands-reach-the-bridge", test_commands_reach_the_bridge);
  ADD("own-turn", test_own_turn);
  ADD("commands-refused", test_commands_refused);
  ADD("screen", test_screen);
  ADD("lobby", test_lobby);
  ADD("lobby-hears-nothing", test_lobby_hears_nothing);
  ADD("lobby-is-limited", test_lobby_is_limited);
  ADD("join-again-in-lobby", test_join_again_in_lobby);
#define ADD_TWICE(name, function)                                                                                      \
  g_test_add("/session/" name, Fixture, GINT_TO_POINTER(0), set_up, function, tear_down);                              \
  g_test_add("/session/admitted-" name, Fixture, GINT_TO_POINTER(1), set_up, function, tear_down)
  ADD_TWICE("lobby-refused", test_lobby_refused);
  ADD_TWICE("lobby-left", test_lobby_left);
  ADD_TWICE("lobby-lost", test_lobby_lost);
  return g_test_run();
}
