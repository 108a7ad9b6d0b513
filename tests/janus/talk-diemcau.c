/* The same with Diemcau, by WebSocket as a page does (docs/protocol.md). */
#include <jansson.h>
#include <stdlib.h>

#include "talk.h"

#define TOKEN_SECONDS (24 * 3600)

typedef struct {
  Talk talk; /* first */
  SimWsConn *conn;
  const McuTokenKey *key;
  const char *meeting;
  TalkKind kind;
  guint number, next_id;
  gboolean failed;
} DiemcauTalk;

static void
fail(DiemcauTalk *self, const char *reason)
{
  if (self->failed)
    return;
  self->failed = TRUE;
  self->talk.events->failed(reason, self->talk.user_data);
}

/* Takes `message`, adds version and id. */
static void
request(DiemcauTalk *self, json_t *message)
{
  json_object_update_new(message, json_pack("{s:i, s:i}", "v", 1, "id", (int)++self->next_id));
  char *text = json_dumps(message, JSON_COMPACT);
  sim_ws_send(self->conn, text);
  free(text);
  json_decref(message);
}

static void
on_opened(G_GNUC_UNUSED SimWsConn *conn, gpointer user_data)
{
  DiemcauTalk *self = user_data;
  g_autofree char *name = g_strdup_printf("Điểm cầu %u", self->number);
  McuGrant grant = {
      .site_name = name,
      .role = self->kind == TALK_PICTURE_IN ? MCU_ROLE_OBSERVER : MCU_ROLE_SITE,
      .expires_s = g_get_real_time() / G_USEC_PER_SEC + TOKEN_SECONDS,
  };
  g_strlcpy(grant.meeting, self->meeting, sizeof grant.meeting);
  g_snprintf(grant.site, sizeof grant.site, "sim-%u", self->number);
  g_autoptr(GError) error = NULL;
  g_autofree char *token = mcu_token_sign(self->key, &grant, &error);
  if (token == NULL) {
    fail(self, error->message);
    return;
  }
  request(self, json_pack("{s:s, s:s, s:b, s:b}", "type", "join", "token", token, "mic", self->kind == TALK_SOUND,
                          "camera", self->kind == TALK_PICTURE_OUT));
}

static void
on_message(G_GNUC_UNUSED SimWsConn *conn, const char *text, gsize size, gpointer user_data)
{
  DiemcauTalk *self = user_data;
  json_t *message = json_loadb(text, size, 0, NULL);
  const char *type = json_string_value(json_object_get(message, "type"));
  const char *sdp = json_string_value(json_object_get(message, "sdp"));
  const char *code = json_string_value(json_object_get(message, "code"));
  const char *state = json_string_value(json_object_get(message, "state"));
  if (g_strcmp0(type, "joined") == 0)
    self->talk.events->ready(self->talk.user_data);
  else if (g_strcmp0(type, "answer") == 0 && sdp != NULL)
    self->talk.events->described(sdp, self->talk.user_data);
  else if (g_strcmp0(type, "error") == 0 || g_strcmp0(type, "closed") == 0)
    fail(self, code != NULL ? code : type);
  else if (g_strcmp0(type, "connection") == 0 && g_strcmp0(state, "failed") == 0)
    fail(self, "the bridge has lost our media");
  json_decref(message);
}

static void
on_closed(G_GNUC_UNUSED SimWsConn *conn, const char *reason, gpointer user_data)
{
  fail(user_data, reason);
}

static void
diemcau_describe(Talk *talk, const char *sdp)
{
  request((DiemcauTalk *)talk, json_pack("{s:s, s:s}", "type", "offer", "sdp", sdp));
}

static void
diemcau_free(Talk *talk)
{
  DiemcauTalk *self = (DiemcauTalk *)talk;
  if (!self->failed && self->next_id > 0)
    request(self, json_pack("{s:s}", "type", "leave"));
  sim_ws_conn_free(self->conn);
  g_free(self);
}

Talk *
talk_new_diemcau(SimWs *ws, const McuTokenKey *key, const char *meeting, TalkKind kind, guint number,
                 const TalkEvents *events, gpointer user_data)
{
  static const TalkOps ops = {.describe = diemcau_describe, .free = diemcau_free};
  static const SimWsEvents ws_events = {.opened = on_opened, .message = on_message, .closed = on_closed};
  DiemcauTalk *self = g_new(DiemcauTalk, 1);
  *self = (DiemcauTalk){
      .talk = {.ops = &ops, .events = events, .user_data = user_data},
      .key = key,
      .meeting = meeting,
      .kind = kind,
      .number = number,
  };
  self->conn = sim_ws_connect(ws, &ws_events, self);
  return &self->talk;
}
