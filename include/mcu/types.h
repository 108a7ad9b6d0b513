/* Kinds, codecs and limits that every folder shares. Plain C and GLib types only. */
#pragma once

#include <glib.h>

typedef enum {
  MCU_MEDIA_AUDIO,
  MCU_MEDIA_VIDEO,
} McuMediaKind;

typedef enum {
  MCU_CODEC_NONE,
  MCU_CODEC_OPUS, /* RFC 7587: 48 kHz, two channels in SDP */
  MCU_CODEC_VP8,  /* RFC 7741 */
  MCU_CODEC_H264, /* RFC 6184, constrained baseline, packetization-mode 1 */
} McuCodec;

/* What is composed: the programme, as the meeting's scene says; the wall, all sites at once; what who has the
 * floor sees where the layout gives the speaker a picture of its own; and the scene that is being prepared. */
typedef enum { MCU_VIEW_PROGRAMME, MCU_VIEW_WALL, MCU_VIEW_SPEAKER, MCU_VIEW_PREVIEW, MCU_N_VIEWS } McuView;

/* Sizes in which a view is encoded, by their lines; each 16:9. Largest first. */
typedef enum { MCU_RUNG_1080, MCU_RUNG_720, MCU_RUNG_360, MCU_RUNG_180, MCU_N_RUNGS } McuRung;

/* Places in a view are fractions of it: a number that 1 to 12 divide. */
#define MCU_PANE_UNITS 27720

/* One encoded picture, shared by all who receive it. */
typedef struct {
  McuView view;
  McuRung rung;
  McuCodec codec;
} McuRendition;

/* The picture wanted of a site's camera: at most so large, so often, so much. All 0: none. */
typedef struct {
  guint width, height, fps, kbps;
} McuPicture;

/* Chair, secretary and site have microphone, camera and a tile; observers and operators receive only. */
typedef enum {
  MCU_ROLE_CHAIR,
  MCU_ROLE_SITE,
  MCU_ROLE_OBSERVER,
  MCU_ROLE_SECRETARY,
  MCU_ROLE_OPERATOR,
  MCU_N_ROLES
} McuRole;

static inline gboolean
mcu_role_has_voice(McuRole role)
{
  return role != MCU_ROLE_OBSERVER && role != MCU_ROLE_OPERATOR;
}

/* Sees and works the desk. */
static inline gboolean
mcu_role_has_desk(McuRole role)
{
  return role == MCU_ROLE_CHAIR || role == MCU_ROLE_SECRETARY || role == MCU_ROLE_OPERATOR;
}

/* Sound moves in 20 ms, picture in 40 ms. */
#define MCU_AUDIO_RATE 48000
#define MCU_AUDIO_FRAME_US 20000
#define MCU_AUDIO_FRAME_SAMPLES 960
#define MCU_VIDEO_RATE 90000
#define MCU_VIDEO_FPS 25

/* The largest RTP packet we accept or send, header included and SRTP tag excluded. */
#define MCU_RTP_MAX 1472
/* The largest RTP payload we produce: 1200-byte UDP datagrams pass every tunnel we know. */
#define MCU_RTP_PAYLOAD_MAX 1140

/* Limits on what a client can influence. */
#define MCU_SDP_MAX_BYTES (64 * 1024)
#define MCU_SDP_MAX_LINES 2000
#define MCU_SDP_MAX_MEDIA 8
#define MCU_MESSAGE_MAX_BYTES (64 * 1024)
#define MCU_MESSAGE_MAX_DEPTH 32
#define MCU_CANDIDATES_MAX 20
#define MCU_ID_MAX_BYTES 64   /* meeting and site ids: [A-Za-z0-9._-] */
#define MCU_NAME_MAX_CHARS 64 /* a site's display name, code points after NFC */
#define MCU_TITLE_MAX_CHARS 200
#define MCU_TITLE_MAX_BYTES (MCU_TITLE_MAX_CHARS * 4)
#define MCU_CONTACT_MAX_BYTES 200 /* a telephone number or an e-mail address */
#define MCU_BANNER_MAX_CHARS 200
#define MCU_INVITED_MAX 5000 /* sites on one meeting's list */
