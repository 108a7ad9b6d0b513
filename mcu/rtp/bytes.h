/* Big-endian integers at any address. */
#pragma once

#include <glib.h>

static inline guint16
mcu_read_be16(const guint8 *p)
{
  return (guint16)(p[0] << 8 | p[1]);
}

static inline guint32
mcu_read_be32(const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static inline void
mcu_write_be16(guint8 *p, guint16 value)
{
  p[0] = (guint8)(value >> 8);
  p[1] = (guint8)value;
}

static inline void
mcu_write_be32(guint8 *p, guint32 value)
{
  mcu_write_be16(p, (guint16)(value >> 16));
  mcu_write_be16(p + 2, (guint16)value);
}
