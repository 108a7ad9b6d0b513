/* Offer and policy to answer (RFC 3264, RFC 8829 5.3, BUNDLE by RFC 8843 7.3). Pure. */
#include <string.h>

#include "mcu/sdp/policy-priv.h"
#include "mcu/util/error.h"

static const McuSdpCodec *
find_codec(const McuSdpMedia *media, McuCodec codec)
{
  for (guint i = 0; i < media->n_codecs; i++)
    if (media->codecs[i].codec == codec && sdp_is_usable_codec(&media->codecs[i]))
      return &media->codecs[i];
  return NULL;
}

/* The best that both have, by our order. */
static const McuSdpCodec *
choose_codec(const McuSdpMedia *media, const McuSdpPolicy *policy)
{
  if (media->kind == MCU_MEDIA_AUDIO)
    return find_codec(media, MCU_CODEC_OPUS);
  for (guint i = 0; policy->video_codecs != NULL && policy->video_codecs[i] != MCU_CODEC_NONE; i++) {
    const McuSdpCodec *codec = find_codec(media, policy->video_codecs[i]);
    if (codec != NULL)
      return codec;
  }
  return NULL;
}

/* H.264's level_idc: what 1280x720 at 30 frames/s needs, and what 1920x1080 does. */
enum { LEVEL_720 = 0x1f, LEVEL_1080 = 0x28 };

static McuSdpCodec
answered_codec(const McuSdpCodec *offered, guint8 level_idc)
{
  McuSdpCodec codec = *offered;

  if (codec.codec == MCU_CODEC_OPUS)
    /* Asking again for sound comes too late to be heard. */
    codec.nack = codec.pli = codec.fir = codec.remb = FALSE;
  if (codec.codec == MCU_CODEC_H264) {
    /* Constrained baseline. */
    codec.profile_idc = 0x42;
    codec.profile_iop = 0xe0;
    codec.level_idc = level_idc;
  }
  return codec;
}

/* What the offerer sends we receive, and the other way round, as far as both want it. */
static McuDirection
answered_direction(McuDirection offered, const McuSdpPolicy *policy)
{
  guint direction = MCU_DIR_INACTIVE;

  if ((offered & MCU_DIR_SEND) != 0 && policy->receive)
    direction |= MCU_DIR_RECV;
  if ((offered & MCU_DIR_RECV) != 0 && policy->send)
    direction |= MCU_DIR_SEND;
  return (McuDirection)direction;
}

static void
reject(const McuSdpMedia *offered, McuSdpMedia *answered)
{
  answered->known_kind = offered->known_kind;
  answered->kind = offered->kind;
  answered->rejected = TRUE;
  answered->direction = MCU_DIR_INACTIVE;
  memcpy(answered->type, offered->type, sizeof answered->type);
  memcpy(answered->protocol, offered->protocol, sizeof answered->protocol);
  memcpy(answered->first_format, offered->first_format, sizeof answered->first_format);
  memcpy(answered->mid, offered->mid, sizeof answered->mid);
}

/* The common part of all lines that are not rejected. */
static void
take(const McuSdpMedia *offered, McuSdpCodec codec, McuDirection direction, McuSdpMedia *answered)
{
  reject(offered, answered);
  answered->rejected = FALSE;
  answered->rtcp_mux = TRUE;
  answered->direction = direction;
  answered->codecs[0] = codec;
  answered->n_codecs = 1;
}

static void
accept(const McuSdpMedia *offered, const McuSdpCodec *codec, const McuSdpPolicy *policy, McuSdpMedia *answered)
{
  gboolean video = offered->kind == MCU_MEDIA_VIDEO;

  take(offered, answered_codec(codec, LEVEL_720), answered_direction(offered->direction, policy), answered);
  if (video) {
    answered->ext_playout_delay = offered->ext_playout_delay;
    answered->bandwidth_kbps = policy->video_kbps;
  } else {
    answered->ext_audio_level = offered->ext_audio_level;
  }
  if ((answered->direction & MCU_DIR_SEND) != 0)
    sdp_set_source(answered, policy);
}

static McuSdpSource
source_of(const McuSdpMedia *offered, const McuSdpMedia *answered)
{
  McuSdpSource source = {.ssrc = offered->ssrc, .ext_id = answered->ext_mid};

  memcpy(source.mid, offered->mid, sizeof source.mid);
  return source;
}

static void
note_agreed(const McuSdpMedia *offered, const McuSdpMedia *answered, McuSdpAgreed *agreed)
{
  gboolean recv = (answered->direction & MCU_DIR_RECV) != 0;
  gboolean send = (answered->direction & MCU_DIR_SEND) != 0;

  if (answered->kind == MCU_MEDIA_VIDEO) {
    agreed->video = answered->codecs[0];
    agreed->video_recv = recv;
    agreed->video_send = send;
    agreed->video_source = source_of(offered, answered);
    agreed->playout_delay_ext = answered->ext_playout_delay;
  } else {
    agreed->audio = answered->codecs[0];
    agreed->audio_recv = recv;
    agreed->audio_send = send;
    agreed->audio_level_ext = answered->ext_audio_level;
  }
}

/* A line for the picture of a screen: marked as such, or one more than there has to be. */
static gboolean
is_content(const McuSdpMedia *offered, const McuSdpPolicy *policy, const McuSdpAgreed *agreed)
{
  return offered->known_kind && !offered->rejected && offered->kind == MCU_MEDIA_VIDEO && policy->receive &&
         policy->content_kbps > 0 && offered->direction != MCU_DIR_RECV &&
         (offered->slides || agreed->video.codec != MCU_CODEC_NONE);
}

/* We never send on it. While it is inactive it is kept, or presenting again would need a new line each time; the place
 * is for one that is sent. */
static void
answer_content(const McuSdpMedia *offered, const McuSdpPolicy *policy, McuSdpMedia *answered, McuSdpAgreed *agreed)
{
  gboolean sent = (offered->direction & MCU_DIR_SEND) != 0;
  const McuSdpCodec *codec = choose_codec(offered, policy);

  if (codec == NULL || (sent && agreed->content.codec != MCU_CODEC_NONE)) {
    reject(offered, answered);
    return;
  }
  take(offered, answered_codec(codec, LEVEL_1080), sent ? MCU_DIR_RECV : MCU_DIR_INACTIVE, answered);
  answered->ext_mid = offered->ext_mid;
  answered->bandwidth_kbps = policy->content_kbps;
  if (!sent)
    return;
  agreed->content = answered->codecs[0];
  agreed->content_source = source_of(offered, answered);
}

/* The first line of its kind that has a codec of ours is taken. */
static void
answer_media(const McuSdpMedia *offered, const McuSdpPolicy *policy, McuSdpMedia *answered, McuSdpAgreed *agreed)
{
  if (is_content(offered, policy, agreed)) {
    answer_content(offered, policy, answered, agreed);
    return;
  }
  const McuSdpCodec *codec = NULL;
  const McuSdpCodec *taken = offered->kind == MCU_MEDIA_VIDEO ? &agreed->video : &agreed->audio;

  if (offered->known_kind && !offered->rejected && taken->codec == MCU_CODEC_NONE)
    codec = choose_codec(offered, policy);
  if (codec == NULL) {
    reject(offered, answered);
    return;
  }
  accept(offered, codec, policy, answered);
  note_agreed(offered, answered, agreed);
}

McuSdp *
mcu_sdp_answer(const McuSdp *offer, const McuSdpPolicy *policy, McuSdpAgreed *out_agreed, GError **error)
{
  g_autoptr(McuSdp) answer = mcu_sdp_new();
  McuSdpAgreed agreed = {0};

  if (!sdp_apply_policy(answer, policy, error))
    return NULL;
  /* Without a memory of our own: the offerer's version goes up with each change, so ours does too. */
  answer->session_id = offer->session_id;
  answer->session_version = offer->session_version;
  answer->trickle = offer->trickle;
  answer->bundle = offer->bundle;
  /* RFC 8842 5.3 */
  answer->setup = offer->setup == MCU_SETUP_PASSIVE ? MCU_SETUP_ACTIVE : MCU_SETUP_PASSIVE;
  answer->n_media = offer->n_media;
  for (guint i = 0; i < offer->n_media; i++)
    answer_media(&offer->media[i], policy, &answer->media[i], &agreed);
  if (agreed.audio.codec == MCU_CODEC_NONE && agreed.video.codec == MCU_CODEC_NONE &&
      agreed.content.codec == MCU_CODEC_NONE) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC, "neither Opus nor VP8 nor H.264 of mode 1");
    return NULL;
  }
  *out_agreed = agreed;
  return g_steal_pointer(&answer);
}
