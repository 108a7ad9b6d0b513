/* See reorder.h. Runs on one network thread. Slot of a packet: its extended sequence number modulo the
 * number of slots; all held packets are in [next, next + n_slots). */
#include "mcu/rtp/reorder.h"

#include <string.h>

typedef struct {
  McuPacket packet; /* data: into slab */
  gboolean used;
} Slot;

struct McuReorder {
  guint n_slots;
  Slot *slots;
  guint8 *slab;
  gboolean started;
  gboolean discont; /* the next one given out comes after a gap */
  guint64 next;     /* whose turn it is */
  guint held;
};

McuReorder *
mcu_reorder_new(guint n_slots)
{
  g_assert(n_slots > 0 && (n_slots & (n_slots - 1)) == 0);

  McuReorder *reorder = g_new0(McuReorder, 1);
  reorder->n_slots = n_slots;
  reorder->slots = g_new0(Slot, n_slots);
  reorder->slab = g_malloc((gsize)n_slots * MCU_RTP_MAX);
  for (guint i = 0; i < n_slots; i++)
    reorder->slots[i].packet.data = reorder->slab + (gsize)i * MCU_RTP_MAX;
  return reorder;
}

void
mcu_reorder_free(McuReorder *reorder)
{
  if (reorder == NULL)
    return;
  g_free(reorder->slab);
  g_free(reorder->slots);
  g_free(reorder);
}

void
mcu_reorder_reset(McuReorder *reorder)
{
  for (guint i = 0; i < reorder->n_slots; i++)
    reorder->slots[i].used = FALSE;
  reorder->started = FALSE;
  reorder->held = 0;
}

static Slot *
slot_of(const McuReorder *reorder, guint64 seq)
{
  return &reorder->slots[seq & (reorder->n_slots - 1)];
}

static void
store(McuReorder *reorder, Slot *slot, const McuPacket *packet)
{
  guint8 *data = slot->packet.data;

  g_assert(packet->size <= MCU_RTP_MAX);
  slot->packet = *packet;
  slot->packet.data = data;
  memcpy(data, packet->data, packet->size);
  slot->used = TRUE;
  reorder->held++;
}

McuDrop
mcu_reorder_insert(McuReorder *reorder, guint64 seq, const McuPacket *packet)
{
  if (!reorder->started || (reorder->held == 0 && seq >= reorder->next + reorder->n_slots)) {
    /* The first one; or so far ahead that what is missing will not be waited for. */
    reorder->started = TRUE;
    reorder->next = seq;
    reorder->discont = TRUE;
  }
  if (seq < reorder->next)
    return MCU_DROP_LATE;
  if (seq >= reorder->next + reorder->n_slots)
    return MCU_DROP_RING_FULL;

  Slot *slot = slot_of(reorder, seq);
  if (slot->used)
    return MCU_DROP_DUPLICATE;
  store(reorder, slot, packet);
  return MCU_DROP_NONE;
}

/* With packets held and the next one missing: the first behind the gap, and the earliest arrival of
 * all behind it (the one that showed the gap, whatever its place). */
static guint64
look_behind_gap(const McuReorder *reorder, gint64 *out_earliest_us)
{
  guint64 first = 0;
  gint64 earliest = G_MAXINT64;
  guint left = reorder->held;

  for (guint64 seq = reorder->next; left > 0; seq++) {
    const Slot *slot = slot_of(reorder, seq);
    if (!slot->used)
      continue;
    if (left-- == reorder->held)
      first = seq;
    earliest = MIN(earliest, slot->packet.arrival_us);
  }
  *out_earliest_us = earliest;
  return first;
}

const McuPacket *
mcu_reorder_pop(McuReorder *reorder, gint64 now_us, gint64 wait_us)
{
  if (reorder->held == 0)
    return NULL;
  Slot *slot = slot_of(reorder, reorder->next);
  if (!slot->used) {
    gint64 earliest_us;
    guint64 first = look_behind_gap(reorder, &earliest_us);
    if (now_us - earliest_us < wait_us)
      return NULL;
    reorder->next = first;
    reorder->discont = TRUE;
    slot = slot_of(reorder, first);
  }
  slot->packet.discont |= reorder->discont;
  slot->used = FALSE;
  reorder->discont = FALSE;
  reorder->next++;
  reorder->held--;
  return &slot->packet;
}

gint64
mcu_reorder_deadline(const McuReorder *reorder, gint64 wait_us)
{
  gint64 earliest_us;

  if (reorder->held == 0)
    return -1;
  look_behind_gap(reorder, &earliest_us);
  return earliest_us + wait_us;
}

guint
mcu_reorder_held(const McuReorder *reorder)
{
  return reorder->held;
}
