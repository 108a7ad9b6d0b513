#include "fixture.h"

static void
test_clients(void)
{
  static const struct {
    const char *file;
    const McuCodec *codecs;
    McuCodec video;
    guint8 audio_pt, video_pt;
    gboolean recv, send; /* of both tracks */
    gboolean nack, remb;
  } cases[] = {
      {"chromium-sendrecv.sdp", both_codecs, MCU_CODEC_H264, 111, 108, TRUE, TRUE, TRUE, TRUE},
      {"chromium-sendrecv.sdp", vp8_only, MCU_CODEC_VP8, 111, 96, TRUE, TRUE, TRUE, TRUE},
      {"chromium-max-bundle.sdp", both_codecs, MCU_CODEC_H264, 111, 108, TRUE, TRUE, TRUE, TRUE},
      {"chromium-recvonly.sdp", both_codecs, MCU_CODEC_H264, 111, 108, FALSE, TRUE, TRUE, TRUE},
      {"chromium-datachannel.sdp", both_codecs, MCU_CODEC_H264, 111, 108, TRUE, TRUE, TRUE, TRUE},
      {"firefox-sendrecv.sdp", both_codecs, MCU_CODEC_H264, 109, 126, TRUE, TRUE, TRUE, TRUE},
      {"firefox-sendrecv.sdp", vp8_only, MCU_CODEC_VP8, 109, 120, TRUE, TRUE, TRUE, TRUE},
      {"webrtcbin-h264.sdp", both_codecs, MCU_CODEC_H264, 100, 96, TRUE, FALSE, FALSE, FALSE},
      {"webrtcbin-h264.sdp", vp8_only, MCU_CODEC_NONE, 100, 0, TRUE, FALSE, FALSE, FALSE},
      {"webrtcbin-vp8.sdp", both_codecs, MCU_CODEC_VP8, 100, 96, TRUE, FALSE, FALSE, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("%s", cases[i].file);
    McuSdpPolicy policy = some_policy();
    McuSdpAgreed agreed;
    g_autoptr(GError) error = NULL;
    g_autoptr(McuSdp) offer = parse_offer(cases[i].file);
    policy.video_codecs = cases[i].codecs;
    g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, &error);
    g_assert_no_error(error);
    g_assert_cmpint(agreed.audio.codec, ==, MCU_CODEC_OPUS);
    g_assert_cmpuint(agreed.audio.pt, ==, cases[i].audio_pt);
    g_assert_cmpint(agreed.video.codec, ==, cases[i].video);
    g_assert_cmpuint(agreed.video.pt, ==, cases[i].video_pt);
    g_assert_true(agreed.audio_recv == cases[i].recv && agreed.audio_send == cases[i].send);
    if (cases[i].video != MCU_CODEC_NONE)
      g_assert_true(agreed.video_recv == cases[i].recv && agreed.video_send == cases[i].send);
    g_assert_cmpint(agreed.video.nack, ==, cases[i].nack);
    g_assert_cmpint(agreed.video.remb, ==, cases[i].remb);
    g_assert_cmpint(answer->setup, ==, MCU_SETUP_PASSIVE);

    /* Our own reader takes it, and it has a line for each of the offer. */
    g_autofree char *text = mcu_sdp_write(answer);
    g_autoptr(McuSdp) again = parse_ok(text);
    g_assert_cmpuint(again->n_media, ==, offer->n_media);
    for (guint k = 0; k < offer->n_media; k++) {
      g_assert_cmpstr(again->media[k].type, ==, offer->media[k].type);
      g_assert_cmpstr(again->media[k].mid, ==, offer->media[k].mid);
      if (!offer->media[k].known_kind)
        g_assert_true(again->media[k].rejected);
    }
  }
}

static void
test_directions(void)
{
  static const struct {
    const char *offered;
    gboolean receive, send;
    McuDirection answered;
  } cases[] = {
      {"a=sendrecv\r\n", TRUE, TRUE, MCU_DIR_SENDRECV},  {"a=sendrecv\r\n", FALSE, TRUE, MCU_DIR_SEND}, /* observer */
      {"a=sendrecv\r\n", TRUE, FALSE, MCU_DIR_RECV},     {"a=sendonly\r\n", TRUE, TRUE, MCU_DIR_RECV},  /* WHIP */
      {"a=sendonly\r\n", FALSE, TRUE, MCU_DIR_INACTIVE}, {"a=recvonly\r\n", TRUE, TRUE, MCU_DIR_SEND},  /* WHEP */
      {"a=recvonly\r\n", TRUE, FALSE, MCU_DIR_INACTIVE}, {"a=inactive\r\n", TRUE, TRUE, MCU_DIR_INACTIVE},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(HEAD TRANSPORT AUDIO, cases[i].offered, NULL);
    g_autoptr(McuSdp) offer = parse_ok(text);
    McuSdpPolicy policy = some_policy();
    McuSdpAgreed agreed;
    policy.receive = cases[i].receive;
    policy.send = cases[i].send;
    g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
    g_assert_cmpint(answer->media[0].direction, ==, cases[i].answered);
    g_assert_cmpint(agreed.audio_recv, ==, (cases[i].answered & MCU_DIR_RECV) != 0);
    g_assert_cmpint(agreed.audio_send, ==, (cases[i].answered & MCU_DIR_SEND) != 0);
    /* A source is named only where there is one. */
    g_autofree char *answer_text = mcu_sdp_write(answer);
    g_assert_cmpint(strstr(answer_text, "a=ssrc:11 ") != NULL, ==, agreed.audio_send);
  }
}

static void
test_setup(void)
{
  static const struct {
    const char *offered;
    McuSetup answered;
  } cases[] = {{"actpass", MCU_SETUP_PASSIVE},
               {"active", MCU_SETUP_PASSIVE},
               {"passive", MCU_SETUP_ACTIVE},
               {"holdconn", MCU_SETUP_PASSIVE}};

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(HEAD TRANSPORT AUDIO "a=setup:", cases[i].offered, "\r\n", NULL);
    g_autoptr(McuSdp) offer = parse_ok(text);
    McuSdpPolicy policy = some_policy();
    McuSdpAgreed agreed;
    if (i == 3)
      offer->setup = MCU_SETUP_NONE;
    g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
    g_assert_cmpint(answer->setup, ==, cases[i].answered);
  }
}

/* A second camera, a rejected line, another profile: port 0, with one format kept. */
static void
test_rejects(void)
{
  g_autoptr(McuSdp) offer =
      parse_ok(HEAD "a=group:BUNDLE 0 1 2\r\n" TRANSPORT AUDIO VIDEO
                    "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:2\r\na=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\n"
                    "m=audio 0 UDP/TLS/RTP/SAVPF 8\r\na=mid:3\r\nm=audio 9 RTP/AVP 0\r\na=mid:4\r\n"
                    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:5\r\n");
  McuSdpPolicy policy = some_policy();
  McuSdpAgreed agreed;
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
  g_autofree char *text = mcu_sdp_write(answer);

  g_assert_cmpuint(agreed.video.pt, ==, 96);
  g_assert_nonnull(strstr(text, "a=group:BUNDLE 0 1\r\n"));
  g_assert_nonnull(strstr(text, "m=video 0 UDP/TLS/RTP/SAVPF 97\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=inactive\r\n"));
  g_assert_nonnull(strstr(text, "m=audio 0 UDP/TLS/RTP/SAVPF 8\r\n"));
  g_assert_nonnull(strstr(text, "m=audio 0 RTP/AVP 0\r\n"));
  g_assert_nonnull(strstr(text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

static void
test_no_codec(void)
{
  static const char *const videos[] = {
      "a=rtpmap:96 VP9/90000\r\n",
      "a=rtpmap:96 rtx/90000\r\n",
      "a=rtpmap:96 H264/90000\r\n",
      "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0;profile-level-id=42e01f\r\n",
      "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=640c1f\r\n",
      "",
  };

  for (guint i = 0; i < G_N_ELEMENTS(videos); i++) {
    g_autofree char *text =
        g_strconcat(HEAD TRANSPORT "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtcp-mux\r\n", videos[i], NULL);
    g_autoptr(McuSdp) offer = parse_ok(text);
    McuSdpPolicy policy = some_policy();
    McuSdpAgreed agreed;
    g_autoptr(GError) error = NULL;
    g_assert_null(mcu_sdp_answer(offer, &policy, &agreed, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_NO_COMMON_CODEC);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/answer/clients", test_clients);
  g_test_add_func("/sdp/answer/directions", test_directions);
  g_test_add_func("/sdp/answer/setup", test_setup);
  g_test_add_func("/sdp/answer/rejects", test_rejects);
  g_test_add_func("/sdp/answer/no-codec", test_no_codec);
  return g_test_run();
}
