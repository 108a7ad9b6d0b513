/* McuMinutesRow: one row of a meeting's log with its payload taken apart. Lenient: a member that is missing or of
 * another kind is empty, and so are all of a payload that is none; numbers and times are within what can be reckoned
 * with. [any] */
#pragma once

#include <glib.h>

typedef struct {
  gint64 seq, time_us;
  const char *type;                                     /* borrowed */
  const char *site, *other, *name, *role, *as, *reason; /* never NULL; borrowed from `tree`, as they came */
  const char *text, *more;                              /* likewise */
  gint64 number, count, limit;
  gboolean on, mic, camera;
  gpointer tree; /* owned; NULL: no payload */
} McuMinutesRow;

/* `type` must outlive the row. */
void mcu_minutes_row_read(McuMinutesRow *row, gint64 seq, gint64 time_us, const char *type, const char *payload);
void mcu_minutes_row_clear(McuMinutesRow *row);
