/* Routes, rights, and JSON in and out. Who may do what stands in the table of routes alone. */
#include "mcu/signaling/api.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mcu/room/legal.h"
#include "mcu/signaling/api-resource.h"
#include "mcu/signaling/bucket.h"
#include "mcu/signaling/http-head.h"
#include "mcu/signaling/http.h"
#include "mcu/signaling/roster-csv.h"
#include "mcu/util/error.h"

#define JSON_TYPE "application/json"
#define CSV_TYPE "text/csv"
#define RETRY_AFTER_S "5"
#define CALLS_PER_S 50
#define CALLS_BURST 500
/* Importing a list and signing links of thousands of sites hold main up for some tenths of a second. */
#define HEAVY_PER_S 1
#define HEAVY_BURST 10
#define LINK_DAYS 400
#define NAMES_MAX 3                   /* in a path */
#define TIME_MAX_MS ((gint64)1 << 53) /* as exact as a number of JavaScript */

struct McuApi {
  McuApiConfig config; /* its texts are not used: */
  char *url;
  GBytes *layouts, *openapi;
  McuBucket calls, heavy;
};

typedef struct {
  McuApi *api;
  const McuHttpRequest *request;
  McuGrant grant;
  guint64 connection;
  char names[NAMES_MAX][MCU_ID_MAX_BYTES + 1]; /* that the path names, in their order */
  const char *id;                              /* the first of them: of the meeting */
} Call;

/* --- responses --- */

static McuHttpResponse *
respond_json(guint status, json_t *json)
{
  char *text = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  g_assert(text != NULL); /* all texts are UTF-8 */
  McuHttpResponse *response = mcu_http_response_new(status);
  response->content_type = JSON_TYPE;
  response->body = g_bytes_new_with_free_func(text, strlen(text), free, text);
  return response;
}

McuHttpResponse *
mcu_api_refusal(guint status, const char *code, const char *message)
{
  McuHttpResponse *response = respond_json(status, json_pack("{s:s, s:s}", "code", code, "message", message));
  if (status == 429 || status == 503)
    mcu_http_response_header(response, "Retry-After", RETRY_AFTER_S);
  return response;
}

static McuHttpResponse *
not_found(void)
{
  return mcu_api_refusal(404, "not-found", "there is nothing at this address");
}

static McuHttpResponse *
refuse(const GError *error)
{
  guint status = 500;
  if (error->domain == MCU_ERROR)
    switch ((McuError)error->code) {
    case MCU_ERROR_BAD_MESSAGE:
      status = 400;
      break;
    case MCU_ERROR_FORBIDDEN:
      status = 403;
      break;
    case MCU_ERROR_NOT_FOUND:
      status = 404;
      break;
    case MCU_ERROR_CONFLICT:
    case MCU_ERROR_ENDED:
      status = 409;
      break;
    case MCU_ERROR_TOO_LARGE:
      status = 413;
      break;
    case MCU_ERROR_RATE_LIMITED:
      status = 429;
      break;
    case MCU_ERROR_FULL:
      status = 503;
      break;
    default:
      break;
    }
  return mcu_api_refusal(status, mcu_error_word(error), error->message);
}

static McuHttpResponse *
unauthorized(gboolean token_given, const char *code, const char *message)
{
  McuHttpResponse *response = mcu_api_refusal(401, code, message);
  /* RFC 6750 3: no error code where no token was given. */
  mcu_http_response_header(response, "WWW-Authenticate",
                           token_given ? "Bearer realm=\"diemcau\", error=\"invalid_token\""
                                       : "Bearer realm=\"diemcau\"");
  return response;
}

static McuHttpResponse *
respond_bytes(GBytes *bytes)
{
  McuHttpResponse *response = mcu_http_response_new(200);
  response->content_type = JSON_TYPE;
  response->body = g_bytes_ref(bytes);
  return response;
}

/* --- bodies --- */

/* NULL, and the response, when it is not one object. The depth is jansson's to bound. */
static json_t *
read_object(const Call *call, McuHttpResponse **out_refusal)
{
  const McuHttpRequest *request = call->request;
  json_error_t where;
  if (!mcu_http_is_type(request->content_type, JSON_TYPE)) {
    *out_refusal = mcu_api_refusal(415, "bad-message", "the body must be " JSON_TYPE);
    return NULL;
  }
  json_t *json =
      json_loadb(request->body != NULL ? request->body : "", request->body_size, JSON_REJECT_DUPLICATES, &where);
  if (json_is_object(json))
    return json;
  json_decref(json);
  *out_refusal = mcu_api_refusal(400, "bad-message", "the body must be one JSON object that names no member twice");
  return NULL;
}

typedef struct {
  char *id, *title; /* NULL: not given */
  gint64 planned_ms;
} Plan;

static void
plan_clear(Plan *plan)
{
  g_free(plan->id);
  g_free(plan->title);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

/* What is wrong, or NULL. */
static const char *
read_members(json_t *json, Plan *plan)
{
  json_t *id = json_object_get(json, "id"), *title = json_object_get(json, "title");
  json_t *planned = json_object_get(json, "planned");
  if (id != NULL && !mcu_is_legal_id(json_string_value(id)))
    return "an id is 1 to 64 of A-Z a-z 0-9 . _ -";
  plan->id = g_strdup(json_string_value(id));
  if (title != NULL) {
    plan->title = json_is_string(title) ? mcu_make_clean_name(json_string_value(title), MCU_TITLE_MAX_CHARS) : NULL;
    if (plan->title == NULL || *plan->title == '\0')
      return "a title has 1 to 200 characters";
  }
  if (planned != NULL) {
    plan->planned_ms = json_integer_value(planned);
    if (!json_is_integer(planned) || plan->planned_ms < 0 || plan->planned_ms > TIME_MAX_MS)
      return "planned is the Unix time in milliseconds, 0 for none";
  }
  return NULL;
}

/* NULL, or the refusal. `planned_ms` is what stays where none is given. */
static McuHttpResponse *
read_plan(const Call *call, gboolean needs_title, gint64 planned_ms, Plan *plan)
{
  McuHttpResponse *refusal = NULL;
  json_t *json = read_object(call, &refusal);
  if (json == NULL)
    return refusal;
  plan->planned_ms = planned_ms;
  const char *fault = read_members(json, plan);
  if (fault == NULL && needs_title && plan->title == NULL)
    fault = "a title is needed";
  json_decref(json);
  return fault != NULL ? mcu_api_refusal(400, "bad-message", fault) : NULL;
}

/* --- meetings --- */

/* One that has ended is there no more, although its members may still be leaving. NULL: there is none. */
static const McuRoom *
find_room(const Call *call)
{
  const McuRoom *room = mcu_bridge_room(call->api->config.bridge, call->id);
  return room != NULL && !mcu_room_ended(room) ? room : NULL;
}

static json_t *
describe(const McuMeetingInfo *info)
{
  return json_pack("{s:s, s:s, s:I, s:i, s:i}", "id", info->id, "title", info->title, "planned",
                   (json_int_t)info->planned_ms, "invited", (int)info->invited, "present", (int)info->present);
}

static McuHttpResponse *
respond_meeting(const Call *call, guint status, const char *id)
{
  McuMeetingInfo *info = mcu_bridge_find_meeting(call->api->config.bridge, id);
  if (info == NULL)
    return not_found();
  McuHttpResponse *response = respond_json(status, describe(info));
  if (status == 201) {
    g_autofree char *location = g_strconcat("/api/meetings/", id, NULL);
    mcu_http_response_header(response, "Location", location);
  }
  mcu_meeting_info_free(info);
  return response;
}

static McuHttpResponse *
get_layouts(Call *call)
{
  return respond_bytes(call->api->layouts);
}

static McuHttpResponse *
get_openapi(Call *call)
{
  return respond_bytes(call->api->openapi);
}

/* Whoever comes by a lasting link has the role that the list of the meeting gives its site, or its seat has by now.
 * FALSE: it is not on the list. */
static gboolean
find_role(const McuRoom *room, const char *site, McuRole *out_role)
{
  const McuRoomInvited *invited = room != NULL ? mcu_room_find_invited(room, site) : NULL;
  if (invited == NULL)
    return FALSE;
  const McuRoomSeat *seat = mcu_room_find(room, site);
  *out_role = seat != NULL ? seat->role : invited->role;
  return TRUE;
}

/* With the role, so that a page asks nobody for a camera who will have no picture. */
static McuHttpResponse *
get_my_meetings(Call *call)
{
  McuBridge *bridge = call->api->config.bridge;
  g_autoptr(GPtrArray) list = mcu_bridge_list_meetings(bridge, call->grant.site);
  json_t *meetings = json_array();
  for (guint i = 0; i < list->len; i++) {
    const McuMeetingInfo *info = list->pdata[i];
    McuRole role;
    if (!find_role(mcu_bridge_room(bridge, info->id), call->grant.site, &role))
      continue;
    json_array_append_new(meetings, json_pack("{s:s, s:s, s:I, s:b, s:s}", "id", info->id, "title", info->title,
                                              "planned", (json_int_t)info->planned_ms, "running", info->present > 0,
                                              "role", mcu_room_role_word(role)));
  }
  return respond_json(200, meetings);
}

static McuHttpResponse *
get_meetings(Call *call)
{
  g_autoptr(GPtrArray) list = mcu_bridge_list_meetings(call->api->config.bridge, NULL);
  json_t *meetings = json_array();
  for (guint i = 0; i < list->len; i++)
    json_array_append_new(meetings, describe(list->pdata[i]));
  return respond_json(200, json_pack("{s:o}", "meetings", meetings));
}

static McuHttpResponse *
post_meeting(Call *call)
{
  g_auto(Plan) plan = {0};
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  McuHttpResponse *refusal = read_plan(call, TRUE, 0, &plan);
  if (refusal != NULL)
    return refusal;
  if (!mcu_bridge_make_meeting(call->api->config.bridge, plan.id, plan.title, plan.planned_ms, &id, &error))
    return refuse(error);
  return respond_meeting(call, 201, id);
}

static McuHttpResponse *
get_meeting(Call *call)
{
  return find_room(call) != NULL ? respond_meeting(call, 200, call->id) : not_found();
}

static McuHttpResponse *
patch_meeting(Call *call)
{
  g_auto(Plan) plan = {0};
  g_autoptr(GError) error = NULL;
  if (find_room(call) == NULL)
    return not_found();
  McuHttpResponse *refusal = read_plan(call, FALSE, -1, &plan);
  if (refusal != NULL)
    return refusal;
  if (plan.id != NULL)
    return mcu_api_refusal(400, "bad-message", "the id of a meeting stays");
  if (!mcu_bridge_change_meeting(call->api->config.bridge, call->id, plan.title, plan.planned_ms, &error))
    return refuse(error);
  return respond_meeting(call, 200, call->id);
}

static McuHttpResponse *
copy_meeting(Call *call)
{
  g_auto(Plan) plan = {0};
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  if (find_room(call) == NULL)
    return not_found();
  McuHttpResponse *refusal = read_plan(call, TRUE, 0, &plan);
  if (refusal != NULL)
    return refusal;
  if (!mcu_bridge_copy_meeting(call->api->config.bridge, call->id, plan.id, plan.title, plan.planned_ms, &id, &error))
    return refuse(error);
  return respond_meeting(call, 201, id);
}

static McuHttpResponse *
end_meeting(Call *call)
{
  g_autoptr(GError) error = NULL;
  if (find_room(call) == NULL)
    return not_found();
  if (!mcu_bridge_end_meeting(call->api->config.bridge, call->id, &error))
    return refuse(error);
  return mcu_http_response_new(204);
}

/* --- lists --- */

static McuHttpResponse *
respond_faults(GArray *faults)
{
  json_t *list = json_array();
  for (guint i = 0; i < faults->len; i++) {
    const McuRosterFault *fault = &g_array_index(faults, McuRosterFault, i);
    json_array_append_new(list, json_pack("{s:i, s:s, s:s}", "line", (int)fault->line, "message", fault->message,
                                          "messageVi", fault->message_vi));
  }
  return respond_json(422, json_pack("{s:o}", "errors", list));
}

static McuHttpResponse *
put_roster(Call *call)
{
  const McuHttpRequest *request = call->request;
  g_autoptr(GArray) sites = NULL;
  g_autoptr(GArray) faults = NULL;
  g_autoptr(GError) error = NULL;
  if (find_room(call) == NULL)
    return not_found();
  if (!mcu_http_is_type(request->content_type, CSV_TYPE))
    return mcu_api_refusal(415, "bad-message", "the list must be " CSV_TYPE);
  if (!mcu_roster_csv_read(request->body != NULL ? request->body : "", request->body_size, &sites, &faults))
    return respond_faults(faults);
  if (!mcu_bridge_invite(call->api->config.bridge, call->id, (const McuInvitation *)(void *)sites->data, sites->len,
                         &error))
    return refuse(error);
  return respond_json(200, json_pack("{s:i}", "sites", (int)sites->len));
}

static const char *
or_empty(const GRefString *text)
{
  return text != NULL ? text : "";
}

static McuHttpResponse *
get_roster(Call *call)
{
  const McuRoom *room = find_room(call);
  if (room == NULL)
    return not_found();
  json_t *sites = json_array();
  for (guint i = 0; i < mcu_room_n_invited(room); i++) {
    const McuRoomInvited *site = mcu_room_invited(room, i);
    json_array_append_new(sites, json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "site", site->site, "name",
                                           site->name, "level", (int)site->level, "parent", site->parent, "phone",
                                           or_empty(site->telephone), "email", or_empty(site->email), "role",
                                           mcu_room_role_word(site->role)));
  }
  return respond_json(200, json_pack("{s:o}", "sites", sites));
}

static gint64
wall_s(const McuApi *api)
{
  const McuClock *wall = api->config.wall;
  return (wall != NULL ? wall->now_us(wall->user_data) : g_get_real_time()) / G_USEC_PER_SEC;
}

/* "https://HOST"; caller frees. NULL: not known. */
static char *
find_base(const Call *call)
{
  if (mcu_http_is_host(call->request->host))
    return g_strconcat(call->api->config.tls ? "https://" : "http://", call->request->host, NULL);
  return g_strdup(call->api->url);
}

static json_t *
describe_link(const McuRoomInvited *site, const char *url)
{
  return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "site", site->site, "name", site->name, "level", (int)site->level,
                   "parent", site->parent, "role", mcu_room_role_word(site->role), "url", url);
}

static McuHttpResponse *
get_links(Call *call)
{
  const McuRoom *room = find_room(call);
  g_autofree char *base = find_base(call);
  if (room == NULL)
    return not_found();
  if (base == NULL)
    return mcu_api_refusal(400, "bad-message", "a header Host is needed, for the links to begin with");
  json_t *links = json_array();
  for (guint i = 0; i < mcu_room_n_invited(room); i++) {
    const McuRoomInvited *site = mcu_room_invited(room, i);
    g_autoptr(GError) error = NULL;
    McuGrant grant = {.by_list = TRUE,
                      .site_name = (char *)site->name,
                      .expires_s = wall_s(call->api) + (gint64)LINK_DAYS * 24 * 3600};
    g_strlcpy(grant.site, site->site, sizeof grant.site);
    g_autofree char *token = mcu_token_sign(call->api->config.token_key, &grant, &error);
    if (token == NULL) {
      json_decref(links);
      return refuse(error);
    }
    g_autofree char *url = g_strdup_printf("%s/#%s", base, token);
    json_array_append_new(links, describe_link(site, url));
  }
  return respond_json(200, json_pack("{s:o}", "links", links));
}

/* --- documents and minutes: answered later --- */

static McuHttpResponse *
later(gboolean started)
{
  return started ? NULL : mcu_api_refusal(503, "full", "too much of that is at work");
}

/* NULL: no such meeting, or none of that is served here. */
static const char *
uuid_of(const Call *call)
{
  return call->api->config.files != NULL ? mcu_bridge_meeting_uuid(call->api->config.bridge, call->id) : NULL;
}

/* What another origin's form could send is refused, as for JSON: the page names the kind. */
static McuHttpResponse *
post_document(Call *call)
{
  const McuHttpRequest *request = call->request;
  const char *uuid = uuid_of(call);
  if (find_room(call) == NULL || uuid == NULL)
    return not_found();
  if (request->content_type == NULL ||
      (!g_str_has_prefix(request->content_type, "application/pdf") &&
       !g_str_has_prefix(request->content_type, "image/png") && !g_str_has_prefix(request->content_type, "image/jpeg")))
    return mcu_api_refusal(415, "bad-message", "only PDF, PNG and JPEG are taken");
  g_autofree char *title = mcu_make_clean_name(request->title != NULL ? request->title : "", MCU_NAME_MAX_CHARS);
  if (title == NULL || *title == '\0')
    return mcu_api_refusal(400, "bad-message", "?title= must be a text of 1 to 128 characters");
  g_autoptr(GBytes) body = g_bytes_new(request->body, request->body_size);
  return later(mcu_file_jobs_upload(call->api->config.files, call->connection, call->id, uuid, title, body));
}

static McuHttpResponse *
get_page(Call *call)
{
  const McuRoom *room = find_room(call);
  const char *uuid = uuid_of(call);
  const McuDocument *document = room != NULL ? mcu_documents_find(mcu_room_documents(room), call->names[1]) : NULL;
  guint64 page;
  if (document == NULL || uuid == NULL ||
      !g_ascii_string_to_unsigned(call->names[2], 10, 1, document->pages, &page, NULL))
    return not_found();
  return later(mcu_file_jobs_page(call->api->config.files, call->connection, uuid, document, (guint)page));
}

static McuHttpResponse *
get_minutes(Call *call)
{
  McuMinutesFormat format;
  const char *uuid = uuid_of(call);
  const char *dot = strrchr(call->request->path, '.');
  if (uuid == NULL || !mcu_minutes_format_parse(dot + 1, &format))
    return not_found();
  return later(mcu_file_jobs_minutes(call->api->config.files, call->connection, uuid, format));
}

/* --- routes --- */

typedef enum {
  FOR_ALL,  /* without a token */
  FOR_SITE, /* who names a site */
  FOR_SEAT, /* who has a seat in that meeting, or is on its list, and the administration */
  FOR_DESK, /* who works the desk of that meeting, and the administration */
  FOR_ADMIN,
} Right;

typedef struct {
  McuHttpMethod method;
  const char *path;
  Right right;
  gboolean heavy;
  McuHttpResponse *(*handle)(Call *call);
} Route;

static const Route routes[] = {
    {MCU_HTTP_GET, "/api/layouts", FOR_ALL, FALSE, get_layouts},
    {MCU_HTTP_GET, "/api/openapi.json", FOR_ALL, FALSE, get_openapi},
    {MCU_HTTP_GET, "/api/me/meetings", FOR_SITE, FALSE, get_my_meetings},
    {MCU_HTTP_GET, "/api/meetings", FOR_ADMIN, FALSE, get_meetings},
    {MCU_HTTP_POST, "/api/meetings", FOR_ADMIN, FALSE, post_meeting},
    {MCU_HTTP_GET, "/api/meetings/{id}", FOR_ADMIN, FALSE, get_meeting},
    {MCU_HTTP_PATCH, "/api/meetings/{id}", FOR_ADMIN, FALSE, patch_meeting},
    {MCU_HTTP_POST, "/api/meetings/{id}/copy", FOR_ADMIN, TRUE, copy_meeting},
    {MCU_HTTP_POST, "/api/meetings/{id}/end", FOR_ADMIN, FALSE, end_meeting},
    {MCU_HTTP_GET, "/api/meetings/{id}/roster", FOR_DESK, FALSE, get_roster},
    {MCU_HTTP_PUT, "/api/meetings/{id}/roster", FOR_ADMIN, TRUE, put_roster},
    {MCU_HTTP_GET, "/api/meetings/{id}/links", FOR_ADMIN, TRUE, get_links},
    {MCU_HTTP_POST, "/api/meetings/{id}/documents", FOR_DESK, FALSE, post_document},
    {MCU_HTTP_GET, "/api/meetings/{id}/documents/{document}/pages/{page}", FOR_SEAT, FALSE, get_page},
    {MCU_HTTP_GET, "/api/meetings/{id}/minutes.json", FOR_DESK, FALSE, get_minutes},
    {MCU_HTTP_GET, "/api/meetings/{id}/minutes.csv", FOR_DESK, FALSE, get_minutes},
    {MCU_HTTP_GET, "/api/meetings/{id}/minutes.pdf", FOR_DESK, FALSE, get_minutes},
};

static const char *
method_word(McuHttpMethod method)
{
  static const char *const words[] = {
      [MCU_HTTP_GET] = "GET", [MCU_HTTP_POST] = "POST", [MCU_HTTP_PUT] = "PUT", [MCU_HTTP_PATCH] = "PATCH"};
  g_assert(method < G_N_ELEMENTS(words) && words[method] != NULL);
  return words[method];
}

gboolean
mcu_api_route(guint index, const char **out_method, const char **out_path)
{
  if (index >= G_N_ELEMENTS(routes))
    return FALSE;
  *out_method = method_word(routes[index].method);
  *out_path = routes[index].path;
  return TRUE;
}

/* "{id}" and the like stand for legal ids, which are copied in their order. */
static gboolean
fits(const char *pattern, const char *path, char out_names[NAMES_MAX][MCU_ID_MAX_BYTES + 1])
{
  guint n = 0;
  while (*pattern != '\0') {
    if (*pattern != '{') {
      if (*pattern++ != *path++)
        return FALSE;
      continue;
    }
    gsize length = strcspn(path, "/");
    g_assert(n < NAMES_MAX);
    if (length > MCU_ID_MAX_BYTES)
      return FALSE;
    memcpy(out_names[n], path, length);
    out_names[n][length] = '\0';
    if (!mcu_is_legal_id(out_names[n++]))
      return FALSE;
    path += length;
    pattern = strchr(pattern, '}') + 1;
  }
  return *path == '\0';
}

/* NULL: none, and `allowed` says the methods that there are; empty when there are none. */
static const Route *
find_route(Call *call, GString *allowed)
{
  /* RFC 9110 9.1: whoever can GET can HEAD; the body is left out when it is written. */
  McuHttpMethod method = call->request->method == MCU_HTTP_HEAD ? MCU_HTTP_GET : call->request->method;
  for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
    if (!fits(routes[i].path, call->request->path, call->names))
      continue;
    if (routes[i].method == method)
      return &routes[i];
    g_string_append_printf(allowed, "%s%s%s", allowed->len > 0 ? ", " : "", method_word(routes[i].method),
                           routes[i].method == MCU_HTTP_GET ? ", HEAD" : "");
  }
  return NULL;
}

static gboolean
works_desk(const Call *call)
{
  const McuGrant *grant = &call->grant;
  if (!grant->by_list)
    return mcu_role_has_desk(grant->role) && strcmp(grant->meeting, call->id) == 0;
  McuRole role;
  return find_role(find_room(call), grant->site, &role) && mcu_role_has_desk(role);
}

static gboolean
has_seat(const Call *call)
{
  const McuGrant *grant = &call->grant;
  const McuRoom *room = find_room(call);
  if (room == NULL || (!grant->by_list && strcmp(grant->meeting, call->id) != 0))
    return FALSE;
  return mcu_room_find(room, grant->site) != NULL || mcu_room_find_invited(room, grant->site) != NULL;
}

static gboolean
has_right(const Call *call, Right right)
{
  const McuGrant *grant = &call->grant;
  switch (right) {
  case FOR_ALL:
    return TRUE;
  case FOR_SITE:
    return !grant->admin;
  case FOR_SEAT:
    return grant->admin || has_seat(call);
  case FOR_DESK:
    return grant->admin || works_desk(call);
  default:
    return grant->admin;
  }
}

/* NULL: it may. Looks at the head of a request alone. */
static McuHttpResponse *
check_right(Call *call, const Route *route)
{
  const McuApi *api = call->api;
  const char *token = mcu_http_bearer(call->request->authorization);
  g_autoptr(GError) error = NULL;
  if (route->right == FOR_ALL)
    return NULL;
  if (token == NULL)
    return unauthorized(FALSE, "token-invalid", "a token is needed");
  if (!mcu_token_check(api->config.token_key, token, wall_s(api), &call->grant, &error))
    return unauthorized(TRUE, mcu_error_word(error), error->message);
  if (!has_right(call, route->right))
    return mcu_api_refusal(403, "forbidden", "the token is not for this");
  return NULL;
}

static McuHttpResponse *
check_rate(McuApi *api, const Route *route)
{
  if (route->right == FOR_ALL)
    return NULL;
  gint64 now = mcu_clock_now(api->config.clock);
  if (!mcu_bucket_take(&api->calls, now) || (route->heavy && !mcu_bucket_take(&api->heavy, now)))
    return mcu_api_refusal(429, "rate-limited", "too many requests at once");
  return NULL;
}

/* --- entry --- */

gboolean
mcu_api_serves(const char *path)
{
  return g_str_has_prefix(path, "/api/");
}

gsize
mcu_api_body_max(McuHttpMethod method, const char *path)
{
  char names[NAMES_MAX][MCU_ID_MAX_BYTES + 1];
  if (method == MCU_HTTP_PUT && fits("/api/meetings/{id}/roster", path, names))
    return MCU_ROSTER_MAX_BYTES;
  if (method == MCU_HTTP_POST && fits("/api/meetings/{id}/documents", path, names))
    return MCU_DOCUMENT_MAX_BYTES;
  return MCU_HTTP_BODY_MAX_BYTES;
}

/* NULL, and the route: it may go on. */
static McuHttpResponse *
admit(Call *call, const Route **out_route)
{
  g_autoptr(GString) allowed = g_string_new(NULL);
  *out_route = find_route(call, allowed);
  if (*out_route != NULL)
    return check_right(call, *out_route);
  if (allowed->len == 0)
    return not_found();
  McuHttpResponse *response = mcu_api_refusal(405, "bad-message", "this method is not for this address");
  mcu_http_response_header(response, "Allow", allowed->str);
  return response;
}

static McuHttpResponse *
dispatch(Call *call)
{
  const Route *route;
  McuHttpResponse *refusal = admit(call, &route);
  if (refusal == NULL)
    refusal = check_rate(call->api, route);
  return refusal != NULL ? refusal : route->handle(call);
}

/* Ends `call`. */
static McuHttpResponse *
finish(Call *call, McuHttpResponse *response)
{
  mcu_grant_clear(&call->grant);
  if (response != NULL)
    mcu_http_response_header(response, "Cache-Control", "no-store");
  return response;
}

McuHttpResponse *
mcu_api_admit(McuApi *api, const McuHttpRequest *head)
{
  Call call = {.api = api, .request = head};
  const Route *route;
  call.id = call.names[0];
  return finish(&call, admit(&call, &route));
}

McuHttpResponse *
mcu_api_handle(McuApi *api, guint64 connection, const McuHttpRequest *request)
{
  Call call = {.api = api, .connection = connection, .request = request};
  call.id = call.names[0];
  return finish(&call, dispatch(&call));
}

McuApi *
mcu_api_new(const McuApiConfig *config)
{
  const char *layouts = config->layouts_json != NULL ? config->layouts_json : "{\"layouts\":[]}";
  McuApi *api = g_new0(McuApi, 1);
  api->config = *config;
  api->url = g_strdup(config->url);
  api->layouts = g_bytes_new(layouts, strlen(layouts));
  api->openapi =
      g_resource_lookup_data(mcu_api_get_resource(), "/diemcau/openapi.json", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert(api->openapi != NULL); /* it is in the program */
  gint64 now = mcu_clock_now(config->clock);
  mcu_bucket_init(&api->calls, CALLS_PER_S, CALLS_BURST, now);
  mcu_bucket_init(&api->heavy, HEAVY_PER_S, HEAVY_BURST, now);
  return api;
}

void
mcu_api_free(McuApi *api)
{
  if (api == NULL)
    return;
  g_bytes_unref(api->layouts);
  g_bytes_unref(api->openapi);
  g_free(api->url);
  g_free(api);
}
