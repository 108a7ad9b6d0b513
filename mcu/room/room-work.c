/* Questions about the meeting's work: roll call, votes, presentation. Part of McuRoom. Pure. */
#include <string.h>

#include "mcu/room/ids.h"
#include "mcu/room/room-priv.h"

const McuChat *
mcu_room_chat(const McuRoom *room)
{
  return room->chat;
}

const McuVotes *
mcu_room_votes(const McuRoom *room)
{
  return room->votes;
}

const McuRoll *
mcu_room_roll(const McuRoom *room)
{
  return room->roll;
}

const McuAgenda *
mcu_room_agenda(const McuRoom *room)
{
  return room->agenda;
}

const McuDocuments *
mcu_room_documents(const McuRoom *room)
{
  return room->documents;
}

/* --- roll call ---------------------------------------------------------------------------- */

GPtrArray *
mcu_room_roll_sites(const McuRoom *room)
{
  GPtrArray *sites = g_ptr_array_new();
  for (guint i = 0; i < room->invited->len; i++) {
    McuRoomInvited *invited = g_ptr_array_index(room->invited, i);
    if (invited->role != MCU_ROLE_OPERATOR)
      g_ptr_array_add(sites, invited->site);
  }
  for (guint i = 0; i < room->seats->len; i++) {
    McuRoomSeat *seat = g_ptr_array_index(room->seats, i);
    if (seat->role != MCU_ROLE_OPERATOR && mcu_room_find_invited(room, seat->site) == NULL)
      g_ptr_array_add(sites, seat->site);
  }
  return sites;
}

McuRollStatus
mcu_room_roll_measure(const McuRoom *room, const char *site)
{
  const McuRoomSeat *seat = mcu_room_find(room, site);
  if (seat == NULL)
    return MCU_ROLL_ABSENT;
  if (seat->lost)
    return MCU_ROLL_LOST;
  if (mcu_role_has_voice(seat->role) && !seat->mic)
    return MCU_ROLL_NO_SOUND;
  return mcu_role_has_voice(seat->role) && !seat->camera ? MCU_ROLL_NO_PICTURE : MCU_ROLL_PRESENT;
}

/* Sites that are there and have not been called, nor answered for by a person. Who leads is not called. */
static gboolean
is_to_be_called(const McuRoom *room, const char *site, gboolean afresh)
{
  const McuRoomSeat *seat = mcu_room_find(room, site);
  const McuRollMark *mark = mcu_roll_find(room->roll, site);
  return seat != NULL && !seat->lost && seat->role == MCU_ROLE_SITE && !mcu_room_is_aside(room, site) &&
         (afresh || !mcu_roll_was_called(room->roll, site)) && (mark == NULL || !mark->by_hand);
}

const char *
mcu_room_next_called(const McuRoom *room, gboolean afresh)
{
  g_autoptr(GPtrArray) sites = mcu_room_roll_sites(room);
  for (guint i = 0; i < sites->len; i++)
    if (is_to_be_called(room, g_ptr_array_index(sites, i), afresh))
      return g_ptr_array_index(sites, i);
  return NULL;
}

/* --- presentation and side room ----------------------------------------------------------- */

const McuRoomSeat *
mcu_room_presenter(const McuRoom *room)
{
  return room->presenter;
}

gboolean
mcu_room_may_present(const McuRoom *room, const McuRoomSeat *seat)
{
  return seat->role == MCU_ROLE_CHAIR || seat->role == MCU_ROLE_SECRETARY ||
         (mcu_role_has_voice(seat->role) && g_hash_table_contains(room->may_present, seat->site));
}

gboolean
mcu_room_is_aside(const McuRoom *room, const char *site)
{
  return g_hash_table_contains(room->aside, site);
}

GPtrArray *
mcu_room_presenters(const McuRoom *room)
{
  return mcu_ids_sorted(room->may_present);
}

GPtrArray *
mcu_room_aside(const McuRoom *room)
{
  return mcu_ids_sorted(room->aside);
}
