/* Times as minutes write them: of the machine's time zone, the day first. Pure but for the zone; [any]. Callers free.
 */
#pragma once

#include <glib.h>

/* "07:30:05"; empty for 0, which is no time. */
char *mcu_when_clock(gint64 time_us);
/* "25/11 07:30:05" */
char *mcu_when_short(gint64 time_us);
/* "25/11/2026" */
char *mcu_when_day(gint64 time_us);
/* "07:30:05 25/11/2026" */
char *mcu_when_full(gint64 time_us);
/* "7 giờ 30 phút, ngày 25 tháng 11 năm 2026" */
char *mcu_when_spoken(gint64 time_us);
/* `sum` and how long it was between the two, none if they are the wrong way round; there is an end to it, however often
 * a clock that somebody touched went back. */
gint64 mcu_when_sum(gint64 sum_us, gint64 from_us, gint64 to_us);
/* "1:02:05": hours, minutes, seconds. */
char *mcu_when_lasted(gint64 duration_us);
