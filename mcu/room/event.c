/* Events as values, and as text for the log and back. Pure; any thread. */
#include "mcu/room/event.h"

#include <string.h>

#include "mcu/room/json.h"
#include "mcu/room/legal.h"
#include "mcu/room/scene-spec.h"

#define LEVEL_MAX 99

/* What the events of a type carry. */
enum {
  SITE = 1 << 0,
  OTHER = 1 << 1,
  NAME = 1 << 2,
  ROLE = 1 << 3,
  INVITED_AS = 1 << 4,
  REASON = 1 << 5,
  MIC = 1 << 6,
  CAMERA = 1 << 7,
  ON = 1 << 8,
  NUMBER = 1 << 9,
  TEXT = 1 << 10,
  MORE = 1 << 11,
  COUNT = 1 << 12,
  LIMIT = 1 << 13,
};

static const struct {
  const char *word;
  guint fields;
} kinds[MCU_ROOM_N_EVENTS] = {
    [MCU_ROOM_SEAT_ADDED] = {"seat-added", SITE | NAME | ROLE | INVITED_AS | MIC | CAMERA},
    [MCU_ROOM_SEAT_REMOVED] = {"seat-removed", SITE | REASON},
    [MCU_ROOM_SEAT_LOST] = {"seat-lost", SITE},
    [MCU_ROOM_SEAT_BACK] = {"seat-back", SITE},
    [MCU_ROOM_SEAT_REPLACED] = {"seat-replaced", SITE | NAME | ROLE | INVITED_AS | MIC | CAMERA},
    [MCU_ROOM_MEDIA_CHANGED] = {"media-changed", SITE | MIC | CAMERA},
    [MCU_ROOM_RECORDING_ON] = {"recording-on", SITE},
    [MCU_ROOM_RECORDING_OFF] = {"recording-off", SITE},
    [MCU_ROOM_FLOOR_GIVEN] = {"floor-given", SITE | NUMBER},
    [MCU_ROOM_FLOOR_TAKEN] = {"floor-taken", SITE},
    [MCU_ROOM_HAND_RAISED] = {"hand-raised", SITE},
    [MCU_ROOM_HAND_LOWERED] = {"hand-lowered", SITE},
    [MCU_ROOM_HAND_MOVED] = {"hand-moved", SITE | NUMBER},
    [MCU_ROOM_POLICY_CHANGED] = {"policy-changed", NUMBER | ON},
    [MCU_ROOM_SEAT_MUTED] = {"seat-muted", SITE},
    [MCU_ROOM_SEAT_UNMUTED] = {"seat-unmuted", SITE},
    [MCU_ROOM_ALL_MUTED] = {"all-muted", TEXT},
    [MCU_ROOM_ALL_UNMUTED] = {"all-unmuted", TEXT},
    [MCU_ROOM_CONSENT_CHANGED] = {"consent-changed", SITE | ON},
    [MCU_ROOM_ROLE_CHANGED] = {"role-changed", SITE | ROLE},
    [MCU_ROOM_LOCKED] = {"locked", ON},
    [MCU_ROOM_LOBBY_ENTERED] = {"lobby-entered", SITE | NAME | ROLE},
    [MCU_ROOM_LOBBY_LEFT] = {"lobby-left", SITE},
    [MCU_ROOM_ADMITTED] = {"admitted", SITE},
    [MCU_ROOM_KEPT_OUT] = {"kept-out", SITE},
    [MCU_ROOM_PARDONED] = {"pardoned", SITE},
    [MCU_ROOM_PROGRAMME_SET] = {"programme-set", TEXT},
    [MCU_ROOM_PROGRAMME_UNDONE] = {"programme-undone", 0},
    [MCU_ROOM_PREVIEW_SET] = {"preview-set", TEXT},
    [MCU_ROOM_SCENE_SAVED] = {"scene-saved", NAME | TEXT},
    [MCU_ROOM_SCENE_DROPPED] = {"scene-dropped", NAME},
    [MCU_ROOM_LAYOUT_LOCKED] = {"layout-locked", ON},
    [MCU_ROOM_BANNER_SET] = {"banner-set", TEXT},
    [MCU_ROOM_TOUR_SET] = {"tour-set", NUMBER},
    [MCU_ROOM_MADE] = {"made", NAME | NUMBER},
    [MCU_ROOM_PLANNED] = {"planned", NAME | NUMBER},
    [MCU_ROOM_INVITED] = {"invited", SITE | NAME | ROLE | OTHER | NUMBER | TEXT | MORE},
    [MCU_ROOM_UNINVITED] = {"uninvited", SITE},
    [MCU_ROOM_ENDED] = {"ended", 0},
    [MCU_ROOM_CHAT_SAID] = {"chat-said", SITE | NUMBER | TEXT},
    [MCU_ROOM_CHAT_OPENED] = {"chat-opened", ON},
    [MCU_ROOM_ANNOUNCED] = {"announced", SITE | TEXT | MORE},
    [MCU_ROOM_VOTE_OPENED] = {"vote-opened", SITE | NUMBER | NAME | TEXT | MORE | ON | COUNT | LIMIT},
    [MCU_ROOM_VOTE_CAST] = {"vote-cast", SITE | NUMBER | COUNT},
    [MCU_ROOM_VOTE_USED] = {"vote-used", SITE | NUMBER},
    [MCU_ROOM_VOTE_RESTARTED] = {"vote-restarted", NUMBER},
    [MCU_ROOM_VOTE_CLOSED] = {"vote-closed", NUMBER | TEXT},
    [MCU_ROOM_VOTE_SHOWN] = {"vote-shown", NUMBER | ON},
    [MCU_ROOM_ROLL_OPENED] = {"roll-opened", 0},
    [MCU_ROOM_ROLL_MARKED] = {"roll-marked", SITE | NUMBER | TEXT | ON},
    [MCU_ROOM_ROLL_CLOSED] = {"roll-closed", 0},
    [MCU_ROOM_CALLS_BEGUN] = {"calls-begun", NUMBER},
    [MCU_ROOM_CALLED] = {"called", SITE},
    [MCU_ROOM_CALLS_PAUSED] = {"calls-paused", ON},
    [MCU_ROOM_CALLS_ENDED] = {"calls-ended", 0},
    [MCU_ROOM_AGENDA_SET] = {"agenda-set", TEXT},
    [MCU_ROOM_AGENDA_AT] = {"agenda-at", NUMBER},
    [MCU_ROOM_DOCUMENT_ADDED] = {"document-added", OTHER | NAME | TEXT | NUMBER | COUNT | MORE},
    [MCU_ROOM_DOCUMENT_REMOVED] = {"document-removed", OTHER},
    [MCU_ROOM_DOCUMENT_SHOWN] = {"document-shown", OTHER | NUMBER},
    [MCU_ROOM_PRESENTER_SET] = {"presenter-set", SITE | ON},
    [MCU_ROOM_PRESENTING_ON] = {"presenting-on", SITE},
    [MCU_ROOM_PRESENTING_OFF] = {"presenting-off", SITE},
    [MCU_ROOM_ASIDE_SET] = {"aside-set", SITE | ON},
};

static const char *const roles[MCU_N_ROLES] = {
    [MCU_ROLE_CHAIR] = "chair",         [MCU_ROLE_SITE] = "site",         [MCU_ROLE_OBSERVER] = "observer",
    [MCU_ROLE_SECRETARY] = "secretary", [MCU_ROLE_OPERATOR] = "operator",
};

static const char *const reasons[MCU_ROOM_N_REASONS] = {
    [MCU_ROOM_LEFT] = "left",
    [MCU_ROOM_EXPIRED] = "expired",
    [MCU_ROOM_REMOVED] = "removed",
};

static const char *const policies[MCU_N_MIC_POLICIES] = {
    [MCU_MIC_OPEN] = "open",
    [MCU_MIC_PERMISSION] = "permission",
    [MCU_MIC_CHAIR] = "chair",
};

/* --- values ------------------------------------------------------------------------------- */

static void
clear_element(gpointer event)
{
  mcu_room_event_clear(event);
}

GArray *
mcu_room_events_new(void)
{
  GArray *events = g_array_new(FALSE, TRUE, sizeof(McuRoomEvent));
  g_array_set_clear_func(events, clear_element);
  return events;
}

void
mcu_room_event_copy(McuRoomEvent *to, const McuRoomEvent *from)
{
  *to = *from;
  if (to->text != NULL)
    g_ref_string_acquire(to->text);
  if (to->more != NULL)
    g_ref_string_acquire(to->more);
}

void
mcu_room_event_clear(McuRoomEvent *event)
{
  g_clear_pointer(&event->text, g_ref_string_release);
  g_clear_pointer(&event->more, g_ref_string_release);
}

/* --- words -------------------------------------------------------------------------------- */

static gboolean
find_word(const char *const *words, guint n, const char *word, guint *out_index)
{
  for (guint i = 0; word != NULL && i < n; i++) {
    if (strcmp(words[i], word) == 0) {
      *out_index = i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
mcu_room_event_word(McuRoomEventType type)
{
  g_assert((guint)type < MCU_ROOM_N_EVENTS);
  return kinds[type].word;
}

gboolean
mcu_room_event_type_parse(const char *word, McuRoomEventType *out_type)
{
  for (guint i = 0; i < MCU_ROOM_N_EVENTS; i++) {
    if (strcmp(kinds[i].word, word) == 0) {
      *out_type = (McuRoomEventType)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
mcu_room_event_is_work(McuRoomEventType type)
{
  return type >= MCU_ROOM_CHAT_SAID && type < MCU_ROOM_N_EVENTS;
}

const char *
mcu_room_role_word(McuRole role)
{
  g_assert((guint)role < MCU_N_ROLES);
  return roles[role];
}

gboolean
mcu_room_role_parse(const char *word, McuRole *out_role)
{
  guint index;
  if (!find_word(roles, MCU_N_ROLES, word, &index))
    return FALSE;
  *out_role = (McuRole)index;
  return TRUE;
}

const char *
mcu_room_policy_word(McuMicPolicy policy)
{
  g_assert((guint)policy < MCU_N_MIC_POLICIES);
  return policies[policy];
}

gboolean
mcu_room_policy_parse(const char *word, McuMicPolicy *out_policy)
{
  guint index;
  if (!find_word(policies, MCU_N_MIC_POLICIES, word, &index))
    return FALSE;
  *out_policy = (McuMicPolicy)index;
  return TRUE;
}

/* --- to the log --------------------------------------------------------------------------- */

char *
mcu_room_event_payload(const McuRoomEvent *event)
{
  guint fields = kinds[event->type].fields;
  GString *json = g_string_new(NULL);
  mcu_json_open(json);
  if (fields & SITE)
    mcu_json_text(json, "site", event->site);
  if (fields & OTHER)
    mcu_json_text(json, "other", event->other);
  if (fields & NAME)
    mcu_json_text(json, "name", event->name);
  if (fields & ROLE)
    mcu_json_text(json, "role", mcu_room_role_word(event->role));
  if (fields & INVITED_AS)
    mcu_json_text(json, "invited-as", mcu_room_role_word(event->invited_as));
  if (fields & REASON)
    mcu_json_text(json, "reason", reasons[event->reason]);
  if (fields & MIC)
    mcu_json_flag(json, "mic", event->mic);
  if (fields & CAMERA)
    mcu_json_flag(json, "camera", event->camera);
  if (fields & ON)
    mcu_json_flag(json, "on", event->on);
  if (fields & NUMBER)
    mcu_json_number(json, "number", event->number);
  if (fields & COUNT)
    mcu_json_number(json, "count", event->count);
  if (fields & LIMIT)
    mcu_json_number(json, "limit", event->limit);
  if (fields & TEXT)
    mcu_json_text(json, "text", event->text != NULL ? event->text : "");
  if (fields & MORE)
    mcu_json_text(json, "more", event->more != NULL ? event->more : "");
  mcu_json_close(json);
  return g_string_free(json, FALSE);
}

/* --- and back ----------------------------------------------------------------------------- */

/* By the order of the bits. */
static const char *const keys[] = {"site",   "other", "name",   "role", "invited-as", "reason", "mic",
                                   "camera", "on",    "number", "text", "more",       "count",  "limit"};

gboolean
mcu_room_event_has(McuRoomEventType type, const char *key)
{
  guint index;
  g_assert((guint)type < MCU_ROOM_N_EVENTS);
  return find_word(keys, G_N_ELEMENTS(keys), key, &index) && (kinds[type].fields & (1u << index)) != 0;
}

guint
mcu_room_event_n_members(McuRoomEventType type)
{
  guint n = 0;
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    n += (kinds[type].fields >> i) & 1;
  return n;
}

static gboolean
copy_text(char *to, gsize size, const char *value)
{
  return g_strlcpy(to, value, size) < size;
}

static gboolean
set_ref(GRefString **text, const char *value)
{
  g_clear_pointer(text, g_ref_string_release);
  *text = *value != '\0' ? g_ref_string_new(value) : NULL;
  return TRUE;
}

static gboolean
set_reason(McuRoomEvent *event, const char *value)
{
  guint index;
  if (!find_word(reasons, MCU_ROOM_N_REASONS, value, &index))
    return FALSE;
  event->reason = (McuRoomReason)index;
  return TRUE;
}

gboolean
mcu_room_event_set_text(McuRoomEvent *event, const char *key, const char *value)
{
  if (strcmp(key, "site") == 0)
    return copy_text(event->site, sizeof event->site, value);
  if (strcmp(key, "other") == 0)
    return copy_text(event->other, sizeof event->other, value);
  if (strcmp(key, "name") == 0)
    return copy_text(event->name, sizeof event->name, value);
  if (strcmp(key, "role") == 0)
    return mcu_room_role_parse(value, &event->role);
  if (strcmp(key, "invited-as") == 0)
    return mcu_room_role_parse(value, &event->invited_as);
  if (strcmp(key, "reason") == 0)
    return set_reason(event, value);
  if (strcmp(key, "text") == 0)
    return set_ref(&event->text, value);
  return strcmp(key, "more") == 0 && set_ref(&event->more, value);
}

gboolean
mcu_room_event_set_number(McuRoomEvent *event, const char *key, gint64 value)
{
  gint64 *number = strcmp(key, "number") == 0  ? &event->number
                   : strcmp(key, "count") == 0 ? &event->count
                   : strcmp(key, "limit") == 0 ? &event->limit
                                               : NULL;
  if (number == NULL)
    return FALSE;
  *number = value;
  return TRUE;
}

gboolean
mcu_room_event_set_flag(McuRoomEvent *event, const char *key, gboolean value)
{
  gboolean *flag = strcmp(key, "mic") == 0      ? &event->mic
                   : strcmp(key, "camera") == 0 ? &event->camera
                   : strcmp(key, "on") == 0     ? &event->on
                                                : NULL;
  if (flag == NULL)
    return FALSE;
  *flag = value;
  return TRUE;
}

static gboolean
is_id(const char *id, gboolean may_be_empty)
{
  return (may_be_empty && *id == '\0') || mcu_is_legal_id(id);
}

static gboolean
is_short(const char *text, gsize max_bytes)
{
  return text == NULL || strlen(text) <= max_bytes;
}

static gboolean
is_text_sound(const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_INVITED:
    return is_short(event->text, MCU_CONTACT_MAX_BYTES) && is_short(event->more, MCU_CONTACT_MAX_BYTES);
  case MCU_ROOM_BANNER_SET:
    return event->text == NULL || mcu_is_legal_name(event->text, MCU_BANNER_MAX_CHARS);
  default:
    return TRUE;
  }
}

static gboolean
is_number_sound(const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_POLICY_CHANGED:
    return event->number >= 0 && event->number < MCU_N_MIC_POLICIES;
  case MCU_ROOM_TOUR_SET:
    return event->number >= 0 && event->number <= MCU_SHOW_SECONDS_MAX;
  case MCU_ROOM_INVITED:
    return event->number >= 0 && event->number <= LEVEL_MAX;
  case MCU_ROOM_MADE:
  case MCU_ROOM_PLANNED:
    return event->number >= 0;
  default:
    return TRUE;
  }
}

gboolean
mcu_room_event_is_sound(const McuRoomEvent *event)
{
  guint fields = kinds[event->type].fields;
  gboolean recording = event->type == MCU_ROOM_RECORDING_ON || event->type == MCU_ROOM_RECORDING_OFF;
  gboolean title = event->type == MCU_ROOM_MADE || event->type == MCU_ROOM_PLANNED ||
                   event->type == MCU_ROOM_VOTE_OPENED; /* its question */
  if (((fields & SITE) && !is_id(event->site, recording)) || ((fields & OTHER) && !is_id(event->other, TRUE)))
    return FALSE;
  if ((fields & NAME) && !mcu_is_legal_name(event->name, title ? MCU_TITLE_MAX_CHARS : MCU_NAME_MAX_CHARS))
    return FALSE;
  return is_text_sound(event) && is_number_sound(event);
}
