/* Texts of HTTP and decisions about requests. */
#include <string.h>

#include "mcu/signaling/http-head.h"

static void
test_head(void)
{
  g_autoptr(McuHttpResponse) response = mcu_http_response_new(201);
  mcu_http_response_header(response, "Location", "/whip/1");
  mcu_http_response_body(response, "application/sdp", g_strdup("v=0"));
  g_autoptr(GString) keep = mcu_http_head(response, 784111777, FALSE);
  g_autoptr(GString) close = mcu_http_head(response, 784111777, TRUE);
  g_assert_true(g_str_has_prefix(keep->str, "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
  g_assert_nonnull(strstr(keep->str, "\r\nLocation: /whip/1\r\n"));
  g_assert_nonnull(strstr(keep->str, "\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\n"));
  g_assert_true(g_str_has_suffix(keep->str, "\r\n\r\n"));
  g_assert_null(strstr(keep->str, "Connection"));
  g_assert_nonnull(strstr(close->str, "\r\nConnection: close\r\n\r\n"));
}

static void
test_every_response_is_guarded(void)
{
  static const guint statuses[] = {200, 204, 304, 404, 413, 500, 503, 999};
  for (guint i = 0; i < G_N_ELEMENTS(statuses); i++) {
    g_autoptr(McuHttpResponse) response = mcu_http_response_new(statuses[i]);
    g_autoptr(GString) head = mcu_http_head(response, 0, FALSE);
    g_assert_nonnull(strstr(head->str, "Content-Security-Policy: default-src 'self';"));
    g_assert_nonnull(strstr(head->str, "frame-ancestors 'none'"));
    g_assert_null(strstr(head->str, "unsafe"));
    g_assert_nonnull(strstr(head->str, "X-Content-Type-Options: nosniff\r\n"));
    g_assert_nonnull(strstr(head->str, "Referrer-Policy: no-referrer\r\n"));
    g_assert_nonnull(strstr(head->str, "Permissions-Policy: camera=(self), microphone=(self)"));
    gboolean bodiless = statuses[i] == 204 || statuses[i] == 304;
    g_assert_true((strstr(head->str, "Content-Length") == NULL) == bodiless);
  }
}

static void
test_origin(void)
{
  static const struct {
    const char *origin, *host;
    gboolean same;
  } table[] = {
      {NULL, "a:1", TRUE},
      {NULL, NULL, TRUE},
      {"https://a:1", "a:1", TRUE},
      {"http://a:1", "a:1", TRUE},
      {"https://A:1", "a:1", TRUE},
      {"https://[::1]:8443", "[::1]:8443", TRUE},
      {"https://a", "a", TRUE},
      {"https://a", NULL, FALSE},
      {"https://a:2", "a:1", FALSE},
      {"https://a", "a:443x", FALSE},
      {"https://a:1.evil", "a:1", FALSE},
      {"https://evil/a:1", "a:1", FALSE},
      {"https://a:1@evil", "a:1", FALSE},
      {"null", "a:1", FALSE},
      {"", "a:1", FALSE},
      {"", "", FALSE},
      {"a:1", "a:1", FALSE},
      {"file://", "", FALSE},
      {"chrome-extension://a:1", "a:1", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_test_message("case %u", i);
    g_assert_true(mcu_http_same_origin(table[i].origin, table[i].host) == table[i].same);
  }
}

static void
test_lists(void)
{
  g_assert_true(mcu_http_list_has("diemcau.1", "diemcau.1"));
  g_assert_true(mcu_http_list_has("x , diemcau.1,y", "diemcau.1"));
  g_assert_false(mcu_http_list_has("diemcau.10", "diemcau.1"));
  g_assert_false(mcu_http_list_has("", "diemcau.1"));
  g_assert_false(mcu_http_list_has(NULL, "diemcau.1"));
}

static void
test_lengths(void)
{
  static const char *const bad[] = {"",        " 1", "1 ", "-1", "+1", "1,1", "1, 1", "0x10", "1e3", "9999999999999999",
                                    "\xd9\xa1"};
  guint64 length = 7;
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    g_assert_false(mcu_http_parse_length(bad[i], &length));
  g_assert_cmpuint(length, ==, 7);
  g_assert_true(mcu_http_parse_length("0", &length));
  g_assert_cmpuint(length, ==, 0);
  g_assert_true(mcu_http_parse_length("000999999999999", &length));
  g_assert_cmpuint(length, ==, G_GUINT64_CONSTANT(999999999999));
}

static void
test_assets(void)
{
  g_autoptr(GBytes) plain = g_bytes_new_static("plain", 5);
  g_autoptr(GBytes) gzip = g_bytes_new_static("gz", 2);
  McuAsset asset = {plain, gzip, "text/css", "no-cache", (char *)"\"e\""};
  static const struct {
    const char *if_none_match, *accept_encoding;
    guint status;
    gsize size;
  } table[] = {
      {NULL, NULL, 200, 5},
      {NULL, "gzip", 200, 2},
      {NULL, "br, gzip;q=0.5", 200, 2},
      {NULL, "gzip;q=0", 200, 5},
      {NULL, "gzip; q=0.0, br", 200, 5},
      {NULL, "gzipped", 200, 5},
      {"\"x\"", "gzip", 200, 2},
      {"\"e\"", "gzip", 304, 0},
      {"\"x\", \"e\"", NULL, 304, 0},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autoptr(McuHttpResponse) response =
        mcu_http_asset_response(&asset, table[i].if_none_match, table[i].accept_encoding);
    g_test_message("case %u", i);
    g_assert_cmpuint(response->status, ==, table[i].status);
    g_assert_cmpuint(response->body != NULL ? g_bytes_get_size(response->body) : 0, ==, table[i].size);
    g_assert_true((strstr(response->headers->str, "Content-Encoding: gzip") != NULL) == (table[i].size == 2));
    g_assert_nonnull(strstr(response->headers->str, "Vary: Accept-Encoding\r\n"));
    g_assert_nonnull(strstr(response->headers->str, "ETag: \"e\"\r\n"));
  }
}

static void
test_loopback(void)
{
  g_assert_true(mcu_http_is_loopback("127.0.0.1"));
  g_assert_true(mcu_http_is_loopback("::ffff:127.0.0.1"));
  g_assert_true(mcu_http_is_loopback("::1"));
  g_assert_false(mcu_http_is_loopback("192.0.2.1"));
  g_assert_false(mcu_http_is_loopback("::ffff:192.0.2.1"));
  g_assert_false(mcu_http_is_loopback("localhost")); /* a name is no peer's address */
  g_assert_false(mcu_http_is_loopback(""));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/http-head/head", test_head);
  g_test_add_func("/http-head/every-response-is-guarded", test_every_response_is_guarded);
  g_test_add_func("/http-head/origin", test_origin);
  g_test_add_func("/http-head/lists", test_lists);
  g_test_add_func("/http-head/lengths", test_lengths);
  g_test_add_func("/http-head/assets", test_assets);
  g_test_add_func("/http-head/loopback", test_loopback);
  return g_test_run();
}
