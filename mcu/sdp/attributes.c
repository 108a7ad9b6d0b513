/* The a= lines of a session description; see parse-priv.h. Attributes we have no use for are not
 * looked at; those we use are refused when they are not as their RFC says. Pure. */
#include <string.h>

#include "mcu/sdp/parse-priv.h"

#define CANDIDATE_MAX_BYTES 256

gboolean
sdp_parse_number(const char **p, guint64 max, guint64 *out_value)
{
  guint64 value = 0;
  const char *s = *p;

  for (; g_ascii_isdigit(*s); s++) {
    guint digit = (guint)g_ascii_digit_value(*s);
    if (value > (max - digit) / 10)
      return FALSE;
    value = value * 10 + digit;
  }
  if (s == *p)
    return FALSE;
  *p = s;
  *out_value = value;
  return TRUE;
}

gboolean
sdp_copy_word(const char *word, char *out, gsize capacity)
{
  gsize length = strlen(word);

  if (length == 0 || length >= capacity)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph(word[i]))
      return FALSE;
  memcpy(out, word, length + 1);
  return TRUE;
}

char *
sdp_next_word(char **p)
{
  char *word = *p + strspn(*p, " ");

  if (*word == '\0')
    return NULL;
  gsize length = strcspn(word, " ");
  *p = word + length + (word[length] != '\0' ? 1 : 0);
  word[length] = '\0';
  return word;
}

static SdpTransport *
transport(SdpParser *parser)
{
  return parser->media != NULL ? &parser->current : &parser->session;
}

static McuSdpMedia *
section(SdpParser *parser)
{
  return parser->media != NULL ? parser->media : &parser->defaults;
}

/* RFC 8839 5.4: ice-char = ALPHA / DIGIT / "+" / "/" */
static gboolean
copy_ice_chars(const char *value, gsize min, char out[257])
{
  gsize length = strlen(value);

  if (length < min || length > 256)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum(value[i]) && value[i] != '+' && value[i] != '/')
      return FALSE;
  memcpy(out, value, length + 1);
  return TRUE;
}

static const char *
parse_ufrag(SdpParser *parser, char *value)
{
  return copy_ice_chars(value, 4, transport(parser)->ufrag) ? NULL : "bad ice-ufrag";
}

static const char *
parse_pwd(SdpParser *parser, char *value)
{
  return copy_ice_chars(value, 22, transport(parser)->pwd) ? NULL : "bad ice-pwd";
}

/* RFC 8122 5. Other hash functions may stand beside SHA-256. */
static const char *
parse_fingerprint(SdpParser *parser, char *value)
{
  SdpTransport *to = transport(parser);
  char *hash = sdp_next_word(&value);
  char *hex = sdp_next_word(&value);

  if (hash == NULL || hex == NULL)
    return "bad fingerprint";
  if (g_ascii_strcasecmp(hash, "sha-256") != 0 || to->has_fingerprint)
    return NULL;
  if (strlen(hex) != sizeof to->fingerprint * 3 - 1)
    return "bad fingerprint";
  for (guint i = 0; i < sizeof to->fingerprint; i++) {
    const char *p = hex + i * 3;
    if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]) || (p[2] != ':' && p[2] != '\0'))
      return "bad fingerprint";
    to->fingerprint[i] = (guint8)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
  }
  to->has_fingerprint = TRUE;
  return NULL;
}

static const char *
parse_setup(SdpParser *parser, char *value)
{
  static const char *const words[] = {"holdconn", "actpass", "active", "passive"};

  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(value, words[i]) == 0) {
      transport(parser)->setup = (McuSetup)i;
      return NULL;
    }
  return "bad setup";
}

static const char *
parse_ice_lite(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  parser->sdp->ice_lite = TRUE;
  return NULL;
}

static const char *
parse_ice_options(SdpParser *parser, char *value)
{
  for (char *word; (word = sdp_next_word(&value)) != NULL;)
    if (strcmp(word, "trickle") == 0)
      parser->sdp->trickle = TRUE;
  return NULL;
}

static gboolean
has_candidate(const McuSdp *sdp, const char *candidate)
{
  for (guint i = 0; i < sdp->candidates->len; i++)
    if (strcmp(g_ptr_array_index(sdp->candidates, i), candidate) == 0)
      return TRUE;
  return FALSE;
}

/* Kept as text for ICE to judge. With rtcp-mux only component 1 exists; some writers repeat the list in
 * each media section. Those over the limit are not needed: the peer will be found by its checks. */
static const char *
parse_candidate(SdpParser *parser, char *value)
{
  McuSdp *sdp = parser->sdp;
  const char *component = strchr(value, ' ');

  if (strlen(value) > CANDIDATE_MAX_BYTES || component == NULL || !g_str_has_prefix(component, " 1 "))
    return NULL;
  if (sdp->candidates->len >= MCU_CANDIDATES_MAX)
    return NULL;
  g_autofree char *candidate = g_strconcat("candidate:", value, NULL);
  if (!has_candidate(sdp, candidate))
    g_ptr_array_add(sdp->candidates, g_steal_pointer(&candidate));
  return NULL;
}

static const char *
parse_end_of_candidates(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  parser->sdp->end_of_candidates = TRUE;
  return NULL;
}

static const char *
parse_group(SdpParser *parser, char *value)
{
  if (parser->media == NULL && parser->bundle == NULL && g_str_has_prefix(value, "BUNDLE "))
    parser->bundle = value + strlen("BUNDLE ");
  return NULL;
}

static const char *
parse_mid(SdpParser *parser, char *value)
{
  if (parser->media == NULL)
    return parser->fragment ? NULL : "mid outside of a media section";
  if (!sdp_copy_word(value, parser->media->mid, sizeof parser->media->mid))
    return "bad mid";
  for (const McuSdpMedia *other = parser->sdp->media; other < parser->media; other++)
    if (strcmp(other->mid, value) == 0)
      return "the same mid twice";
  return NULL;
}

static const char *
parse_rtcp_mux(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  section(parser)->rtcp_mux = TRUE;
  return NULL;
}

/* RFC 4796 5: a list of what the picture shows; of its words one is of use. */
static const char *
parse_content(SdpParser *parser, char *value)
{
  if (parser->media == NULL)
    return NULL;
  for (char *word = value; word != NULL;) {
    char *next = strchr(word, ',');
    if (next != NULL)
      *next++ = '\0';
    if (strcmp(word, "slides") == 0)
      parser->media->slides = TRUE;
    word = next;
  }
  return NULL;
}

static const char *
parse_bundle_only(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  parser->bundle_only = parser->media != NULL;
  return NULL;
}

static const char *
parse_sendrecv(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  section(parser)->direction = MCU_DIR_SENDRECV;
  return NULL;
}

static const char *
parse_sendonly(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  section(parser)->direction = MCU_DIR_SEND;
  return NULL;
}

static const char *
parse_recvonly(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  section(parser)->direction = MCU_DIR_RECV;
  return NULL;
}

static const char *
parse_inactive(SdpParser *parser, char *value G_GNUC_UNUSED)
{
  section(parser)->direction = MCU_DIR_INACTIVE;
  return NULL;
}

/* The payload type before the space of rtpmap and fmtp, which are media attributes (RFC 8866 6.6). */
static gboolean
take_payload_type(SdpParser *parser, char **value, guint *out_pt)
{
  const char *p = *value;
  guint64 pt;

  if (parser->media == NULL || !sdp_parse_number(&p, SDP_PAYLOAD_TYPES - 1, &pt) || *p != ' ')
    return FALSE;
  *value += p - *value + 1;
  *value += strspn(*value, " ");
  *out_pt = (guint)pt;
  return TRUE;
}

static const char *
parse_rtpmap(SdpParser *parser, char *value)
{
  static const struct {
    const char *name;
    McuMediaKind kind;
    McuCodec codec;
  } known[] = {
      {"opus/48000/2", MCU_MEDIA_AUDIO, MCU_CODEC_OPUS},
      {"VP8/90000", MCU_MEDIA_VIDEO, MCU_CODEC_VP8},
      {"H264/90000", MCU_MEDIA_VIDEO, MCU_CODEC_H264},
  };
  guint pt;

  if (!take_payload_type(parser, &value, &pt))
    return "bad rtpmap";
  parser->by_pt[pt].codec = MCU_CODEC_NONE;
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (parser->media->kind == known[i].kind && g_ascii_strcasecmp(value, known[i].name) == 0)
      parser->by_pt[pt].codec = known[i].codec;
  return NULL;
}

/* RFC 6184 8.1 */
static gboolean
parse_profile_level_id(const char *hex, McuSdpCodec *codec)
{
  guint8 bytes[3];

  if (strlen(hex) != 6)
    return FALSE;
  for (guint i = 0; i < 3; i++) {
    if (!g_ascii_isxdigit(hex[i * 2]) || !g_ascii_isxdigit(hex[i * 2 + 1]))
      return FALSE;
    bytes[i] = (guint8)(g_ascii_xdigit_value(hex[i * 2]) << 4 | g_ascii_xdigit_value(hex[i * 2 + 1]));
  }
  codec->profile_idc = bytes[0];
  codec->profile_iop = bytes[1];
  codec->level_idc = bytes[2];
  return TRUE;
}

static const char *
parse_fmtp(SdpParser *parser, char *value)
{
  guint pt;

  if (!take_payload_type(parser, &value, &pt))
    return "bad fmtp";
  McuSdpCodec *codec = &parser->by_pt[pt];
  while (value != NULL) {
    char *next = strchr(value, ';');
    if (next != NULL)
      *next++ = '\0';
    char *parameter = g_strstrip(value);
    char *equals = strchr(parameter, '=');
    if (equals != NULL) {
      *equals = '\0';
      if (g_ascii_strcasecmp(parameter, "packetization-mode") == 0)
        codec->packetization_mode = strcmp(equals + 1, "1") == 0 ? 1 : 0;
      else if (g_ascii_strcasecmp(parameter, "profile-level-id") == 0 && !parse_profile_level_id(equals + 1, codec))
        /* Of another codec, or damaged: either way not one to answer. */
        codec->profile_idc = 0xff;
    }
    value = next;
  }
  return NULL;
}

static const char *
parse_rtcp_fb(SdpParser *parser, char *value)
{
  SdpFeedback *feedback;
  guint pt;

  if (parser->media == NULL)
    return NULL;
  if (g_str_has_prefix(value, "* ")) {
    feedback = &parser->feedback_all;
    value += 2;
  } else if (take_payload_type(parser, &value, &pt)) {
    feedback = &parser->feedback[pt];
  } else {
    return "bad rtcp-fb";
  }
  g_strchomp(value);
  if (strcmp(value, "nack") == 0)
    feedback->nack = TRUE;
  else if (strcmp(value, "nack pli") == 0)
    feedback->pli = TRUE;
  else if (strcmp(value, "ccm fir") == 0)
    feedback->fir = TRUE;
  else if (strcmp(value, "goog-remb") == 0)
    feedback->remb = TRUE;
  return NULL;
}

/* RFC 8285 5: id, direction, URI, attributes. */
static const char *
parse_extmap(SdpParser *parser, char *value)
{
  McuSdpMedia *to = section(parser);
  const char *id_word = sdp_next_word(&value);
  const char *uri = sdp_next_word(&value);
  guint64 id;

  if (id_word == NULL || uri == NULL || !sdp_parse_number(&id_word, 4095 + 256, &id) ||
      (*id_word != '\0' && *id_word != '/'))
    return "bad extmap";
  if (id < 1 || id > 14) /* we speak the one-byte form */
    return NULL;
  if (strcmp(uri, "urn:ietf:params:rtp-hdrext:ssrc-audio-level") == 0)
    to->ext_audio_level = (guint8)id;
  else if (strcmp(uri, "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay") == 0)
    to->ext_playout_delay = (guint8)id;
  else if (strcmp(uri, "urn:ietf:params:rtp-hdrext:sdes:mid") == 0)
    to->ext_mid = (guint8)id;
  return NULL;
}

/* RFC 5576 4.1 */
static const char *
parse_ssrc(SdpParser *parser, char *value)
{
  const char *p = value;
  guint64 ssrc;

  if (parser->media == NULL)
    return NULL;
  if (!sdp_parse_number(&p, G_MAXUINT32, &ssrc) || (*p != ' ' && *p != '\0'))
    return "bad ssrc";
  if (parser->media->ssrc == 0)
    parser->media->ssrc = (guint32)ssrc;
  return NULL;
}

static const struct {
  const char *name;
  const char *(*parse)(SdpParser *parser, char *value);
} attributes[] = {
    {"candidate", parse_candidate},
    {"rtpmap", parse_rtpmap},
    {"fmtp", parse_fmtp},
    {"rtcp-fb", parse_rtcp_fb},
    {"extmap", parse_extmap},
    {"ssrc", parse_ssrc},
    {"ice-ufrag", parse_ufrag},
    {"ice-pwd", parse_pwd},
    {"ice-options", parse_ice_options},
    {"ice-lite", parse_ice_lite},
    {"fingerprint", parse_fingerprint},
    {"setup", parse_setup},
    {"mid", parse_mid},
    {"group", parse_group},
    {"rtcp-mux", parse_rtcp_mux},
    {"rtcp-mux-only", parse_rtcp_mux},
    {"bundle-only", parse_bundle_only},
    {"content", parse_content},
    {"sendrecv", parse_sendrecv},
    {"sendonly", parse_sendonly},
    {"recvonly", parse_recvonly},
    {"inactive", parse_inactive},
    {"end-of-candidates", parse_end_of_candidates},
};

const char *
sdp_parse_attribute(SdpParser *parser, char *text)
{
  char *value = strchr(text, ':');
  char none[1] = "";

  if (value != NULL)
    *value++ = '\0';
  else
    value = none;
  for (guint i = 0; i < G_N_ELEMENTS(attributes); i++)
    if (strcmp(text, attributes[i].name) == 0)
      return attributes[i].parse(parser, value);
  return NULL;
}
