/* Fuzz target: one datagram on the media port after decryption, as the leg treats it. */
#include <string.h>

#include "fuzz.h"
#include "mcu/rtp/demux.h"
#include "mcu/rtp/ext.h"
#include "mcu/rtp/h264.h"
#include "mcu/rtp/vp8.h"

static guint64 sink;

static void
read_extensions(const McuRtpHeader *header)
{
  for (guint id = 0; id < 256; id++) {
    const guint8 *data;
    guint8 size;
    if (mcu_rtp_ext_find(header, (guint8)id, &data, &size)) {
      g_assert(data >= header->ext && data + size <= header->ext + header->ext_size);
      for (guint i = 0; i < size; i++)
        sink += data[i];
    }
    guint8 level = mcu_rtp_ext_level(header, (guint8)id);
    g_assert(level <= 127 || level == MCU_LEVEL_UNKNOWN);
  }
}

static void
read_payload(const guint8 *payload, gsize size)
{
  guint width, height;
  McuVp8Info vp8;

  mcu_h264_check(payload, size);
  mcu_h264_starts_keyframe(payload, size);
  mcu_h264_size_allowed(payload, size);
  if (mcu_h264_sps_size(payload, size, &width, &height))
    g_assert(width > 0 && height > 0);
  if (mcu_vp8_parse(payload, size, &vp8) == MCU_DROP_NONE) {
    g_assert(vp8.descriptor_size < size);
    g_assert(!vp8.keyframe || (vp8.width > 0 && vp8.height > 0));
  }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  McuRtpHeader header, again;
  guint8 *start;

  mcu_demux(data, size);
  read_payload(data, size);
  if (mcu_rtp_parse(data, size, &header) != MCU_DROP_NONE)
    return 0;
  g_assert((gsize)header.header_size + header.payload_size <= size);
  read_extensions(&header);

  g_autofree guint8 *copy = g_memdup2(data, size);
  g_assert(mcu_rtp_parse(copy, size, &header) == MCU_DROP_NONE);
  gsize clean = mcu_rtp_clean(copy, &header, &start);
  g_assert(start >= copy && start + clean <= copy + size);
  g_assert(mcu_rtp_parse(start, clean, &again) == MCU_DROP_NONE);
  g_assert(again.header_size == MCU_RTP_HEADER && again.payload_size == header.payload_size);
  g_assert(again.ssrc == header.ssrc && again.seq == header.seq && again.ext == NULL);
  g_assert(memcmp(start + MCU_RTP_HEADER, data + header.header_size, header.payload_size) == 0);
  read_payload(start + MCU_RTP_HEADER, again.payload_size);
  return 0;
}
