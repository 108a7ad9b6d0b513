/* PlShelf: the packets of one sound track that wait to be decoded, by timestamp. A fixed number of
 * places, used from the bottom, so that a track of which little waits touches little memory. Pure,
 * embedded in a PlPlayout, on its thread; only init allocates. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"

#define PL_SHELF_PACKETS 64
#define PL_SHELF_PAYLOAD_MAX (MCU_RTP_MAX - MCU_RTP_HEADER)

typedef struct {
  gint64 ts; /* unwrapped, as seq */
  gint64 seq;
  guint samples;
  guint16 size;
  guint8 place; /* of its bytes */
  guint8 level; /* -dBov, or MCU_LEVEL_UNKNOWN */
} PlHeld;

typedef struct {
  PlHeld held[PL_SHELF_PACKETS]; /* oldest timestamp first */
  guint n;
  guint64 used; /* bit per place */
  guint8 *bytes;
} PlShelf;

void pl_shelf_init(PlShelf *shelf);
void pl_shelf_clear(PlShelf *shelf);
void pl_shelf_empty(PlShelf *shelf);
/* Copies; there must be a place. FALSE when there is a packet of this timestamp already. */
gboolean pl_shelf_put(PlShelf *shelf, const PlHeld *packet, const guint8 *payload);
void pl_shelf_take(PlShelf *shelf); /* the oldest away; its bytes stay until the next put */
const guint8 *pl_shelf_payload(const PlShelf *shelf, const PlHeld *held);
