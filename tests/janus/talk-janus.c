/* A participant's session with Janus:
 *
 *   CREATING --session--> ATTACHING --handle--> JOINING --joined--> OFFERING --answer--> TALKING
 *                                               JOINING --attached, Janus's offer--> ANSWERING --> TALKING
 *
 * The first way with AudioBridge, and with VideoRoom for who sends; the second for who receives. */
#include <string.h>

#include "mcu/util/error.h"
#include "talk.h"

#define ROOM 1
#define PUBLISHER 1
#define KEEPALIVE_SECONDS 25 /* Janus ends sessions after 60 s of silence */

typedef enum { CREATING, ATTACHING, JOINING, OFFERING, ANSWERING, TALKING, FAILED } State;

typedef struct {
  Talk talk; /* first */
  JanusLink *link;
  TalkKind kind;
  guint number, caller, keepalive;
  State state;
  json_int_t session, handle;
} JanusTalk;

static void
fail(JanusTalk *janus, const char *reason)
{
  if (janus->state == FAILED)
    return;
  janus->state = FAILED;
  janus->talk.events->failed(reason, janus->talk.user_data);
}

/* Takes `message`; session and handle are added as far as they are known. */
static void
request(JanusTalk *janus, json_t *message)
{
  if (janus->session != 0)
    json_object_set_new(message, "session_id", json_integer(janus->session));
  if (janus->handle != 0)
    json_object_set_new(message, "handle_id", json_integer(janus->handle));
  janus_link_send(janus->link, janus->caller, message);
}

static gboolean
on_keepalive(gpointer user_data)
{
  JanusTalk *janus = user_data;
  janus_link_send(janus->link, janus->caller,
                  json_pack("{s:s, s:I}", "janus", "keepalive", "session_id", janus->session));
  return G_SOURCE_CONTINUE;
}

static void
join(JanusTalk *janus)
{
  g_autofree char *display = g_strdup_printf("Điểm cầu %u", janus->number);
  json_t *body = json_pack("{s:s, s:i, s:s}", "request", "join", "room", ROOM, "display", display);
  if (janus->kind == TALK_PICTURE_OUT)
    json_object_update_new(body, json_pack("{s:s, s:i}", "ptype", "publisher", "id", PUBLISHER));
  else if (janus->kind == TALK_PICTURE_IN)
    json_object_update_new(body, json_pack("{s:s, s:[{s:i}]}", "ptype", "subscriber", "streams", "feed", PUBLISHER));
  janus->state = JOINING;
  request(janus, json_pack("{s:s, s:o}", "janus", "message", "body", body));
}

static void
take_success(JanusTalk *janus, const json_t *message)
{
  json_int_t id = json_integer_value(json_object_get(json_object_get(message, "data"), "id"));
  if (janus->state == CREATING) {
    janus->session = id;
    janus_link_bind(janus->link, janus->caller, id);
    janus->keepalive = g_timeout_add_seconds(KEEPALIVE_SECONDS, on_keepalive, janus);
    janus->state = ATTACHING;
    const char *plugin = janus->kind == TALK_SOUND ? "janus.plugin.audiobridge" : "janus.plugin.videoroom";
    request(janus, json_pack("{s:s, s:s}", "janus", "attach", "plugin", plugin));
  } else if (janus->state == ATTACHING) {
    janus->handle = id;
    join(janus);
  }
}

/* What the plugin says. Of the others' coming and going it tells too, in events that answer nothing. */
static void
take_event(JanusTalk *janus, const json_t *message)
{
  const json_t *data = json_object_get(json_object_get(message, "plugindata"), "data");
  const char *error = json_string_value(json_object_get(data, "error"));
  const char *sdp = json_string_value(json_object_get(json_object_get(message, "jsep"), "sdp"));
  if (error != NULL) {
    fail(janus, error);
  } else if (sdp != NULL && (janus->state == JOINING || janus->state == OFFERING)) {
    janus->state = janus->state == JOINING ? ANSWERING : TALKING;
    janus->talk.events->described(sdp, janus->talk.user_data);
  } else if (janus->state == JOINING && json_object_get(message, "transaction") != NULL) {
    janus->state = OFFERING;
    janus->talk.events->ready(janus->talk.user_data);
  }
}

static void
on_message(const json_t *message, gpointer user_data)
{
  JanusTalk *janus = user_data;
  if (message == NULL) {
    fail(janus, "Janus has closed the connection");
    return;
  }
  const char *type = json_string_value(json_object_get(message, "janus"));
  const char *reason = json_string_value(json_object_get(json_object_get(message, "error"), "reason"));
  if (g_strcmp0(type, "success") == 0)
    take_success(janus, message);
  else if (g_strcmp0(type, "event") == 0)
    take_event(janus, message);
  else if (g_strcmp0(type, "error") == 0)
    fail(janus, reason != NULL ? reason : "error");
  else if (g_strcmp0(type, "hangup") == 0 || g_strcmp0(type, "timeout") == 0)
    fail(janus, type);
}

static void
janus_describe(Talk *talk, const char *sdp)
{
  JanusTalk *janus = (JanusTalk *)talk;
  const char *type = "offer";
  json_t *body;
  if (janus->state == ANSWERING) {
    type = "answer";
    body = json_pack("{s:s}", "request", "start");
    janus->state = TALKING;
  } else if (janus->kind == TALK_SOUND) {
    body = json_pack("{s:s, s:b}", "request", "configure", "muted", FALSE);
  } else {
    body = json_pack("{s:s}", "request", "publish");
  }
  request(janus,
          json_pack("{s:s, s:o, s:{s:s, s:s}}", "janus", "message", "body", body, "jsep", "type", type, "sdp", sdp));
  /* All our candidates stand in the description. */
  request(janus, json_pack("{s:s, s:{s:b}}", "janus", "trickle", "candidate", "completed", TRUE));
}

static void
janus_free(Talk *talk)
{
  JanusTalk *janus = (JanusTalk *)talk;
  g_clear_handle_id(&janus->keepalive, g_source_remove);
  janus->handle = 0;
  if (janus->session != 0)
    request(janus, json_pack("{s:s}", "janus", "destroy"));
  janus_link_remove(janus->link, janus->caller);
  g_free(janus);
}

Talk *
talk_new_janus(JanusLink *link, TalkKind kind, guint number, const TalkEvents *events, gpointer user_data)
{
  static const TalkOps ops = {.describe = janus_describe, .free = janus_free};
  JanusTalk *janus = g_new(JanusTalk, 1);
  *janus = (JanusTalk){
      .talk = {.ops = &ops, .events = events, .user_data = user_data},
      .link = link,
      .kind = kind,
      .number = number,
      .caller = janus_link_add(link, on_message, janus),
  };
  request(janus, json_pack("{s:s}", "janus", "create"));
  return &janus->talk;
}
