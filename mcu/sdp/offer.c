/* An offer of our own and what its answer agreed (RFC 3264, RFC 8829 5.2): for the simulated sites, which
 * speak to the bridge as any client does. Pure. */
#include <string.h>

#include "mcu/sdp/policy-priv.h"
#include "mcu/util/error.h"

/* Dynamic payload types (RFC 3551 6) and extension ids of our offers. */
enum { PT_OPUS = 111, PT_VP8 = 96, PT_H264 = 102 };
enum { EXT_AUDIO_LEVEL = 1, EXT_PLAYOUT_DELAY = 2 };

static McuSdpMedia *
add_media(McuSdp *sdp, McuMediaKind kind, McuDirection direction, const McuSdpPolicy *policy)
{
  guint index = sdp->n_media++;
  McuSdpMedia *media = &sdp->media[index];

  media->kind = kind;
  media->known_kind = TRUE;
  g_strlcpy(media->type, kind == MCU_MEDIA_VIDEO ? "video" : "audio", sizeof media->type);
  g_strlcpy(media->protocol, "UDP/TLS/RTP/SAVPF", sizeof media->protocol);
  g_snprintf(media->mid, sizeof media->mid, "%u", index);
  media->rtcp_mux = TRUE;
  media->direction = direction;
  if ((direction & MCU_DIR_SEND) != 0)
    sdp_set_source(media, policy);
  return media;
}

static void
add_codec(McuSdpMedia *media, McuSdpCodec codec)
{
  if (media->n_codecs == 0)
    g_snprintf(media->first_format, sizeof media->first_format, "%u", codec.pt);
  media->codecs[media->n_codecs++] = codec;
}

static void
add_video_codec(McuSdpMedia *media, McuCodec codec)
{
  McuSdpCodec entry = {.codec = codec, .pt = PT_VP8, .nack = TRUE, .pli = TRUE, .fir = TRUE, .remb = TRUE};

  if (codec == MCU_CODEC_H264) {
    entry.pt = PT_H264;
    entry.packetization_mode = 1;
    entry.profile_idc = 0x42;
    entry.profile_iop = 0xe0;
    entry.level_idc = 0x1f;
  }
  add_codec(media, entry);
}

McuSdp *
mcu_sdp_offer(const McuSdpPolicy *policy, McuDirection direction, GError **error)
{
  g_autoptr(McuSdp) offer = mcu_sdp_new();

  if (!sdp_apply_policy(offer, policy, error))
    return NULL;
  offer->session_id = 1;
  offer->session_version = 1;
  offer->trickle = TRUE;
  offer->bundle = TRUE;
  offer->setup = MCU_SETUP_ACTPASS;

  McuSdpMedia *audio = add_media(offer, MCU_MEDIA_AUDIO, direction, policy);
  audio->ext_audio_level = EXT_AUDIO_LEVEL;
  add_codec(audio, (McuSdpCodec){.codec = MCU_CODEC_OPUS, .pt = PT_OPUS});
  if (policy->video_codecs == NULL || policy->video_codecs[0] == MCU_CODEC_NONE)
    return g_steal_pointer(&offer);

  McuSdpMedia *video = add_media(offer, MCU_MEDIA_VIDEO, direction, policy);
  video->ext_playout_delay = EXT_PLAYOUT_DELAY;
  video->bandwidth_kbps = policy->video_kbps;
  for (guint i = 0; policy->video_codecs[i] != MCU_CODEC_NONE; i++) {
    g_assert(i < 2 && policy->video_codecs[i] != MCU_CODEC_OPUS);
    add_video_codec(video, policy->video_codecs[i]);
  }
  return g_steal_pointer(&offer);
}

/* The first codec of the answer, as we offered it under that payload type. */
static const McuSdpCodec *
agreed_codec(const McuSdpMedia *offered, const McuSdpMedia *answered)
{
  for (guint i = 0; i < answered->n_codecs; i++)
    for (guint k = 0; k < offered->n_codecs; k++)
      if (answered->codecs[i].pt == offered->codecs[k].pt && answered->codecs[i].codec == offered->codecs[k].codec &&
          sdp_is_usable_codec(&answered->codecs[i]))
        return &answered->codecs[i];
  return NULL;
}

static gboolean
fail(GError **error, const char *reason)
{
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_BAD_SDP, reason);
  return FALSE;
}

static gboolean
agree_media(const McuSdpMedia *offered, const McuSdpMedia *answered, McuSdpAgreed *agreed, GError **error)
{
  gboolean send = (offered->direction & MCU_DIR_SEND) != 0 && (answered->direction & MCU_DIR_RECV) != 0;
  gboolean recv = (offered->direction & MCU_DIR_RECV) != 0 && (answered->direction & MCU_DIR_SEND) != 0;

  if (strcmp(offered->type, answered->type) != 0 || strcmp(offered->mid, answered->mid) != 0)
    return fail(error, "the answer's lines are not those of the offer");
  if (answered->rejected)
    return TRUE;
  const McuSdpCodec *codec = agreed_codec(offered, answered);
  if (codec == NULL)
    return fail(error, "the answer has no codec of the offer");
  if (offered->kind == MCU_MEDIA_VIDEO) {
    agreed->video = *codec;
    agreed->video_send = send;
    agreed->video_recv = recv;
    if (answered->ext_playout_delay == offered->ext_playout_delay)
      agreed->playout_delay_ext = offered->ext_playout_delay;
  } else {
    agreed->audio = *codec;
    agreed->audio_send = send;
    agreed->audio_recv = recv;
    if (answered->ext_audio_level == offered->ext_audio_level)
      agreed->audio_level_ext = offered->ext_audio_level;
  }
  return TRUE;
}

gboolean
mcu_sdp_agree(const McuSdp *offer, const McuSdp *answer, McuSdpAgreed *out_agreed, GError **error)
{
  McuSdpAgreed agreed = {0};

  if (answer->n_media != offer->n_media)
    return fail(error, "the answer's lines are not those of the offer");
  if (answer->setup != MCU_SETUP_ACTIVE && answer->setup != MCU_SETUP_PASSIVE)
    return fail(error, "the answer does not choose a DTLS role");
  for (guint i = 0; i < offer->n_media; i++)
    if (!agree_media(&offer->media[i], &answer->media[i], &agreed, error))
      return FALSE;
  *out_agreed = agreed;
  return TRUE;
}
