/* Parsing is the door for everything a client says, so it is strict and bounded: size and depth are
 * checked on the bytes, before jansson recurses over them. Pure, any thread. */
#include "mcu/signaling/message.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/room/legal.h"
#include "mcu/signaling/message-command.h"
#include "mcu/signaling/message-work.h"
#include "mcu/signaling/token.h"
#include "mcu/util/error.h"

static gboolean
refuse(GError **error, McuError code, const char *reason)
{
  g_set_error_literal(error, MCU_ERROR, code, reason);
  return FALSE;
}

/* --- bounds --- */

/* Brackets outside of strings; enough for any text that is JSON, and harmless for any that is not. */
static gboolean
depth_fits(const char *text, gsize size)
{
  guint depth = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; i < size; i++) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '{' || c == '[') {
      if (++depth > MCU_MESSAGE_MAX_DEPTH)
        return FALSE;
    } else if ((c == '}' || c == ']') && depth > 0) {
      depth--;
    }
  }
  return TRUE;
}

static guint
is_container(const json_t *value)
{
  return json_is_object(value) || json_is_array(value) ? 1 : 0;
}

static gboolean
tree_fits(json_t *value, guint depth)
{
  const char *key;
  json_t *child;
  size_t i;
  if (depth > MCU_MESSAGE_MAX_DEPTH)
    return FALSE;
  /* Both loops run over nothing when `value` is of the other kind. */
  json_object_foreach(value, key, child)
  {
    if (!tree_fits(child, depth + is_container(child)))
      return FALSE;
  }
  json_array_foreach(value, i, child)
  {
    if (!tree_fits(child, depth + is_container(child)))
      return FALSE;
  }
  return TRUE;
}

static json_t *
load(const char *text, gsize size, GError **error)
{
  if (size > MCU_MESSAGE_MAX_BYTES) {
    refuse(error, MCU_ERROR_TOO_LARGE, "message over 64 KiB");
    return NULL;
  }
  if (!depth_fits(text, size)) {
    refuse(error, MCU_ERROR_TOO_LARGE, "message nested too deeply");
    return NULL;
  }
  /* jansson's own error text quotes the input: it is not passed on. */
  json_error_t where;
  json_t *tree = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
  if (tree == NULL) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "not JSON at byte %d", where.position);
  } else if (!json_is_object(tree)) {
    refuse(error, MCU_ERROR_BAD_MESSAGE, "not an object");
    g_clear_pointer(&tree, json_decref);
  } else if (!tree_fits(tree, 1)) {
    refuse(error, MCU_ERROR_TOO_LARGE, "message nested too deeply");
    g_clear_pointer(&tree, json_decref);
  }
  return tree;
}

/* --- members --- */

static gboolean
take_string(json_t *tree, const char *key, gsize max, char **out, GError **error)
{
  json_t *value = json_object_get(tree, key);
  if (!json_is_string(value)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "\"%s\" must be a string", key);
    return FALSE;
  }
  if (json_string_length(value) > max) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "\"%s\" over %" G_GSIZE_FORMAT " bytes", key, max);
    return FALSE;
  }
  *out = g_strdup(json_string_value(value));
  return TRUE;
}

static gboolean
take_switch(json_t *tree, const char *key, McuSwitch *out, GError **error)
{
  json_t *value = json_object_get(tree, key);
  *out = MCU_SWITCH_UNSET;
  if (value == NULL)
    return TRUE;
  if (!json_is_boolean(value)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "\"%s\" must be true or false", key);
    return FALSE;
  }
  *out = json_is_true(value) ? MCU_SWITCH_ON : MCU_SWITCH_OFF;
  return TRUE;
}

static gboolean
take_optional_id(json_t *tree, const char *key, char **out, GError **error)
{
  if (json_object_get(tree, key) == NULL)
    return TRUE;
  if (!take_string(tree, key, MCU_ID_MAX_BYTES, out, error))
    return FALSE;
  return mcu_is_legal_id(*out) || refuse(error, MCU_ERROR_BAD_MESSAGE, "an id has 1 to 64 of A-Z a-z 0-9 . _ -");
}

static gboolean
take_screen(json_t *tree, McuScreen *out, GError **error)
{
  json_t *value = json_object_get(tree, "screen");
  const char *word = json_string_value(value);
  if (value == NULL)
    return TRUE;
  if (word != NULL && strcmp(word, "wall") == 0)
    *out = MCU_SCREEN_WALL;
  else if (word != NULL && strcmp(word, "preview") == 0)
    *out = MCU_SCREEN_PREVIEW;
  else
    return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"screen\" must be \"wall\" or \"preview\"");
  return TRUE;
}

static gboolean
parse_join(json_t *tree, McuMessage *m, GError **error)
{
  McuSwitch replace;
  if (!take_string(tree, "token", MCU_TOKEN_MAX_BYTES, &m->join.token, error) ||
      !take_switch(tree, "mic", &m->join.mic, error) || !take_switch(tree, "camera", &m->join.camera, error) ||
      !take_optional_id(tree, "meeting", &m->join.meeting, error) ||
      !take_optional_id(tree, "client", &m->join.client, error) || !take_switch(tree, "replace", &replace, error))
    return FALSE;
  m->join.replace = replace == MCU_SWITCH_ON;
  return take_screen(tree, &m->join.screen, error);
}

static gboolean
parse_offer(json_t *tree, McuMessage *m, GError **error)
{
  return take_string(tree, "sdp", MCU_SDP_MAX_BYTES, &m->offer.sdp, error);
}

static gboolean
parse_candidate(json_t *tree, McuMessage *m, GError **error)
{
  return take_string(tree, "candidate", MCU_CANDIDATE_MAX_BYTES, &m->candidate.candidate, error);
}

static gboolean
parse_media(json_t *tree, McuMessage *m, GError **error)
{
  if (!take_switch(tree, "mic", &m->media.mic, error) || !take_switch(tree, "camera", &m->media.camera, error))
    return FALSE;
  if (m->media.mic == MCU_SWITCH_UNSET && m->media.camera == MCU_SWITCH_UNSET)
    return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"mic\" or \"camera\" must be there");
  return TRUE;
}

static gboolean
take_view(json_t *tree, McuView *out, GError **error)
{
  static const char *const words[MCU_N_VIEWS] = {
      [MCU_VIEW_PROGRAMME] = "programme", [MCU_VIEW_WALL] = "wall", [MCU_VIEW_PREVIEW] = "preview"};
  const char *word = json_string_value(json_object_get(tree, "view"));
  for (guint i = 0; word != NULL && i < MCU_N_VIEWS; i++) {
    if (words[i] != NULL && strcmp(word, words[i]) == 0) {
      *out = (McuView)i;
      return TRUE;
    }
  }
  return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"view\" must be \"programme\", \"wall\" or \"preview\"");
}

static gboolean
take_rung(json_t *tree, McuView view, McuRung *out, GError **error)
{
  static const int heights[MCU_N_RUNGS] = {
      [MCU_RUNG_1080] = 1080, [MCU_RUNG_720] = 720, [MCU_RUNG_360] = 360, [MCU_RUNG_180] = 180};
  json_t *height = json_object_get(tree, "height");
  *out = view == MCU_VIEW_WALL ? MCU_RUNG_1080 : MCU_RUNG_720;
  if (height == NULL)
    return TRUE;
  for (guint i = 0; json_is_integer(height) && i < MCU_N_RUNGS; i++) {
    if (json_integer_value(height) == heights[i]) {
      *out = (McuRung)i;
      return TRUE;
    }
  }
  return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"height\" must be 1080, 720, 360 or 180");
}

static gboolean
parse_watch(json_t *tree, McuMessage *m, GError **error)
{
  return take_view(tree, &m->watch.view, error) && take_rung(tree, m->watch.view, &m->watch.rung, error);
}

static const struct {
  const char *word;
  gboolean (*parse)(json_t *tree, McuMessage *message, GError **error); /* NULL: no members */
} types[] = {
    [MCU_MESSAGE_JOIN] = {"join", parse_join},
    [MCU_MESSAGE_OFFER] = {"offer", parse_offer},
    [MCU_MESSAGE_CANDIDATE] = {"candidate", parse_candidate},
    [MCU_MESSAGE_MEDIA] = {"media", parse_media},
    [MCU_MESSAGE_WATCH] = {"watch", parse_watch},
    [MCU_MESSAGE_LEAVE] = {"leave", NULL},
    [MCU_MESSAGE_PING] = {"ping", NULL},
};

static gboolean
parse_tree(json_t *tree, McuMessage *message, guint32 *out_id, GError **error)
{
  json_t *version = json_object_get(tree, "v");
  json_t *id = json_object_get(tree, "id");
  json_t *type = json_object_get(tree, "type");
  gboolean id_fits = json_is_integer(id) && json_integer_value(id) >= 1 && json_integer_value(id) <= G_MAXINT32;
  if (id_fits)
    *out_id = message->id = (guint32)json_integer_value(id);

  if (!json_is_integer(version))
    return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"v\" must be a number");
  if (json_integer_value(version) != MCU_MESSAGE_VERSION)
    return refuse(error, MCU_ERROR_BAD_VERSION, "only version 1 is spoken here");
  if (!id_fits)
    return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"id\" must be a number of 1 .. 2^31-1");
  if (!json_is_string(type))
    return refuse(error, MCU_ERROR_BAD_MESSAGE, "\"type\" must be a string");
  for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
    if (types[i].word != NULL && strcmp(json_string_value(type), types[i].word) == 0) {
      message->type = (McuMessageType)i;
      return types[i].parse == NULL || types[i].parse(tree, message, error);
    }
  }
  if (mcu_message_is_command(json_string_value(type))) {
    message->type = MCU_MESSAGE_COMMAND;
    return mcu_message_parse_command(tree, message, error);
  }
  if (mcu_message_is_work(json_string_value(type))) {
    message->type = MCU_MESSAGE_COMMAND;
    return mcu_message_parse_work(tree, message, error);
  }
  return refuse(error, MCU_ERROR_UNKNOWN_TYPE, "unknown type");
}

gboolean
mcu_message_parse(const char *text, gsize size, McuMessage *out_message, guint32 *out_id, GError **error)
{
  McuMessage message = {.type = MCU_N_MESSAGES};
  *out_id = 0;
  json_t *tree = load(text, size, error);
  if (tree == NULL)
    return FALSE;
  gboolean ok = parse_tree(tree, &message, out_id, error);
  json_decref(tree);
  if (ok)
    *out_message = message;
  else
    mcu_message_clear(&message);
  return ok;
}

void
mcu_message_clear(McuMessage *message)
{
  switch (message->type) {
  case MCU_MESSAGE_JOIN:
    g_free(message->join.token);
    g_free(message->join.meeting);
    g_free(message->join.client);
    break;
  case MCU_MESSAGE_OFFER:
    g_free(message->offer.sdp);
    break;
  case MCU_MESSAGE_CANDIDATE:
    g_free(message->candidate.candidate);
    break;
  case MCU_MESSAGE_COMMAND:
    g_free(message->command.site);
    g_free(message->command.name);
    g_free(message->command.text);
    g_free(message->command.more);
    g_free(message->command.other);
    break;
  default:
    break;
  }
  memset(message, 0, sizeof *message);
  message->type = MCU_N_MESSAGES;
}

/* --- building --- */

static json_t *
text_value(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
  return json_string(valid);
}

static json_t *
message_new(const char *type, guint32 id)
{
  json_t *tree = json_object();
  json_object_set_new(tree, "v", json_integer(MCU_MESSAGE_VERSION));
  json_object_set_new(tree, "type", json_string(type));
  if (id != 0)
    json_object_set_new(tree, "id", json_integer(id));
  return tree;
}

static char *
message_end(json_t *tree)
{
  /* NULL only when there is no memory, which ends the process everywhere else too. */
  char *text = json_dumps(tree, JSON_COMPACT);
  g_assert(text != NULL);
  char *out = g_strdup(text);
  free(text);
  json_decref(tree);
  return out;
}

static void
set_error(json_t *tree, const GError *error)
{
  json_object_set_new(tree, "code", json_string(mcu_error_word(error)));
  json_object_set_new(tree, "message", text_value(error != NULL ? error->message : "over"));
}

char *
mcu_message_joined(guint32 id, const McuJoinedInfo *info)
{
  json_t *tree = message_new("joined", id);
  json_t *meeting = json_object();
  json_t *site = json_object();
  json_object_set_new(meeting, "id", text_value(info->meeting));
  json_object_set_new(meeting, "title", text_value(info->meeting_title));
  json_object_set_new(site, "id", text_value(info->site));
  json_object_set_new(site, "name", text_value(info->site_name));
  json_object_set_new(tree, "meeting", meeting);
  json_object_set_new(tree, "site", site);
  json_object_set_new(tree, "role", json_string(mcu_room_role_word(info->role)));
  json_object_set_new(tree, "recording", json_boolean(info->recording));
  json_object_set_new(tree, "now", json_integer(info->now_ms));
  /* The list is JSON already, and long: put in as it is. */
  g_autofree char *rest = message_end(tree);
  return g_strdup_printf("%.*s,\"sites\":%s,\"state\":%s%s%s%s}", (int)strlen(rest) - 1, rest, info->sites, info->state,
                         info->work != NULL ? info->work : "", info->desk != NULL ? ",\"desk\":" : "",
                         info->desk != NULL ? info->desk : "");
}

char *
mcu_message_waiting(guint32 id)
{
  return message_end(message_new("waiting", id));
}

char *
mcu_message_answer(guint32 id, const char *sdp)
{
  json_t *tree = message_new("answer", id);
  json_object_set_new(tree, "sdp", text_value(sdp));
  return message_end(tree);
}

char *
mcu_message_ok(guint32 id)
{
  return message_end(message_new("ok", id));
}

char *
mcu_message_pong(guint32 id, gint64 now_ms)
{
  json_t *tree = message_new("pong", id);
  json_object_set_new(tree, "now", json_integer(now_ms));
  return message_end(tree);
}

char *
mcu_message_error(guint32 id, const GError *error)
{
  json_t *tree = message_new("error", id);
  set_error(tree, error);
  return message_end(tree);
}

char *
mcu_message_picture(const McuPicture *picture)
{
  json_t *tree = message_new("picture", 0);
  json_object_set_new(tree, "width", json_integer(picture->width));
  json_object_set_new(tree, "height", json_integer(picture->height));
  json_object_set_new(tree, "fps", json_integer(picture->fps));
  json_object_set_new(tree, "kbps", json_integer(picture->kbps));
  return message_end(tree);
}

char *
mcu_message_recording(gboolean on, const GError *error)
{
  json_t *tree = message_new("recording", 0);
  json_object_set_new(tree, "on", json_boolean(on));
  if (error != NULL)
    set_error(tree, error);
  return message_end(tree);
}

char *
mcu_message_line(const McuLineInfo *line)
{
  json_t *tree = message_new("line", 0);
  json_object_set_new(tree, "quality", json_integer(MIN(line->quality, 3)));
  json_object_set_new(tree, "loss", json_integer(MIN(line->loss_permille, 1000)));
  json_object_set_new(tree, "rtt", json_integer(line->rtt_ms));
  return message_end(tree);
}

char *
mcu_message_connection(gboolean connected, const GError *error)
{
  json_t *tree = message_new("connection", 0);
  json_object_set_new(tree, "state", json_string(connected ? "connected" : "failed"));
  if (!connected)
    json_object_set_new(tree, "code", json_string(mcu_error_word(error)));
  return message_end(tree);
}

char *
mcu_message_closed(const GError *error)
{
  json_t *tree = message_new("closed", 0);
  set_error(tree, error);
  return message_end(tree);
}
