/* Sequence numbers and timestamps that wrap: comparing them, and extending them to 64 bits so that the
 * rest of the code never wraps. Pure. */
#pragma once

#include <glib.h>

/* How far `a` is ahead of `b`; negative: behind. At most half the number space. */
static inline gint16
mcu_seq_diff(guint16 a, guint16 b)
{
  return (gint16)(guint16)(a - b);
}

static inline gboolean
mcu_seq_newer(guint16 a, guint16 b)
{
  return mcu_seq_diff(a, b) > 0;
}

static inline gint32
mcu_timestamp_diff(guint32 a, guint32 b)
{
  return (gint32)(a - b);
}

/* Zero is the start state. Each value is taken as the nearest to the highest so far. The first value
 * is put one number space up (seq + 2^16, timestamp + 2^32), so that older ones stay positive and 0 is
 * never a result; the low bits of a result are always the wire's value. */
typedef struct {
  guint64 highest; /* 0: nothing seen */
} McuUnwrap;

guint64 mcu_unwrap_seq(McuUnwrap *unwrap, guint16 seq);             /* [any] */
guint64 mcu_unwrap_timestamp(McuUnwrap *unwrap, guint32 timestamp); /* [any] */
/* [any] The same without remembering it. */
guint64 mcu_unwrap_seq_peek(const McuUnwrap *unwrap, guint16 seq);
