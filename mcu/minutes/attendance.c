#include "mcu/minutes/attendance.h"

#include <string.h>

#include "mcu/minutes/clean.h"
#include "mcu/minutes/when.h"
#include "mcu/room/event.h"

#define LEVEL_MAX 99

typedef struct {
  McuAttendee shown; /* first: the list is of these */
  gboolean inside;
  guint place; /* by which the list is sorted */
} Seat;

struct McuAttendance {
  GHashTable *seats; /* site -> Seat *, owned; the key is the seat's */
  GPtrArray *list;   /* of Seat *, borrowed; filled at the end */
  guint n_places;
  gint64 began_us;
};

static void
free_seat(gpointer data)
{
  Seat *seat = data;
  g_array_unref(seat->shown.spans);
  g_free(seat->shown.site);
  g_free(seat->shown.name);
  g_free(seat->shown.parent);
  g_free(seat);
}

McuAttendance *
mcu_attendance_new(void)
{
  McuAttendance *attendance = g_new0(McuAttendance, 1);
  attendance->seats = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_seat);
  attendance->list = g_ptr_array_new();
  return attendance;
}

void
mcu_attendance_free(McuAttendance *attendance)
{
  if (attendance == NULL)
    return;
  g_ptr_array_unref(attendance->list);
  g_hash_table_unref(attendance->seats);
  g_free(attendance);
}

/* --- who ---------------------------------------------------------------------------------- */

/* Made if it is new; NULL for a row that names nobody. */
static Seat *
get_seat(McuAttendance *attendance, const char *id)
{
  g_autofree char *site = mcu_minutes_clean(id, MCU_ID_MAX_BYTES);
  if (*site == '\0')
    return NULL;
  Seat *seat = g_hash_table_lookup(attendance->seats, site);
  if (seat != NULL)
    return seat;
  seat = g_new0(Seat, 1);
  seat->shown.name = g_strdup(site);
  seat->shown.site = g_steal_pointer(&site);
  seat->shown.parent = g_strdup("");
  seat->shown.role = MCU_ROLE_SITE;
  seat->shown.spans = g_array_new(FALSE, FALSE, sizeof(McuMinutesSpan));
  seat->place = attendance->n_places++;
  g_hash_table_insert(attendance->seats, seat->shown.site, seat);
  return seat;
}

static void
set_name(McuAttendee *shown, const char *name)
{
  g_autofree char *clean = mcu_minutes_clean(name, MCU_TITLE_MAX_CHARS);
  if (*clean == '\0')
    return;
  g_free(shown->name);
  shown->name = g_steal_pointer(&clean);
}

static void
invite(McuAttendance *attendance, Seat *seat, const McuMinutesRow *row)
{
  McuAttendee *shown = &seat->shown;
  if (!shown->invited)
    seat->place = attendance->n_places++;
  shown->invited = TRUE;
  shown->level = (guint)CLAMP(row->number, 0, LEVEL_MAX);
  set_name(shown, row->name);
  mcu_room_role_parse(row->role, &shown->role);
  g_free(shown->parent);
  shown->parent = mcu_minutes_clean(row->other, MCU_ID_MAX_BYTES);
}

static void
uninvite(Seat *seat)
{
  seat->shown.invited = FALSE;
  seat->shown.level = 0;
  g_free(seat->shown.parent);
  seat->shown.parent = g_strdup("");
}

/* The list's name and role stand before those of a token. */
static void
introduce(Seat *seat, const McuMinutesRow *row)
{
  if (seat->shown.invited)
    return;
  set_name(&seat->shown, row->name);
  mcu_room_role_parse(*row->as != '\0' ? row->as : row->role, &seat->shown.role);
}

/* --- when --------------------------------------------------------------------------------- */

static void
come(McuAttendance *attendance, Seat *seat, gint64 time_us)
{
  McuMinutesSpan span = {time_us, time_us};
  if (seat->inside)
    return;
  seat->inside = TRUE;
  g_array_append_val(seat->shown.spans, span);
  if (attendance->began_us == 0)
    attendance->began_us = time_us;
}

static void
go(Seat *seat, gint64 time_us)
{
  if (!seat->inside)
    return;
  McuMinutesSpan *span = &g_array_index(seat->shown.spans, McuMinutesSpan, seat->shown.spans->len - 1);
  span->to_us = MAX(span->from_us, time_us); /* clocks are set back at times */
  seat->inside = FALSE;
}

void
mcu_attendance_apply(McuAttendance *attendance, const McuMinutesRow *row)
{
  gboolean introduced = strcmp(row->type, "seat-added") == 0 || strcmp(row->type, "seat-replaced") == 0;
  gboolean comes = introduced || strcmp(row->type, "seat-back") == 0;
  gboolean goes = strcmp(row->type, "seat-removed") == 0 || strcmp(row->type, "seat-lost") == 0;
  gboolean invited = strcmp(row->type, "invited") == 0;
  Seat *seat = comes || goes || invited || strcmp(row->type, "uninvited") == 0 ? get_seat(attendance, row->site) : NULL;
  if (seat == NULL)
    return;
  if (introduced)
    introduce(seat, row);
  if (comes)
    come(attendance, seat, row->time_us);
  else if (goes)
    go(seat, row->time_us);
  else if (invited)
    invite(attendance, seat, row);
  else
    uninvite(seat);
}

/* --- the end ------------------------------------------------------------------------------ */

static void
sum_up(McuAttendee *shown)
{
  const McuMinutesSpan *spans = (const McuMinutesSpan *)(gpointer)shown->spans->data;
  guint n = shown->spans->len;
  for (guint i = 0; i < n; i++)
    shown->present_us = mcu_when_sum(shown->present_us, spans[i].from_us, spans[i].to_us);
  shown->first_us = n > 0 ? spans[0].from_us : 0;
  shown->last_us = n > 0 ? spans[n - 1].to_us : 0;
  shown->interruptions = n > 0 ? n - 1 : 0;
}

static gint
compare_seats(gconstpointer a, gconstpointer b)
{
  const Seat *left = *(const Seat *const *)a, *right = *(const Seat *const *)b;
  if (left->shown.invited != right->shown.invited)
    return left->shown.invited ? -1 : 1;
  return left->place < right->place ? -1 : left->place > right->place;
}

void
mcu_attendance_finish(McuAttendance *attendance, gint64 time_us, gboolean ended)
{
  GHashTableIter iter;
  gpointer value;
  gboolean has_list = FALSE;
  g_hash_table_iter_init(&iter, attendance->seats);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    Seat *seat = value;
    seat->shown.here = seat->inside && !ended;
    go(seat, time_us);
    sum_up(&seat->shown);
    has_list = has_list || seat->shown.invited;
    if (seat->shown.invited || seat->shown.spans->len > 0)
      g_ptr_array_add(attendance->list, seat);
  }
  g_ptr_array_sort(attendance->list, compare_seats);
  for (guint i = 0; has_list && i < attendance->list->len; i++) {
    McuAttendee *shown = g_ptr_array_index(attendance->list, i);
    shown->guest = !shown->invited;
  }
}

gint64
mcu_attendance_began(const McuAttendance *attendance)
{
  return attendance->began_us;
}

const char *
mcu_attendance_name(const McuAttendance *attendance, const char *site)
{
  const Seat *seat = g_hash_table_lookup(attendance->seats, site);
  return seat != NULL ? seat->shown.name : site;
}

const GPtrArray *
mcu_attendance_list(const McuAttendance *attendance)
{
  return attendance->list;
}
