/* See vp8.h. Runs on the network threads, once per packet. */
#include "mcu/rtp/vp8.h"

#define KEYFRAME_HEADER 10

/* RFC 7741 4.2: the optional bytes that X, I, L, T and K announce. 0: does not fit. */
static gsize
descriptor_size(const guint8 *payload, gsize size)
{
  gsize n = 1;

  if (size < 1)
    return 0;
  if ((payload[0] & 0x80) == 0)
    return n;
  if (size < 2)
    return 0;
  guint8 extensions = payload[n++];
  if ((extensions & 0x80) != 0) {
    /* PictureID: 7 or 15 bits */
    if (n >= size)
      return 0;
    n += (payload[n] & 0x80) != 0 ? 2 : 1;
  }
  if ((extensions & 0x40) != 0)
    n++; /* TL0PICIDX */
  if ((extensions & 0x30) != 0)
    n++; /* TID, Y, KEYIDX */
  return n <= size ? n : 0;
}

/* RFC 6386 9.1: 3 bytes of frame tag, start code, 14 bits each of width and height. */
static gboolean
parse_keyframe(const guint8 *data, gsize size, McuVp8Info *info)
{
  if (size < KEYFRAME_HEADER || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
    return FALSE;
  info->keyframe = TRUE;
  info->width = (data[6] | (guint)data[7] << 8) & 0x3fff;
  info->height = (data[8] | (guint)data[9] << 8) & 0x3fff;
  return info->width > 0 && info->height > 0;
}

McuDrop
mcu_vp8_parse(const guint8 *payload, gsize size, McuVp8Info *out_info)
{
  gsize descriptor = descriptor_size(payload, size);

  if (descriptor == 0 || descriptor >= size)
    return MCU_DROP_RTP_MALFORMED;
  McuVp8Info info = {
      .descriptor_size = (guint)descriptor,
      .frame_start = (payload[0] & 0x10) != 0 && (payload[0] & 0x07) == 0,
  };
  const guint8 *data = payload + descriptor;
  if (info.frame_start && (data[0] & 1) == 0 && !parse_keyframe(data, size - descriptor, &info))
    return MCU_DROP_RTP_MALFORMED;
  *out_info = info;
  return MCU_DROP_NONE;
}

gboolean
mcu_vp8_starts_keyframe(const guint8 *payload, gsize size)
{
  McuVp8Info info;

  return mcu_vp8_parse(payload, size, &info) == MCU_DROP_NONE && info.keyframe;
}
