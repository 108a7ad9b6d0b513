/* McuRing: the packets of one site's track on their way to a decoder.
 *
 * One producer (the leg's network thread), one consumer (a media thread); no lock, no allocation
 * after construction. Each slot holds one clean RTP packet: version 2, no padding, no CSRC, no
 * header extension, so 12 bytes of header and the payload. Video arrives in sequence order (the
 * leg reorders), with `discont` set after a gap that was given up; audio arrives as received.
 * Reference counted because both ends may outlive each other. */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "mcu/util/waker.h"

#define MCU_RTP_HEADER 12
#define MCU_LEVEL_UNKNOWN 255 /* the client sends no RFC 6464 level */

typedef struct {
  gint64 arrival_us; /* g_get_monotonic_time() at receipt */
  guint32 timestamp; /* RTP units of the track's clock */
  guint16 seq;
  guint16 size; /* bytes in data, header included */
  guint8 level; /* audio: -dBov, 0 loudest .. 127 silence, or MCU_LEVEL_UNKNOWN */
  guint8 marker : 1;
  guint8 discont : 1; /* packets before this one are lost for good */
  guint8 *data;       /* RTP header and payload */
} McuPacket;

typedef struct McuRing McuRing;

/* [any] `n_slots` is a power of two. Each slot takes MCU_RTP_MAX bytes. */
McuRing *mcu_ring_new(guint n_slots);
McuRing *mcu_ring_ref(McuRing *ring);
void mcu_ring_unref(McuRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuRing, mcu_ring_unref)

/* [producer] Copies `packet` and its data. FALSE when full (the caller counts the drop). */
gboolean mcu_ring_push(McuRing *ring, const McuPacket *packet);
/* [producer] Wakes the consumer, if it has said where it sleeps; call once per batch. */
void mcu_ring_wake(McuRing *ring);
/* [producer] FALSE: nobody decodes what would be pushed, so it need not be. */
gboolean mcu_ring_is_wanted(const McuRing *ring);
/* [producer] TRUE once per request of the consumer. */
gboolean mcu_ring_take_keyframe_request(McuRing *ring);

/* [consumer] The oldest packet, owned by the ring and valid until mcu_ring_advance(). */
const McuPacket *mcu_ring_peek(McuRing *ring);
void mcu_ring_advance(McuRing *ring);
/* [consumer] Asks the sender for a key frame; the leg merges and paces the requests. */
void mcu_ring_request_keyframe(McuRing *ring);
/* [main] Rings are wanted when they are made. */
void mcu_ring_set_wanted(McuRing *ring, gboolean wanted);
/* [main] Where the consumer sleeps. The first call counts, for the life of the ring: returns what is set,
 * borrowed. */
McuWaker *mcu_ring_set_waker(McuRing *ring, McuWaker *waker);
