/* McuReorder: puts the packets of a video track back in order before they go to the decoder's ring,
 * waiting a bounded time for those that are missing. Copies packets into fixed slots, allocated once.
 * One network thread. */
#pragma once

#include <glib.h>

#include "mcu/util/drop.h"
#include "mcu/util/ring.h"

typedef struct McuReorder McuReorder;

/* [any] `n_slots` is a power of two: how many packets ahead of the next one are held. */
McuReorder *mcu_reorder_new(guint n_slots);
void mcu_reorder_free(McuReorder *reorder); /* [any] */
/* [net] Forgets all packets and where it was. The next packet starts anew, with discont set. */
void mcu_reorder_reset(McuReorder *reorder);

/* [net] Copies `packet` and its data. `seq` is the extended sequence number; the first one inserted
 * starts the order. MCU_DROP_NONE, MCU_DROP_DUPLICATE, MCU_DROP_LATE (its turn is over), or
 * MCU_DROP_RING_FULL: too far ahead of what is still waited for; nothing is lost yet: pop with
 * wait_us 0 until NULL, then insert it again, which succeeds. */
McuDrop mcu_reorder_insert(McuReorder *reorder, guint64 seq, const McuPacket *packet);

/* [net] The next packet in order, or NULL. A gap is skipped when the packet behind it has waited longer
 * than `wait_us` (by its arrival_us); that packet then has discont set. Owned by the buffer, valid until
 * the next call. */
const McuPacket *mcu_reorder_pop(McuReorder *reorder, gint64 now_us, gint64 wait_us);

/* [net] When mcu_reorder_pop() would skip a gap; -1: nothing waits. */
gint64 mcu_reorder_deadline(const McuReorder *reorder, gint64 wait_us);
guint mcu_reorder_held(const McuReorder *reorder); /* [net] packets waiting */
