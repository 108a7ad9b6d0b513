/* The state of a meeting as text, for comparing and for people who look for a fault. */
#include <string.h>

#include "mcu/room/ids.h"
#include "mcu/room/room-priv.h"

static void
describe_seat(const McuRoomSeat *seat, GString *text)
{
  g_string_append_printf(text, "seat %s \"%s\" %s/%s since %" G_GINT64_FORMAT, seat->site, seat->name,
                         mcu_room_role_word(seat->role), mcu_room_role_word(seat->invited_as), seat->since_us);
  const struct {
    const char *word;
    gboolean on;
  } flags[] = {
      {"lost", seat->lost},       {"mic", seat->mic},     {"camera", seat->camera},       {"silenced", seat->silenced},
      {"consent", seat->consent}, {"muted", seat->muted}, {"may-speak", seat->may_speak}, {"floor", seat->floor},
  };
  for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
    if (flags[i].on)
      g_string_append_printf(text, " %s", flags[i].word);
  g_string_append_c(text, '\n');
}

static void
describe_set(GHashTable *set, const char *what, GString *text)
{
  g_autoptr(GPtrArray) ids = mcu_ids_sorted(set);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf(text, "%s %s\n", what, (const char *)g_ptr_array_index(ids, i));
}

static void
describe_picture(const McuRoom *room, GString *text)
{
  g_string_append_printf(text, "programme %s\nundo %s\npreview %s\nbanner \"%s\" tour %u layout-locked %d\n",
                         mcu_room_programme(room), room->undo != NULL ? room->undo : "-",
                         room->preview != NULL ? room->preview : "-", mcu_room_banner(room), room->tour_s,
                         !!room->layout_locked);
  for (guint i = 0; i < room->scenes->len; i++)
    g_string_append_printf(text, "scene \"%s\" %s\n", mcu_room_scene(room, i)->name, mcu_room_scene(room, i)->scene);
}

static void
describe_lists(const McuRoom *room, GString *text)
{
  for (guint i = 0; i < room->invited->len; i++) {
    const McuRoomInvited *site = mcu_room_invited(room, i);
    g_string_append_printf(text, "invited %s \"%s\" %s level %u under \"%s\" %s %s\n", site->site, site->name,
                           mcu_room_role_word(site->role), site->level, site->parent,
                           site->telephone != NULL ? site->telephone : "-", site->email != NULL ? site->email : "-");
  }
  for (guint i = 0; i < room->lobby->len; i++)
    g_string_append_printf(text, "waits %s \"%s\"\n", mcu_room_guest(room, i)->site, mcu_room_guest(room, i)->name);
  describe_set(room->admitted, "admitted", text);
  describe_set(room->kept_out, "kept-out", text);
}

char *
mcu_room_describe(const McuRoom *room)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "\"%s\" made %d ended %d planned %" G_GINT64_FORMAT "\n", room->title, room->made,
                         room->ended, room->planned_ms);
  g_string_append_printf(text, "policy %s self-unmute %d locked %d recording %d\n", mcu_room_policy_word(room->policy),
                         !!room->self_unmute, !!room->locked, room->recording);
  for (guint i = 0; i < room->seats->len; i++)
    describe_seat(mcu_room_seat(room, i), text);
  for (guint i = 0; i < room->hands->len; i++)
    g_string_append_printf(text, "hand %s since %" G_GINT64_FORMAT "\n", mcu_room_hand(room, i)->site,
                           mcu_room_hand(room, i)->hand_us);
  if (room->floor != NULL)
    g_string_append_printf(text, "floor since %" G_GINT64_FORMAT " limit %u\n", room->floor_since_us,
                           room->floor_limit_s);
  describe_picture(room, text);
  mcu_chat_describe(room->chat, text);
  mcu_votes_describe(room->votes, text);
  mcu_roll_describe(room->roll, text);
  mcu_agenda_describe(room->agenda, text);
  mcu_documents_describe(room->documents, text);
  if (room->presenter != NULL)
    g_string_append_printf(text, "presents %s\n", room->presenter->site);
  describe_set(room->may_present, "may-present", text);
  describe_set(room->aside, "aside", text);
  describe_lists(room, text);
  return g_string_free(text, FALSE);
}
