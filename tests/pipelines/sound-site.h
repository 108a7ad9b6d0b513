/* A site that sends a tone, in virtual time, and what tests ask of a sound. */
#pragma once

#include <glib.h>

#include "mcu/util/ring.h"

#define SOUND_SITE_MAX_SAMPLES 5760

typedef struct OpusEncoder OpusEncoder;

typedef struct {
  OpusEncoder *encoder;
  double hz;
  double strength; /* of the sine, full scale 1 */
  guint samples;   /* of a packet */
  guint64 played;  /* samples of the sine so far */
  guint32 ssrc;
  guint32 timestamp;
  guint16 seq;
  guint8 level; /* claimed in each packet; MCU_LEVEL_UNKNOWN: none */
  guint8 data[MCU_RTP_MAX];
  McuPacket packet;
} SoundSite;

/* `samples` 120 .. 5760. The level says what the strength is. */
void sound_site_init(SoundSite *site, guint32 ssrc, double hz, double strength, guint samples);
/* Before the first packet: each carries the one before again (dearer to encode). */
void sound_site_use_fec(SoundSite *site);
void sound_site_clear(SoundSite *site);
/* Encodes the next packet; valid until the next call. */
const McuPacket *sound_site_next(SoundSite *site, gint64 arrival_us);
/* Time passes and nothing is sent (DTX). */
void sound_site_pause(SoundSite *site, guint samples);

/* A packet of any bytes with a header that fits. */
McuPacket sound_packet(guint8 *data, guint16 seq, guint32 timestamp, guint32 ssrc, const void *payload, gsize size,
                       gint64 arrival_us);

/* Strength of a sine of `hz` in x. */
double sound_tone(const float *x, guint n, double hz);
double sound_rms(const float *x, guint n);
/* Of x[i-1] - 2 cos(w) x[i] + x[i+1], which is 0 for a steady tone of `hz`: a step shows at its size. */
double sound_click(const float *x, guint n, double hz);
