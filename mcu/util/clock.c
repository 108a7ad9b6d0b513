/* Time by injection, and a pace for repeated warnings. No state of its own; any thread. */
#include "mcu/util/clock.h"

gint64
mcu_clock_now(const McuClock *clock)
{
  return clock != NULL && clock->now_us != NULL ? clock->now_us(clock->user_data) : g_get_monotonic_time();
}

gboolean
mcu_pace_due(McuPace *pace, gint64 now_us, gint64 interval_us, guint *out_skipped)
{
  if (pace->last_us != 0 && now_us - pace->last_us < interval_us) {
    pace->skipped++;
    return FALSE;
  }
  *out_skipped = pace->skipped;
  pace->skipped = 0;
  pace->last_us = MAX(now_us, 1); /* 0 means never */
  return TRUE;
}
