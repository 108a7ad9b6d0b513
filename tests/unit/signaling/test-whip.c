/* WHIP and WHEP: status codes and headers of RFC 9725 and of the draft, against a fake bridge. */
#include <glib/gstdio.h>
#include <string.h>

#include "mcu/signaling/whip.h"
#include "tests/fakes/fake-bridge.h"

#define WALL_S 1800000000
#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"

#define SESSION                                                                                                        \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-ufrag:abcd\r\n"                      \
  "a=ice-pwd:0123456789012345678901\r\n"                                                                               \
  "a=fingerprint:sha-256 "                                                                                             \
  "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n"                \
  "a=setup:actpass\r\n"
#define AUDIO(direction)                                                                                               \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n" direction                                       \
  "a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
#define VIDEO(direction)                                                                                               \
  "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n" direction                                        \
  "a=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
#define SENDONLY "a=sendonly\r\n"
#define RECVONLY "a=recvonly\r\n"
#define SENDRECV "a=sendrecv\r\n"
#define INACTIVE "a=inactive\r\n"
#define PUBLISH SESSION AUDIO(SENDONLY) VIDEO(SENDONLY)
#define VIEW SESSION AUDIO(RECVONLY) VIDEO(RECVONLY)
#define TRICKLE                                                                                                        \
  "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"               \
  "a=candidate:1 1 UDP 2130706431 192.0.2.7 5000 typ host\r\na=end-of-candidates\r\n"

typedef struct {
  McuBridge *bridge;
  McuTokenKey *key;
  McuWhip *whip;
  McuClock clock, wall;
  gint64 now_us;
  guint ticks_wanted;
  guint64 connection;        /* of the last request */
  McuHttpResponse *response; /* to it */
} Fixture;

static gint64
read_clock(gpointer user_data)
{
  return ((Fixture *)user_data)->now_us;
}

static gint64
read_wall(gpointer user_data)
{
  return (gint64)WALL_S * G_USEC_PER_SEC + ((Fixture *)user_data)->now_us;
}

static void
on_tick_wanted(gpointer user_data)
{
  ((Fixture *)user_data)->ticks_wanted++;
}

static void
on_respond(guint64 connection, McuHttpResponse *response, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_cmpuint(connection, ==, f->connection);
  g_assert_null(f->response); /* once */
  f->response = response;
}

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *folder = g_dir_make_tmp("diemcau-whip-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "token.key", NULL);
  f->clock = (McuClock){read_clock, f};
  f->wall = (McuClock){read_wall, f};
  f->bridge = fake_bridge_new();
  f->key = mcu_token_key_load(path, TRUE, NULL);
  McuWhipConfig config = {.bridge = f->bridge,
                          .token_key = f->key,
                          .clock = &f->clock,
                          .wall = &f->wall,
                          .respond = on_respond,
                          .tick_wanted = on_tick_wanted,
                          .user_data = f};
  f->whip = mcu_whip_new(&config);
  g_unlink(path);
  g_rmdir(folder);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_whip_free(f->whip);
  mcu_http_response_free(f->response);
  g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 0);
  mcu_bridge_free(f->bridge);
  mcu_token_key_free(f->key);
}

static char *
bearer_for(Fixture *f, const char *site, McuRole role)
{
  McuGrant grant = {.meeting = "m1", .role = role, .expires_s = WALL_S + 60};
  g_strlcpy(grant.site, site, sizeof grant.site);
  g_autofree char *token = mcu_token_sign(f->key, &grant, NULL);
  return g_strconcat("Bearer ", token, NULL);
}

typedef struct {
  McuHttpMethod method;
  const char *path, *authorization, *type, *accept, *if_match, *body;
} Ask;

/* Asks; the response may come later. */
static void
send_request(Fixture *f, const Ask *a)
{
  g_autoptr(McuHttpRequest) request = mcu_http_request_new(a->method, a->path);
  request->authorization = g_strdup(a->authorization);
  request->content_type = g_strdup(a->type);
  request->accept = g_strdup(a->accept);
  request->if_match = g_strdup(a->if_match);
  request->body = g_strdup(a->body);
  request->body_size = a->body != NULL ? strlen(a->body) : 0;
  mcu_whip_handle(f->whip, ++f->connection, request);
}

static McuHttpResponse *
ask(Fixture *f, const Ask *a)
{
  send_request(f, a);
  fake_bridge_turn(f->bridge);
  g_assert_nonnull(f->response);
  return g_steal_pointer(&f->response);
}

static guint
status_of(Fixture *f, Ask a)
{
  g_autoptr(McuHttpResponse) response = ask(f, &a);
  g_assert_nonnull(strstr(response->headers->str, "Access-Control-Allow-Origin: *\r\n"));
  g_assert_nonnull(strstr(response->headers->str, "Cache-Control: no-store\r\n"));
  return response->status;
}

/* Value of a header; caller frees. */
static char *
header(const McuHttpResponse *response, const char *name)
{
  g_autofree char *start = g_strconcat(name, ": ", NULL);
  g_auto(GStrv) lines = g_strsplit(response->headers->str, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix(lines[i], start))
      return g_strdup(lines[i] + strlen(start));
  return NULL;
}

static void
assert_asked(Fixture *f, const char *expected)
{
  g_autofree char *log = fake_bridge_log(f->bridge);
  g_assert_cmpstr(log, ==, expected);
}

/* A new session; `out_etag` may be NULL. Caller frees both. */
static char *
start(Fixture *f, const char *path, const char *authorization, const char *sdp, char **out_etag)
{
  Ask a = {MCU_HTTP_POST, path, authorization, SDP, NULL, NULL, sdp};
  g_autoptr(McuHttpResponse) response = ask(f, &a);
  g_assert_cmpuint(response->status, ==, 201);
  g_assert_cmpstr(response->content_type, ==, SDP);
  char *location = header(response, "Location");
  g_autofree char *etag = header(response, "ETag");
  g_autofree char *accept_patch = header(response, "Accept-Patch");
  g_assert_cmpuint(strlen(location), ==, strlen(path) + 1 + 32);
  g_assert_true(g_str_has_prefix(location, path));
  g_assert_true(etag[0] == '"' && g_str_has_suffix(etag, "\"")); /* strong: no W/ */
  g_assert_cmpstr(accept_patch, ==, FRAGMENT);
  g_assert_cmpint(memcmp(g_bytes_get_data(response->body, NULL), "v=0", 3), ==, 0);
  if (out_etag != NULL)
    *out_etag = g_steal_pointer(&etag);
  return location;
}

/* --- POST --- */

static void
test_post_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *observer = bearer_for(f, "khach", MCU_ROLE_OBSERVER);
  g_autofree char *bare = g_strdup(site + 7);
  g_autofree char *basic = g_strconcat("Basic ", site + 7, NULL);
  g_autofree char *twice = g_strconcat(site, ",", site, NULL);
  const struct {
    Ask ask;
    guint status;
  } table[] = {
      {{MCU_HTTP_POST, "/whip", NULL, SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", "", SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", "Bearer ", SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", "Bearer x.y.z", SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", bare, SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", basic, SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", twice, SDP, NULL, NULL, PUBLISH}, 401},
      {{MCU_HTTP_POST, "/whip", observer, SDP, NULL, NULL, PUBLISH}, 403},
      {{MCU_HTTP_POST, "/whip", site, NULL, NULL, NULL, PUBLISH}, 415},
      {{MCU_HTTP_POST, "/whip", site, "application/json", NULL, NULL, PUBLISH}, 415},
      {{MCU_HTTP_POST, "/whip", site, "application/sdpx", NULL, NULL, PUBLISH}, 415},
      {{MCU_HTTP_POST, "/whip", site, SDP, "application/json", NULL, PUBLISH}, 406},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, NULL}, 400},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, "hello"}, 400},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, VIEW}, 400},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, SESSION AUDIO(INACTIVE)}, 400},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, SESSION AUDIO(SENDONLY) VIDEO(RECVONLY)}, 400},
      {{MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, SESSION AUDIO(RECVONLY) VIDEO(SENDONLY)}, 400},
      {{MCU_HTTP_POST, "/whep", NULL, SDP, NULL, NULL, VIEW}, 401},
      {{MCU_HTTP_POST, "/whep", site, SDP, NULL, NULL, PUBLISH}, 400},
      {{MCU_HTTP_POST, "/whep", site, "text/plain", NULL, NULL, VIEW}, 415},
      {{MCU_HTTP_GET, "/whip", site, NULL, NULL, NULL, NULL}, 405},
      {{MCU_HTTP_HEAD, "/whip", site, NULL, NULL, NULL, NULL}, 405},
      {{MCU_HTTP_PATCH, "/whip", site, FRAGMENT, NULL, "*", TRICKLE}, 405},
      {{MCU_HTTP_DELETE, "/whip", site, NULL, NULL, NULL, NULL}, 405},
      {{MCU_HTTP_OTHER, "/whep", site, SDP, NULL, NULL, VIEW}, 405},
      {{MCU_HTTP_POST, "/whip/0123", site, SDP, NULL, NULL, PUBLISH}, 405},
      {{MCU_HTTP_DELETE, "/whip/", site, NULL, NULL, NULL, NULL}, 404},
      {{MCU_HTTP_DELETE, "/whip/0123456789abcdef0123456789abcdef", site, NULL, NULL, NULL, NULL}, 404},
      {{MCU_HTTP_PATCH, "/whip/0123", site, FRAGMENT, NULL, "*", TRICKLE}, 404},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_test_message("case %u, %s", i, table[i].ask.path);
    g_assert_cmpuint(status_of(f, table[i].ask), ==, table[i].status);
  }
  assert_asked(f, ""); /* not one of them reached a meeting */
}

/* Neither is one seat of one meeting, which is all that a program can be here. */
static void
test_other_kinds_of_tokens(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  const McuGrant grants[] = {{.admin = TRUE, .expires_s = WALL_S + 60},
                             {.by_list = TRUE, .site = "xa-1", .expires_s = WALL_S + 60}};
  g_autofree char *owner = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *location = start(f, "/whip", owner, PUBLISH, NULL);
  g_free(fake_bridge_log(f->bridge));
  for (guint i = 0; i < G_N_ELEMENTS(grants); i++) {
    g_autofree char *token = mcu_token_sign(f->key, &grants[i], NULL);
    g_autofree char *bearer = g_strconcat("Bearer ", token, NULL);
    const Ask publish = {MCU_HTTP_POST, "/whip", bearer, SDP, NULL, NULL, PUBLISH};
    const Ask watch = {MCU_HTTP_POST, "/whep", bearer, SDP, NULL, NULL, VIEW};
    const Ask end = {MCU_HTTP_DELETE, location, bearer, NULL, NULL, NULL, NULL};
    g_assert_cmpuint(status_of(f, publish), ==, 401);
    g_assert_cmpuint(status_of(f, watch), ==, 401);
    g_assert_cmpuint(status_of(f, end), ==, 403);
  }
  assert_asked(f, "");
}

static void
test_unauthorized_names_the_scheme(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Ask none = {MCU_HTTP_POST, "/whip", NULL, SDP, NULL, NULL, PUBLISH};
  Ask wrong = {MCU_HTTP_POST, "/whip", "Bearer x", SDP, NULL, NULL, PUBLISH};
  g_autoptr(McuHttpResponse) first = ask(f, &none);
  g_autoptr(McuHttpResponse) second = ask(f, &wrong);
  g_autofree char *a = header(first, "WWW-Authenticate");
  g_autofree char *b = header(second, "WWW-Authenticate");
  g_assert_cmpstr(a, ==, "Bearer realm=\"diemcau\"");
  g_assert_cmpstr(b, ==, "Bearer realm=\"diemcau\", error=\"invalid_token\"");
}

static void
test_errors_of_the_bridge(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *call;
    McuError code;
    guint status;
    const char *retry_after, *asked;
  } table[] = {
      {"join", MCU_ERROR_FULL, 503, "5", "join m1 xa-1 site\n"},
      {"join", MCU_ERROR_INTERNAL, 500, NULL, "join m1 xa-1 site\n"},
      {"offer", MCU_ERROR_BAD_SDP, 400, NULL, "join m1 xa-1 site\noffer xa-1\nleave xa-1\n"},
      {"offer", MCU_ERROR_NO_COMMON_CODEC, 422, NULL, "join m1 xa-1 site\noffer xa-1\nleave xa-1\n"},
      {"offer", MCU_ERROR_TOO_LARGE, 413, NULL, "join m1 xa-1 site\noffer xa-1\nleave xa-1\n"},
      {"offer", MCU_ERROR_FULL, 503, "5", "join m1 xa-1 site\noffer xa-1\nleave xa-1\n"},
  };
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  Ask a = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH};
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    fake_bridge_fail(f->bridge, table[i].call, table[i].code);
    g_autoptr(McuHttpResponse) response = ask(f, &a);
    g_autofree char *retry_after = header(response, "Retry-After");
    g_assert_cmpuint(response->status, ==, table[i].status);
    g_assert_cmpstr(retry_after, ==, table[i].retry_after);
    assert_asked(f, table[i].asked);
    g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 0);
  }
}

static void
test_expired_token(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *location = start(f, "/whip", site, PUBLISH, NULL);
  f->now_us += G_GINT64_CONSTANT(60) * G_USEC_PER_SEC;
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH}), ==, 401);
  /* ... but who is in may end what he began. */
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_DELETE, location, site, NULL, NULL, NULL, NULL}), ==, 200);
}

static guint
count(const char *text, const char *word)
{
  guint n = 0;
  for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
    n++;
  return n;
}

/* Whatever is offered, the bridge is asked for one direction. */
static void
test_directions(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *path, *sdp;
    guint send, receive;
  } table[] = {
      {"/whip", PUBLISH, 2, 0},
      {"/whip", SESSION AUDIO(SENDRECV) VIDEO(SENDONLY), 2, 0},
      {"/whip", SESSION AUDIO("") VIDEO(""), 2, 0},
      {"/whip", SESSION SENDRECV AUDIO("") VIDEO(SENDONLY), 2, 0},
      {"/whip", SESSION RECVONLY AUDIO(SENDONLY), 1, 0},
      {"/whip", SESSION AUDIO(SENDONLY), 1, 0},
      {"/whep", VIEW, 0, 2},
      {"/whep", SESSION AUDIO(SENDRECV) VIDEO(RECVONLY), 0, 2},
      {"/whep", SESSION VIDEO(RECVONLY), 0, 1},
  };
  g_autofree char *token = bearer_for(f, "khach", MCU_ROLE_OBSERVER);
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    gboolean whip = strcmp(table[i].path, "/whip") == 0;
    g_free(start(f, table[i].path, whip ? site : token, table[i].sdp, NULL));
    const char *offer = fake_member_offer_text(fake_bridge_member(f->bridge, whip ? "xa-1" : "khach"));
    g_test_message("case %u", i);
    g_assert_cmpuint(count(offer, "a=sendonly\r\n"), ==, table[i].send);
    g_assert_cmpuint(count(offer, "a=recvonly\r\n"), ==, table[i].receive);
    g_assert_null(strstr(offer, "a=sendrecv"));
    g_assert_nonnull(strstr(offer, "a=rtpmap:"));
  }
  g_auto(GStrv) lines = g_strsplit(PUBLISH, "\r\n", -1);
  g_autofree char *newlines = g_strjoinv("\n", lines);
  g_free(start(f, "/whip", site, newlines, NULL));
}

static void
test_viewers_take_no_seat(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *longest = g_strnfill(MCU_ID_MAX_BYTES, 'x');
  g_autofree char *site = bearer_for(f, longest, MCU_ROLE_SITE);
  g_free(start(f, "/whip", site, PUBLISH, NULL));
  g_autofree char *viewer = start(f, "/whep", site, VIEW, NULL);
  g_free(start(f, "/whep", site, VIEW, NULL));
  g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 3);
  g_autofree char *log = fake_bridge_log(f->bridge);
  g_assert_cmpuint(count(log, " observer\n"), ==, 2);
  g_assert_cmpuint(count(log, ".watch-"), ==, 4); /* join and offer of each */
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_DELETE, viewer, site, NULL, NULL, NULL, NULL}), ==, 200);
  g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 2);
}

/* --- waiting to join --- */

static void
test_waits_for_its_turn(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  Ask good = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH};
  Ask bad = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, VIEW};
  send_request(f, &good);
  g_assert_null(f->response);
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 1);
  assert_asked(f, "");
  fake_bridge_turn(f->bridge);
  g_assert_cmpuint(f->response->status, ==, 201);
  g_clear_pointer(&f->response, mcu_http_response_free);
  assert_asked(f, "join m1 xa-1 site\noffer xa-1\n");

  send_request(f, &bad); /* refused at once: it takes no place */
  g_assert_cmpuint(f->response->status, ==, 400);
  g_clear_pointer(&f->response, mcu_http_response_free);
  fake_bridge_fail(f->bridge, "wait", MCU_ERROR_FULL);
  send_request(f, &good);
  g_assert_cmpuint(f->response->status, ==, 503);
}

/* Its client has been told that nobody answers. */
static void
test_waited_too_long(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  Ask a = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH};
  send_request(f, &a);
  f->now_us += 9 * G_USEC_PER_SEC;
  fake_bridge_turn(f->bridge);
  g_assert_cmpuint(f->response->status, ==, 503);
  assert_asked(f, "");
}

static void
test_freed_while_waiting(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  Ask a = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH};
  send_request(f, &a);
  g_clear_pointer(&f->whip, mcu_whip_free);
  g_assert_cmpuint(fake_bridge_waiting(f->bridge), ==, 0);
  g_assert_null(f->response);
}

/* What the bridge tells of pictures and sites goes nowhere: there is nobody to read it. */
static void
test_no_messages(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_free(start(f, "/whip", site, PUBLISH, NULL));
  fake_member_sites_changed(fake_bridge_member(f->bridge, "xa-1"));
  fake_member_want(fake_bridge_member(f->bridge, "xa-1"), &(McuPicture){320, 180, 15, 150});
  g_assert_null(f->response);
}

/* --- PATCH, DELETE, OPTIONS --- */

static void
test_patch(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *other = bearer_for(f, "xa-2", MCU_ROLE_SITE);
  g_autofree char *etag = NULL;
  g_autofree char *path = start(f, "/whip", site, PUBLISH, &etag);
  g_autofree char *as_whep = g_strconcat("/whep", path + 5, NULL);
  g_autofree char *weak = g_strconcat("W/", etag, NULL);
  g_free(fake_bridge_log(f->bridge));
  const struct {
    Ask ask;
    guint status;
    const char *asked;
  } table[] = {
      {{MCU_HTTP_PATCH, path, NULL, FRAGMENT, NULL, etag, TRICKLE}, 401, ""},
      {{MCU_HTTP_PATCH, path, "Bearer x", FRAGMENT, NULL, etag, TRICKLE}, 401, ""},
      {{MCU_HTTP_PATCH, path, other, FRAGMENT, NULL, etag, TRICKLE}, 403, ""},
      {{MCU_HTTP_PATCH, as_whep, site, FRAGMENT, NULL, etag, TRICKLE}, 404, ""},
      {{MCU_HTTP_PATCH, path, site, SDP, NULL, etag, TRICKLE}, 415, ""},
      {{MCU_HTTP_PATCH, path, site, NULL, NULL, etag, TRICKLE}, 415, ""},
      {{MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, NULL}, 400, ""},
      {{MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, NULL, TRICKLE}, 428, ""},
      {{MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, "\"other\"", TRICKLE}, 412, ""},
      {{MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, weak, TRICKLE}, 412, ""},
      {{MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE},
       204,
       "candidate xa-1 candidate:1 1 UDP 2130706431 192.0.2.7 5000 typ host\n"},
      {{MCU_HTTP_GET, path, site, NULL, NULL, NULL, NULL}, 405, ""},
      {{MCU_HTTP_POST, path, site, SDP, NULL, NULL, PUBLISH}, 405, ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_test_message("case %u", i);
    g_assert_cmpuint(status_of(f, table[i].ask), ==, table[i].status);
    assert_asked(f, table[i].asked);
  }
}

static void
test_restart(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const any[] = {"*", "\"*\""};
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *etag = NULL;
  g_autofree char *path = start(f, "/whip", site, PUBLISH, &etag);
  for (guint i = 0; i < G_N_ELEMENTS(any); i++) {
    Ask a = {MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, any[i], TRICKLE};
    g_autoptr(McuHttpResponse) response = ask(f, &a);
    g_assert_cmpuint(response->status, ==, 200);
    g_assert_cmpstr(response->content_type, ==, FRAGMENT);
    char *new_etag = header(response, "ETag");
    g_assert_cmpstr(new_etag, !=, etag);
    g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE}), ==, 412);
    g_free(etag);
    etag = new_etag;
    g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE}), ==, 204);
  }
  fake_bridge_fail(f->bridge, "restart", MCU_ERROR_BAD_SDP);
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, "*", TRICKLE}), ==, 400);
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE}), ==,
                   204); /* as it was */
  fake_bridge_fail(f->bridge, "candidate", MCU_ERROR_BAD_CANDIDATE);
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE}), ==, 400);
}

static void
test_candidates_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *etag = NULL;
  g_autofree char *path = start(f, "/whip", site, PUBLISH, &etag);
  for (guint i = 0; i < MCU_CANDIDATES_MAX + 10; i++)
    g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_PATCH, path, site, FRAGMENT, NULL, etag, TRICKLE}), ==, 204);
  g_autofree char *log = fake_bridge_log(f->bridge);
  g_assert_cmpuint(count(log, "candidate xa-1"), ==, MCU_CANDIDATES_MAX);
}

static void
test_options(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  Ask endpoint = {MCU_HTTP_OPTIONS, "/whip", NULL, NULL, NULL, NULL, NULL};
  Ask session = {MCU_HTTP_OPTIONS, "/whep/0123", NULL, NULL, NULL, NULL, NULL};
  g_autoptr(McuHttpResponse) a = ask(f, &endpoint);
  g_autoptr(McuHttpResponse) b = ask(f, &session);
  g_autofree char *accept_post = header(a, "Accept-Post");
  g_autofree char *accept_patch = header(b, "Accept-Patch");
  g_autofree char *allowed = header(a, "Access-Control-Allow-Headers");
  g_autofree char *exposed = header(a, "Access-Control-Expose-Headers");
  g_assert_cmpuint(a->status, ==, 204);
  g_assert_cmpuint(b->status, ==, 204);
  g_assert_cmpstr(accept_post, ==, SDP);
  g_assert_cmpstr(accept_patch, ==, FRAGMENT);
  g_assert_nonnull(strstr(allowed, "Authorization"));
  g_assert_nonnull(strstr(exposed, "Location"));
}

/* --- ends --- */

static void
test_media_failed(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *path = start(f, "/whip", site, PUBLISH, NULL);
  g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_TRANSPORT, "no answer");
  fake_member_media_state(fake_bridge_member(f->bridge, "xa-1"), TRUE, NULL);
  g_assert_cmpuint(f->ticks_wanted, ==, 0);
  fake_member_media_state(fake_bridge_member(f->bridge, "xa-1"), FALSE, error);
  g_assert_cmpuint(f->ticks_wanted, ==, 1);
  mcu_whip_tick(f->whip);
  assert_asked(f, "join m1 xa-1 site\noffer xa-1\nlost xa-1\n");
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_DELETE, path, site, NULL, NULL, NULL, NULL}), ==, 404);
}

static void
test_replaced(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  g_autofree char *first = start(f, "/whip", site, PUBLISH, NULL);
  g_autofree char *second = start(f, "/whip", site, PUBLISH, NULL);
  g_assert_cmpstr(first, !=, second);
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_DELETE, first, site, NULL, NULL, NULL, NULL}), ==, 404);
  mcu_whip_tick(f->whip);
  g_assert_cmpuint(fake_bridge_members(f->bridge), ==, 1);
  g_assert_cmpuint(status_of(f, (Ask){MCU_HTTP_DELETE, second, site, NULL, NULL, NULL, NULL}), ==, 200);
}

static void
test_posts_are_limited(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *site = bearer_for(f, "xa-1", MCU_ROLE_SITE);
  Ask a = {MCU_HTTP_POST, "/whip", site, SDP, NULL, NULL, PUBLISH};
  guint status = 201;
  guint n = 0;
  for (; n < 2000 && status == 201; n++)
    status = status_of(f, a);
  g_assert_cmpuint(status, ==, 429);
  g_assert_cmpuint(n, ==, 501);
  f->now_us += G_USEC_PER_SEC;
  g_assert_cmpuint(status_of(f, a), ==, 201);
}

static void
test_paths(void)
{
  g_assert_true(mcu_whip_serves("/whip"));
  g_assert_true(mcu_whip_serves("/whep/"));
  g_assert_true(mcu_whip_serves("/whip/x/y"));
  g_assert_false(mcu_whip_serves("/whipx"));
  g_assert_false(mcu_whip_serves("/"));
  g_assert_false(mcu_whip_serves("/WHIP"));
  g_assert_false(mcu_whip_serves(""));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/whip/" name, Fixture, NULL, set_up, function, tear_down)
  ADD("post-refused", test_post_refused);
  ADD("other-kinds-of-tokens", test_other_kinds_of_tokens);
  ADD("unauthorized-names-the-scheme", test_unauthorized_names_the_scheme);
  ADD("errors-of-the-bridge", test_errors_of_the_bridge);
  ADD("expired-token", test_expired_token);
  ADD("directions", test_directions);
  ADD("viewers-take-no-seat", test_viewers_take_no_seat);
  ADD("waits-for-its-turn", test_waits_for_its_turn);
  ADD("waited-too-long", test_waited_too_long);
  ADD("freed-while-waiting", test_freed_while_waiting);
  ADD("no-messages", test_no_messages);
  ADD("patch", test_patch);
  ADD("restart", test_restart);
  ADD("candidates-are-limited", test_candidates_are_limited);
  ADD("options", test_options);
  ADD("media-failed", test_media_failed);
  ADD("replaced", test_replaced);
  ADD("posts-are-limited", test_posts_are_limited);
  g_test_add_func("/whip/paths", test_paths);
  return g_test_run();
}
