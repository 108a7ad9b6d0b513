#include "fixture.h"

/* Reading what was written gives the same description. */
static void
assert_same(const McuSdp *a, const McuSdp *b)
{
  g_assert_cmpuint(a->session_id, ==, b->session_id);
  g_assert_cmpuint(a->session_version, ==, b->session_version);
  g_assert_cmpstr(a->ufrag, ==, b->ufrag);
  g_assert_cmpstr(a->pwd, ==, b->pwd);
  g_assert_cmpmem(a->fingerprint, 32, b->fingerprint, 32);
  g_assert_cmpint(a->setup, ==, b->setup);
  g_assert_cmpint(a->ice_lite, ==, b->ice_lite);
  g_assert_cmpint(a->trickle, ==, b->trickle);
  g_assert_cmpint(a->bundle, ==, b->bundle);
  g_assert_cmpint(a->end_of_candidates, ==, b->end_of_candidates);
  g_assert_cmpuint(a->candidates->len, ==, b->candidates->len);
  for (guint i = 0; i < a->candidates->len; i++)
    g_assert_cmpstr(g_ptr_array_index(a->candidates, i), ==, g_ptr_array_index(b->candidates, i));
  g_assert_cmpuint(a->n_media, ==, b->n_media);
  for (guint i = 0; i < a->n_media; i++) {
    const McuSdpMedia *x = &a->media[i], *y = &b->media[i];
    g_assert_cmpstr(x->type, ==, y->type);
    g_assert_cmpstr(x->mid, ==, y->mid);
    g_assert_cmpstr(x->protocol, ==, y->protocol);
    g_assert_cmpint(x->rejected, ==, y->rejected);
    g_assert_cmpint(x->direction, ==, y->direction);
    g_assert_cmpint(x->rtcp_mux, ==, y->rtcp_mux);
    g_assert_cmpint(x->slides, ==, y->slides);
    g_assert_cmpuint(x->bandwidth_kbps, ==, y->bandwidth_kbps);
    g_assert_cmpuint(x->ext_audio_level, ==, y->ext_audio_level);
    g_assert_cmpuint(x->ext_playout_delay, ==, y->ext_playout_delay);
    g_assert_cmpuint(x->ext_mid, ==, y->ext_mid);
    g_assert_cmpuint(x->n_codecs, ==, y->n_codecs);
    for (guint k = 0; k < x->n_codecs; k++) {
      const McuSdpCodec *c = &x->codecs[k], *d = &y->codecs[k];
      g_assert_cmpint(c->codec, ==, d->codec);
      g_assert_cmpuint(c->pt, ==, d->pt);
      g_assert_cmpuint(c->profile_idc, ==, d->profile_idc);
      g_assert_cmpuint(c->profile_iop, ==, d->profile_iop);
      g_assert_cmpuint(c->packetization_mode, ==, d->packetization_mode);
      g_assert_true(c->nack == d->nack && c->pli == d->pli && c->fir == d->fir && c->remb == d->remb);
    }
  }
}

static void
test_round_trip(void)
{
  static const char *const files[] = {"chromium-sendrecv.sdp", "chromium-gathered.sdp",    "chromium-recvonly.sdp",
                                      "firefox-sendrecv.sdp",  "chromium-datachannel.sdp", "webrtcbin-h264.sdp"};

  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_test_message("%s", files[i]);
    g_autoptr(McuSdp) sdp = parse_offer(files[i]);
    for (guint k = 0; k < sdp->n_media; k++)
      if (!sdp->media[k].known_kind)
        sdp->media[k].rejected = TRUE, sdp->media[k].direction = MCU_DIR_INACTIVE;
    g_autofree char *text = mcu_sdp_write(sdp);
    g_autoptr(McuSdp) again = parse_ok(text);
    assert_same(sdp, again);
  }
}

/* The whole text of an answer, line by line. */
static void
test_text(void)
{
  static const char expected[] =
      "v=0\r\n"
      "o=- 42 7 IN IP4 127.0.0.1\r\n"
      "s=-\r\n"
      "t=0 0\r\n"
      "a=group:BUNDLE 0 1\r\n"
      "a=ice-lite\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
      "c=IN IP4 0.0.0.0\r\n"
      "a=mid:0\r\n"
      "a=ice-ufrag:abcd\r\n"
      "a=ice-pwd:abcdefghijklmnopqrstuv\r\n"
      "a=fingerprint:sha-256 AB:01:FF:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"
      "00:00\r\n"
      "a=setup:passive\r\n"
      "a=sendrecv\r\n"
      "a=rtcp-mux\r\n"
      "a=rtpmap:111 opus/48000/2\r\n"
      "a=fmtp:111 minptime=10;useinbandfec=1\r\n"
      "a=msid:diemcau audio\r\n"
      "a=ssrc:11 cname:diemcau\r\n"
      "a=ssrc:11 msid:diemcau audio\r\n"
      "a=candidate:1 1 UDP 2130706431 192.0.2.1 40000 typ host\r\n"
      "a=candidate:2 1 UDP 2130706430 2001:db8::1 40000 typ host\r\n"
      "a=end-of-candidates\r\n"
      "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
      "c=IN IP4 0.0.0.0\r\n"
      "b=AS:600\r\n"
      "a=mid:1\r\n"
      "a=ice-ufrag:abcd\r\n"
      "a=ice-pwd:abcdefghijklmnopqrstuv\r\n"
      "a=fingerprint:sha-256 AB:01:FF:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"
      "00:00\r\n"
      "a=setup:passive\r\n"
      "a=sendrecv\r\n"
      "a=rtcp-mux\r\n"
      "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n"
      "a=rtpmap:96 H264/90000\r\n"
      "a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
      "a=rtcp-fb:96 nack\r\n"
      "a=rtcp-fb:96 nack pli\r\n"
      "a=rtcp-fb:96 ccm fir\r\n"
      "a=rtcp-fb:96 goog-remb\r\n"
      "a=msid:diemcau video\r\n"
      "a=ssrc:22 cname:diemcau\r\n"
      "a=ssrc:22 msid:diemcau video\r\n";
  McuSdpPolicy policy = some_policy();
  McuSdpAgreed agreed;
  g_autoptr(McuSdp) offer =
      parse_ok(HEAD BUNDLE TRANSPORT AUDIO
               "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 H264/90000\r\n"
               "a=fmtp:96 packetization-mode=1;profile-level-id=42c015\r\na=rtcp-fb:* nack\r\na=rtcp-fb:* nack pli\r\n"
               "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\n"
               "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n");
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
  g_autofree char *text = mcu_sdp_write(answer);

  g_assert_cmpstr(text, ==, expected);
}

static void
test_fragment(void)
{
  g_autoptr(McuSdp) sdp = mcu_sdp_new();
  g_autoptr(GError) error = NULL;

  g_strlcpy(sdp->ufrag, "abcd", sizeof sdp->ufrag);
  g_strlcpy(sdp->pwd, "abcdefghijklmnopqrstuv", sizeof sdp->pwd);
  g_ptr_array_add(sdp->candidates, g_strdup(some_candidates[0]));
  sdp->end_of_candidates = TRUE;
  sdp->ice_lite = TRUE;
  g_autofree char *text = mcu_sdp_write_fragment(sdp);
  g_assert_cmpstr(text, ==,
                  "a=ice-lite\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
                  "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                  "a=candidate:1 1 UDP 2130706431 192.0.2.1 40000 typ host\r\na=end-of-candidates\r\n");
  g_autoptr(McuSdp) again = mcu_sdp_parse_fragment(text, strlen(text), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(again->ufrag, ==, "abcd");
  g_assert_cmpuint(again->candidates->len, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/write/round-trip", test_round_trip);
  g_test_add_func("/sdp/write/text", test_text);
  g_test_add_func("/sdp/write/fragment", test_fragment);
  return g_test_run();
}
