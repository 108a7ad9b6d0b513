/* Text to McuSdp (RFC 8866, as RFC 8829 uses it); the a= lines are in attributes.c. A reader of our own
 * rather than a library's: it works in one pass over one copy, every line and count has its limit before
 * anything is stored, and what is not needed for an answer is not even looked at. Pure. */
#include <string.h>

#include "mcu/sdp/parse-priv.h"
#include "mcu/util/error.h"

static void
finish_codecs(SdpParser *parser)
{
  McuSdpMedia *media = parser->media;

  for (guint i = 0; i < parser->n_order && media->n_codecs < MCU_SDP_MAX_CODECS; i++) {
    guint pt = parser->order[i];
    McuSdpCodec codec = parser->by_pt[pt];
    if (codec.codec == MCU_CODEC_NONE)
      continue;
    const SdpFeedback *own = &parser->feedback[pt], *all = &parser->feedback_all;
    codec.pt = (guint8)pt;
    codec.nack = own->nack || all->nack;
    codec.pli = own->pli || all->pli;
    codec.fir = own->fir || all->fir;
    codec.remb = own->remb || all->remb;
    media->codecs[media->n_codecs++] = codec;
  }
}

static SdpTransport
merge_transport(const SdpTransport *session, const SdpTransport *media)
{
  SdpTransport merged = *session;

  if (media->ufrag[0] != '\0')
    memcpy(merged.ufrag, media->ufrag, sizeof merged.ufrag);
  if (media->pwd[0] != '\0')
    memcpy(merged.pwd, media->pwd, sizeof merged.pwd);
  if (media->has_fingerprint) {
    memcpy(merged.fingerprint, media->fingerprint, sizeof merged.fingerprint);
    merged.has_fingerprint = TRUE;
  }
  if (media->setup != MCU_SETUP_NONE)
    merged.setup = media->setup;
  return merged;
}

/* The end of a media section, or of the session part. */
static void
finish_section(SdpParser *parser)
{
  McuSdpMedia *media = parser->media;

  if (media == NULL)
    return;
  /* RFC 8843 6: port 0 with bundle-only is a line that lives in the bundle. */
  media->rejected = media->rejected && !parser->bundle_only;
  finish_codecs(parser);
  if (!parser->has_chosen && (parser->fragment || (media->known_kind && !media->rejected))) {
    parser->chosen = merge_transport(&parser->session, &parser->current);
    parser->has_chosen = TRUE;
  }
}

/* RFC 8829 5.1.2 */
static gboolean
is_known_protocol(const char *protocol)
{
  static const char *const known[] = {"UDP/TLS/RTP/SAVPF",
                                      "UDP/TLS/RTP/SAVP",
                                      "TCP/DTLS/RTP/SAVPF",
                                      "TCP/DTLS/RTP/SAVP",
                                      "RTP/SAVPF",
                                      "RTP/SAVP",
                                      NULL};

  return g_strv_contains(known, protocol);
}

static gboolean
parse_formats(SdpParser *parser, char *value)
{
  for (char *word; (word = sdp_next_word(&value)) != NULL;) {
    const char *p = word;
    guint64 pt;
    if (!sdp_parse_number(&p, SDP_PAYLOAD_TYPES - 1, &pt) || *p != '\0')
      return FALSE;
    if (!parser->listed[pt])
      parser->order[parser->n_order++] = (guint8)pt;
    parser->listed[pt] = TRUE;
  }
  return TRUE;
}

static void
start_section(SdpParser *parser)
{
  finish_section(parser);
  parser->media = &parser->sdp->media[parser->sdp->n_media++];
  *parser->media = parser->defaults;
  memset(&parser->current, 0, sizeof parser->current);
  parser->bundle_only = FALSE;
  memset(parser->by_pt, 0, sizeof parser->by_pt);
  memset(parser->feedback, 0, sizeof parser->feedback);
  memset(&parser->feedback_all, 0, sizeof parser->feedback_all);
  memset(parser->listed, 0, sizeof parser->listed);
  parser->n_order = 0;
}

/* m=<type> <port>[/<n>] <protocol> <formats> */
static const char *
parse_media_line(SdpParser *parser, char *value)
{
  const char *type = sdp_next_word(&value);
  const char *port_word = sdp_next_word(&value);
  const char *protocol = sdp_next_word(&value);
  guint64 port;

  if (protocol == NULL || !sdp_parse_number(&port_word, 65535, &port) || (*port_word != '\0' && *port_word != '/'))
    return "bad media line";
  start_section(parser);
  McuSdpMedia *media = parser->media;
  if (!sdp_copy_word(type, media->type, sizeof media->type) ||
      !sdp_copy_word(protocol, media->protocol, sizeof media->protocol))
    return "bad media line";
  value += strspn(value, " ");
  g_autofree char *first = g_strndup(value, strcspn(value, " "));
  if (!sdp_copy_word(first, media->first_format, sizeof media->first_format))
    return "bad media line";
  media->rejected = port == 0;
  gboolean video = strcmp(type, "video") == 0;
  media->known_kind = (video || strcmp(type, "audio") == 0) && is_known_protocol(protocol);
  media->kind = video ? MCU_MEDIA_VIDEO : MCU_MEDIA_AUDIO;
  if (media->known_kind && !parse_formats(parser, value))
    return "bad media line";
  return NULL;
}

/* o=<user> <id> <version> ...; a writer with other things than numbers is its own problem. */
static void
parse_origin(SdpParser *parser, char *value)
{
  sdp_next_word(&value);
  const char *id = sdp_next_word(&value);
  const char *version = sdp_next_word(&value);

  if (id != NULL)
    sdp_parse_number(&id, G_MAXINT64, &parser->sdp->session_id);
  if (version != NULL)
    sdp_parse_number(&version, G_MAXINT64, &parser->sdp->session_version);
}

static void
parse_bandwidth(SdpParser *parser, const char *value)
{
  guint64 kbps;

  if (parser->media == NULL || !g_str_has_prefix(value, "AS:"))
    return;
  value += 3;
  if (sdp_parse_number(&value, G_MAXUINT32, &kbps))
    parser->media->bandwidth_kbps = (guint)kbps;
}

static const char *
parse_line(SdpParser *parser, char *line)
{
  if (!g_ascii_islower(line[0]) || line[1] != '=')
    return "not a line of a session description";
  char *value = line + 2;
  switch (line[0]) {
  case 'a':
    return sdp_parse_attribute(parser, value);
  case 'm':
    return parse_media_line(parser, value);
  case 'o':
    parse_origin(parser, value);
    break;
  case 'b':
    parse_bandwidth(parser, value);
    break;
  default:
    break;
  }
  return NULL;
}

static gboolean
fail(GError **error, McuError code, const char *reason)
{
  g_set_error_literal(error, MCU_ERROR, (gint)code, reason);
  return FALSE;
}

/* Sizes and counts before anything is read. */
static gboolean
check_limits(const char *text, gsize size, GError **error)
{
  guint lines = 0, media = 0;

  if (size > MCU_SDP_MAX_BYTES)
    return fail(error, MCU_ERROR_TOO_LARGE, "session description too large");
  for (gsize i = 0; i < size; i++) {
    gboolean line_end = text[i] == '\n' || (text[i] == '\r' && i + 1 < size && text[i + 1] == '\n');
    if ((guchar)text[i] < ' ' && !line_end && text[i] != '\t')
      return fail(error, MCU_ERROR_BAD_SDP, "control character in session description");
    if (text[i] == '\n')
      lines++;
    if (text[i] == 'm' && (i == 0 || text[i - 1] == '\n') && i + 1 < size && text[i + 1] == '=')
      media++;
  }
  if (lines > MCU_SDP_MAX_LINES)
    return fail(error, MCU_ERROR_TOO_LARGE, "too many lines in session description");
  if (media > MCU_SDP_MAX_MEDIA)
    return fail(error, MCU_ERROR_TOO_LARGE, "too many media sections in session description");
  return TRUE;
}

static gboolean
parse_lines(SdpParser *parser, char *text, GError **error)
{
  guint number = 1;

  for (char *line = text; line != NULL; number++) {
    char *next = strchr(line, '\n');
    if (next != NULL)
      *next++ = '\0';
    gsize length = strlen(line);
    if (length > 0 && line[length - 1] == '\r')
      line[--length] = '\0';
    const char *reason = NULL;
    if (number == 1 && !parser->fragment && strcmp(line, "v=0") != 0)
      reason = "no v=0";
    else if (length > 0)
      reason = parse_line(parser, line);
    if (reason != NULL) {
      g_set_error(error, MCU_ERROR, MCU_ERROR_BAD_SDP, "line %u: %s", number, reason);
      return FALSE;
    }
    line = next;
  }
  finish_section(parser);
  return TRUE;
}

static void
take_transport(SdpParser *parser)
{
  const SdpTransport *from = parser->has_chosen ? &parser->chosen : &parser->session;
  McuSdp *sdp = parser->sdp;

  memcpy(sdp->ufrag, from->ufrag, sizeof sdp->ufrag);
  memcpy(sdp->pwd, from->pwd, sizeof sdp->pwd);
  memcpy(sdp->fingerprint, from->fingerprint, sizeof sdp->fingerprint);
  sdp->has_fingerprint = from->has_fingerprint;
  sdp->setup = from->setup;
}

static gboolean
is_usable(const McuSdpMedia *media)
{
  return media->known_kind && !media->rejected;
}

static gboolean
in_bundle(const char *bundle, const char *mid)
{
  gsize length = strlen(mid);

  if (bundle == NULL || length == 0)
    return FALSE;
  while (*bundle != '\0') {
    gsize word = strcspn(bundle, " ");
    if (word == length && strncmp(bundle, mid, length) == 0)
      return TRUE;
    bundle += word;
    bundle += strspn(bundle, " ");
  }
  return FALSE;
}

/* One transport for all: the lines that can be used share one bundle; a single line needs none. */
static gboolean
check_bundle(SdpParser *parser, GError **error)
{
  const McuSdp *sdp = parser->sdp;
  guint usable = 0, bundled = 0;

  for (guint i = 0; i < sdp->n_media; i++) {
    const McuSdpMedia *media = &sdp->media[i];
    if (!is_usable(media))
      continue;
    usable++;
    if (!media->rtcp_mux)
      return fail(error, MCU_ERROR_BAD_SDP, "no rtcp-mux");
    bundled += in_bundle(parser->bundle, media->mid) ? 1 : 0;
  }
  if (usable == 0)
    return fail(error, MCU_ERROR_BAD_SDP, "no audio or video");
  if (bundled != usable && usable > 1)
    return fail(error, MCU_ERROR_BAD_SDP, "not one BUNDLE over audio and video");
  parser->sdp->bundle = bundled == usable;
  return TRUE;
}

static gboolean
check_description(SdpParser *parser, GError **error)
{
  const McuSdp *sdp = parser->sdp;

  if (!check_bundle(parser, error))
    return FALSE;
  if (sdp->ufrag[0] == '\0' || sdp->pwd[0] == '\0')
    return fail(error, MCU_ERROR_BAD_SDP, "no ICE credentials");
  if (!sdp->has_fingerprint)
    return fail(error, MCU_ERROR_BAD_SDP, "no SHA-256 fingerprint");
  return TRUE;
}

static gboolean
check_fragment(SdpParser *parser, GError **error)
{
  const McuSdp *sdp = parser->sdp;

  if ((sdp->ufrag[0] == '\0') != (sdp->pwd[0] == '\0'))
    return fail(error, MCU_ERROR_BAD_SDP, "half of the ICE credentials");
  return TRUE;
}

static McuSdp *
parse(const char *text, gsize size, gboolean fragment, GError **error)
{
  if (!check_limits(text, size, error))
    return NULL;
  g_autoptr(McuSdp) sdp = mcu_sdp_new();
  g_autofree char *copy = g_strndup(text, size);
  g_autofree SdpParser *parser = g_new0(SdpParser, 1);

  parser->sdp = sdp;
  parser->fragment = fragment;
  parser->defaults.direction = MCU_DIR_SENDRECV; /* RFC 8866 6.7 */
  if (!parse_lines(parser, copy, error))
    return NULL;
  take_transport(parser);
  if (!(fragment ? check_fragment(parser, error) : check_description(parser, error)))
    return NULL;
  return g_steal_pointer(&sdp);
}

McuSdp *
mcu_sdp_parse(const char *text, gsize size, GError **error)
{
  return parse(text, size, FALSE, error);
}

McuSdp *
mcu_sdp_parse_fragment(const char *text, gsize size, GError **error)
{
  return parse(text, size, TRUE, error);
}
