/* PlTicker: a thread that calls a function at fixed times of the monotonic clock. Late by a few
 * periods, it catches up call by call; later than that, it leaves out whole periods, which the
 * called sees by the time it is given. */
#pragma once

#include <glib.h>

typedef struct PlTicker PlTicker;

/* [ticker's thread] `time_us`: when this call was due. */
typedef void (*PlTickFunc)(gint64 time_us, gpointer user_data);

/* [any] `name` has at most 15 letters and is static. The first call is due at once. */
PlTicker *pl_ticker_new(const char *name, gint64 period_us, PlTickFunc tick, gpointer user_data);
void pl_ticker_free(PlTicker *ticker); /* [any but the ticker's] no call after this; NULL is fine */
