/* Participants against a Janus that this test plays itself, on the other end of a Unix socket. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "talk.h"

#define SESSION 9007199254740993 /* 2^53 + 1: ids are no doubles */
#define HANDLE 77

typedef struct {
  char *folder, *path;
  int listener, peer;
  JanusLink *link;
} Fixture;

typedef struct {
  guint ready, described, failed;
  char *text; /* the last description or reason */
} Seen;

static void
on_ready(gpointer user_data)
{
  ((Seen *)user_data)->ready++;
}

static void
on_described(const char *sdp, gpointer user_data)
{
  Seen *seen = user_data;
  seen->described++;
  g_free(seen->text);
  seen->text = g_strdup(sdp);
}

static void
on_failed(const char *reason, gpointer user_data)
{
  Seen *seen = user_data;
  seen->failed++;
  g_free(seen->text);
  seen->text = g_strdup(reason);
}

static const TalkEvents events = {.ready = on_ready, .described = on_described, .failed = on_failed};

static void
set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct timeval patience = {.tv_sec = 5};
  g_autoptr(GError) error = NULL;
  f->folder = g_dir_make_tmp("janus-talk-XXXXXX", &error);
  g_assert_no_error(error);
  f->path = g_build_filename(f->folder, "api", NULL);
  g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
  f->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  g_assert_cmpint(bind(f->listener, (const struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint(listen(f->listener, 1), ==, 0);
  f->link = janus_link_new(f->path, &error);
  g_assert_no_error(error);
  f->peer = accept(f->listener, NULL, NULL);
  g_assert_cmpint(f->peer, >=, 0);
  g_assert_cmpint(setsockopt(f->peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), ==, 0);
}

static void
tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  janus_link_free(f->link);
  if (f->peer >= 0)
    close(f->peer);
  close(f->listener);
  g_unlink(f->path);
  g_rmdir(f->folder);
  g_free(f->path);
  g_free(f->folder);
}

/* The next request; caller frees. */
static json_t *
take(Fixture *f, const char *type)
{
  char buffer[8192];
  gssize size = recv(f->peer, buffer, sizeof buffer, 0);
  g_assert_cmpint(size, >, 0);
  json_t *message = json_loadb(buffer, (size_t)size, 0, NULL);
  g_assert_nonnull(message);
  g_assert_cmpstr(json_string_value(json_object_get(message, "janus")), ==, type);
  return message;
}

static const json_t *
body_of(const json_t *message)
{
  g_assert_cmpint(json_integer_value(json_object_get(message, "session_id")), ==, SESSION);
  g_assert_cmpint(json_integer_value(json_object_get(message, "handle_id")), ==, HANDLE);
  return json_object_get(message, "body");
}

static void
pump(void)
{
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

/* Takes `answer`. `request` NULL: it answers nothing, but belongs to the session. */
static void
give(Fixture *f, const json_t *request, json_t *answer)
{
  if (request != NULL)
    json_object_set(answer, "transaction", json_object_get(request, "transaction"));
  json_object_set_new(answer, "session_id", json_integer(SESSION));
  char *text = json_dumps(answer, JSON_COMPACT);
  g_assert_cmpint(send(f->peer, text, strlen(text), 0), ==, (gssize)strlen(text));
  free(text);
  json_decref(answer);
  pump();
}

static json_t *
plugin_event(const char *name, const char *value, const char *jsep, const char *sdp)
{
  json_t *event = json_pack("{s:s, s:{s:{s:s}}}", "janus", "event", "plugindata", "data", name, value);
  if (jsep != NULL)
    json_object_set_new(event, "jsep", json_pack("{s:s, s:s}", "type", jsep, "sdp", sdp));
  return event;
}

/* As far as the request to join; caller frees that. */
static json_t *
open_session(Fixture *f, const char *plugin)
{
  json_t *create = take(f, "create");
  give(f, create, json_pack("{s:s, s:{s:I}}", "janus", "success", "data", "id", (json_int_t)SESSION));
  json_decref(create);
  json_t *attach = take(f, "attach");
  g_assert_cmpstr(json_string_value(json_object_get(attach, "plugin")), ==, plugin);
  give(f, attach, json_pack("{s:s, s:{s:i}}", "janus", "success", "data", "id", HANDLE));
  json_decref(attach);
  json_t *join = take(f, "message");
  g_assert_cmpstr(json_string_value(json_object_get(body_of(join), "request")), ==, "join");
  give(f, join, json_pack("{s:s}", "janus", "ack"));
  return join;
}

/* The description we gave, with its request. */
static json_t *
take_description(Fixture *f, const char *request, const char *type, const char *sdp)
{
  json_t *message = take(f, "message");
  const json_t *jsep = json_object_get(message, "jsep");
  g_assert_cmpstr(json_string_value(json_object_get(body_of(message), "request")), ==, request);
  g_assert_cmpstr(json_string_value(json_object_get(jsep, "type")), ==, type);
  g_assert_cmpstr(json_string_value(json_object_get(jsep, "sdp")), ==, sdp);
  json_t *trickle = take(f, "trickle");
  g_assert_true(json_is_true(json_object_get(json_object_get(trickle, "candidate"), "completed")));
  json_decref(trickle);
  return message;
}

static void
say_good_bye(Fixture *f, Talk *talk)
{
  talk_free(talk);
  json_t *destroy = take(f, "destroy");
  g_assert_null(json_object_get(destroy, "handle_id"));
  json_decref(destroy);
}

static void
test_offering(Fixture *f, gconstpointer data)
{
  gboolean sound = GPOINTER_TO_INT(data) == TALK_SOUND;
  const char *name = sound ? "audiobridge" : "videoroom";
  g_autofree char *plugin = g_strconcat("janus.plugin.", name, NULL);
  Seen seen = {0};
  Talk *talk = talk_new_janus(f->link, (TalkKind)GPOINTER_TO_INT(data), 1, &events, &seen);

  json_t *join = open_session(f, plugin);
  g_assert_cmpstr(json_string_value(json_object_get(body_of(join), "ptype")), ==, sound ? NULL : "publisher");
  give(f, NULL, plugin_event(name, "joined", NULL, NULL)); /* somebody else has joined */
  g_assert_cmpuint(seen.ready, ==, 0);
  give(f, join, plugin_event(name, "joined", NULL, NULL));
  g_assert_cmpuint(seen.ready, ==, 1);
  json_decref(join);

  talk_describe(talk, "our offer");
  json_t *offer = take_description(f, sound ? "configure" : "publish", "offer", "our offer");
  give(f, offer, plugin_event(name, "event", "answer", "its answer"));
  json_decref(offer);
  g_assert_cmpuint(seen.described, ==, 1);
  g_assert_cmpstr(seen.text, ==, "its answer");
  give(f, NULL, json_pack("{s:s}", "janus", "webrtcup"));
  say_good_bye(f, talk);
  g_assert_cmpuint(seen.failed, ==, 0);
  g_free(seen.text);
}

static void
test_answering(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  Seen seen = {0};
  Talk *talk = talk_new_janus(f->link, TALK_PICTURE_IN, 2, &events, &seen);
  json_t *join = open_session(f, "janus.plugin.videoroom");
  g_assert_cmpstr(json_string_value(json_object_get(body_of(join), "ptype")), ==, "subscriber");
  g_assert_cmpuint(json_array_size(json_object_get(body_of(join), "streams")), ==, 1);
  give(f, join, plugin_event("videoroom", "attached", "offer", "its offer"));
  json_decref(join);
  g_assert_cmpuint(seen.ready, ==, 0);
  g_assert_cmpstr(seen.text, ==, "its offer");
  talk_describe(talk, "our answer");
  json_decref(take_description(f, "start", "answer", "our answer"));
  say_good_bye(f, talk);
  g_free(seen.text);
}

static void
test_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  Seen seen = {0};
  Talk *talk = talk_new_janus(f->link, TALK_SOUND, 1, &events, &seen);
  json_t *join = open_session(f, "janus.plugin.audiobridge");
  give(f, join, plugin_event("error", "No such room", NULL, NULL));
  json_decref(join);
  g_assert_cmpstr(seen.text, ==, "No such room");
  give(f, NULL, json_pack("{s:s}", "janus", "hangup"));
  g_assert_cmpuint(seen.failed, ==, 1); /* the first reason counts */
  say_good_bye(f, talk);
  g_free(seen.text);
}

/* Two on one connection: each gets its own answers; and both are told when it ends. */
static void
test_shared(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  Seen first = {0}, second = {0};
  Talk *a = talk_new_janus(f->link, TALK_SOUND, 1, &events, &first);
  Talk *b = talk_new_janus(f->link, TALK_SOUND, 2, &events, &second);
  json_t *create_a = take(f, "create"), *create_b = take(f, "create");
  give(f, create_b, json_pack("{s:s, s:{s:s}}", "janus", "error", "error", "reason", "not you"));
  g_assert_cmpuint(first.failed, ==, 0);
  g_assert_cmpuint(second.failed, ==, 1);
  g_assert_cmpstr(second.text, ==, "not you");
  json_decref(create_a);
  json_decref(create_b);
  close(f->peer);
  f->peer = -1;
  pump();
  g_assert_cmpuint(first.failed, ==, 1);
  g_assert_cmpuint(second.failed, ==, 1);
  talk_free(a);
  talk_free(b);
  g_free(first.text);
  g_free(second.text);
}

static void
test_rubbish(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const texts[] = {"{", "[]", "{\"transaction\":\"x\"}", "{\"transaction\":\"4711.1\"}",
                                      "{\"session_id\":5,\"janus\":\"event\"}"};
  Seen seen = {0};
  Talk *talk = talk_new_janus(f->link, TALK_SOUND, 1, &events, &seen);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_assert_cmpint(send(f->peer, texts[i], strlen(texts[i]), 0), >, 0);
  pump();
  json_decref(open_session(f, "janus.plugin.audiobridge"));
  say_good_bye(f, talk);
  g_assert_cmpuint(seen.failed, ==, 0);
}

static void
test_nobody(void)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(janus_link_new("/nonexistent/api", &error));
  g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/janus/talk/sound", Fixture, GINT_TO_POINTER(TALK_SOUND), set_up, test_offering, tear_down);
  g_test_add("/janus/talk/picture-out", Fixture, GINT_TO_POINTER(TALK_PICTURE_OUT), set_up, test_offering, tear_down);
  g_test_add("/janus/talk/picture-in", Fixture, NULL, set_up, test_answering, tear_down);
  g_test_add("/janus/talk/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add("/janus/talk/shared", Fixture, NULL, set_up, test_shared, tear_down);
  g_test_add("/janus/talk/rubbish", Fixture, NULL, set_up, test_rubbish, tear_down);
  g_test_add_func("/janus/talk/nobody", test_nobody);
  return g_test_run();
}
