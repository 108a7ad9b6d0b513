/* McuSdp to text (RFC 8866, in the form RFC 8829 gives it). Pure. */
#include "mcu/sdp/sdp.h"

static void
append_fingerprint(GString *out, const guint8 *fingerprint)
{
  g_string_append(out, "a=fingerprint:sha-256 ");
  for (guint i = 0; i < 32; i++)
    g_string_append_printf(out, i == 0 ? "%02X" : ":%02X", fingerprint[i]);
  g_string_append(out, "\r\n");
}

static void
append_candidates(GString *out, const McuSdp *sdp)
{
  for (guint i = 0; i < sdp->candidates->len; i++)
    g_string_append_printf(out, "a=%s\r\n", (const char *)g_ptr_array_index(sdp->candidates, i));
  if (sdp->end_of_candidates)
    g_string_append(out, "a=end-of-candidates\r\n");
}

static void
append_transport(GString *out, const McuSdp *sdp)
{
  static const char *const setups[] = {
      [MCU_SETUP_ACTPASS] = "actpass", [MCU_SETUP_ACTIVE] = "active", [MCU_SETUP_PASSIVE] = "passive"};

  g_string_append_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", sdp->ufrag, sdp->pwd);
  if (sdp->trickle)
    g_string_append(out, "a=ice-options:trickle\r\n");
  if (sdp->has_fingerprint)
    append_fingerprint(out, sdp->fingerprint);
  if (sdp->setup != MCU_SETUP_NONE)
    g_string_append_printf(out, "a=setup:%s\r\n", setups[sdp->setup]);
}

static void
append_codec(GString *out, const McuSdpCodec *codec)
{
  switch (codec->codec) {
  case MCU_CODEC_OPUS:
    /* RFC 7587: 20 ms packets are our rhythm; in-band FEC costs nothing until there is loss. */
    g_string_append_printf(out, "a=rtpmap:%u opus/48000/2\r\na=fmtp:%u minptime=10;useinbandfec=1\r\n", codec->pt,
                           codec->pt);
    break;
  case MCU_CODEC_VP8:
    g_string_append_printf(out, "a=rtpmap:%u VP8/90000\r\n", codec->pt);
    break;
  case MCU_CODEC_H264:
    g_string_append_printf(out,
                           "a=rtpmap:%u H264/90000\r\na=fmtp:%u level-asymmetry-allowed=1;"
                           "packetization-mode=%u;profile-level-id=%02x%02x%02x\r\n",
                           codec->pt, codec->pt, codec->packetization_mode, codec->profile_idc, codec->profile_iop,
                           codec->level_idc);
    break;
  case MCU_CODEC_NONE:
    break;
  }
  if (codec->nack)
    g_string_append_printf(out, "a=rtcp-fb:%u nack\r\n", codec->pt);
  if (codec->pli)
    g_string_append_printf(out, "a=rtcp-fb:%u nack pli\r\n", codec->pt);
  if (codec->fir)
    g_string_append_printf(out, "a=rtcp-fb:%u ccm fir\r\n", codec->pt);
  if (codec->remb)
    g_string_append_printf(out, "a=rtcp-fb:%u goog-remb\r\n", codec->pt);
}

static void
append_extensions(GString *out, const McuSdpMedia *media)
{
  if (media->ext_audio_level != 0)
    g_string_append_printf(out, "a=extmap:%u urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", media->ext_audio_level);
  if (media->ext_playout_delay != 0)
    g_string_append_printf(out, "a=extmap:%u http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n",
                           media->ext_playout_delay);
  if (media->ext_mid != 0)
    g_string_append_printf(out, "a=extmap:%u urn:ietf:params:rtp-hdrext:sdes:mid\r\n", media->ext_mid);
}

static void
append_source(GString *out, const McuSdp *sdp, const McuSdpMedia *media)
{
  if ((media->direction & MCU_DIR_SEND) == 0)
    return;
  if (media->msid[0][0] != '\0')
    g_string_append_printf(out, "a=msid:%s %s\r\n", media->msid[0], media->msid[1]);
  if (media->ssrc == 0 || sdp->cname[0] == '\0')
    return;
  g_string_append_printf(out, "a=ssrc:%u cname:%s\r\n", media->ssrc, sdp->cname);
  if (media->msid[0][0] != '\0')
    g_string_append_printf(out, "a=ssrc:%u msid:%s %s\r\n", media->ssrc, media->msid[0], media->msid[1]);
}

/* A rejected line keeps one format, as there must be one (RFC 3264 6). */
static void
append_media_line(GString *out, const McuSdpMedia *media)
{
  g_string_append_printf(out, "m=%s %u %s", media->type, media->rejected ? 0 : 9, media->protocol);
  if (media->rejected || media->n_codecs == 0)
    g_string_append_printf(out, " %s", media->first_format);
  else
    for (guint i = 0; i < media->n_codecs; i++)
      g_string_append_printf(out, " %u", media->codecs[i].pt);
  g_string_append(out, "\r\nc=IN IP4 0.0.0.0\r\n");
}

static void
append_media(GString *out, const McuSdp *sdp, const McuSdpMedia *media, gboolean first)
{
  static const char *const directions[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

  append_media_line(out, media);
  if (!media->rejected && media->bandwidth_kbps != 0)
    g_string_append_printf(out, "b=AS:%u\r\n", media->bandwidth_kbps);
  if (media->mid[0] != '\0')
    g_string_append_printf(out, "a=mid:%s\r\n", media->mid);
  if (media->rejected) {
    g_string_append(out, "a=inactive\r\n");
    return;
  }
  append_transport(out, sdp);
  g_string_append_printf(out, "a=%s\r\n", directions[media->direction]);
  if (media->slides)
    g_string_append(out, "a=content:slides\r\n");
  if (media->rtcp_mux)
    g_string_append(out, "a=rtcp-mux\r\n");
  append_extensions(out, media);
  for (guint i = 0; i < media->n_codecs; i++)
    append_codec(out, &media->codecs[i]);
  append_source(out, sdp, media);
  /* RFC 8843 7.3: in the section that names the bundle's transport only. */
  if (first)
    append_candidates(out, sdp);
}

static void
append_bundle(GString *out, const McuSdp *sdp)
{
  if (!sdp->bundle)
    return;
  g_string_append(out, "a=group:BUNDLE");
  for (guint i = 0; i < sdp->n_media; i++)
    if (!sdp->media[i].rejected && sdp->media[i].known_kind)
      g_string_append_printf(out, " %s", sdp->media[i].mid);
  g_string_append(out, "\r\n");
}

char *
mcu_sdp_write(const McuSdp *sdp)
{
  GString *out = g_string_sized_new(2048);
  gboolean first = TRUE;

  g_string_append_printf(out,
                         "v=0\r\no=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
                         sdp->session_id, sdp->session_version);
  append_bundle(out, sdp);
  if (sdp->ice_lite)
    g_string_append(out, "a=ice-lite\r\n");
  for (guint i = 0; i < sdp->n_media; i++) {
    append_media(out, sdp, &sdp->media[i], first);
    first = first && sdp->media[i].rejected;
  }
  return g_string_free(out, FALSE);
}

/* RFC 8840 9: credentials at the session, candidates under a pseudo media line. */
char *
mcu_sdp_write_fragment(const McuSdp *sdp)
{
  GString *out = g_string_sized_new(512);
  const McuSdpMedia *media = NULL;

  for (guint i = 0; i < sdp->n_media && media == NULL; i++)
    if (!sdp->media[i].rejected)
      media = &sdp->media[i];
  if (sdp->ice_lite)
    g_string_append(out, "a=ice-lite\r\n");
  if (sdp->ufrag[0] != '\0')
    g_string_append_printf(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", sdp->ufrag, sdp->pwd);
  if (media != NULL) {
    g_string_append_printf(out, "m=%s 9 %s %s\r\n", media->type, media->protocol, media->first_format);
    if (media->mid[0] != '\0')
      g_string_append_printf(out, "a=mid:%s\r\n", media->mid);
  } else {
    g_string_append(out, "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n");
  }
  append_candidates(out, sdp);
  return g_string_free(out, FALSE);
}
