/* Fuzz target: any order of arrival through statistics, NACK and reordering. Each four bytes are a
 * sequence number and the milliseconds until it arrives. */
#include <string.h>

#include "fuzz.h"
#include "mcu/rtp/bytes.h"
#include "mcu/rtp/nack.h"
#include "mcu/rtp/receive-stats.h"
#include "mcu/rtp/reorder.h"

#define WAIT_US 100000

static void
drain(McuReorder *reorder, gint64 now_us, gint64 wait_us, guint64 *last)
{
  for (const McuPacket *packet; (packet = mcu_reorder_pop(reorder, now_us, wait_us)) != NULL;) {
    guint64 seq;
    memcpy(&seq, packet->data, sizeof seq);
    g_assert(seq > *last);
    g_assert(*last == 0 || packet->discont == (seq != *last + 1));
    *last = seq;
  }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  McuReorder *reorder = mcu_reorder_new(32);
  McuReceiveStats stats;
  McuNack nack;
  guint64 last = 0;
  gint64 now_us = 1000;

  mcu_receive_stats_init(&stats, 1, 90000);
  mcu_nack_init(&nack);
  for (; size >= 4; data += 4, size -= 4) {
    guint64 seq;
    guint16 asked[16];
    McuRtcpReport report;
    now_us += (gint64)mcu_read_be16(data + 2) * 10;
    if (mcu_receive_stats_packet(&stats, mcu_read_be16(data), 0, now_us, &seq) != MCU_DROP_NONE)
      continue;
    mcu_nack_packet(&nack, seq, now_us);
    g_assert(nack.n_missing < MCU_NACK_WINDOW);
    guint n = mcu_nack_collect(&nack, now_us, 30000, asked, G_N_ELEMENTS(asked));
    g_assert(n <= G_N_ELEMENTS(asked) && n <= nack.n_missing);
    g_assert((mcu_nack_deadline(&nack, 30000) >= 0) == (nack.n_missing > 0));
    McuPacket packet = {.arrival_us = now_us, .size = sizeof seq, .data = (guint8 *)&seq};
    if (mcu_reorder_insert(reorder, seq, &packet) == MCU_DROP_RING_FULL) {
      drain(reorder, now_us, 0, &last);
      g_assert(mcu_reorder_insert(reorder, seq, &packet) == MCU_DROP_NONE);
    }
    drain(reorder, now_us, WAIT_US, &last);
    gint64 deadline = mcu_reorder_deadline(reorder, WAIT_US);
    g_assert(deadline == -1 || deadline > now_us);
    g_assert(mcu_receive_stats_report(&stats, now_us, &report));
  }
  mcu_reorder_free(reorder);
  return 0;
}
