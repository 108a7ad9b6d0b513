/* See seq.h. */
#include "mcu/rtp/seq.h"

static guint64
extend(guint64 highest, guint64 value, guint bits)
{
  guint64 space = G_GUINT64_CONSTANT(1) << bits;

  if (highest == 0)
    return space + value;
  guint64 ahead = (value - highest) & (space - 1);
  return ahead < space / 2 ? highest + ahead : highest + ahead - space;
}

guint64
mcu_unwrap_seq_peek(const McuUnwrap *unwrap, guint16 seq)
{
  return extend(unwrap->highest, seq, 16);
}

guint64
mcu_unwrap_seq(McuUnwrap *unwrap, guint16 seq)
{
  guint64 result = extend(unwrap->highest, seq, 16);

  unwrap->highest = MAX(unwrap->highest, result);
  return result;
}

guint64
mcu_unwrap_timestamp(McuUnwrap *unwrap, guint32 timestamp)
{
  guint64 result = extend(unwrap->highest, timestamp, 32);

  unwrap->highest = MAX(unwrap->highest, result);
  return result;
}
