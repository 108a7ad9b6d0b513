/* Fuzz target: a compound RTCP packet after decryption, with every reader on every packet in it. */
#include "fuzz.h"
#include "mcu/rtp/rtcp.h"

static void
read_all(const McuRtcpPacket *packet)
{
  McuRtcpSenderInfo info;
  McuRtcpReport report;
  guint16 seqs[32];
  guint32 ssrcs[8], ssrc;
  guint64 bps;
  guint8 number;
  guint n;

  mcu_rtcp_read_sender_info(packet, &info);
  for (guint i = 0; i < 40; i++) {
    if (mcu_rtcp_read_report(packet, i, &report))
      g_assert(mcu_rtcp_rtt_us(&report, G_GUINT64_CONSTANT(0xe000000000000000)) >= -1);
    mcu_rtcp_read_bye(packet, i, &ssrc);
    mcu_rtcp_read_fir(packet, i, &ssrc, &number);
  }
  g_assert(mcu_rtcp_read_nack(packet, seqs, G_N_ELEMENTS(seqs)) <= G_N_ELEMENTS(seqs));
  if (mcu_rtcp_read_remb(packet, &bps, ssrcs, G_N_ELEMENTS(ssrcs), &n))
    g_assert(n <= G_N_ELEMENTS(ssrcs));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  McuRtcpIter iter;
  McuRtcpPacket packet;
  gsize total = 0;

  gboolean good = mcu_rtcp_check(data, size) == MCU_DROP_NONE;
  mcu_rtcp_iter_init(&iter, data, size);
  while (mcu_rtcp_iter_next(&iter, &packet)) {
    g_assert(packet.body >= data && packet.body + packet.size <= data + size);
    total = (gsize)(packet.body - data) + packet.size;
    read_all(&packet);
  }
  /* What passed the check is read to its end. */
  g_assert(!good || iter.left == 0);
  g_assert(total <= size);
  return 0;
}
