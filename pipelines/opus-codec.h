/* The one home of libopus: the codec of one sound track, 48 kHz, mono, float samples. A decoder or
 * encoder belongs to one thread; nothing here allocates except the two constructors. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

/* RFC 6716 2: a packet holds at most 120 ms. */
#define PL_OPUS_SAMPLES_MAX 5760
/* Durations are multiples of 2.5 ms; what is to be made up must be too. */
#define PL_OPUS_UNIT 120

typedef struct PlOpusDecoder PlOpusDecoder;
typedef struct PlOpusEncoder PlOpusEncoder;

/* [any] Samples in the packet by its first bytes (RFC 6716 3.2), at most PL_OPUS_SAMPLES_MAX; 0 when
 * they make no sense. The decoder may still refuse the rest. */
guint pl_opus_packet_samples(const guint8 *payload, gsize size);
/* [any] Whether the packet can carry the frame before it (in-band FEC): not in CELT-only modes. */
gboolean pl_opus_packet_may_have_fec(const guint8 *payload, gsize size);

PlOpusDecoder *pl_opus_decoder_new(void);
void pl_opus_decoder_free(PlOpusDecoder *decoder);
void pl_opus_decoder_reset(PlOpusDecoder *decoder);
/* Each writes at most PL_OPUS_SAMPLES_MAX finite samples within +-2 and returns their number, 0 on
 * bad data. `samples` is a multiple of PL_OPUS_UNIT. */
guint pl_opus_decode(PlOpusDecoder *decoder, const guint8 *payload, gsize size, float *out);
guint pl_opus_conceal(PlOpusDecoder *decoder, guint samples, float *out);
/* The `samples` before the packet, from its in-band FEC as far as it has any. */
guint pl_opus_decode_fec(PlOpusDecoder *decoder, const guint8 *payload, gsize size, guint samples, float *out);

/* A mixer's encoder: 20 ms, FEC for 5 % loss, a packet for every frame (no DTX). Fails only with
 * MCU_ERROR_CONFIG. */
PlOpusEncoder *pl_opus_encoder_new(guint kbps, guint complexity, GError **error);
void pl_opus_encoder_free(PlOpusEncoder *encoder);
void pl_opus_encoder_reset(PlOpusEncoder *encoder);
/* MCU_AUDIO_FRAME_SAMPLES in, bytes out (1 .. out_max). `independent`: leans on no earlier frame, for
 * a receiver whose decoder comes from another stream. */
guint pl_opus_encode(PlOpusEncoder *encoder, const float *pcm, gboolean independent, guint8 *out, guint out_max);
