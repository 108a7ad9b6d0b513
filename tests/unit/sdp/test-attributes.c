/* One a= line at a time, in a session that has all the rest. */
#include "fixture.h"

static McuSdp *
with_video_line(const char *line)
{
  g_autofree char *text = g_strconcat(HEAD BUNDLE TRANSPORT AUDIO VIDEO, line, "\r\n", NULL);

  return parse_ok(text);
}

static void
test_refused(void)
{
  static const char *const lines[] = {
      "a=ice-ufrag:abc",
      "a=ice-ufrag:",
      "a=ice-ufrag",
      "a=ice-ufrag:ab cd",
      "a=ice-ufrag:ab\"cd",
      "a=ice-pwd:tooshorttooshorttoosh",
      "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa9",
      "a=fingerprint:sha-256",
      "a=fingerprint:sha-256 91:0B",
      "a=fingerprint:sha-256 " PRINT ":00",
      "a=fingerprint:sha-256 "
      "ZZ:0B:53:5B:2A:F2:1E:0F:98:77:4D:3C:92:22:CA:B9:9E:37:B9:15:F3:A7:F1:BE:8C:23:00:3C:19:5F:D4:99",
      "a=fingerprint:sha-256 "
      "91-0B-53-5B-2A-F2-1E-0F-98-77-4D-3C-92-22-CA-B9-9E-37-B9-15-F3-A7-F1-BE-8C-23-00-3C-19-5F-D4-99",
      "a=setup:both",
      "a=setup",
      "a=mid:",
      "a=mid:0",
      "a=mid:has space",
      "a=mid:123456789012345678901234567890123",
      "a=rtpmap:96",
      "a=rtpmap:128 VP8/90000",
      "a=rtpmap:-1 VP8/90000",
      "a=rtpmap:99999999999999999999999999 VP8/90000",
      "a=rtpmap:x VP8/90000",
      "a=fmtp:96",
      "a=fmtp:300 a=b",
      "a=rtcp-fb:200 nack",
      "a=rtcp-fb:** nack",
      "a=extmap:1",
      "a=extmap:x urn:a",
      "a=extmap:99999 urn:a",
      "a=ssrc:4294967296 cname:a",
      "a=ssrc:x",
  };

  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *text = g_strconcat(HEAD BUNDLE TRANSPORT AUDIO VIDEO, lines[i], "\r\n", NULL);
    g_test_message("%s", lines[i]);
    assert_error(text, strlen(text), MCU_ERROR_BAD_SDP);
  }
}

static void
test_ignored(void)
{
  static const char *const lines[] = {
      "a=",
      "a=:",
      "a=unknown",
      "a=unknown:\xf0\x9f\x98\x80",
      "a=fingerprint:sha-1 00:11",
      "a=ice-options:",
      "a=candidate:",
      "a=candidate:1",
      "a=candidate:1 2 udp 1 192.0.2.1 9 typ host",
      "a=candidate:1 99 x",
      "a=extmap:15 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
      "a=extmap:200 urn:x",
      "a=rtcp-fb:96 trr-int 100",
      "a=rtcp-fb:* ",
      "a=fmtp:96 ;;;=;a;b=;",
      "a=group:LS 0 1",
      "a=setup:holdconn",
      "a=rtpmap:97 VP8/8000",
  };

  for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_test_message("%s", lines[i]);
    g_autoptr(McuSdp) sdp = with_video_line(lines[i]);
    g_assert_cmpuint(sdp->candidates->len, ==, 0);
    g_assert_cmpuint(sdp->media[1].n_codecs, ==, 1);
    g_assert_cmpuint(sdp->media[1].ext_audio_level, ==, 0);
    g_assert_cmpint(sdp->setup, ==, MCU_SETUP_ACTPASS);
  }
}

static void
test_directions(void)
{
  static const struct {
    const char *session, *media;
    McuDirection direction;
  } cases[] = {
      {"", "", MCU_DIR_SENDRECV},
      {"", "a=sendonly\r\n", MCU_DIR_SEND},
      {"", "a=recvonly\r\n", MCU_DIR_RECV},
      {"", "a=inactive\r\n", MCU_DIR_INACTIVE},
      {"a=sendonly\r\n", "", MCU_DIR_SEND},
      {"a=sendonly\r\n", "a=sendrecv\r\n", MCU_DIR_SENDRECV},
      {"a=inactive\r\n", "a=recvonly\r\n", MCU_DIR_RECV},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(HEAD TRANSPORT, cases[i].session, AUDIO, cases[i].media, NULL);
    g_autoptr(McuSdp) sdp = parse_ok(text);
    g_assert_cmpint(sdp->media[0].direction, ==, cases[i].direction);
  }
}

static void
test_feedback(void)
{
  g_autoptr(McuSdp) sdp = with_video_line("a=rtcp-fb:* nack\r\na=rtcp-fb:* ccm fir\r\na=rtcp-fb:96 nack pli");
  const McuSdpCodec *codec = &sdp->media[1].codecs[0];

  g_assert_true(codec->nack && codec->fir && codec->pli && !codec->remb);
  g_assert_false(sdp->media[0].codecs[0].nack);
}

static void
test_extensions(void)
{
  g_autoptr(McuSdp) sdp =
      parse_ok(HEAD BUNDLE TRANSPORT "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" AUDIO
                                     "a=extmap:1/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on\r\n" VIDEO
                                     "a=extmap:14 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n");

  g_assert_cmpuint(sdp->media[0].ext_audio_level, ==, 1);
  g_assert_cmpuint(sdp->media[0].ext_mid, ==, 4);
  g_assert_cmpuint(sdp->media[1].ext_mid, ==, 4);
  g_assert_cmpuint(sdp->media[1].ext_audio_level, ==, 0);
  g_assert_cmpuint(sdp->media[1].ext_playout_delay, ==, 14);
}

/* RFC 4796: a list of words. */
static void
test_content(void)
{
  static const struct {
    const char *line;
    gboolean slides;
  } cases[] = {{"a=content:slides", TRUE},      {"a=content:main,slides", TRUE}, {"a=content:speaker", FALSE},
               {"a=content:slidesshow", FALSE}, {"a=content:", FALSE},           {"a=content", FALSE}};

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(McuSdp) sdp = with_video_line(cases[i].line);
    g_assert_cmpint(sdp->media[1].slides, ==, cases[i].slides);
    g_assert_false(sdp->media[0].slides);
  }
}

static void
test_h264_parameters(void)
{
  static const struct {
    const char *fmtp;
    guint8 idc, iop, level, mode;
  } cases[] = {
      {"profile-level-id=42e01f;packetization-mode=1", 0x42, 0xe0, 0x1f, 1},
      {" Packetization-Mode=1 ; PROFILE-LEVEL-ID=42C015 ", 0x42, 0xc0, 0x15, 1},
      {"packetization-mode=0;profile-level-id=42e01f", 0x42, 0xe0, 0x1f, 0},
      {"packetization-mode=11;profile-level-id=42e01f", 0x42, 0xe0, 0x1f, 0},
      {"packetization-mode=1;profile-level-id=42e01", 0xff, 0, 0, 1},
      {"packetization-mode=1;profile-level-id=42e01g", 0xff, 0, 0, 1},
      {"packetization-mode=1;profile-level-id=", 0xff, 0, 0, 1},
      {"packetization-mode=1", 0, 0, 0, 1},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *line = g_strconcat("a=fmtp:96 ", cases[i].fmtp, "\r\na=rtpmap:96 h264/90000", NULL);
    g_autoptr(McuSdp) sdp = with_video_line(line);
    const McuSdpCodec *codec = &sdp->media[1].codecs[0];
    g_test_message("%s", cases[i].fmtp);
    g_assert_cmpint(codec->codec, ==, MCU_CODEC_H264);
    g_assert_cmpuint(codec->profile_idc, ==, cases[i].idc);
    g_assert_cmpuint(codec->profile_iop, ==, cases[i].iop);
    g_assert_cmpuint(codec->level_idc, ==, cases[i].level);
    g_assert_cmpuint(codec->packetization_mode, ==, cases[i].mode);
  }
}

static void
test_candidates(void)
{
  g_autoptr(GString) text = g_string_new(HEAD TRANSPORT AUDIO "a=end-of-candidates\r\n");

  for (guint i = 0; i < 10000 / 20; i++)
    for (guint k = 0; k < 2; k++) /* each twice */
      g_string_append_printf(text, "a=candidate:%u 1 udp 1 6f0b1f9e.local %u typ host\r\n", i, i);
  g_autoptr(McuSdp) sdp = parse_ok(text->str);
  g_assert_cmpuint(sdp->candidates->len, ==, MCU_CANDIDATES_MAX);
  g_assert_cmpstr(g_ptr_array_index(sdp->candidates, 3), ==, "candidate:3 1 udp 1 6f0b1f9e.local 3 typ host");
  g_assert_true(sdp->end_of_candidates);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/attributes/refused", test_refused);
  g_test_add_func("/sdp/attributes/ignored", test_ignored);
  g_test_add_func("/sdp/attributes/directions", test_directions);
  g_test_add_func("/sdp/attributes/feedback", test_feedback);
  g_test_add_func("/sdp/attributes/extensions", test_extensions);
  g_test_add_func("/sdp/attributes/content", test_content);
  g_test_add_func("/sdp/attributes/h264-parameters", test_h264_parameters);
  g_test_add_func("/sdp/attributes/candidates", test_candidates);
  return g_test_run();
}
