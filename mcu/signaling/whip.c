/* WHIP and WHEP: a table of sessions, each one member of the bridge, named by 128 random bits. Names
 * of meetings and sites are in the token alone, never in an address. [main] only. */
#include "mcu/signaling/whip.h"

#include <string.h>
#include <sys/random.h>

#include "mcu/sdp/sdp.h"
#include "mcu/signaling/bucket.h"
#include "mcu/signaling/http-head.h"
#include "mcu/util/error.h"

#define SDP_TYPE "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"
#define RETRY_AFTER_S "5"
#define POSTS_PER_S 50
#define POSTS_BURST 500
/* The web thread has told the client that main does not answer: a session would be nobody's. */
#define WAIT_MAX_US (8 * G_USEC_PER_SEC)

typedef enum { PUBLISH, WATCH, N_KINDS } Kind;

static const char *const endpoints[N_KINDS] = {[PUBLISH] = "/whip", [WATCH] = "/whep"};

struct McuWhip {
  McuWhipConfig config;

  GHashTable *sessions; /* id -> WhipSession */
  GHashTable *waiting;  /* set of WhipWaiting: to join */
  McuBucket posts;
};

typedef struct {
  McuWhip *whip;
  Kind kind;
  char id[33], etag[19];
  char meeting[MCU_ID_MAX_BYTES + 1], site[MCU_ID_MAX_BYTES + 1]; /* as in the token */
  McuMember *member;                                              /* owned; NULL once the bridge has closed it */
  gboolean failed;                                                /* to be ended by the next tick */
  guint candidates;
} WhipSession;

/* A POST whose turn to join has not come. */
typedef struct {
  McuWhip *whip;
  guint64 connection;
  Kind kind;
  char *offer;       /* of one direction */
  McuGrant grant;    /* the token's */
  McuTicket *ticket; /* owned */
  gint64 since_us;
} WhipWaiting;

/* --- small things --- */

/* `n` random bytes as 2n digits and a NUL. */
static void
random_hex(char *out, guint n)
{
  guint8 bytes[16];
  g_assert(n <= sizeof bytes);
  /* Up to 256 bytes getrandom() neither fails nor comes short once the kernel has started. */
  gssize got = getrandom(bytes, n, 0);
  g_assert(got == (gssize)n);
  for (guint i = 0; i < n; i++)
    g_snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void
new_etag(WhipSession *session)
{
  char hex[17];
  random_hex(hex, 8);
  g_snprintf(session->etag, sizeof session->etag, "\"%s\"", hex);
}

static McuHttpResponse *
plain(guint status, const char *text)
{
  McuHttpResponse *response = mcu_http_response_new(status);
  mcu_http_response_body(response, "text/plain; charset=utf-8", g_strconcat(text, "\n", NULL));
  return response;
}

static McuHttpResponse *
unauthorized(gboolean token_given, const char *text)
{
  McuHttpResponse *response = plain(401, text);
  /* RFC 6750 3: no error code where no token was given. */
  mcu_http_response_header(response, "WWW-Authenticate",
                           token_given ? "Bearer realm=\"diemcau\", error=\"invalid_token\""
                                       : "Bearer realm=\"diemcau\"");
  return response;
}

static guint
status_of(const GError *error)
{
  if (error == NULL || error->domain != MCU_ERROR)
    return 500;
  switch ((McuError)error->code) {
  case MCU_ERROR_BAD_SDP:
  case MCU_ERROR_BAD_CANDIDATE:
  case MCU_ERROR_BAD_MESSAGE:
    return 400;
  case MCU_ERROR_FORBIDDEN:
    return 403;
  case MCU_ERROR_NOT_FOUND:
    return 404;
  case MCU_ERROR_TOO_LARGE:
    return 413;
  case MCU_ERROR_NO_COMMON_CODEC:
    return 422;
  case MCU_ERROR_RATE_LIMITED:
    return 429;
  case MCU_ERROR_FULL:
    return 503;
  default:
    return 500;
  }
}

static McuHttpResponse *
refusal(const GError *error)
{
  guint status = status_of(error);
  g_autofree char *text = g_strdup_printf("%s: %s", mcu_error_word(error), error != NULL ? error->message : "");
  McuHttpResponse *response = plain(status, text);
  if (status == 503 || status == 429)
    mcu_http_response_header(response, "Retry-After", RETRY_AFTER_S);
  return response;
}

static gboolean
accepts_sdp(const char *accept)
{
  if (accept == NULL || *accept == '\0')
    return TRUE;
  g_auto(GStrv) items = g_strsplit(accept, ",", 32);
  for (guint i = 0; items[i] != NULL; i++)
    if (mcu_http_is_type(items[i], SDP_TYPE) || mcu_http_is_type(items[i], "application/*") ||
        mcu_http_is_type(items[i], "*/*"))
      return TRUE;
  return FALSE;
}

static gint64
wall_s(const McuWhip *whip)
{
  const McuClock *wall = whip->config.wall;
  return (wall != NULL ? wall->now_us(wall->user_data) : g_get_real_time()) / G_USEC_PER_SEC;
}

/* --- directions --- */

static gboolean
is_direction(const char *line, gboolean *out_sends, gboolean *out_receives)
{
  static const struct {
    const char *line;
    gboolean sends, receives;
  } table[] = {{"a=sendrecv", TRUE, TRUE},
               {"a=sendonly", TRUE, FALSE},
               {"a=recvonly", FALSE, TRUE},
               {"a=inactive", FALSE, FALSE}};
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    if (strcmp(line, table[i].line) == 0) {
      *out_sends = table[i].sends;
      *out_receives = table[i].receives;
      return TRUE;
    }
  }
  return FALSE;
}

/* RFC 9725 4.2: an offer may be sendrecv, but the answer is recvonly in any case (for WHEP the other
 * way round). So each line of media is offered on in one direction, and the answer follows from RFC
 * 3264. Caller frees; MCU_ERROR_BAD_SDP where a line only goes the other way. */
static char *
one_direction(Kind kind, const char *sdp, GError **error)
{
  g_autoptr(GString) out = g_string_new(NULL);
  const char *wanted = kind == PUBLISH ? "a=sendonly\r\n" : "a=recvonly\r\n";
  gboolean in_media = FALSE, session_fits = TRUE, fits = TRUE, all_fit = TRUE;
  g_auto(GStrv) lines = g_strsplit(sdp, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_strchomp(lines[i]);
    gboolean sends, receives;
    if (is_direction(lines[i], &sends, &receives)) {
      fits = kind == PUBLISH ? sends : receives;
      if (!in_media)
        session_fits = fits;
      continue;
    }
    if (g_str_has_prefix(lines[i], "m=")) {
      if (in_media)
        g_string_append(out, wanted);
      all_fit = all_fit && (!in_media || fits);
      in_media = TRUE;
      fits = session_fits;
    }
    if (lines[i][0] != '\0')
      g_string_append_printf(out, "%s\r\n", lines[i]);
  }
  if (in_media)
    g_string_append(out, wanted);
  if (all_fit && fits)
    return g_string_free(g_steal_pointer(&out), FALSE);
  g_set_error_literal(error, MCU_ERROR, MCU_ERROR_BAD_SDP,
                      kind == PUBLISH ? "a publisher must offer to send" : "a viewer must offer to receive");
  return NULL;
}

/* --- the member's events: only notes, nothing is called back from within --- */

static void
on_sites_changed(McuMember *member G_GNUC_UNUSED, GBytes *text G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

/* Nobody waits. */
static void
on_admitted(McuMember *member G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

/* The leg asks by REMB. */
static void
on_picture_wanted(McuMember *member G_GNUC_UNUSED, const McuPicture *picture G_GNUC_UNUSED,
                  gpointer user_data G_GNUC_UNUSED)
{
}

static void
on_recording_changed(McuMember *member G_GNUC_UNUSED, gboolean recording G_GNUC_UNUSED,
                     const GError *error G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

static void
on_line(McuMember *member G_GNUC_UNUSED, const McuLineInfo *line G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

static void
on_media_state(McuMember *member G_GNUC_UNUSED, gboolean connected, const GError *error G_GNUC_UNUSED,
               gpointer user_data)
{
  WhipSession *session = user_data;
  if (connected)
    return;
  session->failed = TRUE;
  session->whip->config.tick_wanted(session->whip->config.user_data);
}

static void
on_closed(McuMember *member G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED, gpointer user_data)
{
  WhipSession *session = user_data;
  session->member = NULL; /* freed by the bridge after we return */
  session->failed = TRUE;
  session->whip->config.tick_wanted(session->whip->config.user_data);
}

static const McuMemberEvents member_events = {
    .sites_changed = on_sites_changed,
    .told = on_sites_changed,
    .admitted = on_admitted,
    .picture_wanted = on_picture_wanted,
    .recording_changed = on_recording_changed,
    .line = on_line,
    .media_state = on_media_state,
    .closed = on_closed,
};

/* --- sessions --- */

static void
session_free(gpointer data)
{
  WhipSession *session = data;
  McuMember *member = g_steal_pointer(&session->member);
  if (member != NULL)
    mcu_member_leave(member);
  g_free(session);
}

/* Watching takes no seat: a site that also watches (a second screen) keeps its own connection, so
 * the viewer gets an id beside the site's. An observer's id is its own already. */
static void
become_viewer(McuGrant *grant)
{
  if (!mcu_role_has_voice(grant->role))
    return;
  char suffix[9];
  random_hex(suffix, 4);
  grant->role = MCU_ROLE_OBSERVER;
  if (grant->site_name == NULL)
    grant->site_name = g_strdup(grant->site);
  g_strlcpy(grant->belongs_to, grant->site, sizeof grant->belongs_to);
  g_autofree char *site = g_strdup_printf("%.*s.watch-%s", MCU_ID_MAX_BYTES - 15, grant->site, suffix);
  g_strlcpy(grant->site, site, sizeof grant->site);
}

static WhipSession *
session_new(McuWhip *whip, Kind kind, McuGrant *grant, GError **error)
{
  WhipSession *session = g_new0(WhipSession, 1);
  session->whip = whip;
  session->kind = kind;
  random_hex(session->id, 16);
  new_etag(session);
  g_strlcpy(session->meeting, grant->meeting, sizeof session->meeting);
  g_strlcpy(session->site, grant->site, sizeof session->site);
  if (kind == WATCH)
    become_viewer(grant);
  grant->sends_only = kind == PUBLISH;
  session->member = mcu_bridge_join(whip->config.bridge, grant, &member_events, session, error);
  if (session->member != NULL && mcu_member_waits(session->member)) {
    mcu_member_leave(g_steal_pointer(&session->member)); /* no request may last as long as a lobby */
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_REFUSED, "the chair admits newcomers one by one");
  }
  if (session->member == NULL)
    g_clear_pointer(&session, g_free);
  return session;
}

static McuHttpResponse *
created(const WhipSession *session, char *answer)
{
  McuHttpResponse *response = mcu_http_response_new(201);
  g_autofree char *location = g_strdup_printf("%s/%s", endpoints[session->kind], session->id);
  mcu_http_response_header(response, "Location", location);
  mcu_http_response_header(response, "ETag", session->etag);
  mcu_http_response_header(response, "Accept-Patch", FRAGMENT_TYPE);
  mcu_http_response_body(response, SDP_TYPE, answer);
  return response;
}

static McuHttpResponse *
start(McuWhip *whip, Kind kind, const char *offer, McuGrant *grant)
{
  g_autoptr(GError) error = NULL;
  WhipSession *session = session_new(whip, kind, grant, &error);
  if (session == NULL)
    return refusal(error);
  char *answer = mcu_member_offer(session->member, offer, strlen(offer), &error);
  if (answer == NULL) {
    session_free(session);
    return refusal(error);
  }
  g_hash_table_insert(whip->sessions, session->id, session);
  return created(session, answer);
}

/* --- waiting to join --- */

/* Tokens are sent by the program itself, never by a browser on its own (no cookies), so any page may
 * call: a publisher's page need not come from this bridge. */
static void
respond(McuWhip *whip, guint64 connection, McuHttpResponse *response)
{
  mcu_http_response_header(response, "Access-Control-Allow-Origin", "*");
  mcu_http_response_header(response, "Access-Control-Expose-Headers",
                           "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After");
  mcu_http_response_header(response, "Cache-Control", "no-store");
  whip->config.respond(connection, response, whip->config.user_data);
}

static void
waiting_free(gpointer data)
{
  WhipWaiting *waiting = data;
  if (waiting->ticket != NULL)
    mcu_ticket_cancel(waiting->ticket);
  mcu_grant_clear(&waiting->grant);
  g_free(waiting->offer);
  g_free(waiting);
}

static void
on_turn(gpointer user_data)
{
  WhipWaiting *waiting = user_data;
  McuWhip *whip = waiting->whip;
  waiting->ticket = NULL;
  if (mcu_clock_now(whip->config.clock) - waiting->since_us > WAIT_MAX_US) {
    g_autoptr(GError) error = g_error_new_literal(MCU_ERROR, MCU_ERROR_FULL, "too many came before");
    respond(whip, waiting->connection, refusal(error));
  } else {
    respond(whip, waiting->connection, start(whip, waiting->kind, waiting->offer, &waiting->grant));
  }
  g_hash_table_remove(whip->waiting, waiting);
}

/* Takes `offer` and what is in `grant`. NULL: the response comes with its turn. */
static McuHttpResponse *
wait_for_turn(McuWhip *whip, guint64 connection, Kind kind, char *offer, McuGrant *grant)
{
  g_autoptr(GError) error = NULL;
  WhipWaiting *waiting = g_new0(WhipWaiting, 1);
  waiting->whip = whip;
  waiting->connection = connection;
  waiting->kind = kind;
  waiting->offer = offer;
  waiting->grant = *grant;
  waiting->since_us = mcu_clock_now(whip->config.clock);
  *grant = (McuGrant){0};
  waiting->ticket = mcu_bridge_wait(whip->config.bridge, &waiting->grant, on_turn, waiting, &error);
  if (waiting->ticket == NULL) {
    waiting_free(waiting);
    return refusal(error);
  }
  g_hash_table_add(whip->waiting, waiting);
  return NULL;
}

/* Looked at before joining: a bad offer must not take the seat from a good connection. */
static McuHttpResponse *
post_offer(McuWhip *whip, guint64 connection, Kind kind, const McuHttpRequest *request, McuGrant *grant)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) parsed = mcu_sdp_parse(request->body, request->body_size, &error);
  char *offer = parsed != NULL ? one_direction(kind, request->body, &error) : NULL;
  return offer != NULL ? wait_for_turn(whip, connection, kind, offer, grant) : refusal(error);
}

/* NULL: the response comes later. */
static McuHttpResponse *
post(McuWhip *whip, guint64 connection, Kind kind, const McuHttpRequest *request)
{
  const char *token = mcu_http_bearer(request->authorization);
  McuGrant grant;
  g_autoptr(GError) error = NULL;
  if (token == NULL)
    return unauthorized(FALSE, "a token is needed");
  if (!mcu_token_check(whip->config.token_key, token, wall_s(whip), &grant, &error))
    return unauthorized(TRUE, mcu_error_word(error));
  if (grant.admin || grant.by_list) {
    mcu_grant_clear(&grant);
    return unauthorized(TRUE, "token-invalid");
  }

  McuHttpResponse *response = NULL;
  if (kind == PUBLISH && !mcu_role_has_voice(grant.role))
    response = plain(403, "forbidden: an observer sends nothing");
  else if (!mcu_http_is_type(request->content_type, SDP_TYPE))
    response = plain(415, "the offer must be " SDP_TYPE);
  else if (!accepts_sdp(request->accept))
    response = plain(406, "the answer is " SDP_TYPE);
  else if (request->body_size == 0)
    response = plain(400, "bad-sdp: no offer");
  else if (!mcu_bucket_take(&whip->posts, mcu_clock_now(whip->config.clock)))
    response = refusal(error = g_error_new_literal(MCU_ERROR, MCU_ERROR_RATE_LIMITED, "too many sessions at once"));
  else
    response = post_offer(whip, connection, kind, request, &grant);
  mcu_grant_clear(&grant);
  return response;
}

static McuHttpResponse *
restart(WhipSession *session, const McuHttpRequest *request)
{
  g_autoptr(GError) error = NULL;
  char *fragment = mcu_member_restart_ice(session->member, request->body, request->body_size, &error);
  if (fragment == NULL)
    return refusal(error);
  new_etag(session);
  session->candidates = 0;
  McuHttpResponse *response = mcu_http_response_new(200);
  mcu_http_response_header(response, "ETag", session->etag);
  mcu_http_response_body(response, FRAGMENT_TYPE, fragment);
  return response;
}

static McuHttpResponse *
trickle(WhipSession *session, const McuHttpRequest *request)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuSdp) fragment = mcu_sdp_parse_fragment(request->body, request->body_size, &error);
  if (fragment == NULL)
    return refusal(error);
  for (guint i = 0; i < fragment->candidates->len && session->candidates < MCU_CANDIDATES_MAX; i++) {
    session->candidates++;
    if (!mcu_member_add_candidate(session->member, fragment->candidates->pdata[i], &error))
      return refusal(error);
  }
  return mcu_http_response_new(204);
}

/* RFC 9725 4.3: the ETag names the ICE session; "*" asks for a new one. */
static McuHttpResponse *
patch(WhipSession *session, const McuHttpRequest *request)
{
  const char *match = request->if_match;
  if (!mcu_http_is_type(request->content_type, FRAGMENT_TYPE))
    return plain(415, "only " FRAGMENT_TYPE);
  if (request->body_size == 0)
    return plain(400, "bad-sdp: no fragment");
  if (match == NULL || *match == '\0')
    return plain(428, "If-Match is needed");
  if (strcmp(match, "*") == 0 || strcmp(match, "\"*\"") == 0)
    return restart(session, request);
  if (strcmp(match, session->etag) != 0)
    return plain(412, "another ICE session");
  return trickle(session, request);
}

/* A session outlives its token's expiry: who was let in may change and end what it began. */
static McuHttpResponse *
check_owner(McuWhip *whip, const WhipSession *session, const McuHttpRequest *request)
{
  const char *token = mcu_http_bearer(request->authorization);
  McuGrant grant;
  g_autoptr(GError) error = NULL;
  if (token == NULL)
    return unauthorized(FALSE, "a token is needed");
  if (!mcu_token_check(whip->config.token_key, token, 0, &grant, &error))
    return unauthorized(TRUE, mcu_error_word(error));
  gboolean own = strcmp(grant.meeting, session->meeting) == 0 && strcmp(grant.site, session->site) == 0;
  mcu_grant_clear(&grant);
  return own ? NULL : plain(403, "forbidden: the session is another's");
}

static McuHttpResponse *
on_session(McuWhip *whip, WhipSession *session, const McuHttpRequest *request)
{
  McuHttpResponse *response = check_owner(whip, session, request);
  if (response != NULL)
    return response;
  if (request->method == MCU_HTTP_PATCH)
    return patch(session, request);
  g_hash_table_remove(whip->sessions, session->id);
  return mcu_http_response_new(200);
}

static McuHttpResponse *
options(gboolean endpoint)
{
  McuHttpResponse *response = mcu_http_response_new(204);
  if (endpoint)
    mcu_http_response_header(response, "Accept-Post", SDP_TYPE);
  else
    mcu_http_response_header(response, "Accept-Patch", FRAGMENT_TYPE);
  mcu_http_response_header(response, "Access-Control-Allow-Methods",
                           endpoint ? "OPTIONS, POST" : "OPTIONS, PATCH, DELETE");
  mcu_http_response_header(response, "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
  mcu_http_response_header(response, "Access-Control-Max-Age", "600");
  return response;
}

static McuHttpResponse *
not_allowed(const char *allow)
{
  McuHttpResponse *response = plain(405, "method not allowed");
  mcu_http_response_header(response, "Allow", allow);
  return response;
}

/* --- entry --- */

static gboolean
split_path(const char *path, Kind *out_kind, const char **out_id)
{
  for (guint kind = 0; kind < N_KINDS; kind++) {
    gsize n = strlen(endpoints[kind]);
    if (strncmp(path, endpoints[kind], n) != 0 || (path[n] != '\0' && path[n] != '/'))
      continue;
    *out_kind = (Kind)kind;
    *out_id = path[n] == '/' ? path + n + 1 : NULL;
    return TRUE;
  }
  return FALSE;
}

gboolean
mcu_whip_serves(const char *path)
{
  Kind kind;
  const char *id;
  return split_path(path, &kind, &id);
}

static McuHttpResponse *
route(McuWhip *whip, guint64 connection, const McuHttpRequest *request)
{
  Kind kind;
  const char *id;
  if (!split_path(request->path, &kind, &id))
    return plain(404, "not-found");
  if (request->method == MCU_HTTP_OPTIONS)
    return options(id == NULL);
  if (id == NULL)
    return request->method == MCU_HTTP_POST ? post(whip, connection, kind, request) : not_allowed("OPTIONS, POST");
  if (request->method != MCU_HTTP_PATCH && request->method != MCU_HTTP_DELETE)
    return not_allowed("OPTIONS, PATCH, DELETE");
  WhipSession *session = g_hash_table_lookup(whip->sessions, id);
  if (session == NULL || session->kind != kind || session->member == NULL)
    return plain(404, "not-found");
  return on_session(whip, session, request);
}

void
mcu_whip_handle(McuWhip *whip, guint64 connection, const McuHttpRequest *request)
{
  McuHttpResponse *response = route(whip, connection, request);
  if (response != NULL)
    respond(whip, connection, response);
}

static gboolean
end_failed(gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data G_GNUC_UNUSED)
{
  WhipSession *session = value;
  if (!session->failed)
    return FALSE;
  /* It went without a word: the seat stays for its grace, as that of a browser would. */
  McuMember *member = g_steal_pointer(&session->member);
  if (member != NULL)
    mcu_member_lost(member);
  return TRUE;
}

void
mcu_whip_tick(McuWhip *whip)
{
  g_hash_table_foreach_remove(whip->sessions, end_failed, NULL);
}

McuWhip *
mcu_whip_new(const McuWhipConfig *config)
{
  McuWhip *whip = g_new0(McuWhip, 1);
  whip->config = *config;
  whip->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, session_free);
  whip->waiting = g_hash_table_new_full(NULL, NULL, waiting_free, NULL);
  mcu_bucket_init(&whip->posts, POSTS_PER_S, POSTS_BURST, mcu_clock_now(config->clock));
  return whip;
}

void
mcu_whip_free(McuWhip *whip)
{
  if (whip == NULL)
    return;
  g_hash_table_unref(whip->waiting);
  g_hash_table_unref(whip->sessions);
  g_free(whip);
}
