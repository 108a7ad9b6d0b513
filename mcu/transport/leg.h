/* McuLeg: one peer's transport, control side: ICE, DTLS, SRTP and the tracks on it (BUNDLE, one
 * component). Lives on main; its packets live on one network thread (leg-rx.c, leg-tx.c).
 *
 *   NEW --start--> CONNECTING --ICE + DTLS + keys--> CONNECTED
 *   CONNECTING | CONNECTED --no answer for its timeout, or DTLS closed by the peer--> FAILED
 *
 * FAILED is final for the leg: the owner frees it and makes another (the seat stays). */
#pragma once

#include <glib.h>

#include "mcu/types.h"
#include "mcu/util/ring.h"
#include "mcu/util/stream.h"

typedef struct McuLeg McuLeg;
typedef struct McuNet McuNet;
typedef struct McuCert McuCert;

typedef enum {
  MCU_LEG_NEW,
  MCU_LEG_CONNECTING,
  MCU_LEG_CONNECTED,
  MCU_LEG_FAILED,
} McuLegState;

typedef enum {
  MCU_DTLS_SERVER, /* a=setup:passive */
  MCU_DTLS_CLIENT, /* a=setup:active */
} McuDtlsRole;

typedef struct {
  const char *name;             /* for logs: "site/xa-1" */
  gboolean controlling;         /* ICE role: the offering full agent controls (RFC 8445 6.1.1) */
  gboolean lite;                /* ICE-lite */
  const char *const *addresses; /* local addresses to gather, NULL-terminated; NULL: all */
  guint16 port_min, port_max;   /* 0, 0: any */
  const McuCert *cert;          /* borrowed, outlives the leg */
  gint64 connect_timeout_us;    /* 0: 15 s */
  gint64 silence_timeout_us;    /* FAILED after no packet of any kind for so long; 0: 10 s */
} McuLegConfig;

typedef struct {
  /* [main] `error` says why when state is MCU_LEG_FAILED. */
  void (*state_changed)(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data);
} McuLegEvents;

/* One negotiated track. `codec` MCU_CODEC_NONE: not used. */
typedef struct {
  McuCodec codec;
  guint8 pt;
  guint32 send_ssrc;
  guint8 ext_audio_level; /* header extension ids, 0: not negotiated */
  guint8 ext_playout_delay;
  gboolean nack, pli, fir, remb;
  McuRing *ring;   /* where received packets go; NULL: counted only. Leg takes a ref */
  guint remb_kbps; /* rate we ask of the peer by REMB; 0: say nothing */
} McuLegTrack;

/* What tells the packets of a line from those of another of the same payload type (RFC 8843 9.2). */
typedef struct {
  guint32 ssrc;   /* 0: not told */
  guint8 ext_mid; /* the header extension that has `mid`; 0: none */
  char mid[33];
} McuLegSource;

typedef struct {
  McuLegTrack audio, video;
  McuLegTrack content; /* a second picture, received only */
  McuLegSource content_source;
  const char *cname; /* RTCP SDES CNAME, at most 63 bytes */
} McuLegMedia;

typedef struct {
  guint64 rx_packets, rx_bytes, tx_packets, tx_bytes;
  guint64 rx_audio_packets, rx_video_packets;
  guint64 rx_lost; /* by sequence gaps, all tracks */
  guint64 nacks_sent, nacks_received, retransmitted, keyframe_requests_received;
  gint64 last_rx_us;          /* monotonic; any authenticated packet; 0: none yet */
  guint remote_loss_permille; /* what the peer reports of our packets, last report */
  guint rtt_ms;               /* from RTCP; 0: unknown */
  guint rx_jitter_us;         /* of the audio track */
} McuLegStats;

/* [main] Local description is ready on return: host candidates only, gathered at once. */
McuLeg *mcu_leg_new(McuNet *net, const McuLegConfig *config, const McuLegEvents *events, gpointer user_data,
                    GError **error);
/* [main] No event comes after this; the network side is torn down asynchronously. NULL is fine. */
void mcu_leg_free(McuLeg *leg);

/* [main] Borrowed, constant for the leg's life. Candidates: the attribute's value after "a=",
 * "candidate:...", NULL-terminated. */
const char *mcu_leg_ufrag(const McuLeg *leg);
const char *mcu_leg_pwd(const McuLeg *leg);
const char *const *mcu_leg_candidates(const McuLeg *leg);

/* [main] What the peer's description says. `fingerprint`: SHA-256, 32 bytes. Starts the leg. */
gboolean mcu_leg_start(McuLeg *leg, const char *ufrag, const char *pwd, const guint8 *fingerprint, McuDtlsRole role,
                       GError **error);
/* [main] Peer's candidate, "candidate:..." ; those we cannot use (TCP, mDNS names) are ignored
 * and succeed. Peer-reflexive discovery finds what is missing. */
gboolean mcu_leg_add_candidate(McuLeg *leg, const char *candidate, GError **error);
/* [main] ICE restart by the peer (RFC 8445 9): new credentials of the peer; ours change too and
 * are read again with the getters. Keys and tracks stay. */
gboolean mcu_leg_restart_ice(McuLeg *leg, const char *ufrag, const char *pwd, GError **error);

/* [main] Tracks; replaces what was set before. Copies; takes references of rings. */
void mcu_leg_set_media(McuLeg *leg, const McuLegMedia *media);
/* [main] What is sent. `own` may be NULL (see stream.h). NULL: send nothing. A video stream starts
 * at a key frame. Sequence numbers and timestamps stay continuous over changes. */
void mcu_leg_send_audio(McuLeg *leg, McuStream *shared, McuStream *own);
void mcu_leg_send_video(McuLeg *leg, McuStream *stream);
/* [main] Ask the peer for a key frame. */
void mcu_leg_request_keyframe(McuLeg *leg);

McuLegState mcu_leg_state(const McuLeg *leg);                /* [main] */
void mcu_leg_get_stats(McuLeg *leg, McuLegStats *out_stats); /* [main] at most 100 ms old */
