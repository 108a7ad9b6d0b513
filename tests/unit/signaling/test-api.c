/* Meetings over HTTP: who may what, what goes in and comes out, against a fake bridge. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#include "mcu/signaling/api.h"
#include "tests/fakes/fake-bridge.h"

#define WALL_S 1800000000
#define JSON "application/json"
#define CSV "text/csv; charset=utf-8"
#define LIST "code,name,level,parent,phone,email,role\ntinh,Tỉnh,1,,1,a@b.vn,chair\nx1,Xã Một,2,tinh,,,\n"

typedef struct {
  McuBridge *bridge;
  McuTokenKey *key;
  McuApi *api;
  McuClock clock, wall;
  gint64 now_us;
  char *admin, *desk, *other_desk, *seat, *link, *chair_link, *expired; /* headers Authorization */
  const char *host;
} Fixture;

static gint64
read_clock(gpointer user_data)
{
  return ((Fixture *)user_data)->now_us;
}

static gint64
read_wall(gpointer user_data G_GNUC_UNUSED)
{
  return (gint64)WALL_S * G_USEC_PER_SEC;
}

static char *
bearer_for(Fixture *f, McuGrant grant, const char *meeting, const char *site)
{
  g_strlcpy(grant.meeting, meeting, sizeof grant.meeting);
  g_strlcpy(grant.site, site, sizeof grant.site);
  if (grant.expires_s == 0)
    grant.expires_s = WALL_S + 60;
  g_autofree char *token = mcu_token_sign(f->key, &grant, NULL);
  return g_strconcat("Bearer ", token, NULL);
}

static void
set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *folder = g_dir_make_tmp("diemcau-api-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "token.key", NULL);
  f->clock = (McuClock){read_clock, f};
  f->wall = (McuClock){read_wall, f};
  f->bridge = fake_bridge_new();
  f->key = mcu_token_key_load(path, TRUE, NULL);
  McuApiConfig config = {.bridge = f->bridge,
                         .token_key = f->key,
                         .clock = &f->clock,
                         .wall = &f->wall,
                         .layouts_json = "{\"layouts\":[{\"name\":\"auto\"}]}",
                         .url = "https://set.example:8443",
                         .tls = TRUE};
  f->api = mcu_api_new(&config);
  f->host = "hop.example.vn";
  f->admin = bearer_for(f, (McuGrant){.admin = TRUE}, "", "");
  f->desk = bearer_for(f, (McuGrant){.role = MCU_ROLE_SECRETARY}, "m1", "tinh");
  f->other_desk = bearer_for(f, (McuGrant){.role = MCU_ROLE_CHAIR}, "m2", "tinh");
  f->seat = bearer_for(f, (McuGrant){.role = MCU_ROLE_SITE}, "m1", "x1");
  f->link = bearer_for(f, (McuGrant){.by_list = TRUE}, "", "x1");
  f->chair_link = bearer_for(f, (McuGrant){.by_list = TRUE}, "", "tinh");
  f->expired = bearer_for(f, (McuGrant){.admin = TRUE, .expires_s = WALL_S}, "", "");
  g_unlink(path);
  g_rmdir(folder);
}

static void
tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  mcu_api_free(f->api);
  mcu_bridge_free(f->bridge);
  mcu_token_key_free(f->key);
  char *const headers[] = {f->admin, f->desk, f->other_desk, f->seat, f->link, f->chair_link, f->expired};
  for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
    g_free(headers[i]);
}

static McuHttpResponse *
ask(Fixture *f, McuHttpMethod method, const char *path, const char *authorization, const char *type, const char *body)
{
  g_autoptr(McuHttpRequest) request = mcu_http_request_new(method, path);
  request->authorization = g_strdup(authorization);
  request->host = g_strdup(f->host);
  request->content_type = g_strdup(type);
  request->body = g_strdup(body);
  request->body_size = body != NULL ? strlen(body) : 0;
  McuHttpResponse *response = mcu_api_handle(f->api, 7, request);
  g_assert_nonnull(strstr(response->headers->str, "Cache-Control: no-store\r\n"));
  g_assert_null(strstr(response->headers->str, "Access-Control"));
  return response;
}

/* "200 BODY", with the code alone of a refusal; caller frees. */
static char *
tell(McuHttpResponse *response)
{
  if (response->body == NULL)
    return g_strdup_printf("%u", response->status);
  gsize size;
  const char *text = g_bytes_get_data(response->body, &size);
  g_assert_cmpstr(response->content_type, ==, JSON);
  json_t *json = json_loadb(text, size, 0, NULL);
  g_assert_nonnull(json);
  const char *code = json_string_value(json_object_get(json, "code"));
  if (code != NULL)
    g_assert_nonnull(json_string_value(json_object_get(json, "message")));
  char *told = code != NULL ? g_strdup_printf("%u %s", response->status, code)
                            : g_strdup_printf("%u %.*s", response->status, (int)size, text);
  json_decref(json);
  return told;
}

static void
assert_told(Fixture *f, McuHttpMethod method, const char *path, const char *authorization, const char *type,
            const char *body, const char *expected)
{
  g_autoptr(McuHttpResponse) response = ask(f, method, path, authorization, type, body);
  g_autofree char *told = tell(response);
  g_assert_cmpstr(told, ==, expected);
}

#define assert_get(f, path, authorization, expected)                                                                   \
  assert_told(f, MCU_HTTP_GET, path, authorization, NULL, NULL, expected)
#define assert_post(f, path, body, expected) assert_told(f, MCU_HTTP_POST, path, (f)->admin, JSON, body, expected)

static void
make_m1(Fixture *f)
{
  assert_post(f, "/api/meetings", "{\"id\":\"m1\",\"title\":\"Giao ban\",\"planned\":1800000000000}",
              "201 {\"id\":\"m1\",\"title\":\"Giao ban\",\"planned\":1800000000000,\"invited\":0,\"present\":0}");
  assert_told(f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, CSV, LIST, "200 {\"sites\":2}");
}

/* --- who may what --- */

/* What the head alone, before a large body is read, is answered; 0: the body may come. */
static guint
ask_by_head(Fixture *f, McuHttpMethod method, const char *path, const char *authorization)
{
  g_autoptr(McuHttpRequest) head = mcu_http_request_new(method, path);
  head->authorization = g_strdup(authorization);
  g_autoptr(McuHttpResponse) refusal = mcu_api_admit(f->api, head);
  if (refusal != NULL)
    g_assert_nonnull(strstr(refusal->headers->str, "Cache-Control: no-store\r\n"));
  return refusal != NULL ? refusal->status : 0;
}

static void
test_rights(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  make_m1(f);
  const char *const who[] = {NULL, f->expired, f->link, f->seat, f->other_desk, f->desk, f->admin, f->chair_link};
  static const struct {
    McuHttpMethod method;
    const char *path, *type, *body;
    guint status[8]; /* as in `who` */
  } table[] = {
      {MCU_HTTP_GET, "/api/layouts", NULL, NULL, {200, 200, 200, 200, 200, 200, 200, 200}},
      {MCU_HTTP_GET, "/api/openapi.json", NULL, NULL, {200, 200, 200, 200, 200, 200, 200, 200}},
      {MCU_HTTP_GET, "/api/me/meetings", NULL, NULL, {401, 401, 200, 200, 200, 200, 403, 200}},
      {MCU_HTTP_GET, "/api/meetings", NULL, NULL, {401, 401, 403, 403, 403, 403, 200, 403}},
      {MCU_HTTP_POST, "/api/meetings", JSON, "{\"title\":\"a\"}", {401, 401, 403, 403, 403, 403, 201, 403}},
      {MCU_HTTP_GET, "/api/meetings/m1", NULL, NULL, {401, 401, 403, 403, 403, 403, 200, 403}},
      {MCU_HTTP_PATCH, "/api/meetings/m1", JSON, "{}", {401, 401, 403, 403, 403, 403, 200, 403}},
      {MCU_HTTP_POST, "/api/meetings/m1/copy", JSON, "{\"title\":\"a\"}", {401, 401, 403, 403, 403, 403, 201, 403}},
      {MCU_HTTP_GET, "/api/meetings/m1/roster", NULL, NULL, {401, 401, 403, 403, 403, 200, 200, 200}},
      {MCU_HTTP_PUT, "/api/meetings/m1/roster", CSV, LIST, {401, 401, 403, 403, 403, 403, 200, 403}},
      {MCU_HTTP_GET, "/api/meetings/m1/links", NULL, NULL, {401, 401, 403, 403, 403, 403, 200, 403}},
      /* Nothing of these is served here: whoever may is told so. */
      {MCU_HTTP_POST,
       "/api/meetings/m1/documents",
       "application/pdf",
       "%PDF-",
       {401, 401, 403, 403, 403, 404, 404, 404}},
      {MCU_HTTP_GET, "/api/meetings/m1/documents/d1/pages/1", NULL, NULL, {401, 401, 404, 404, 403, 404, 404, 404}},
      {MCU_HTTP_GET, "/api/meetings/m1/minutes.json", NULL, NULL, {401, 401, 403, 403, 403, 404, 404, 404}},
      {MCU_HTTP_GET, "/api/meetings/m1/minutes.csv", NULL, NULL, {401, 401, 403, 403, 403, 404, 404, 404}},
      {MCU_HTTP_GET, "/api/meetings/m1/minutes.pdf", NULL, NULL, {401, 401, 403, 403, 403, 404, 404, 404}},
      {MCU_HTTP_POST, "/api/meetings/m1/end", NULL, NULL, {401, 401, 403, 403, 403, 403, 204, 403}},
  };
  const char *method, *path;
  g_assert_false(mcu_api_route(G_N_ELEMENTS(table), &method, &path)); /* none is left out */
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    for (guint j = 0; j < G_N_ELEMENTS(who); j++) {
      guint expected = table[i].status[j], by_head = expected == 401 || expected == 403 ? expected : 0;
      g_assert_cmpuint(ask_by_head(f, table[i].method, table[i].path, who[j]), ==, by_head);
      g_autoptr(McuHttpResponse) response =
          ask(f, table[i].method, table[i].path, who[j], table[i].type, table[i].body);
      if (response->status != expected)
        g_error("%s as %u: %u", table[i].path, j, response->status);
      g_assert_true((response->status == 401) == (strstr(response->headers->str, "WWW-Authenticate: Bearer") != NULL));
    }
}

static void
test_tokens(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *wrong = g_strconcat(f->admin, "x", NULL);
  g_autofree char *basic = g_strconcat("Basic ", f->admin + 7, NULL);
  assert_get(f, "/api/meetings", wrong, "401 token-invalid");
  assert_get(f, "/api/meetings", basic, "401 token-invalid");
  assert_get(f, "/api/meetings", f->expired, "401 token-expired");
  assert_get(f, "/api/meetings/none/roster", f->desk, "403 forbidden"); /* not told whether it is there */
  assert_get(f, "/api/meetings/m1/roster", f->desk, "404 not-found");   /* its own, which is not made yet */
}

static void
test_addresses(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const nowhere[] = {"/api/",
                                        "/api/meetings/",
                                        "/api/meetings/a/b",
                                        "/api/meetings/../links",
                                        "/api/meetings/xã",
                                        "/api/meetings/a/roster/",
                                        "/api/Meetings"};
  for (guint i = 0; i < G_N_ELEMENTS(nowhere); i++)
    assert_get(f, nowhere[i], f->admin, "404 not-found");
  static const char *const of_a_meeting[] = {"/api/meetings/m9", "/api/meetings/m9/roster", "/api/meetings/m9/links"};
  for (guint i = 0; i < G_N_ELEMENTS(of_a_meeting); i++)
    assert_get(f, of_a_meeting[i], f->admin, "404 not-found");
  static const struct {
    McuHttpMethod method;
    const char *path, *allow;
  } wrong[] = {
      {MCU_HTTP_DELETE, "/api/meetings", "Allow: GET, HEAD, POST\r\n"},
      {MCU_HTTP_OPTIONS, "/api/meetings/m1", "Allow: GET, HEAD, PATCH\r\n"},
      {MCU_HTTP_GET, "/api/meetings/m1/end", "Allow: POST\r\n"},
      {MCU_HTTP_OTHER, "/api/meetings/m1/roster", "Allow: GET, HEAD, PUT\r\n"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(McuHttpResponse) response = ask(f, wrong[i].method, wrong[i].path, f->admin, NULL, NULL);
    g_assert_cmpuint(response->status, ==, 405);
    g_assert_nonnull(strstr(response->headers->str, wrong[i].allow));
  }
  assert_told(f, MCU_HTTP_HEAD, "/api/meetings", f->admin, NULL, NULL, "200 {\"meetings\":[]}");
  g_assert_cmpuint(ask_by_head(f, MCU_HTTP_PUT, "/api/meetings", f->admin), ==, 405);
  g_assert_cmpuint(ask_by_head(f, MCU_HTTP_PUT, "/api/none", f->admin), ==, 404);
  g_assert_cmpuint(mcu_api_body_max(MCU_HTTP_PUT, "/api/meetings/m1/roster"), ==, 2 * 1024 * 1024);
  g_assert_cmpuint(mcu_api_body_max(MCU_HTTP_POST, "/api/meetings/m1/roster"), ==, 64 * 1024);
  g_assert_cmpuint(mcu_api_body_max(MCU_HTTP_PUT, "/api/meetings"), ==, 64 * 1024);
}

/* --- meetings --- */

static void
test_meetings(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  make_m1(f);
  assert_post(f, "/api/meetings", "{\"id\":\"m1\",\"title\":\"x\"}", "409 conflict");
  g_autoptr(McuHttpResponse) made =
      ask(f, MCU_HTTP_POST, "/api/meetings", f->admin, JSON, "{\"title\":\" e\\u0301 \"}");
  g_autofree char *told = tell(made);
  g_assert_cmpstr(told, ==, "201 {\"id\":\"made-2\",\"title\":\"é\",\"planned\":0,\"invited\":0,\"present\":0}");
  g_assert_nonnull(strstr(made->headers->str, "Location: /api/meetings/made-2\r\n"));
  assert_told(f, MCU_HTTP_PATCH, "/api/meetings/m1", f->admin, JSON, "{\"title\":\"Mới\"}",
              "200 {\"id\":\"m1\",\"title\":\"Mới\",\"planned\":1800000000000,\"invited\":2,\"present\":0}");
  assert_told(f, MCU_HTTP_PATCH, "/api/meetings/m1", f->admin, JSON, "{\"planned\":0}",
              "200 {\"id\":\"m1\",\"title\":\"Mới\",\"planned\":0,\"invited\":2,\"present\":0}");
  assert_told(f, MCU_HTTP_PATCH, "/api/meetings/m1", f->admin, JSON, "{\"id\":\"m3\"}", "400 bad-message");
  assert_post(f, "/api/meetings/m1/copy", "{\"title\":\"Lần hai\",\"id\":\"m2\"}",
              "201 {\"id\":\"m2\",\"title\":\"Lần hai\",\"planned\":0,\"invited\":2,\"present\":0}");
  assert_get(f, "/api/me/meetings", f->link,
             "200 [{\"id\":\"m1\",\"title\":\"Mới\",\"planned\":0,\"running\":false,\"role\":\"site\"},"
             "{\"id\":\"m2\",\"title\":\"Lần hai\",\"planned\":0,\"running\":false,\"role\":\"site\"}]");
  assert_told(f, MCU_HTTP_POST, "/api/meetings/m1/end", f->admin, NULL, NULL, "204");
  assert_told(f, MCU_HTTP_POST, "/api/meetings/m1/end", f->admin, NULL, NULL, "404 not-found");
  assert_get(f, "/api/meetings/m1", f->admin, "404 not-found");
  assert_get(f, "/api/meetings/m2", f->admin,
             "200 {\"id\":\"m2\",\"title\":\"Lần hai\",\"planned\":0,\"invited\":2,\"present\":0}");
  fake_bridge_fail(f->bridge, "make", MCU_ERROR_FULL);
  g_autoptr(McuHttpResponse) full = ask(f, MCU_HTTP_POST, "/api/meetings", f->admin, JSON, "{\"title\":\"x\"}");
  g_assert_cmpuint(full->status, ==, 503);
  g_assert_nonnull(strstr(full->headers->str, "Retry-After: "));
}

/* The page asks for no camera where the role has none: it must know before it joins. */
static void
test_roles_of_a_link(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const roles[] = {"chair", "secretary", "operator", "site", "observer"};
  make_m1(f);
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
    g_autofree char *list = g_strdup_printf("code,name,role\nx1,Xã Một,%s\n", roles[i]);
    g_autofree char *expected = g_strdup_printf(
        "200 [{\"id\":\"m1\",\"title\":\"Giao ban\",\"planned\":1800000000000,\"running\":false,\"role\":\"%s\"}]",
        roles[i]);
    assert_told(f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, CSV, list, "200 {\"sites\":1}");
    assert_get(f, "/api/me/meetings", f->link, expected);
    assert_get(f, "/api/me/meetings", f->chair_link, "200 []");
  }
  /* What the chair has made of it counts, once it has a seat: here a site has become an observer. */
  static const McuRoomCommand changes[] = {
      {.type = MCU_ROOM_JOIN, .site = "x1", .name = "Xã Một", .role = MCU_ROLE_SITE},
      {.type = MCU_ROOM_JOIN, .site = "tinh", .name = "Tỉnh", .role = MCU_ROLE_CHAIR},
      {.type = MCU_ROOM_ROLE, .actor = "tinh", .site = "x1", .role = MCU_ROLE_OBSERVER},
  };
  assert_told(f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, CSV, LIST, "200 {\"sites\":2}");
  for (guint i = 0; i < G_N_ELEMENTS(changes); i++)
    g_assert_true(mcu_bridge_command(f->bridge, "m1", &changes[i], NULL));
  assert_get(f, "/api/me/meetings", f->link,
             "200 [{\"id\":\"m1\",\"title\":\"Giao ban\",\"planned\":1800000000000,\"running\":false,"
             "\"role\":\"observer\"}]");
}

static void
test_bad_bodies(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *deep = g_strnfill(60000, '['), *title = g_strnfill(201, 'x');
  g_autofree char *long_title = g_strdup_printf("{\"title\":\"%s\"}", title);
  const char *const bad[] = {NULL,
                             "",
                             "[]",
                             "{",
                             "{}",
                             deep,
                             long_title,
                             "{\"title\":\"\"}",
                             "{\"title\":1}",
                             "{\"title\":\"\\u202e\"}",
                             "{\"title\":\"a\",\"title\":\"b\"}",
                             "{\"title\":\"\xff\"}",
                             "{\"title\":\"a\",\"id\":\"a b\"}",
                             "{\"title\":\"a\",\"id\":\"..\"}",
                             "{\"title\":\"a\",\"id\":7}",
                             "{\"title\":\"a\",\"planned\":-1}",
                             "{\"title\":\"a\",\"planned\":1.5}",
                             "{\"title\":\"a\",\"planned\":\"1\"}",
                             "{\"title\":\"a\",\"planned\":9007199254740993}",
                             "{\"title\":\"a\"} x"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    assert_post(f, "/api/meetings", bad[i], "400 bad-message");
  assert_told(f, MCU_HTTP_POST, "/api/meetings", f->admin, NULL, "{\"title\":\"a\"}", "415 bad-message");
  assert_told(f, MCU_HTTP_POST, "/api/meetings", f->admin, "text/plain", "{\"title\":\"a\"}", "415 bad-message");
  assert_get(f, "/api/meetings", f->admin, "200 {\"meetings\":[]}");
}

static void
test_rate(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  guint n = 0, heavy = 0;
  make_m1(f);
  for (;; heavy++) {
    g_autoptr(McuHttpResponse) response = ask(f, MCU_HTTP_GET, "/api/meetings/m1/links", f->admin, NULL, NULL);
    if (response->status == 429)
      break;
  }
  g_assert_cmpuint(heavy, ==, 9); /* and the import of the list */
  for (;; n++) {
    g_autoptr(McuHttpResponse) response = ask(f, MCU_HTTP_GET, "/api/meetings", f->admin, NULL, NULL);
    if (response->status == 429) {
      g_assert_nonnull(strstr(response->headers->str, "Retry-After: "));
      break;
    }
    g_assert_cmpuint(response->status, ==, 200);
  }
  g_assert_cmpuint(n, ==, 500 - 12);
  f->now_us += G_USEC_PER_SEC;
  g_autoptr(McuHttpResponse) again = ask(f, MCU_HTTP_GET, "/api/meetings/m1/links", f->admin, NULL, NULL);
  g_assert_cmpuint(again->status, ==, 200);
}

/* --- lists --- */

static void
test_roster(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const char list[] = "200 {\"sites\":[{\"site\":\"tinh\",\"name\":\"Tỉnh\",\"level\":1,\"parent\":\"\","
                             "\"phone\":\"1\",\"email\":\"a@b.vn\",\"role\":\"chair\"},"
                             "{\"site\":\"x1\",\"name\":\"Xã Một\",\"level\":2,\"parent\":\"tinh\",\"phone\":\"\","
                             "\"email\":\"\",\"role\":\"site\"}]}";
  make_m1(f);
  assert_get(f, "/api/meetings/m1/roster", f->desk, list);
  assert_told(f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, JSON, LIST, "415 bad-message");
  assert_told(
      f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, CSV, "code,name\na,b\na,c\nd,\n",
      "422 {\"errors\":[{\"line\":3,\"message\":\"the code is there twice: a\",\"messageVi\":\"mã bị trùng: a\"},"
      "{\"line\":4,\"message\":\"the name is empty\",\"messageVi\":\"tên để trống\"}]}");
  fake_bridge_fail(f->bridge, "invite", MCU_ERROR_TOO_LARGE);
  assert_told(f, MCU_HTTP_PUT, "/api/meetings/m1/roster", f->admin, CSV, "code,name\na,b\n", "413 too-large");
  assert_get(f, "/api/meetings/m1/roster", f->admin, list); /* nothing of all that was imported */
}

/* The address that the link of x1 begins with; caller frees. */
static char *
base_for(Fixture *f, const char *host)
{
  f->host = host;
  f->now_us += G_USEC_PER_SEC;
  g_autoptr(McuHttpResponse) response = ask(f, MCU_HTTP_GET, "/api/meetings/m1/links", f->admin, NULL, NULL);
  g_assert_cmpuint(response->status, ==, 200);
  json_t *json = json_loadb(g_bytes_get_data(response->body, NULL), g_bytes_get_size(response->body), 0, NULL);
  json_t *link = json_array_get(json_object_get(json, "links"), 1);
  g_assert_cmpstr(json_string_value(json_object_get(link, "site")), ==, "x1");
  g_auto(GStrv) parts = g_strsplit(json_string_value(json_object_get(link, "url")), "/#", 2);
  McuGrant grant;
  g_autoptr(GError) error = NULL;
  gint64 days_400 = (gint64)400 * 24 * 3600;
  g_assert_true(mcu_token_check(f->key, parts[1], WALL_S + days_400 - 1, &grant, &error));
  g_assert_true(grant.by_list && !grant.admin && grant.expires_s == WALL_S + days_400);
  g_assert_cmpstr(grant.site, ==, "x1");
  g_assert_cmpstr(grant.site_name, ==, "Xã Một");
  mcu_grant_clear(&grant);
  json_decref(json);
  return g_strdup(parts[0]);
}

static void
test_links(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *host, *base;
  } table[] = {
      {"hop.example.vn", "https://hop.example.vn"},
      {"10.0.0.1:8443", "https://10.0.0.1:8443"},
      {"[2001:db8::1]:443", "https://[2001:db8::1]:443"},
      {NULL, "https://set.example:8443"},
      {"", "https://set.example:8443"},
      {"a/b", "https://set.example:8443"},
      {"u@evil.example", "https://set.example:8443"},
      {"a:99999", "https://set.example:8443"},
      {"a:", "https://set.example:8443"},
      {"[::1", "https://set.example:8443"},
      {"a b", "https://set.example:8443"},
      {"<x>", "https://set.example:8443"},
  };
  make_m1(f);
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *base = base_for(f, table[i].host);
    g_assert_cmpstr(base, ==, table[i].base);
  }
}

/* --- the description --- */

static void
test_openapi_names_the_routes(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr(McuHttpResponse) response = ask(f, MCU_HTTP_GET, "/api/openapi.json", NULL, NULL, NULL);
  json_error_t where;
  json_t *json = json_loadb(g_bytes_get_data(response->body, NULL), g_bytes_get_size(response->body),
                            JSON_REJECT_DUPLICATES, &where);
  g_assert_nonnull(json);
  const char *method, *path, *key;
  json_t *paths = json_object_get(json, "paths"), *item, *operation;
  guint n_routes = 0, n_described = 0;
  for (; mcu_api_route(n_routes, &method, &path); n_routes++) {
    g_autofree char *lower = g_ascii_strdown(method, -1);
    if (json_object_get(json_object_get(paths, path), lower) == NULL)
      g_error("docs/openapi.json does not describe %s %s", method, path);
  }
  json_object_foreach(paths, path, item) json_object_foreach(item, key, operation) n_described +=
      strcmp(key, "parameters") != 0;
  g_assert_cmpuint(n_described, ==, n_routes);
  json_decref(json);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)
  ADD("/api/rights", test_rights);
  ADD("/api/tokens", test_tokens);
  ADD("/api/addresses", test_addresses);
  ADD("/api/meetings", test_meetings);
  ADD("/api/roles-of-a-link", test_roles_of_a_link);
  ADD("/api/bad-bodies", test_bad_bodies);
  ADD("/api/rate", test_rate);
  ADD("/api/roster", test_roster);
  ADD("/api/links", test_links);
  ADD("/api/openapi", test_openapi_names_the_routes);
  return g_test_run();
}
