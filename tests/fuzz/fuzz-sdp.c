/* Fuzz target: an offer of a client. What is read is within its limits, is answered, and our own reader
 * takes what we wrote. */
#include <string.h>

#include "fuzz.h"
#include "mcu/sdp/sdp.h"
#include "mcu/util/error.h"

static void
check(const McuSdp *sdp)
{
  g_assert(sdp->n_media <= MCU_SDP_MAX_MEDIA && sdp->candidates->len <= MCU_CANDIDATES_MAX);
  g_assert(strlen(sdp->ufrag) >= 4 && strlen(sdp->pwd) >= 22 && sdp->has_fingerprint);
  for (guint i = 0; i < sdp->n_media; i++)
    g_assert(sdp->media[i].n_codecs <= MCU_SDP_MAX_CODECS);
}

static void
assert_readable(const McuSdp *sdp)
{
  g_autofree char *text = mcu_sdp_write(sdp);
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) again = mcu_sdp_parse(text, strlen(text), &error);

  g_assert(again != NULL && again->n_media == sdp->n_media);
  check(again);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  static const McuCodec codecs[] = {MCU_CODEC_H264, MCU_CODEC_VP8, MCU_CODEC_NONE};
  static const guint8 fingerprint[32];
  McuSdpPolicy policy = {.ufrag = "abcd",
                         .pwd = "abcdefghijklmnopqrstuv",
                         .fingerprint = fingerprint,
                         .lite = TRUE,
                         .cname = "c",
                         .receive = TRUE,
                         .send = TRUE,
                         .audio_ssrc = 1,
                         .video_ssrc = 2,
                         .video_codecs = codecs};
  McuSdpAgreed agreed;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) no_answer = NULL;
  g_autoptr(McuSdp) offer = mcu_sdp_parse((const char *)data, size, &error);

  g_assert((offer == NULL) == (error != NULL) && (error == NULL || error->domain == MCU_ERROR));
  if (offer == NULL)
    return 0;
  check(offer);
  assert_readable(offer);
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, &no_answer);
  g_assert((answer == NULL) == (no_answer != NULL));
  if (answer != NULL) {
    assert_readable(answer);
    g_assert(agreed.audio.codec != MCU_CODEC_NONE || agreed.video.codec != MCU_CODEC_NONE);
    mcu_sdp_agree(offer, answer, &agreed, NULL);
  }
  return 0;
}
