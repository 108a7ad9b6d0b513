/* Ordered packets in fixed places, see shelf.h. */
#include "pipelines/shelf.h"

#include <string.h>

G_STATIC_ASSERT(PL_SHELF_PACKETS == 64); /* as many as bits in `used` */

void
pl_shelf_init(PlShelf *shelf)
{
  memset(shelf, 0, sizeof *shelf);
  shelf->bytes = g_malloc((gsize)PL_SHELF_PACKETS * PL_SHELF_PAYLOAD_MAX);
}

void
pl_shelf_clear(PlShelf *shelf)
{
  g_clear_pointer(&shelf->bytes, g_free);
}

void
pl_shelf_empty(PlShelf *shelf)
{
  shelf->n = 0;
  shelf->used = 0;
}

gboolean
pl_shelf_put(PlShelf *shelf, const PlHeld *packet, const guint8 *payload)
{
  g_assert(shelf->n < PL_SHELF_PACKETS && packet->size <= PL_SHELF_PAYLOAD_MAX);
  guint i = shelf->n;
  while (i > 0 && shelf->held[i - 1].ts > packet->ts)
    i--;
  if (i > 0 && shelf->held[i - 1].ts == packet->ts)
    return FALSE;
  memmove(&shelf->held[i + 1], &shelf->held[i], (shelf->n - i) * sizeof(PlHeld));
  shelf->held[i] = *packet;
  shelf->held[i].place = (guint8)__builtin_ctzll(~shelf->used);
  shelf->used |= G_GUINT64_CONSTANT(1) << shelf->held[i].place;
  memcpy(shelf->bytes + (gsize)shelf->held[i].place * PL_SHELF_PAYLOAD_MAX, payload, packet->size);
  shelf->n++;
  return TRUE;
}

void
pl_shelf_take(PlShelf *shelf)
{
  g_assert(shelf->n > 0);
  shelf->used &= ~(G_GUINT64_CONSTANT(1) << shelf->held[0].place);
  shelf->n--;
  memmove(&shelf->held[0], &shelf->held[1], shelf->n * sizeof(PlHeld));
}

const guint8 *
pl_shelf_payload(const PlShelf *shelf, const PlHeld *held)
{
  return shelf->bytes + (gsize)held->place * PL_SHELF_PAYLOAD_MAX;
}
