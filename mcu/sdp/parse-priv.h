/* The reader of session descriptions, shared by parse.c (lines, media, what holds them together) and
 * attributes.c (the a= lines). Lives for one call of mcu_sdp_parse(). */
#pragma once

#include "mcu/sdp/sdp.h"

/* What may stand at the session and again in a media section, where it counts more. */
typedef struct {
  char ufrag[257], pwd[257];
  guint8 fingerprint[32];
  gboolean has_fingerprint;
  McuSetup setup;
} SdpTransport;

typedef struct {
  gboolean nack, pli, fir, remb;
} SdpFeedback;

#define SDP_PAYLOAD_TYPES 128

typedef struct {
  McuSdp *sdp;
  gboolean fragment; /* a trickle fragment: no session around it */

  McuSdpMedia *media; /* being read; NULL: still the session */
  SdpTransport session, current;
  SdpTransport chosen; /* of the first media section that can be used */
  gboolean has_chosen;
  McuSdpMedia defaults; /* direction and extensions given at the session */
  char *bundle;         /* value of the first a=group:BUNDLE, into the text; NULL: none */

  /* Of the media section being read. */
  gboolean bundle_only;
  McuSdpCodec by_pt[SDP_PAYLOAD_TYPES];
  SdpFeedback feedback[SDP_PAYLOAD_TYPES];
  SdpFeedback feedback_all;        /* a=rtcp-fb:* */
  guint8 order[SDP_PAYLOAD_TYPES]; /* payload types as the m= line has them */
  gboolean listed[SDP_PAYLOAD_TYPES];
  guint n_order;
} SdpParser;

/* Reads one a= line; `text` is after "a=" and is cut up. Returns why not, or NULL. */
const char *sdp_parse_attribute(SdpParser *parser, char *text);

/* A decimal number of at most `max` at *p, which moves behind it. */
gboolean sdp_parse_number(const char **p, guint64 max, guint64 *out_value);
/* A visible ASCII word without space, of 1..`capacity` - 1 bytes, copied. */
gboolean sdp_copy_word(const char *word, char *out, gsize capacity);
/* Cuts the next word at spaces off *p; NULL at the end. */
char *sdp_next_word(char **p);
