#include "fixture.h"

static void
test_clients(void)
{
  static const struct {
    const char *file;
    guint n_media, n_audio_codecs, n_video_codecs;
    guint audio, video; /* their lines */
    McuDirection direction;
    guint8 level_ext, playout_ext;
    guint n_candidates;
  } cases[] = {
      {"chromium-sendrecv.sdp", 2, 1, 7, 0, 1, MCU_DIR_SENDRECV, 1, 5, 0},
      {"chromium-max-bundle.sdp", 2, 1, 7, 0, 1, MCU_DIR_SENDRECV, 1, 5, 0},
      {"chromium-gathered.sdp", 2, 1, 7, 0, 1, MCU_DIR_SENDRECV, 1, 5, 6},
      {"chromium-datachannel.sdp", 3, 1, 7, 0, 1, MCU_DIR_SENDRECV, 1, 5, 0},
      {"chromium-recvonly.sdp", 2, 1, 0, 0, 1, MCU_DIR_RECV, 1, 5, 0},
      {"firefox-sendrecv.sdp", 2, 1, 3, 0, 1, MCU_DIR_SENDRECV, 1, 6, 0},
      {"webrtcbin-h264.sdp", 2, 1, 1, 1, 0, MCU_DIR_SEND, 0, 0, 0},
      {"webrtcbin-vp8.sdp", 2, 1, 1, 1, 0, MCU_DIR_SEND, 0, 0, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("%s", cases[i].file);
    g_autoptr(McuSdp) sdp = parse_offer(cases[i].file);
    const McuSdpMedia *audio = &sdp->media[cases[i].audio], *video = &sdp->media[cases[i].video];
    g_assert_cmpuint(sdp->n_media, ==, cases[i].n_media);
    g_assert_true(sdp->bundle && sdp->has_fingerprint && sdp->trickle && !sdp->ice_lite);
    g_assert_cmpint(sdp->setup, ==, MCU_SETUP_ACTPASS);
    g_assert_cmpuint(strlen(sdp->pwd), >=, 22);
    g_assert_cmpint(audio->kind, ==, MCU_MEDIA_AUDIO);
    g_assert_cmpint(video->kind, ==, MCU_MEDIA_VIDEO);
    g_assert_true(audio->known_kind && video->known_kind && !audio->rejected && !video->rejected);
    g_assert_cmpuint(audio->n_codecs, ==, cases[i].n_audio_codecs);
    if (cases[i].n_video_codecs != 0)
      g_assert_cmpuint(video->n_codecs, ==, cases[i].n_video_codecs);
    g_assert_cmpint(audio->codecs[0].codec, ==, MCU_CODEC_OPUS);
    g_assert_cmpint(audio->direction, ==, cases[i].direction);
    g_assert_cmpint(video->direction, ==, cases[i].direction);
    g_assert_cmpuint(audio->ext_audio_level, ==, cases[i].level_ext);
    g_assert_cmpuint(video->ext_playout_delay, ==, cases[i].playout_ext);
    g_assert_cmpuint(sdp->candidates->len, ==, cases[i].n_candidates);
    g_assert_cmpint(audio->ssrc != 0, ==, (cases[i].direction & MCU_DIR_SEND) != 0);
  }
}

static void
test_details(void)
{
  g_autoptr(McuSdp) sdp =
      parse_ok(HEAD BUNDLE TRANSPORT AUDIO VIDEO "b=AS:600\r\na=ssrc:7 cname:x\r\na=ssrc:8 cname:x\r\n"
                                                 "a=msid:s t\r\n");

  g_assert_cmpuint(sdp->session_id, ==, 42);
  g_assert_cmpuint(sdp->session_version, ==, 7);
  g_assert_cmpstr(sdp->ufrag, ==, "9EY3");
  g_assert_cmpstr(sdp->pwd, ==, "yNvGQRkrDS75V2JdBY/ldi4H");
  g_assert_cmpuint(sdp->fingerprint[0], ==, 0x91);
  g_assert_cmpuint(sdp->fingerprint[31], ==, 0x99);
  g_assert_cmpuint(sdp->media[1].bandwidth_kbps, ==, 600);
  g_assert_cmpuint(sdp->media[1].ssrc, ==, 7);
  g_assert_cmpstr(sdp->media[1].mid, ==, "1");
  g_assert_cmpstr(sdp->media[1].first_format, ==, "96");
  g_assert_cmpstr(sdp->media[1].protocol, ==, "UDP/TLS/RTP/SAVPF");
}

/* What a media section says counts more than the session; lines may end in LF alone. */
static void
test_levels(void)
{
  g_autoptr(McuSdp) sdp = parse_ok("v=0\ns=-\na=setup:active\na=ice-ufrag:sess\na=ice-pwd:sssssssssssssssssssssss\n"
                                   "a=fingerprint:SHA-256 " PRINT "\n" AUDIO
                                   "a=setup:passive\na=ice-ufrag:media\na=ice-pwd:mmmmmmmmmmmmmmmmmmmmmmmm\n");

  g_assert_cmpint(sdp->setup, ==, MCU_SETUP_PASSIVE);
  g_assert_cmpstr(sdp->ufrag, ==, "media");
  g_assert_cmpuint(sdp->pwd[0], ==, 'm');
  g_assert_true(sdp->has_fingerprint);
  g_assert_false(sdp->bundle);
}

/* Codecs come in the order of the m= line, whatever the order of the attributes. */
static void
test_order(void)
{
  g_autoptr(McuSdp) sdp = parse_ok(HEAD TRANSPORT "m=video 9 UDP/TLS/RTP/SAVPF 97 98 97 96\r\na=rtcp-mux\r\n"
                                                  "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 H264/90000\r\n"
                                                  "a=rtpmap:98 VP9/90000\r\na=rtpmap:99 VP8/90000\r\n");

  g_assert_cmpuint(sdp->media[0].n_codecs, ==, 2);
  g_assert_cmpuint(sdp->media[0].codecs[0].pt, ==, 97);
  g_assert_cmpuint(sdp->media[0].codecs[1].pt, ==, 96);
}

static void
test_refused(void)
{
  static const struct {
    const char *name, *text;
  } cases[] = {
      {"empty", ""},
      {"no SDP", "hello"},
      {"JSON", "{\"sdp\": \"v=0\"}"},
      {"wrong version", "v=1\r\n"},
      {"no media", HEAD TRANSPORT},
      {"no version", "o=- 1 1 IN IP4 0.0.0.0\r\n" TRANSPORT AUDIO},
      {"line without =", HEAD TRANSPORT AUDIO "garbage\r\n"},
      {"capital letter", HEAD TRANSPORT AUDIO "A=b\r\n"},
      {"no fingerprint", HEAD "a=ice-ufrag:9EY3\r\na=ice-pwd:yNvGQRkrDS75V2JdBY/ldi4H\r\na=setup:actpass\r\n" AUDIO},
      {"SHA-1 alone",
       HEAD "a=ice-ufrag:9EY3\r\na=ice-pwd:yNvGQRkrDS75V2JdBY/ldi4H\r\na=fingerprint:sha-1 00\r\n" AUDIO},
      {"no ICE", HEAD "a=fingerprint:sha-256 " PRINT "\r\n" AUDIO},
      {"no ICE password", HEAD "a=fingerprint:sha-256 " PRINT "\r\na=ice-ufrag:9EY3\r\n" AUDIO},
      {"no BUNDLE", HEAD TRANSPORT AUDIO VIDEO},
      {"half a BUNDLE", HEAD "a=group:BUNDLE 0\r\n" TRANSPORT AUDIO VIDEO},
      {"BUNDLE of others", HEAD "a=group:BUNDLE 00 11\r\n" TRANSPORT AUDIO VIDEO},
      {"two BUNDLEs", HEAD "a=group:BUNDLE 0\r\na=group:BUNDLE 1\r\n" TRANSPORT AUDIO VIDEO},
      {"no rtcp-mux", HEAD TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"},
      {"all rejected", HEAD TRANSPORT "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=rtcp-mux\r\n"},
      {"plain RTP only", HEAD TRANSPORT "m=audio 9 RTP/AVP 0\r\na=rtcp-mux\r\n"},
      {"data only", HEAD TRANSPORT "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"},
      {"the same mid twice", HEAD BUNDLE TRANSPORT AUDIO AUDIO},
      {"m= empty", HEAD TRANSPORT "m=\r\n"},
      {"m= of one word", HEAD TRANSPORT "m=audio\r\n"},
      {"m= without protocol", HEAD TRANSPORT "m=audio 9\r\n"},
      {"m= without format", HEAD TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF\r\n"},
      {"port too large", HEAD TRANSPORT "m=audio 65536 UDP/TLS/RTP/SAVPF 111\r\n"},
      {"port no number", HEAD TRANSPORT "m=audio x UDP/TLS/RTP/SAVPF 111\r\n"},
      {"payload type too large", HEAD TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 128\r\n"},
      {"payload type no number", HEAD TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 111 x\r\n"},
      {"long type", HEAD TRANSPORT "m=audioaudioaudioaudio 9 UDP/TLS/RTP/SAVPF 111\r\n"},
      {"escape in type", HEAD TRANSPORT "m=\x1b[2J 9 UDP/TLS/RTP/SAVPF 111\r\n"},
      {"bare carriage return", HEAD TRANSPORT AUDIO "a=candidate:1 1 udp 1\ra=setup:active\r\n"},
      {"codec outside of a section", HEAD TRANSPORT "a=rtpmap:111 opus/48000/2\r\n" AUDIO},
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_test_message("%s", cases[i].name);
    assert_error(cases[i].text, strlen(cases[i].text), MCU_ERROR_BAD_SDP);
  }
  assert_error("v=0\0\n", 5, MCU_ERROR_BAD_SDP);
  assert_error(HEAD TRANSPORT AUDIO "a=x\0y\r\n", sizeof(HEAD TRANSPORT AUDIO "a=x\0y\r\n") - 1, MCU_ERROR_BAD_SDP);
}

static char *
repeated(const char *head, const char *line, guint n)
{
  GString *text = g_string_new(head);

  for (guint i = 0; i < n; i++)
    g_string_append(text, line);
  return g_string_free(text, FALSE);
}

static void
test_too_large(void)
{
  g_autofree char *lines = repeated(HEAD TRANSPORT AUDIO, "a=\n", MCU_SDP_MAX_LINES);
  g_autofree char *sections = repeated(HEAD TRANSPORT, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", 1000);
  g_autofree char *nine = repeated(HEAD TRANSPORT, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", MCU_SDP_MAX_MEDIA + 1);
  g_autofree char *mib = repeated(HEAD TRANSPORT AUDIO, "a=x:0123456789abcdef0123456789abcdef\r\n", 1024 * 1024 / 36);
  g_autofree char *filling = g_strnfill(60000, 'x');
  g_autofree char *long_line = g_strconcat(HEAD TRANSPORT AUDIO "a=fmtp:111 ", filling, "\r\n", NULL);
  g_autofree char *many_formats = repeated(HEAD TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 111", " 5", 20000);

  assert_error(lines, strlen(lines), MCU_ERROR_TOO_LARGE);
  assert_error(sections, strlen(sections), MCU_ERROR_TOO_LARGE);
  assert_error(nine, strlen(nine), MCU_ERROR_TOO_LARGE);
  assert_error(mib, strlen(mib), MCU_ERROR_TOO_LARGE);
  assert_error(many_formats, strlen(many_formats), MCU_ERROR_BAD_SDP); /* no rtcp-mux */
  g_autoptr(McuSdp) sdp = parse_ok(long_line);
  g_assert_cmpuint(sdp->media[0].n_codecs, ==, 1);
}

static void
test_cut(void)
{
  g_autofree char *text = load_offer("chromium-gathered.sdp");

  for (gsize size = strlen(text); size > 0; size--) {
    g_autofree char *cut = g_memdup2(text, size); /* not terminated */
    mcu_sdp_free(mcu_sdp_parse(cut, size, NULL));
    mcu_sdp_free(mcu_sdp_parse_fragment(cut, size, NULL));
  }
}

static void
test_fragment(void)
{
  static const char trickle[] =
      "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=group:BUNDLE 0 1\r\n"
      "m=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
      "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw\r\n"
      "a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host\r\n"
      "a=end-of-candidates\r\n"; /* RFC 9725, figure 3 */
  static const char in_media[] = "m=video 9 UDP/TLS/RTP/SAVPF 0\na=mid:x\na=ice-ufrag:EsAw\n"
                                 "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n";
  g_autoptr(GError) error = NULL;

  g_autoptr(McuSdp) sdp = mcu_sdp_parse_fragment(trickle, strlen(trickle), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(sdp->ufrag, ==, "EsAw");
  g_assert_cmpstr(sdp->pwd, ==, "P2uYro0UCOQ4zxjKXaWCBui1");
  g_assert_cmpuint(sdp->candidates->len, ==, 2);
  g_assert_true(sdp->end_of_candidates);

  g_autoptr(McuSdp) other = mcu_sdp_parse_fragment(in_media, strlen(in_media), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(other->ufrag, ==, "EsAw");
  g_autoptr(McuSdp) nothing = mcu_sdp_parse_fragment("", 0, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(nothing->ufrag, ==, "");

  g_assert_null(mcu_sdp_parse_fragment("a=ice-ufrag:EsAw\r\n", 18, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_SDP);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sdp/parse/clients", test_clients);
  g_test_add_func("/sdp/parse/details", test_details);
  g_test_add_func("/sdp/parse/levels", test_levels);
  g_test_add_func("/sdp/parse/order", test_order);
  g_test_add_func("/sdp/parse/refused", test_refused);
  g_test_add_func("/sdp/parse/too-large", test_too_large);
  g_test_add_func("/sdp/parse/cut", test_cut);
  g_test_add_func("/sdp/parse/fragment", test_fragment);
  return g_test_run();
}
