/* McuAttendance: who was invited to a meeting and who was there, from when to when, all connections of a site together.
 * Part of McuMinutes; pure. */
#pragma once

#include "mcu/minutes/row.h"
#include "mcu/types.h"

typedef struct {
  gint64 from_us, to_us;
} McuMinutesSpan;

typedef struct {
  char *site, *name, *parent; /* parent "": none */
  McuRole role;               /* as it was invited; who leads for a while is in the log */
  guint level;                /* 0: not on the list, or it says none */
  gboolean invited;           /* is on the list */
  gboolean guest;             /* was there without being on the list; nobody is where there is no list */
  gboolean here;              /* still, when the log ends */
  GArray *spans;              /* of McuMinutesSpan, in order; none: absent */
  gint64 first_us, last_us;   /* in, out; 0: absent */
  gint64 present_us;
  guint interruptions; /* how often it was away between first and last */
} McuAttendee;

typedef struct McuAttendance McuAttendance;

McuAttendance *mcu_attendance_new(void);
void mcu_attendance_free(McuAttendance *attendance);
/* Takes no notice of rows that are about something else. */
void mcu_attendance_apply(McuAttendance *attendance, const McuMinutesRow *row);
/* The log ends at `time_us`; nothing is applied after it. */
void mcu_attendance_finish(McuAttendance *attendance, gint64 time_us, gboolean ended);

/* When the first came; 0: nobody has. */
gint64 mcu_attendance_began(const McuAttendance *attendance);
/* Its name; `site` itself for one that is not known. Borrowed. */
const char *mcu_attendance_name(const McuAttendance *attendance, const char *site);
/* After finish: McuAttendee *, the list's in its order, then the others as they came. */
const GPtrArray *mcu_attendance_list(const McuAttendance *attendance);
