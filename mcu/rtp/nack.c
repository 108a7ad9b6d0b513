/* See nack.h. Runs on a network thread. Slot of a sequence number: its remainder by the window. */
#include "mcu/rtp/nack.h"

#include <string.h>

void
mcu_nack_init(McuNack *nack)
{
  memset(nack, 0, sizeof *nack);
}

static McuNackSlot *
slot_of(McuNack *nack, guint64 seq)
{
  return &nack->slots[seq % MCU_NACK_WINDOW];
}

static void
give_up(McuNack *nack, McuNackSlot *slot)
{
  slot->missing = FALSE;
  nack->n_missing--;
  nack->given_up++;
}

/* Moves the window up to `seq`; what falls out of it is given up. */
static void
advance(McuNack *nack, guint64 seq, gint64 now_us)
{
  for (guint64 s = nack->newest + 1; s <= seq; s++) {
    McuNackSlot *slot = slot_of(nack, s);
    if (slot->missing)
      give_up(nack, slot);
    if (s < seq) {
      *slot = (McuNackSlot){.missing = TRUE, .noticed_us = now_us};
      nack->n_missing++;
    }
  }
  nack->newest = seq;
}

static void
jump(McuNack *nack, guint64 seq)
{
  nack->given_up += nack->n_missing + (seq - nack->newest - 1);
  nack->n_missing = 0;
  memset(nack->slots, 0, sizeof nack->slots);
  nack->newest = seq;
}

static void
arrived_late(McuNack *nack, guint64 seq)
{
  McuNackSlot *slot = slot_of(nack, seq);

  if (nack->newest - seq >= MCU_NACK_WINDOW || !slot->missing)
    return;
  slot->missing = FALSE;
  nack->n_missing--;
  if (slot->tries > 0)
    nack->recovered++;
}

gboolean
mcu_nack_packet(McuNack *nack, guint64 seq, gint64 now_us)
{
  if (nack->newest == 0) {
    nack->newest = seq;
  } else if (seq <= nack->newest) {
    arrived_late(nack, seq);
  } else if (seq - nack->newest > MCU_NACK_WINDOW) {
    jump(nack, seq);
    return FALSE;
  } else {
    advance(nack, seq, now_us);
  }
  return TRUE;
}

/* When the next request for it is due; after the last one, when its answer is no longer expected. */
static gint64
due(const McuNackSlot *slot, gint64 rtt_us)
{
  if (slot->tries == 0)
    return slot->noticed_us + MCU_NACK_FIRST_US;
  return slot->asked_us + MAX(rtt_us, MCU_NACK_REPEAT_MIN_US);
}

static guint64
window_start(const McuNack *nack)
{
  return nack->newest >= MCU_NACK_WINDOW ? nack->newest - MCU_NACK_WINDOW + 1 : 0;
}

guint
mcu_nack_collect(McuNack *nack, gint64 now_us, gint64 rtt_us, guint16 *out_seqs, guint max)
{
  guint n = 0;
  guint left = nack->n_missing;

  for (guint64 seq = window_start(nack); left > 0 && seq <= nack->newest; seq++) {
    McuNackSlot *slot = slot_of(nack, seq);
    if (!slot->missing)
      continue;
    left--;
    if (now_us - slot->noticed_us >= MCU_NACK_AGE_MAX_US) {
      give_up(nack, slot);
    } else if (now_us >= due(slot, rtt_us)) {
      if (slot->tries >= MCU_NACK_TRIES_MAX) {
        give_up(nack, slot);
      } else if (n < max) {
        slot->tries++;
        slot->asked_us = now_us;
        out_seqs[n++] = (guint16)seq;
      }
    }
  }
  return n;
}

gint64
mcu_nack_deadline(const McuNack *nack, gint64 rtt_us)
{
  gint64 deadline = -1;
  guint left = nack->n_missing;

  for (guint64 seq = window_start(nack); left > 0 && seq <= nack->newest; seq++) {
    const McuNackSlot *slot = &nack->slots[seq % MCU_NACK_WINDOW];
    if (!slot->missing)
      continue;
    left--;
    gint64 next = MIN(due(slot, rtt_us), slot->noticed_us + MCU_NACK_AGE_MAX_US);
    if (deadline < 0 || next < deadline)
      deadline = next;
  }
  return deadline;
}
