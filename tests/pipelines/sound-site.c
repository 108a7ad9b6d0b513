/* Sender of tones for the tests and benchmarks of the sound mixer: libopus at its cheapest. */
#include "sound-site.h"

#include <math.h>
#include <opus/opus.h>
#include <string.h>

#include "mcu/types.h"

void
sound_site_init(SoundSite *site, guint32 ssrc, double hz, double strength, guint samples)
{
  *site = (SoundSite){.hz = hz, .strength = strength, .samples = samples, .ssrc = ssrc, .timestamp = ssrc * 7919u};
  site->seq = (guint16)(ssrc * 31);
  site->encoder = opus_encoder_create(MCU_AUDIO_RATE, 1, OPUS_APPLICATION_AUDIO, NULL);
  g_assert_nonnull(site->encoder);
  opus_encoder_ctl(site->encoder, OPUS_SET_COMPLEXITY(0));
  opus_encoder_ctl(site->encoder, OPUS_SET_BITRATE(samples < 480 ? 96000 : 40000));
  site->level = strength > 1e-6 ? (guint8)CLAMP(-20 * log10(strength / G_SQRT2), 0, 127) : 127;
}

void
sound_site_use_fec(SoundSite *site)
{
  opus_encoder_ctl(site->encoder, OPUS_SET_APPLICATION(OPUS_APPLICATION_VOIP));
  opus_encoder_ctl(site->encoder, OPUS_SET_INBAND_FEC(1));
  opus_encoder_ctl(site->encoder, OPUS_SET_PACKET_LOSS_PERC(10));
}

void
sound_site_clear(SoundSite *site)
{
  opus_encoder_destroy(site->encoder);
  site->encoder = NULL;
}

McuPacket
sound_packet(guint8 *data, guint16 seq, guint32 timestamp, guint32 ssrc, const void *payload, gsize size,
             gint64 arrival_us)
{
  g_assert(MCU_RTP_HEADER + size <= MCU_RTP_MAX);
  guint8 header[MCU_RTP_HEADER] = {0x80, 111, (guint8)(seq >> 8), (guint8)seq};
  guint32 words[] = {GUINT32_TO_BE(timestamp), GUINT32_TO_BE(ssrc)};
  memcpy(header + 4, words, sizeof words);
  memcpy(data, header, sizeof header);
  if (size > 0)
    memmove(data + MCU_RTP_HEADER, payload, size);
  return (McuPacket){
      .arrival_us = arrival_us,
      .timestamp = timestamp,
      .seq = seq,
      .size = (guint16)(MCU_RTP_HEADER + size),
      .level = MCU_LEVEL_UNKNOWN,
      .data = data,
  };
}

const McuPacket *
sound_site_next(SoundSite *site, gint64 arrival_us)
{
  float pcm[SOUND_SITE_MAX_SAMPLES];
  for (guint i = 0; i < site->samples; i++)
    pcm[i] = (float)(site->strength * sin(2 * G_PI * site->hz * (double)site->played++ / MCU_AUDIO_RATE));
  guint8 payload[1000];
  int size = opus_encode_float(site->encoder, pcm, (int)site->samples, payload, sizeof payload);
  g_assert_cmpint(size, >, 0);
  site->packet = sound_packet(site->data, site->seq++, site->timestamp, site->ssrc, payload, (gsize)size, arrival_us);
  site->packet.level = site->level;
  site->timestamp += site->samples;
  return &site->packet;
}

void
sound_site_pause(SoundSite *site, guint samples)
{
  site->timestamp += samples;
  site->played += samples;
}

double
sound_tone(const float *x, guint n, double hz)
{
  /* Under a Hann window, so that neighbours do not leak in. */
  double re = 0, im = 0, weight = 0;
  for (guint i = 0; i < n; i++) {
    double w = 0.5 - 0.5 * cos(2 * G_PI * i / n);
    double angle = 2 * G_PI * hz * i / MCU_AUDIO_RATE;
    re += w * x[i] * cos(angle);
    im += w * x[i] * sin(angle);
    weight += w;
  }
  return 2 * hypot(re, im) / weight;
}

double
sound_rms(const float *x, guint n)
{
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += (double)x[i] * x[i];
  return sqrt(sum / n);
}

double
sound_click(const float *x, guint n, double hz)
{
  double c = 2 * cos(2 * G_PI * hz / MCU_AUDIO_RATE), most = 0;
  for (guint i = 1; i + 1 < n; i++)
    most = MAX(most, fabs(x[i - 1] - c * x[i] + x[i + 1]));
  return most;
}
