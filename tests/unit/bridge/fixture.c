/* See fixture.h. */
#include "tests/unit/bridge/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mcu/store/store.h"
#include "mcu/util/error.h"
#include "tests/fakes/fake-net.h"

/* --- the bridge --------------------------------------------------------------------------- */

static gint64
clock_now(gpointer user_data)
{
  return ((Fixture *)user_data)->now_us;
}

void
fixture_set_up(Fixture *f, gconstpointer data)
{
  (void)data;
  g_autoptr(GError) error = NULL;
  f->dir = g_dir_make_tmp("diemcau-bridge-XXXXXX", &error);
  g_assert_no_error(error);
  f->database = g_build_filename(f->dir, "diemcau.db", NULL);
  f->proxies = g_ptr_array_new_with_free_func(g_free);
  f->now_us = 1000 * G_USEC_PER_SEC;
  f->clock = (McuClock){.now_us = clock_now, .user_data = f};
  f->net = mcu_net_new(1, NULL);
  f->cert = mcu_cert_new(NULL);
  f->store = mcu_store_open(f->database, &error);
  g_assert_no_error(error);
  f->config = (McuBridgeConfig){
      .net = f->net,
      .cert = f->cert,
      .engine = fake_engine(),
      .store = f->store,
      .settle_us = 60 * G_USEC_PER_SEC, /* never "behind", on the slowest machine */
      .data_dir = f->dir,
      .video_kbps = 1500,
      .audio_kbps = 40,
      .site_kbps = 700,
      .content_kbps = 1500,
      .max_meetings = 4,
      .max_members = 50,
      .max_heard = 8,
      .max_visible = 4,
      .clock = &f->clock,
      .lost_grace_us = 60 * G_USEC_PER_SEC,
  };
  f->bridge = mcu_bridge_new(&f->config, &error);
  g_assert_no_error(error);
}

void
fixture_restart(Fixture *f)
{
  mcu_bridge_free(f->bridge);
  f->bridge = mcu_bridge_new(&f->config, NULL);
  g_assert_nonnull(f->bridge);
}

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_tree(inner);
  }
  g_remove(path);
}

void
fixture_tear_down(Fixture *f, gconstpointer data)
{
  (void)data;
  mcu_bridge_free(f->bridge);
  g_assert_cmpuint(fake_engine_mixes(), ==, 0);
  mcu_net_free(f->net); /* asserts that no leg is left */
  mcu_cert_free(f->cert);
  mcu_store_close(f->store);
  g_ptr_array_unref(f->proxies);
  remove_tree(f->dir);
  g_free(f->database);
  g_free(f->dir);
}

void
fixture_run(Fixture *f, gint64 us)
{
  for (gint64 end = f->now_us + us; f->now_us < end;) {
    f->now_us += MCU_BRIDGE_TICK_US;
    mcu_bridge_tick(f->bridge);
  }
}

char *
fixture_log(Fixture *f)
{
  g_assert_true(mcu_store_flush(f->store, 60 * G_USEC_PER_SEC));
  g_autoptr(GPtrArray) events = mcu_store_read_events(f->database, NULL, NULL);
  g_assert_nonnull(events);
  GString *words = g_string_new(NULL);
  for (guint i = 0; i < events->len; i++)
    g_string_append_printf(words, "%s%s", i > 0 ? " " : "", ((McuStoreEvent *)g_ptr_array_index(events, i))->type);
  return g_string_free(words, FALSE);
}

/* --- clients ------------------------------------------------------------------------------ */

static void
on_sites_changed(McuMember *member, GBytes *text, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  g_assert_true(member == client->member);
  client->sites_changed++;
  g_string_truncate(client->sites, 0);
  g_string_append_len(client->sites, g_bytes_get_data(text, NULL), (gssize)g_bytes_get_size(text));
}

static void
on_told(McuMember *member G_GNUC_UNUSED, GBytes *text, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  g_string_append_len(client->told, g_bytes_get_data(text, NULL), (gssize)g_bytes_get_size(text));
  g_string_append_c(client->told, '\n');
}

static void
on_admitted(McuMember *member G_GNUC_UNUSED, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client != NULL)
    client->admitted = TRUE;
}

static void
on_picture_wanted(McuMember *member, const McuPicture *picture, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  McuPicture wanted;
  g_assert_true(mcu_member_wanted(member, &wanted));
  g_assert_cmpmem(&wanted, sizeof wanted, picture, sizeof *picture);
  g_string_append_printf(client->pictures, "%ux%u@%u/%u ", picture->width, picture->height, picture->fps,
                         picture->kbps);
}

static void
on_recording_changed(McuMember *member, gboolean recording, const GError *error, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  g_assert_true(mcu_member_recording(member) == recording);
  g_string_append_printf(client->recording, "%s ", error != NULL ? mcu_error_word(error) : recording ? "on" : "off");
}

static void
on_line(McuMember *member, const McuLineInfo *line, gpointer user_data)
{
  (void)member;
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  client->line = *line;
  client->lines++;
}

static void
on_media_state(McuMember *member, gboolean connected, const GError *error, gpointer user_data)
{
  (void)member;
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  g_assert_true(connected == (error == NULL));
  g_string_append(client->media, connected ? "connected " : "failed ");
}

static void
on_closed(McuMember *member, const GError *error, gpointer user_data)
{
  Client *client = *(Client **)user_data;
  if (client == NULL)
    return;
  g_assert_true(member == client->member);
  g_assert_nonnull(mcu_member_site_name(member));
  client->member = NULL;
  client->closed = error->code;
}

void
client_join_grant(Client *client, Fixture *f, const McuGrant *grant)
{
  static const McuMemberEvents events = {
      .sites_changed = on_sites_changed,
      .told = on_told,
      .admitted = on_admitted,
      .picture_wanted = on_picture_wanted,
      .recording_changed = on_recording_changed,
      .line = on_line,
      .media_state = on_media_state,
      .closed = on_closed,
  };
  *client = (Client){.recording = g_string_new(NULL),
                     .media = g_string_new(NULL),
                     .sites = g_string_new(NULL),
                     .told = g_string_new(NULL),
                     .pictures = g_string_new(NULL),
                     .closed = -1};
  Client **proxy = g_new(Client *, 1);
  *proxy = client;
  client->proxy = proxy;
  g_ptr_array_add(f->proxies, proxy);
  g_autoptr(GError) error = NULL;
  client->member = mcu_bridge_join(f->bridge, grant, &events, proxy, &error);
  g_assert_true((client->member == NULL) == (error != NULL));
  if (error != NULL)
    client->closed = error->code;
}

static void
join(Client *client, Fixture *f, const char *meeting, const char *site, McuRole role, gboolean sends_only)
{
  g_autofree char *name = g_strdup_printf("Xã %s", site);
  McuGrant grant = {.site_name = name, .meeting_title = (char *)"Giao ban", .role = role, .sends_only = sends_only};
  g_strlcpy(grant.meeting, meeting, sizeof grant.meeting);
  g_strlcpy(grant.site, site, sizeof grant.site);
  client_join_grant(client, f, &grant);
}

gboolean
client_record(Client *client, gboolean on, GError **error)
{
  return mcu_member_command(client->member, &(McuRoomCommand){.type = MCU_ROOM_RECORD, .on = on}, error);
}

gboolean
client_floor(Client *client, const char *site, gboolean on, GError **error)
{
  return mcu_member_command(client->member, &(McuRoomCommand){.type = MCU_ROOM_FLOOR, .site = site, .on = on}, error);
}

void
client_do(Client *client, McuRoomCommand command)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = mcu_member_command(client->member, &command, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

void
client_must_not(Client *client, McuRoomCommand command, int code)
{
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_member_command(client->member, &command, &error));
  g_assert_error(error, MCU_ERROR, code);
}

void
client_join_meeting(Client *client, Fixture *f, const char *meeting, const char *site, McuRole role)
{
  join(client, f, meeting, site, role, FALSE);
}

void
client_join(Client *client, Fixture *f, const char *site, McuRole role)
{
  join(client, f, "m", site, role, FALSE);
}

void
client_join_to_send(Client *client, Fixture *f, const char *site)
{
  join(client, f, "m", site, MCU_ROLE_SITE, TRUE);
}

void
client_clear(Client *client)
{
  *(Client **)client->proxy = NULL;
  g_string_free(client->recording, TRUE);
  g_string_free(client->media, TRUE);
  g_string_free(client->sites, TRUE);
  g_string_free(client->told, TRUE);
  g_string_free(client->pictures, TRUE);
}

/* --- offers ------------------------------------------------------------------------------- */

static void
append_common(GString *sdp, const OfferOptions *options, const char *mid)
{
  const char *ufrag = options->ufrag != NULL ? options->ufrag : "ufra";
  g_string_append_printf(sdp,
                         "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\n"
                         "a=ice-pwd:%spasswordpasswordpassword\r\na=ice-options:trickle\r\na=fingerprint:sha-256 ",
                         ufrag, ufrag);
  for (guint i = 0; i < 32; i++)
    g_string_append_printf(sdp, "%s%02X", i > 0 ? ":" : "", options->fingerprint_byte);
  g_string_append_printf(sdp, "\r\na=setup:actpass\r\na=mid:%s\r\na=%s\r\na=rtcp-mux\r\n", mid,
                         options->direction != NULL ? options->direction : "sendrecv");
}

char *
make_offer(const OfferOptions *options)
{
  GString *sdp = g_string_new("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
  g_string_append_printf(sdp, "a=group:BUNDLE 0%s%s\r\na=msid-semantic: WMS s\r\n", options->no_video ? "" : " 1",
                         options->content ? " 2" : "");
  g_string_append(sdp, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
  append_common(sdp, options, "0");
  g_string_append(sdp, "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                       "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
                       "a=candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host\r\n"
                       "a=candidate:2 1 tcp 1518214911 192.0.2.1 9 typ host tcptype active\r\n");
  if (!options->no_video) {
    g_string_append_printf(sdp, "m=video 9 UDP/TLS/RTP/SAVPF%s%s\r\n", options->no_vp8 ? "" : " 96",
                           options->no_h264 ? "" : " 102");
    append_common(sdp, options, "1");
    if (!options->no_vp8)
      g_string_append(sdp, "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 nack\r\n"
                           "a=rtcp-fb:96 nack pli\r\n");
    if (!options->no_h264)
      g_string_append(sdp, "a=rtpmap:102 H264/90000\r\na=rtcp-fb:102 goog-remb\r\na=rtcp-fb:102 nack\r\n"
                           "a=rtcp-fb:102 nack pli\r\na=rtcp-fb:102 ccm fir\r\n"
                           "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n");
  }
  if (options->content) {
    const OfferOptions sent = {options->ufrag, options->fingerprint_byte, .direction = "sendonly"};
    g_string_append(sdp, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n");
    append_common(sdp, &sent, "2");
    g_string_append(sdp, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=ssrc:77 cname:x\r\n"
                         "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 nack pli\r\n");
  }
  return g_string_free(sdp, FALSE);
}

char *
client_offer(Client *client, const OfferOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *offer = make_offer(options);
  char *answer = mcu_member_offer(client->member, offer, strlen(offer), &error);
  g_assert_no_error(error);
  g_assert_nonnull(answer);
  return answer;
}

McuLeg *
client_connect(Client *client, Fixture *f)
{
  g_free(client_offer(client, &(OfferOptions){.fingerprint_byte = 1}));
  McuLeg *leg = fake_leg_newest();
  leg_hear(leg, f);
  fake_leg_set_state(leg, MCU_LEG_CONNECTED);
  return leg;
}

void
leg_hear(McuLeg *leg, Fixture *f)
{
  leg->stats.last_rx_us = f->now_us;
  leg->stats.rx_packets++;
}
