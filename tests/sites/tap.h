/* SimTap: a media connection that only receives, made of a plain socket, so that thousands of them cost little.
 * SimTaps: all of them, on one thread.
 *
 * Handshake as everybody's: ICE check, DTLS, SRTP keys. Then every datagram is read, and the clear headers of
 * RTP are counted: sequence, timestamp, marker. To decrypt what nobody looks at would cost more than all the
 * bridge does; a tap that is `watched` authenticates and decrypts every packet. With UDP_GRO a burst that the
 * bridge sent by one call arrives by one call. */
#pragma once

#include <glib.h>

#include "mcu/transport/cert.h"

typedef struct SimTaps SimTaps;
typedef struct SimTap SimTap;

/* [main] `connected`: or failed, with the reason; once. On the main context that was the caller's default. */
typedef void (*SimTapDone)(SimTap *tap, const char *failure, gpointer user_data);

typedef struct {
  const char *ufrag, *pwd; /* the bridge's */
  const char *address;     /* of its candidate */
  guint16 port;
  const guint8 *fingerprint;
  guint8 audio_pt, video_pt;
} SimTapRemote;

typedef struct {
  gint64 first_frame_us; /* 0: none yet */
  /* The rest is counted from it, or from sim_taps_restart() on. */
  gint64 from_us, last_frame_us;
  guint64 frames; /* after that at from_us */
  gint64 last_sound_us, sound_gap_max_us;
  guint64 packets, lost, forged;
} SimTapStats;

SimTaps *sim_taps_new(const McuCert *cert, GError **error); /* [main] */
void sim_taps_free(SimTaps *taps);                          /* [main] all taps freed before */
/* [main] Forgets all figures: what is measured begins now. */
void sim_taps_restart(SimTaps *taps);

/* [main] A socket on `address`, or any of ours. */
SimTap *sim_tap_new(SimTaps *taps, const char *address, gboolean watched, SimTapDone done, gpointer user_data,
                    GError **error);
void sim_tap_free(SimTap *tap); /* [main] nothing is called after it; NULL is fine */
const char *sim_tap_ufrag(const SimTap *tap);
const char *sim_tap_pwd(const SimTap *tap);
/* [main] Starts to connect. */
gboolean sim_tap_start(SimTap *tap, const SimTapRemote *remote, GError **error);
void sim_tap_get_stats(SimTap *tap, SimTapStats *out_stats); /* [main] */
