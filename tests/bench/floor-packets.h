/* The packets of the scenario: how many and how large, and making them. */
#pragma once

#include "floor-content.h"
#include "mcu/transport/srtp.h"

#define FLOOR_PACKET_TICKS 50 /* per second: the sound's */
#define FLOOR_DATAGRAM_ROOM 2048
#define FLOOR_BURST_MAX 128 /* datagrams of one picture to one site */

/* What one end sends. */
typedef struct {
  double sound_rate, sound_bytes; /* datagrams per second and their size, SRTP tag included */
  double picture_rate, picture_bytes;
  guint fps;
} FloorTraffic;

/* The state of who sends. */
typedef struct {
  guint32 ssrc[2]; /* by McuMediaKind */
  guint16 seq[2];
} FloorSource;

/* What the bridge sends to each of `n_legs`. MCU_ERROR_CONFIG when a picture has too many packets. */
gboolean floor_packets_plan_sent(const FloorScenario *scenario, guint n_legs, FloorTraffic *out_traffic,
                                 GError **error);
/* What each of `n_legs` sites sends; returns how many of them, from the first on, send at all. */
guint floor_packets_plan_received(const FloorScenario *scenario, const FloorContent *content, guint n_legs,
                                  FloorTraffic *traffic);

/* How many datagrams of the kind are due in a tick: a sound, or all of a picture. */
guint floor_packets_due(const FloorTraffic *traffic, McuMediaKind kind, guint64 tick);
/* Writes `n` protected datagrams one behind the other, and their sizes; returns the bytes in all. */
gsize floor_packets_write(const FloorTraffic *traffic, McuMediaKind kind, guint64 tick, guint n, FloorSource *source,
                          McuSrtp *srtp, guint8 *bytes, guint16 *sizes);
