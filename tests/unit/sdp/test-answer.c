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

#define SECOND(mid, attributes)                                                                                        \
  "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:" mid "\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"                         \
  "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" attributes
#define SCREEN "a=content:slides\r\n"

/* A second picture: of a screen, received only, and known among the packets of the first. */
static void
test_content(void)
{
  static const struct {
    const char *lines;          /* after a line of sound */
    McuDirection first, second; /* as answered */
    gboolean first_rejected, second_rejected;
    const char *video, *content; /* mids; "": none */
  } cases[] = {
      /* the second one, marked or not */
      {VIDEO SECOND("2", "a=sendonly\r\na=ssrc:77 cname:a\r\n"), MCU_DIR_SENDRECV, MCU_DIR_RECV, FALSE, FALSE, "1",
       "2"},
      {VIDEO SECOND("2", SCREEN "a=sendonly\r\na=ssrc:77 cname:a\r\n"), MCU_DIR_SENDRECV, MCU_DIR_RECV, FALSE, FALSE,
       "1", "2"},
      {VIDEO SECOND("2", "a=sendrecv\r\na=ssrc:77 cname:a\r\n"), MCU_DIR_SENDRECV, MCU_DIR_RECV, FALSE, FALSE, "1",
       "2"},
      /* the marked one, though it is the first, or alone */
      {SECOND("2", SCREEN "a=sendonly\r\na=ssrc:77 cname:a\r\n") VIDEO, MCU_DIR_RECV, MCU_DIR_SENDRECV, FALSE, FALSE,
       "1", "2"},
      /* kept for the next time */
      {VIDEO SECOND("2", "a=inactive\r\n"), MCU_DIR_SENDRECV, MCU_DIR_INACTIVE, FALSE, FALSE, "1", ""},
      /* a second picture of ours is not for the asking */
      {VIDEO SECOND("2", "a=recvonly\r\n"), MCU_DIR_SENDRECV, MCU_DIR_INACTIVE, FALSE, TRUE, "1", ""},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(HEAD "a=group:BUNDLE 0 1 2\r\n" TRANSPORT AUDIO, cases[i].lines, NULL);
    g_autoptr(McuSdp) offer = parse_ok(text);
    McuSdpPolicy policy = some_policy();
    McuSdpAgreed agreed;
    policy.content_kbps = 1500;
    g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
    g_test_message("%u", i);
    g_assert_cmpint(answer->media[1].direction, ==, cases[i].first);
    g_assert_cmpint(answer->media[2].direction, ==, cases[i].second);
    g_assert_cmpint(answer->media[1].rejected, ==, cases[i].first_rejected);
    g_assert_cmpint(answer->media[2].rejected, ==, cases[i].second_rejected);
    g_assert_cmpstr(agreed.video_source.mid, ==, cases[i].video);
    g_assert_cmpstr(agreed.content_source.mid, ==, cases[i].content);
    g_assert_true(agreed.video_recv && agreed.video_send);
    if (cases[i].content[0] == '\0') {
      g_assert_cmpint(agreed.content.codec, ==, MCU_CODEC_NONE);
      continue;
    }
    g_assert_cmpint(agreed.content.codec, ==, MCU_CODEC_VP8);
    g_assert_cmpuint(agreed.content_source.ssrc, ==, 77);
    g_assert_cmpuint(agreed.content_source.ext_id, ==, 4);
    g_assert_cmpuint(agreed.video_source.ext_id, ==, 0); /* the first one's packets stay as they are */
    g_autofree char *answer_text = mcu_sdp_write(answer);
    g_autoptr(McuSdp) again = parse_ok(answer_text);
    g_assert_cmpuint(again->n_media, ==, 3);
    g_assert_null(strstr(answer_text, "content:slides")); /* it says what is sent, and we send none */
  }
}

/* There is one place for it, and none with an observer. */
static void
test_content_refused(void)
{
  g_autoptr(McuSdp) offer = parse_ok(HEAD "a=group:BUNDLE 0 1 2 3 4\r\n" TRANSPORT AUDIO VIDEO SECOND(
      "2", "a=inactive\r\n") SECOND("3", "a=sendonly\r\n") SECOND("4", SCREEN "a=sendonly\r\n"));
  McuSdpPolicy policy = some_policy();
  McuSdpAgreed agreed;
  policy.content_kbps = 1500;
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
  g_assert_false(answer->media[2].rejected);
  g_assert_cmpint(answer->media[2].direction, ==, MCU_DIR_INACTIVE);
  g_assert_cmpstr(agreed.content_source.mid, ==, "3");
  g_assert_true(answer->media[4].rejected);

  policy.receive = FALSE;
  g_autoptr(McuSdp) observer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
  for (guint i = 2; i < 5; i++)
    g_assert_true(observer->media[i].rejected);
  g_assert_cmpint(agreed.content.codec, ==, MCU_CODEC_NONE);
}

/* A screen has more points than a camera's picture may have. */
static void
test_content_level(void)
{
  g_autoptr(McuSdp) offer =
      parse_ok(HEAD "a=group:BUNDLE 1 2\r\n" TRANSPORT
                    "m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:102 H264/90000\r\n"
                    "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n"
                    "m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:2\r\na=rtcp-mux\r\na=rtpmap:102 H264/90000\r\n"
                    "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\na=sendonly\r\n");
  McuSdpPolicy policy = some_policy();
  McuSdpAgreed agreed;
  policy.content_kbps = 1500;
  g_autoptr(McuSdp) answer = mcu_sdp_answer(offer, &policy, &agreed, NULL);
  g_assert_cmpuint(agreed.video.level_idc, ==, 0x1f);
  g_assert_cmpuint(agreed.content.level_idc, ==, 0x28);
  g_assert_cmpuint(answer->media[1].bandwidth_kbps, ==, 1500);
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
  g_test_add_func("/sdp/answer/content", test_content);
  g_test_add_func("/sdp/answer/content-refused", test_content_refused);
  g_test_add_func("/sdp/answer/content-level", test_content_level);
  g_test_add_func("/sdp/answer/no-codec", test_no_codec);
  return g_test_run();
}
