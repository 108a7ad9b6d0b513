/* The body of a leg, for the files that are a leg: leg.c [main], leg-net.c (its life on the network
 * thread), leg-rx.c and leg-tx.c (packets in, packets out), leg-rtcp.c (reports and feedback). */
#pragma once

#include "mcu/rtp/ext.h"
#include "mcu/rtp/header.h"
#include "mcu/rtp/nack.h"
#include "mcu/rtp/receive-stats.h"
#include "mcu/rtp/reorder.h"
#include "mcu/rtp/source.h"
#include "mcu/transport/dtls.h"
#include "mcu/transport/net-thread.h"

/* What is remembered of sent packets, to answer NACKs: half a minute of sound, ten seconds of picture. */
#define MCU_SENT_AUDIO 512
#define MCU_SENT_VIDEO 1024
#define MCU_REORDER_SLOTS 256
/* A site may send so many packets in a tick's 20 ms, averaged over a second: 50 Mbit/s of picture. */
#define MCU_RX_PACKETS_PER_TICK 100
/* Resent packets per tick and leg: a receiver that loses everything must not double our uplink. */
#define MCU_RESEND_PER_TICK 40
/* Packets of picture per leg and pump: a key frame leaves in parts, some ms apart, or two hundred receivers
 * would get theirs in the same instant. */
#define MCU_PACE_PACKETS 10
#define MCU_KEYFRAME_ASK_US 500000 /* between two requests to one site */
#define MCU_REPORT_US 1000000
#define MCU_RTCP_SIZE 1200

/* One received source. */
typedef struct {
  McuLegTrack track;
  McuRing *ring; /* referenced; NULL: counted only */
  gboolean latched;
  guint32 ssrc;
  gint64 last_us;
  McuReceiveStats stats;
  McuNack nack;
  McuReorder *reorder; /* video with a ring */
  gboolean pushed;     /* in this batch: the consumer wants waking */
  gboolean wanted;     /* by the ring's consumer, at the last packet */
  gboolean keyframe_wanted;
  gint64 keyframe_asked_us;
} McuRxTrack;

/* A packet sent, by its sequence number. */
typedef struct {
  guint64 index;     /* in the stream */
  guint32 timestamp; /* as sent */
  guint16 seq;
  guint8 valid : 1;
  guint8 own : 1; /* of the own stream, not the shared one */
} McuSent;

/* One stream being sent. */
typedef struct {
  McuLegTrack track;
  McuStream *shared, *own; /* referenced; NULL: nothing */
  guint64 next;            /* index to send next */
  gboolean waiting;        /* for a key frame */
  gint64 asked_us;         /* when the key frame was asked for */
  guint16 seq;             /* of the next packet */
  guint32 offset;          /* added to the stream's timestamps */
  guint32 last_timestamp;  /* as sent */
  gint64 last_capture_us;
  gboolean started;
  guint32 packets, octets; /* for sender reports (RFC 3550 6.4.1) */
  McuSent *sent;
  guint sent_mask;
} McuTxTrack;

struct McuLeg {
  gatomicrefcount refs;
  char *name;
  McuNetThread *thread;
  McuIce *ice;
  gpointer dtls_context;
  gint64 connect_timeout_us, silence_timeout_us;

  struct {
    GMainContext *context; /* where events are delivered */
    McuLegEvents events;
    gpointer user_data;
    McuLegState state;
    gboolean started;
    gboolean freed;
  } main;

  GMutex stats_lock; /* protects stats: written by the tick ten times a second, read by main */
  McuLegStats stats;

  struct {
    McuLegState state;
    gboolean added;
    McuDtls *dtls;
    McuDtlsRole dtls_role;
    gboolean dtls_started;
    McuSrtp *srtp;
    gint64 deadline_us;
    gint64 last_rx_us;
    gint rx_budget;
    guint resend_budget;
    McuRxTrack rx_audio, rx_video, rx_content;
    McuRtpSource content_source;
    McuTxTrack tx_audio, tx_video;
    char cname[64];
    gint64 next_report_us, next_publish_us;
    gint64 rtt_us;
    guint8 fir_number;
    McuLegStats stats;
  } net;
};

McuLeg *mcu_leg_ref(McuLeg *leg); /* [any] */
void mcu_leg_unref(McuLeg *leg);  /* [any] */

/* leg-net.c, all [net] */
void mcu_leg_net_start(McuLeg *leg, const guint8 *fingerprint, McuDtlsRole role, gint64 now_us);
void mcu_leg_net_set_media(McuLeg *leg, const McuLegMedia *media);
void mcu_leg_net_close(McuLeg *leg);
void mcu_leg_net_tick(McuLeg *leg, gint64 now_us);
void mcu_leg_net_dtls(McuLeg *leg, const guint8 *datagram, gsize size, gint64 now_us);
/* Ends the leg; takes `error`. */
void mcu_leg_net_fail(McuLeg *leg, GError *error);
/* Sends one datagram that is complete: RTCP already protected, DTLS as it is; with the thread's next flush. */
void mcu_leg_net_send(McuLeg *leg, const guint8 *datagram, gsize size);

/* leg-rx.c */
void mcu_leg_rx_readable(McuLeg *leg, gint64 now_us); /* [net] a socket of its own has something */
/* [net] One datagram of a shared port; size 0: it was cut off. When the batch is through, rx_done wakes who waits. */
void mcu_leg_rx_datagram(McuLeg *leg, guint8 *data, gsize size, gint64 now_us);
void mcu_leg_rx_done(McuLeg *leg);
void mcu_leg_rx_release(McuLeg *leg, gint64 now_us); /* [net] gives up what was waited for */
void mcu_leg_rx_set_track(McuRxTrack *rx, const McuLegTrack *track, McuMediaKind kind);
void mcu_leg_rx_clear(McuRxTrack *rx);

/* leg-tx.c */
/* [net] Sends what the streams have. TRUE: a part of a picture is left for the next call, in some ms. */
gboolean mcu_leg_tx_pump(McuLeg *leg, gint64 now_us);
/* [net] Brings into the caches what a pump of the leg will touch: the leg, and some time after it what it points to. */
void mcu_leg_tx_prefetch(const McuLeg *leg);
void mcu_leg_tx_prefetch_path(const McuLeg *leg);
void mcu_leg_tx_set_track(McuTxTrack *tx, const McuLegTrack *track, McuMediaKind kind);
void mcu_leg_tx_set_streams(McuLeg *leg, McuTxTrack *tx, McuStream *shared, McuStream *own);
void mcu_leg_tx_restart(McuTxTrack *tx); /* from what comes now, not from what came before it could be sent */
void mcu_leg_tx_resend(McuLeg *leg, McuTxTrack *tx, const guint16 *seqs, guint n);
void mcu_leg_tx_clear(McuLeg *leg, McuTxTrack *tx);

/* leg-rtcp.c */
void mcu_leg_rtcp_receive(McuLeg *leg, const guint8 *data, gsize size, gint64 now_us); /* [net] plain RTCP */
void mcu_leg_rtcp_tick(McuLeg *leg, gint64 now_us);                                    /* [net] */
