/* McuSdp: the part of a session description (RFC 8866) that a BUNDLEd WebRTC session needs.
 * parse.c reads text into it, write.c writes it, answer.c makes our answer to an offer, offer.c an
 * offer of our own (the simulated sites). Pure. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

typedef enum { MCU_SETUP_NONE, MCU_SETUP_ACTPASS, MCU_SETUP_ACTIVE, MCU_SETUP_PASSIVE } McuSetup;

/* Directions as bits, as seen by the writer of the description. */
typedef enum { MCU_DIR_INACTIVE = 0, MCU_DIR_SEND = 1, MCU_DIR_RECV = 2, MCU_DIR_SENDRECV = 3 } McuDirection;

#define MCU_SDP_MAX_CODECS 32
#define MCU_SDP_MID_BYTES 33

typedef struct {
  McuCodec codec;
  guint8 pt;
  guint8 profile_idc, profile_iop, level_idc; /* H.264 profile-level-id */
  guint8 packetization_mode;
  gboolean nack, pli, fir, remb;
} McuSdpCodec;

typedef struct {
  McuMediaKind kind;
  gboolean known_kind;   /* FALSE: application, text ...: answered with port 0 */
  gboolean rejected;     /* port 0 */
  char protocol[32];     /* "UDP/TLS/RTP/SAVPF" */
  char first_format[64]; /* for rejecting: RFC 3264 wants a format kept */
  char type[16];         /* "audio", "video", "application" */
  char mid[MCU_SDP_MID_BYTES];
  gboolean rtcp_mux;
  gboolean slides; /* a=content:slides (RFC 4796): the picture of a screen */
  McuDirection direction;
  McuSdpCodec codecs[MCU_SDP_MAX_CODECS]; /* only those we know, in the order of preference */
  guint n_codecs;
  guint8 ext_audio_level, ext_playout_delay, ext_mid; /* 0: not offered */
  guint32 ssrc;                                       /* first a=ssrc, 0: none */
  guint bandwidth_kbps;                               /* b=AS, 0: none */
  char msid[2][MCU_SDP_MID_BYTES * 2];                /* stream id, track id; "" none (writing only) */
} McuSdpMedia;

typedef struct {
  guint64 session_id, session_version;
  gboolean ice_lite;
  gboolean trickle; /* a=ice-options:trickle */
  gboolean bundle;  /* a=group:BUNDLE over all lines in use; FALSE only for a single line */
  gboolean end_of_candidates;
  char ufrag[257], pwd[257]; /* RFC 8839 5.4: 4..256 and 22..256 ice-chars */
  guint8 fingerprint[32];    /* SHA-256 */
  gboolean has_fingerprint;
  McuSetup setup;
  char cname[64];        /* writing: a=ssrc ... cname */
  GPtrArray *candidates; /* of char *, "candidate:...", at most MCU_CANDIDATES_MAX */
  guint n_media;
  McuSdpMedia media[MCU_SDP_MAX_MEDIA];
} McuSdp;

McuSdp *mcu_sdp_new(void);
void mcu_sdp_free(McuSdp *sdp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(McuSdp, mcu_sdp_free)

/* [any] Reads a description of at most MCU_SDP_MAX_BYTES and MCU_SDP_MAX_LINES. MCU_ERROR_TOO_LARGE,
 * MCU_ERROR_BAD_SDP. Refuses what cannot be answered: no BUNDLE over all accepted lines, no ICE
 * credentials, no SHA-256 fingerprint, more than MCU_SDP_MAX_MEDIA lines. */
McuSdp *mcu_sdp_parse(const char *text, gsize size, GError **error);
/* [any] Reads a trickle fragment (RFC 8840): credentials and candidates only. */
McuSdp *mcu_sdp_parse_fragment(const char *text, gsize size, GError **error);

char *mcu_sdp_write(const McuSdp *sdp);          /* [any] caller frees */
char *mcu_sdp_write_fragment(const McuSdp *sdp); /* [any] caller frees; application/trickle-ice-sdpfrag */

/* What the answering side wants. */
typedef struct {
  const char *ufrag, *pwd;
  const char *const *candidates; /* NULL-terminated */
  const guint8 *fingerprint;
  gboolean lite;
  const char *cname; /* also the msid's stream id */
  gboolean receive;  /* FALSE for observers: nothing is taken from them */
  gboolean send;     /* FALSE for WHIP publishers with sendonly lines (follows the offer anyway) */
  guint32 audio_ssrc, video_ssrc;
  guint video_kbps;             /* b=AS on video, 0: none */
  guint content_kbps;           /* likewise on a second picture, of a screen; 0: none is taken */
  const McuCodec *video_codecs; /* in our order of preference, ended by MCU_CODEC_NONE */
} McuSdpPolicy;

/* How the packets of a line are known among those of another with the same payload type (RFC 8843 9.2). */
typedef struct {
  guint32 ssrc;  /* 0: not told */
  guint8 ext_id; /* of the header extension that tells the mid, 0: none */
  char mid[MCU_SDP_MID_BYTES];
} McuSdpSource;

/* What was agreed, for the leg. Codec MCU_CODEC_NONE: no such track. */
typedef struct {
  McuSdpCodec audio, video;
  gboolean audio_recv, audio_send, video_recv, video_send; /* as seen from us */
  guint8 audio_level_ext, playout_delay_ext;
  McuSdpCodec content; /* a second picture, of a screen; we only receive it */
  McuSdpSource video_source, content_source;
} McuSdpAgreed;

/* [any] The answer to `offer` (RFC 8829, 3264): the first audio and the first video line are taken, a second video
 * line that is sent, or one marked as slides, as content; further ones are rejected. One codec per line: the best that
 * both have. MCU_ERROR_NO_COMMON_CODEC when
 * nothing is left. Our setup is passive unless the offer is passive (RFC 8842). */
McuSdp *mcu_sdp_answer(const McuSdp *offer, const McuSdpPolicy *policy, McuSdpAgreed *out_agreed, GError **error);
/* [any] An offer with one audio and one video line, both sendrecv (or `direction`), with the given video codecs. */
McuSdp *mcu_sdp_offer(const McuSdpPolicy *policy, McuDirection direction, GError **error);
/* [any] Reads what the answer to our offer agreed. */
gboolean mcu_sdp_agree(const McuSdp *offer, const McuSdp *answer, McuSdpAgreed *out_agreed, GError **error);
