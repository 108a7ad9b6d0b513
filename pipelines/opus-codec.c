/* libopus behind a small interface. VOIP as application: below complexity 7 it keeps to the
 * modes that have in-band FEC at the rates of a meeting, and does not change mode by content. */
#include "pipelines/opus-codec.h"

#include <opus/opus.h>

#include "mcu/util/error.h"

#define EXPECTED_LOSS_PERCENT 5
#define KBPS_MIN 8
#define KBPS_MAX 256
/* First CELT-only configuration number (RFC 6716 3.1, table 2). */
#define CONFIG_CELT_FIRST 16

guint
pl_opus_packet_samples(const guint8 *payload, gsize size)
{
  if (size == 0 || size > MCU_RTP_MAX)
    return 0;
  int samples = opus_packet_get_nb_samples(payload, (opus_int32)size, MCU_AUDIO_RATE);
  return samples > 0 && samples <= PL_OPUS_SAMPLES_MAX ? (guint)samples : 0;
}

gboolean
pl_opus_packet_may_have_fec(const guint8 *payload, gsize size)
{
  return size > 1 && payload[0] >> 3 < CONFIG_CELT_FIRST;
}

/* OpusDecoder is opaque; ours is it under another name. */
static OpusDecoder *
opus_of(PlOpusDecoder *decoder)
{
  return (OpusDecoder *)decoder;
}

PlOpusDecoder *
pl_opus_decoder_new(void)
{
  int status = OPUS_OK;
  OpusDecoder *decoder = opus_decoder_create(MCU_AUDIO_RATE, 1, &status);
  if (decoder == NULL)
    g_error("opus decoder: %s", opus_strerror(status)); /* no memory: as g_malloc */
  return (PlOpusDecoder *)decoder;
}

void
pl_opus_decoder_free(PlOpusDecoder *decoder)
{
  if (decoder != NULL)
    opus_decoder_destroy(opus_of(decoder));
}

void
pl_opus_decoder_reset(PlOpusDecoder *decoder)
{
  opus_decoder_ctl(opus_of(decoder), OPUS_RESET_STATE);
}

/* A packet made to hurt can decode to anything; one sample that is not a number would spoil every
 * mix it enters. The comparisons send those to -2. */
static guint
bounded(float *out, int samples)
{
  if (samples <= 0)
    return 0;
  for (int i = 0; i < samples; i++) {
    float x = out[i] > 2.0f ? 2.0f : out[i];
    out[i] = x >= -2.0f ? x : -2.0f;
  }
  return (guint)samples;
}

guint
pl_opus_decode(PlOpusDecoder *decoder, const guint8 *payload, gsize size, float *out)
{
  if (size == 0 || size > MCU_RTP_MAX)
    return 0;
  return bounded(out, opus_decode_float(opus_of(decoder), payload, (opus_int32)size, out, PL_OPUS_SAMPLES_MAX, 0));
}

guint
pl_opus_conceal(PlOpusDecoder *decoder, guint samples, float *out)
{
  g_assert(samples > 0 && samples <= PL_OPUS_SAMPLES_MAX && samples % PL_OPUS_UNIT == 0);
  return bounded(out, opus_decode_float(opus_of(decoder), NULL, 0, out, (int)samples, 0));
}

guint
pl_opus_decode_fec(PlOpusDecoder *decoder, const guint8 *payload, gsize size, guint samples, float *out)
{
  g_assert(samples > 0 && samples <= PL_OPUS_SAMPLES_MAX && samples % PL_OPUS_UNIT == 0);
  if (size == 0 || size > MCU_RTP_MAX)
    return 0;
  return bounded(out, opus_decode_float(opus_of(decoder), payload, (opus_int32)size, out, (int)samples, 1));
}

PlOpusEncoder *
pl_opus_encoder_new(guint kbps, guint complexity, GError **error)
{
  if (kbps < KBPS_MIN || kbps > KBPS_MAX) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "sound: %u kbit/s is outside %d .. %d", kbps, KBPS_MIN, KBPS_MAX);
    return NULL;
  }
  int status = OPUS_OK;
  OpusEncoder *encoder = opus_encoder_create(MCU_AUDIO_RATE, 1, OPUS_APPLICATION_VOIP, &status);
  if (encoder == NULL)
    g_error("opus encoder: %s", opus_strerror(status));
  opus_encoder_ctl(encoder, OPUS_SET_BITRATE((opus_int32)kbps * 1000));
  opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY((opus_int32)complexity));
  opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(1));
  opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(EXPECTED_LOSS_PERCENT));
  opus_encoder_ctl(encoder, OPUS_SET_DTX(0));
  return (PlOpusEncoder *)encoder;
}

void
pl_opus_encoder_free(PlOpusEncoder *encoder)
{
  if (encoder != NULL)
    opus_encoder_destroy((OpusEncoder *)encoder);
}

void
pl_opus_encoder_reset(PlOpusEncoder *encoder)
{
  opus_encoder_ctl((OpusEncoder *)encoder, OPUS_RESET_STATE);
}

guint
pl_opus_encode(PlOpusEncoder *encoder, const float *pcm, gboolean independent, guint8 *out, guint out_max)
{
  OpusEncoder *opus = (OpusEncoder *)encoder;
  opus_encoder_ctl(opus, OPUS_SET_PREDICTION_DISABLED(independent ? 1 : 0));
  opus_int32 size = opus_encode_float(opus, pcm, MCU_AUDIO_FRAME_SAMPLES, out, (opus_int32)out_max);
  g_assert(size > 0 && (guint)size <= out_max); /* finite samples and constant settings */
  return (guint)size;
}
