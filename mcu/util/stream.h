/* McuStream: RTP payloads of one encoder on their way to any number of legs.
 *
 * One producer; every network thread reads with cursors of its own, so a packet enters once
 * whatever the number of receivers. Slots are overwritten in turn: the ring is at the same time
 * the retransmission history of all receivers. Packets are numbered from 0 by a 64-bit index;
 * a reader that falls behind the history loses packets and sees it. No lock, no allocation.
 *
 * Sound: the index is the mixer's tick (RTP timestamp = index x 960). The shared mix has every
 * tick; a site that is itself heard has a stream of its own without its voice (mix-minus), which
 * has just the ticks in which it differs. A leg sends, for each tick of the shared stream, its
 * own packet where there is one: producer writes the own streams of a tick before the shared. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

typedef struct McuStream McuStream;

typedef struct {
  guint64 index;
  guint32 timestamp; /* RTP units */
  gint64 capture_us; /* monotonic time the RTP timestamp stands for: sender reports need it */
  guint16 size;
  guint8 level; /* audio: -dBov of the mix, for the RFC 6464 extension */
  guint8 marker : 1;
  guint8 keyframe : 1; /* first packet of a key frame */
  const guint8 *payload;
} McuStreamPacket;

/* [any] `n_slots` is a power of two, each of MCU_RTP_PAYLOAD_MAX bytes or `slot_size` if not 0. */
McuStream *mcu_stream_new(McuMediaKind kind, McuCodec codec, guint n_slots, guint slot_size);
McuStream *mcu_stream_ref(McuStream *stream);
void mcu_stream_unref(McuStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuStream, mcu_stream_unref)

McuMediaKind mcu_stream_kind(const McuStream *stream);
McuCodec mcu_stream_codec(const McuStream *stream);

/* [producer] Copies packet->payload. `packet->index` must be at least the head: gaps are allowed
 * (own streams of sound). Payloads longer than the slot are our own bug (asserted). */
void mcu_stream_write(McuStream *stream, const McuStreamPacket *packet);
/* [producer] Wakes the network threads that have subscribers; once per burst. */
void mcu_stream_flush(McuStream *stream);
/* [producer] TRUE once after any number of requests. The producer keeps the pace (1 per second). */
gboolean mcu_stream_take_keyframe_request(McuStream *stream);

/* [any] The index after the newest packet. */
guint64 mcu_stream_head(const McuStream *stream);
/* [any] Index of the newest key frame's first packet in the history and when it was written
 * (monotonic); FALSE when there is none. */
gboolean mcu_stream_last_keyframe(const McuStream *stream, guint64 *out_index, gint64 *out_time_us);
/* [any] A view of packet `index`; FALSE when not (or no longer) in the history. After using
 * `out_packet->payload`, ask mcu_stream_still() whether it was overwritten meanwhile. */
gboolean mcu_stream_read(const McuStream *stream, guint64 index, McuStreamPacket *out_packet);
gboolean mcu_stream_still(const McuStream *stream, guint64 index);
/* [any] */
void mcu_stream_request_keyframe(McuStream *stream);

/* [any] Subscribers of network thread `thread` (0 .. MCU_NET_THREADS_MAX - 1), woken by writing
 * to `eventfd`. Counted: each subscribe has one unsubscribe. */
#define MCU_NET_THREADS_MAX 16
void mcu_stream_subscribe(McuStream *stream, guint thread, int eventfd);
void mcu_stream_unsubscribe(McuStream *stream, guint thread);
guint mcu_stream_subscribers(const McuStream *stream);
