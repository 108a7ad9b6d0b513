/* Texts and decisions of HTTP. Pure, any thread. */
#include "mcu/signaling/http-head.h"

#include <string.h>
#include <time.h>

#include "mcu/util/config.h"

/* No inline code, nothing from elsewhere; blob: for recordings and test sounds made in the page.
 * 'self' in connect-src covers wss: of the same origin (CSP 3, 6.7.2.8). */
#define SECURITY_HEADERS                                                                                               \
  "Content-Security-Policy: default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "                  \
  "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"             \
  "X-Content-Type-Options: nosniff\r\n"                                                                                \
  "X-Frame-Options: DENY\r\n"                                                                                          \
  "Referrer-Policy: no-referrer\r\n"                                                                                   \
  "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self), geolocation=()\r\n"                   \
  "Cross-Origin-Opener-Policy: same-origin\r\n"

static const char *
reason_of(guint status)
{
  static const struct {
    guint status;
    const char *reason;
  } table[] = {
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {422, "Unprocessable Content"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    if (table[i].status == status)
      return table[i].reason;
  return "Unknown";
}

/* RFC 9110 5.6.7; strftime() would speak the locale's language. */
static void
add_date(GString *out, gint64 unix_s)
{
  static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  time_t t = (time_t)unix_s;
  struct tm tm;
  if (gmtime_r(&t, &tm) == NULL)
    return;
  g_string_append_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[tm.tm_wday], tm.tm_mday,
                         months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

GString *
mcu_http_head(const McuHttpResponse *response, gint64 unix_s, gboolean close)
{
  GString *out = g_string_sized_new(1024);
  g_string_append_printf(out, "HTTP/1.1 %u %s\r\n", response->status, reason_of(response->status));
  add_date(out, unix_s);
  g_string_append(out, SECURITY_HEADERS);
  g_string_append(out, response->headers->str);
  if (response->content_type != NULL)
    g_string_append_printf(out, "Content-Type: %s\r\n", response->content_type);
  /* RFC 9110 8.6: never with 204; 304 has no body either, and its length would be another's. */
  if (response->status != 204 && response->status != 304)
    g_string_append_printf(out, "Content-Length: %" G_GSIZE_FORMAT "\r\n",
                           response->body != NULL ? g_bytes_get_size(response->body) : 0);
  if (close)
    g_string_append(out, "Connection: close\r\n");
  g_string_append(out, "\r\n");
  return out;
}

gboolean
mcu_http_same_origin(const char *origin, const char *host)
{
  if (origin == NULL)
    return TRUE;
  if (host == NULL)
    return FALSE;
  if (g_str_has_prefix(origin, "https://"))
    origin += 8;
  else if (g_str_has_prefix(origin, "http://"))
    origin += 7;
  else
    return FALSE;
  return g_ascii_strcasecmp(origin, host) == 0;
}

gboolean
mcu_http_list_has(const char *list, const char *token)
{
  if (list == NULL)
    return FALSE;
  g_auto(GStrv) items = g_strsplit(list, ",", 32);
  for (guint i = 0; items[i] != NULL; i++)
    if (strcmp(g_strstrip(items[i]), token) == 0)
      return TRUE;
  return FALSE;
}

gboolean
mcu_http_parse_length(const char *text, guint64 *out_length)
{
  gsize n = strlen(text);
  if (n == 0 || n > 15 || strspn(text, "0123456789") != n)
    return FALSE;
  *out_length = g_ascii_strtoull(text, NULL, 10);
  return TRUE;
}

/* "gzip" or "gzip;q=0.8", but not "gzip;q=0". */
static gboolean
takes_gzip(const char *accept_encoding)
{
  if (accept_encoding == NULL)
    return FALSE;
  g_auto(GStrv) items = g_strsplit(accept_encoding, ",", 32);
  for (guint i = 0; items[i] != NULL; i++) {
    char *item = g_strstrip(items[i]);
    if (strncmp(item, "gzip", 4) != 0 || (item[4] != '\0' && item[4] != ';' && item[4] != ' '))
      continue;
    const char *q = strstr(item, "q=");
    return q == NULL || g_ascii_strtod(q + 2, NULL) > 0;
  }
  return FALSE;
}

McuHttpResponse *
mcu_http_asset_response(const McuAsset *asset, const char *if_none_match, const char *accept_encoding)
{
  gboolean same = mcu_http_list_has(if_none_match, asset->etag);
  McuHttpResponse *response = mcu_http_response_new(same ? 304 : 200);
  mcu_http_response_header(response, "Cache-Control", asset->cache_control);
  mcu_http_response_header(response, "ETag", asset->etag);
  if (asset->gzip != NULL)
    mcu_http_response_header(response, "Vary", "Accept-Encoding");
  if (same)
    return response;
  response->content_type = asset->mime;
  if (asset->gzip != NULL && takes_gzip(accept_encoding)) {
    mcu_http_response_header(response, "Content-Encoding", "gzip");
    response->body = g_bytes_ref(asset->gzip);
  } else {
    response->body = g_bytes_ref(asset->plain);
  }
  return response;
}

gboolean
mcu_http_is_loopback(const char *address)
{
  if (g_ascii_strncasecmp(address, "::ffff:", 7) == 0)
    address += 7;
  return strcmp(address, "localhost") != 0 && mcu_config_is_loopback(address);
}

gboolean
mcu_http_is_type(const char *content_type, const char *type)
{
  if (content_type == NULL)
    return FALSE;
  while (*content_type == ' ')
    content_type++;
  gsize n = strlen(type);
  return g_ascii_strncasecmp(content_type, type, n) == 0 &&
         (content_type[n] == '\0' || content_type[n] == ';' || content_type[n] == ' ');
}

const char *
mcu_http_bearer(const char *authorization)
{
  if (authorization == NULL || g_ascii_strncasecmp(authorization, "Bearer ", 7) != 0)
    return NULL;
  authorization += 7;
  while (*authorization == ' ')
    authorization++;
  return *authorization != '\0' ? authorization : NULL;
}

/* RFC 3986 3.2.2, without what no browser sends (percent signs, names of other scripts). */
gboolean
mcu_http_is_host(const char *host)
{
  if (host == NULL || strlen(host) > 260)
    return FALSE;
  gsize n = 0;
  if (*host == '[') {
    n = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
    if (n == 1 || host[n++] != ']')
      return FALSE;
  } else {
    n = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    if (n == 0)
      return FALSE;
  }
  if (host[n] == '\0')
    return TRUE;
  const char *port = host + n + 1;
  gsize digits = strspn(port, "0123456789");
  return host[n] == ':' && digits >= 1 && digits <= 5 && port[digits] == '\0' &&
         g_ascii_strtoull(port, NULL, 10) <= 65535;
}
