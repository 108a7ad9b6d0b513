/* Marks and calls as events have made them. Pure; with its room. */
#include "mcu/room/roll.h"

#include <string.h>

#include "mcu/room/legal.h"

#define MARKS_MAX (2 * MCU_INVITED_MAX)

struct McuRoll {
  gboolean open, has_calls;
  gint64 since_us;
  GPtrArray *marks;    /* of McuRollMark *, owned */
  GHashTable *by_site; /* borrowed */
  McuRollCalls calls;
  GPtrArray *called;      /* of ids, owned, in the order of this call; who is called again stands there again */
  GHashTable *was_called; /* set of the ids in it, borrowed */
};

static const char *const words[MCU_ROLL_N_STATUSES] = {
    [MCU_ROLL_UNCALLED] = "uncalled", [MCU_ROLL_PRESENT] = "present", [MCU_ROLL_NO_PICTURE] = "no-picture",
    [MCU_ROLL_NO_SOUND] = "no-sound", [MCU_ROLL_LOST] = "lost",       [MCU_ROLL_ABSENT] = "absent",
    [MCU_ROLL_EXCUSED] = "excused",
};

static void
free_mark(gpointer data)
{
  McuRollMark *mark = data;
  g_clear_pointer(&mark->reason, g_ref_string_release);
  g_free(mark);
}

McuRoll *
mcu_roll_new(void)
{
  McuRoll *roll = g_new0(McuRoll, 1);
  roll->marks = g_ptr_array_new_with_free_func(free_mark);
  roll->by_site = g_hash_table_new(g_str_hash, g_str_equal);
  roll->called = g_ptr_array_new_with_free_func(g_free);
  roll->was_called = g_hash_table_new(g_str_hash, g_str_equal);
  return roll;
}

void
mcu_roll_free(McuRoll *roll)
{
  g_hash_table_unref(roll->was_called);
  g_ptr_array_unref(roll->called);
  g_hash_table_unref(roll->by_site);
  g_ptr_array_unref(roll->marks);
  g_free(roll);
}

/* --- questions ---------------------------------------------------------------------------- */

gboolean
mcu_roll_is_open(const McuRoll *roll)
{
  return roll->open;
}

gint64
mcu_roll_since(const McuRoll *roll)
{
  return roll->since_us;
}

guint
mcu_roll_n_marks(const McuRoll *roll)
{
  return roll->marks->len;
}

const McuRollMark *
mcu_roll_mark(const McuRoll *roll, guint index)
{
  g_assert(index < roll->marks->len);
  return g_ptr_array_index(roll->marks, index);
}

const McuRollMark *
mcu_roll_find(const McuRoll *roll, const char *site)
{
  return g_hash_table_lookup(roll->by_site, site);
}

const McuRollCalls *
mcu_roll_calls(const McuRoll *roll)
{
  return &roll->calls;
}

gboolean
mcu_roll_has_calls(const McuRoll *roll)
{
  return roll->has_calls;
}

gboolean
mcu_roll_was_called(const McuRoll *roll, const char *site)
{
  return g_hash_table_contains(roll->was_called, site);
}

guint
mcu_roll_n_called(const McuRoll *roll)
{
  return g_hash_table_size(roll->was_called);
}

const char *
mcu_roll_called_before(const McuRoll *roll)
{
  return roll->called->len >= 2 ? g_ptr_array_index(roll->called, roll->called->len - 2) : NULL;
}

/* --- words -------------------------------------------------------------------------------- */

const char *
mcu_roll_status_word(McuRollStatus status)
{
  g_assert((guint)status < MCU_ROLL_N_STATUSES);
  return words[status];
}

gboolean
mcu_roll_status_parse(const char *word, McuRollStatus *out_status)
{
  for (guint i = 0; word != NULL && i < MCU_ROLL_N_STATUSES; i++) {
    if (strcmp(words[i], word) == 0) {
      *out_status = (McuRollStatus)i;
      return TRUE;
    }
  }
  return FALSE;
}

/* --- events ------------------------------------------------------------------------------- */

gboolean
mcu_roll_fits(const McuRoll *roll, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_ROLL_OPENED:
    return !roll->open;
  case MCU_ROOM_ROLL_CLOSED:
    return roll->open && !roll->calls.on;
  case MCU_ROOM_ROLL_MARKED:
    return roll->open && event->number >= 0 && event->number < MCU_ROLL_N_STATUSES &&
           (roll->marks->len < MARKS_MAX || mcu_roll_find(roll, event->site) != NULL) &&
           (event->text == NULL || mcu_is_legal_name(event->text, MCU_ROLL_REASON_MAX_CHARS));
  case MCU_ROOM_CALLS_BEGUN:
    return roll->open && !roll->calls.on && event->number >= MCU_CALLS_PATIENCE_MIN_S &&
           event->number <= MCU_CALLS_PATIENCE_MAX_S;
  case MCU_ROOM_CALLED:
    return roll->calls.on && roll->called->len < 2 * MARKS_MAX;
  case MCU_ROOM_CALLS_PAUSED:
  case MCU_ROOM_CALLS_ENDED:
    return roll->calls.on;
  default:
    return TRUE;
  }
}

static void
forget_calls(McuRoll *roll)
{
  g_hash_table_remove_all(roll->was_called);
  g_ptr_array_set_size(roll->called, 0);
}

static void
mark(McuRoll *roll, const McuRoomEvent *event)
{
  McuRollMark *mark = g_hash_table_lookup(roll->by_site, event->site);
  if (mark == NULL) {
    mark = g_new0(McuRollMark, 1);
    g_strlcpy(mark->site, event->site, sizeof mark->site);
    g_ptr_array_add(roll->marks, mark);
    g_hash_table_insert(roll->by_site, mark->site, mark);
  }
  g_clear_pointer(&mark->reason, g_ref_string_release);
  mark->reason = event->text != NULL ? g_ref_string_acquire(event->text) : NULL;
  mark->status = (McuRollStatus)event->number;
  mark->by_hand = event->on;
  mark->time_us = event->time_us;
}

static void
call(McuRoll *roll, const McuRoomEvent *event)
{
  char *site = g_strdup(event->site);
  g_ptr_array_add(roll->called, site);
  g_hash_table_add(roll->was_called, site);
  g_strlcpy(roll->calls.site, site, sizeof roll->calls.site);
  roll->calls.since_us = event->time_us;
}

void
mcu_roll_apply(McuRoll *roll, const McuRoomEvent *event)
{
  switch (event->type) {
  case MCU_ROOM_ROLL_OPENED:
    g_hash_table_remove_all(roll->by_site);
    g_ptr_array_set_size(roll->marks, 0);
    forget_calls(roll);
    roll->open = TRUE;
    roll->has_calls = FALSE;
    roll->since_us = event->time_us;
    break;
  case MCU_ROOM_ROLL_MARKED:
    mark(roll, event);
    break;
  case MCU_ROOM_ROLL_CLOSED:
    roll->open = FALSE;
    break;
  case MCU_ROOM_CALLS_BEGUN:
    forget_calls(roll);
    roll->has_calls = TRUE;
    roll->calls = (McuRollCalls){.on = TRUE, .patience_s = (guint)event->number};
    break;
  case MCU_ROOM_CALLED:
    call(roll, event);
    break;
  case MCU_ROOM_CALLS_PAUSED:
    roll->calls.paused = event->on;
    break;
  case MCU_ROOM_CALLS_ENDED:
    roll->calls = (McuRollCalls){0};
    break;
  default:
    g_assert_not_reached();
  }
}

void
mcu_roll_describe(const McuRoll *roll, GString *text)
{
  g_string_append_printf(text, "roll open %d since %" G_GINT64_FORMAT " calls %d%s at %s patience %u, %u called\n",
                         !!roll->open, roll->since_us, !!roll->calls.on, roll->calls.paused ? " paused" : "",
                         roll->calls.site, roll->calls.patience_s, roll->called->len);
  for (guint i = 0; i < roll->marks->len; i++) {
    const McuRollMark *each = mcu_roll_mark(roll, i);
    g_string_append_printf(text, "mark %s %s%s \"%s\"\n", each->site, mcu_roll_status_word(each->status),
                           each->by_hand ? " by hand" : "", each->reason != NULL ? each->reason : "");
  }
}
