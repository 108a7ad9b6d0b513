/* Meetings that are made, changed, copied and ended from outside, and their lists. Part of McuBridge, all on main. */
#include <string.h>

#include "mcu/bridge/meeting.h"
#include "mcu/room/legal.h"
#include "mcu/util/error.h"
#include "mcu/util/loop.h"

#define ID_BYTES 10 /* of one that is made up */

void
mcu_meeting_info_free(McuMeetingInfo *info)
{
  if (info == NULL)
    return;
  g_free(info->id);
  g_free(info->title);
  g_free(info);
}

static McuMeeting *
find(McuBridge *bridge, const char *id, GError **error)
{
  McuMeeting *meeting = id != NULL ? g_hash_table_lookup(bridge->meetings, id) : NULL;
  if (meeting == NULL)
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NOT_FOUND, "there is no such meeting");
  return meeting;
}

/* --- making ------------------------------------------------------------------------------- */

/* Easy to read out on the telephone. */
static char *
make_up_id(void)
{
  static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
  char id[ID_BYTES + 1] = {0};
  for (guint i = 0; i < ID_BYTES; i++)
    id[i] = letters[g_random_int_range(0, sizeof letters - 1)];
  return g_strdup(id);
}

static McuMeeting *
make(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, GError **error)
{
  if (bridge->stopped) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_FULL, "the bridge is stopping");
    return NULL;
  }
  if (!mcu_is_legal_id(id) || !mcu_is_legal_name(title, MCU_TITLE_MAX_CHARS) || planned_ms < 0) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE,
                        "a meeting needs a title of 1 to 200 characters, and an id of 1 to 64 of A-Z a-z 0-9 . _ -");
    return NULL;
  }
  if (g_hash_table_contains(bridge->meetings, id)) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_CONFLICT, "there is a meeting of that id");
    return NULL;
  }
  McuMeeting *meeting = mcu_bridge_add_meeting(bridge, id, title, NULL, error);
  const McuRoomCommand command = {.type = MCU_ROOM_MAKE, .name = title, .number = planned_ms};
  if (meeting != NULL && !mcu_meeting_command(meeting, &command, error))
    g_assert_not_reached(); /* checked above */
  return meeting;
}

gboolean
mcu_bridge_make_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, char **out_id,
                        GError **error)
{
  MCU_ASSERT_MAIN();
  g_autofree char *own_id = id != NULL ? g_strdup(id) : make_up_id();
  McuMeeting *meeting = make(bridge, own_id, title, planned_ms, error);
  if (meeting == NULL)
    return FALSE;
  mcu_meeting_settle(meeting);
  *out_id = g_steal_pointer(&own_id);
  return TRUE;
}

/* --- copying ------------------------------------------------------------------------------ */

/* What a room says of another can only be refused for a limit that both have. */
static void
repeat(McuMeeting *meeting, const McuRoomCommand *command)
{
  g_autoptr(GError) error = NULL;
  if (!mcu_meeting_command(meeting, command, &error))
    g_warning("%s: not copied: %s", mcu_meeting_id(meeting), error->message);
}

/* Its texts are borrowed. */
static McuInvitation
invitation_of(const McuRoomInvited *site)
{
  return (McuInvitation){
      .site = (char *)site->site,
      .name = (char *)site->name,
      .parent = (char *)site->parent,
      .telephone = site->telephone != NULL ? site->telephone : (char *)"",
      .email = site->email != NULL ? site->email : (char *)"",
      .level = site->level,
      .role = site->role,
  };
}

static McuRoomCommand
command_for(const McuInvitation *site)
{
  return (McuRoomCommand){
      .type = MCU_ROOM_INVITE,
      .site = site->site,
      .name = site->name,
      .role = site->role,
      .other = site->parent,
      .number = site->level,
      .text = site->telephone,
      .more = site->email,
  };
}

static void
copy_list(McuMeeting *to, const McuRoom *from)
{
  for (guint i = 0; i < mcu_room_n_invited(from); i++) {
    const McuInvitation site = invitation_of(mcu_room_invited(from, i));
    const McuRoomCommand command = command_for(&site);
    repeat(to, &command);
  }
}

static void
copy_picture(McuMeeting *to, const McuRoom *from)
{
  for (guint i = 0; i < mcu_room_n_scenes(from); i++) {
    const McuRoomScene *scene = mcu_room_scene(from, i);
    repeat(to, &(McuRoomCommand){.type = MCU_ROOM_SAVE_SCENE, .name = scene->name, .text = scene->scene});
  }
  repeat(to, &(McuRoomCommand){.type = MCU_ROOM_SHOW, .text = mcu_room_programme(from)});
}

gboolean
mcu_bridge_copy_meeting(McuBridge *bridge, const char *from, const char *id, const char *title, gint64 planned_ms,
                        char **out_id, GError **error)
{
  MCU_ASSERT_MAIN();
  McuMeeting *source = find(bridge, from, error);
  if (source == NULL || !mcu_bridge_make_meeting(bridge, id, title, planned_ms, out_id, error))
    return FALSE;
  const McuRoom *room = mcu_meeting_room(source);
  McuMeeting *copy = g_hash_table_lookup(bridge->meetings, *out_id);
  copy_list(copy, room);
  copy_picture(copy, room);
  repeat(copy,
         &(McuRoomCommand){.type = MCU_ROOM_POLICY, .number = mcu_room_policy(room), .on = mcu_room_self_unmute(room)});
  mcu_meeting_settle(copy);
  return TRUE;
}

/* --- changing and ending ------------------------------------------------------------------ */

gboolean
mcu_bridge_change_meeting(McuBridge *bridge, const char *id, const char *title, gint64 planned_ms, GError **error)
{
  MCU_ASSERT_MAIN();
  McuMeeting *meeting = find(bridge, id, error);
  if (meeting == NULL)
    return FALSE;
  const McuRoom *room = mcu_meeting_room(meeting);
  const McuRoomCommand command = {
      .type = MCU_ROOM_PLAN,
      .name = title != NULL ? title : mcu_meeting_title(meeting),
      .number = planned_ms >= 0 ? planned_ms : mcu_room_planned_ms(room),
  };
  if (!mcu_meeting_command(meeting, &command, error))
    return FALSE;
  mcu_meeting_settle(meeting);
  return TRUE;
}

gboolean
mcu_bridge_end_meeting(McuBridge *bridge, const char *id, GError **error)
{
  MCU_ASSERT_MAIN();
  McuMeeting *meeting = find(bridge, id, error);
  return meeting != NULL && mcu_meeting_command(meeting, &(McuRoomCommand){.type = MCU_ROOM_END}, error);
}

/* --- lists -------------------------------------------------------------------------------- */

static guint
count_present(const McuRoom *room)
{
  guint n = 0;
  for (guint i = 0; i < mcu_room_n_seats(room); i++)
    n += !mcu_room_seat(room, i)->lost;
  return n;
}

static McuMeetingInfo *
info_new(const McuMeeting *meeting)
{
  const McuRoom *room = mcu_meeting_room(meeting);
  McuMeetingInfo *info = g_new0(McuMeetingInfo, 1);
  info->id = g_strdup(mcu_meeting_id(meeting));
  info->title = g_strdup(mcu_meeting_title(meeting));
  info->planned_ms = mcu_room_planned_ms(room);
  info->invited = mcu_room_n_invited(room);
  info->present = count_present(room);
  return info;
}

/* By the time planned for, then by id. */
static gint
compare_infos(gconstpointer left, gconstpointer right)
{
  const McuMeetingInfo *a = *(McuMeetingInfo *const *)left, *b = *(McuMeetingInfo *const *)right;
  if (a->planned_ms != b->planned_ms)
    return a->planned_ms < b->planned_ms ? -1 : 1;
  return strcmp(a->id, b->id);
}

GPtrArray *
mcu_bridge_list_meetings(McuBridge *bridge, const char *site)
{
  MCU_ASSERT_MAIN();
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)mcu_meeting_info_free);
  GHashTableIter iter;
  gpointer meeting;
  g_hash_table_iter_init(&iter, bridge->meetings);
  while (g_hash_table_iter_next(&iter, NULL, &meeting)) {
    const McuRoom *room = mcu_meeting_room(meeting);
    if (!mcu_room_ended(room) && mcu_is_legal_id(mcu_meeting_id(meeting)) &&
        (site == NULL || mcu_room_find_invited(room, site) != NULL))
      g_ptr_array_add(list, info_new(meeting));
  }
  g_ptr_array_sort(list, compare_infos);
  return list;
}

McuMeetingInfo *
mcu_bridge_find_meeting(McuBridge *bridge, const char *id)
{
  McuMeeting *meeting = find(bridge, id, NULL);
  return meeting != NULL ? info_new(meeting) : NULL;
}

const McuRoom *
mcu_bridge_room(McuBridge *bridge, const char *id)
{
  McuMeeting *meeting = find(bridge, id, NULL);
  return meeting != NULL ? mcu_meeting_room(meeting) : NULL;
}

const char *
mcu_bridge_meeting_uuid(McuBridge *bridge, const char *id)
{
  MCU_ASSERT_MAIN();
  McuMeeting *meeting = find(bridge, id, NULL);
  return meeting != NULL ? mcu_meeting_uuid(meeting) : NULL;
}

gboolean
mcu_bridge_command(McuBridge *bridge, const char *id, const McuRoomCommand *command, GError **error)
{
  MCU_ASSERT_MAIN();
  McuMeeting *meeting = find(bridge, id, error);
  if (meeting == NULL || !mcu_meeting_command(meeting, command, error))
    return FALSE;
  mcu_meeting_settle(meeting);
  return TRUE;
}

/* --- inviting ----------------------------------------------------------------------------- */

/* On a copy first, so that nothing is half invited. */
static gboolean
try_all(const McuInvitation *list, guint n, GError **error)
{
  g_autoptr(McuRoom) room = mcu_room_new(&(McuRoomLimits){0});
  for (guint i = 0; i < n; i++) {
    const McuRoomCommand command = command_for(&list[i]);
    if (mcu_room_find_invited(room, list[i].site) != NULL) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_MESSAGE, "%s is there twice", list[i].site);
      return FALSE;
    }
    g_autoptr(GArray) events = mcu_room_obey(room, &command, 0, error);
    if (events == NULL) {
      g_prefix_error(error, "%s: ", list[i].site);
      return FALSE;
    }
  }
  return TRUE;
}

/* What is so already is not written again. */
static gboolean
is_invited_so(const McuRoom *room, const McuInvitation *site, guint index)
{
  if (index >= mcu_room_n_invited(room))
    return FALSE;
  const McuInvitation is = invitation_of(mcu_room_invited(room, index));
  return strcmp(is.site, site->site) == 0 && strcmp(is.name, site->name) == 0 && is.role == site->role &&
         is.level == site->level && strcmp(is.parent, site->parent) == 0 &&
         strcmp(is.telephone, site->telephone) == 0 && strcmp(is.email, site->email) == 0;
}

gboolean
mcu_bridge_invite(McuBridge *bridge, const char *id, const McuInvitation *list, guint n, GError **error)
{
  MCU_ASSERT_MAIN();
  McuMeeting *meeting = find(bridge, id, error);
  if (meeting == NULL || !try_all(list, n, error))
    return FALSE;
  const McuRoom *room = mcu_meeting_room(meeting);
  guint same = 0;
  while (same < n && is_invited_so(room, &list[same], same))
    same++;
  /* From the first that differs on: who was there behind it comes again, in the new order. */
  while (mcu_room_n_invited(room) > same) {
    g_autofree char *site = g_strdup(mcu_room_invited(room, mcu_room_n_invited(room) - 1)->site);
    repeat(meeting, &(McuRoomCommand){.type = MCU_ROOM_UNINVITE, .site = site});
  }
  for (guint i = same; i < n; i++) {
    const McuRoomCommand command = command_for(&list[i]);
    repeat(meeting, &command);
  }
  mcu_meeting_settle(meeting); /* once for all of them */
  return TRUE;
}
