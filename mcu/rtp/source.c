/* See source.h. Runs on the network threads. */
#include "mcu/rtp/source.h"

#include <string.h>

#include "mcu/rtp/ext.h"

void
mcu_rtp_source_init(McuRtpSource *source, guint32 ssrc, guint8 ext_id, const char *mid)
{
  gsize size = strlen(mid);
  *source = (McuRtpSource){.ssrc = ssrc};
  if (ext_id == 0 || size == 0 || size > sizeof source->mid)
    return;
  source->ext_id = ext_id;
  source->mid_size = (guint8)size;
  memcpy(source->mid, mid, size);
}

McuRtpBelongs
mcu_rtp_source_match(const McuRtpSource *source, const McuRtpHeader *header)
{
  const guint8 *mid;
  guint8 size;
  if (source->ext_id != 0 && mcu_rtp_ext_find(header, source->ext_id, &mid, &size))
    return size == source->mid_size && memcmp(mid, source->mid, size) == 0 ? MCU_RTP_OWN : MCU_RTP_OTHERS;
  if (source->ssrc != 0)
    return source->ssrc == header->ssrc ? MCU_RTP_OWN : MCU_RTP_OTHERS;
  return MCU_RTP_UNTOLD;
}
