/* McuClock: where code that decides by time gets it from. The product uses the monotonic clock of
 * the kernel; a test gives a function of its own and moves time as it likes. */
#pragma once

#include <glib.h>

typedef struct {
  gint64 (*now_us)(gpointer user_data);
  gpointer user_data;
} McuClock;

/* [any] Microseconds that never go back. `clock` NULL: g_get_monotonic_time(). */
gint64 mcu_clock_now(const McuClock *clock);

/* A pace for messages that may come often: TRUE at most once per interval, and how many were left
 * out since. Zero-initialised; owned and used by one thread. */
typedef struct {
  gint64 last_us;
  guint skipped;
} McuPace;
gboolean mcu_pace_due(McuPace *pace, gint64 now_us, gint64 interval_us, guint *out_skipped);
