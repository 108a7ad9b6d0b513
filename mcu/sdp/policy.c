/* See policy-priv.h. Pure. */
#include "mcu/sdp/policy-priv.h"

#include <string.h>

#include "mcu/util/error.h"

gboolean
sdp_apply_policy(McuSdp *sdp, const McuSdpPolicy *policy, GError **error)
{
  if (policy->candidates != NULL && g_strv_length((char **)policy->candidates) > MCU_CANDIDATES_MAX) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "too many local candidates");
    return FALSE;
  }
  g_strlcpy(sdp->ufrag, policy->ufrag, sizeof sdp->ufrag);
  g_strlcpy(sdp->pwd, policy->pwd, sizeof sdp->pwd);
  g_strlcpy(sdp->cname, policy->cname, sizeof sdp->cname);
  memcpy(sdp->fingerprint, policy->fingerprint, sizeof sdp->fingerprint);
  sdp->has_fingerprint = TRUE;
  sdp->ice_lite = policy->lite;
  /* Local candidates are gathered at once (leg.h), so there is no more to come. */
  for (guint i = 0; policy->candidates != NULL && policy->candidates[i] != NULL; i++)
    g_ptr_array_add(sdp->candidates, g_strdup(policy->candidates[i]));
  sdp->end_of_candidates = TRUE;
  return TRUE;
}

void
sdp_set_source(McuSdpMedia *media, const McuSdpPolicy *policy)
{
  gboolean video = media->kind == MCU_MEDIA_VIDEO;

  media->ssrc = video ? policy->video_ssrc : policy->audio_ssrc;
  g_strlcpy(media->msid[0], policy->cname, sizeof media->msid[0]);
  g_strlcpy(media->msid[1], video ? "video" : "audio", sizeof media->msid[1]);
}

gboolean
sdp_is_usable_codec(const McuSdpCodec *codec)
{
  if (codec->codec != MCU_CODEC_H264)
    return codec->codec != MCU_CODEC_NONE;
  if (codec->packetization_mode != 1 || (codec->profile_iop & 0x0f) != 0)
    return FALSE;
  switch (codec->profile_idc) {
  case 0x42: /* Baseline with constraint_set1 */
    return (codec->profile_iop & 0x40) != 0;
  case 0x4d: /* Main with constraint_set0 */
    return (codec->profile_iop & 0x80) != 0;
  case 0x58: /* Extended with both */
    return (codec->profile_iop & 0xc0) == 0xc0;
  default:
    return FALSE;
  }
}
