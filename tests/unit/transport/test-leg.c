/* Two real legs over loopback: libnice, OpenSSL and libsrtp together. What needs loss, disorder or virtual
 * time is in tests/sim. Waits are for events, with a deadline that fails the test. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mcu/transport/cert.h"
#include "mcu/transport/net.h"
#include "mcu/util/error.h"

#define DEADLINE_US (20 * G_USEC_PER_SEC)

typedef struct {
  McuCert *cert;
  McuNet *net;
  McuLeg *leg;
  McuLegState state;
  GError *error;
} Peer;

static void
on_state(McuLeg *leg, McuLegState state, const GError *error, gpointer user_data)
{
  (void)leg;
  Peer *peer = user_data;
  peer->state = state;
  if (error != NULL && peer->error == NULL)
    peer->error = g_error_copy(error);
}

static const McuLegEvents events = {.state_changed = on_state};
static const char *const loopback[] = {"127.0.0.1", NULL};
static const char *const loopback6[] = {"::1", NULL};

static void
peer_open(Peer *peer, McuNet *net, gboolean lite, gboolean controlling, const char *const *addresses)
{
  g_autoptr(GError) error = NULL;
  *peer = (Peer){.net = net, .cert = mcu_cert_new(&error)};
  McuLegConfig config = {.name = controlling ? "client" : "bridge",
                         .controlling = controlling,
                         .lite = lite,
                         .addresses = addresses,
                         .cert = peer->cert,
                         .connect_timeout_us = 8 * G_USEC_PER_SEC,
                         .silence_timeout_us = 5 * G_USEC_PER_SEC};
  peer->leg = mcu_leg_new(net, &config, &events, peer, &error);
  g_assert_no_error(error);
}

static void
peer_close(Peer *peer)
{
  mcu_leg_free(peer->leg);
  g_clear_error(&peer->error);
}

static void
introduce(Peer *to, Peer *peer, McuDtlsRole role, const guint8 *fingerprint)
{
  g_autoptr(GError) error = NULL;
  g_assert_true(mcu_leg_start(to->leg, mcu_leg_ufrag(peer->leg), mcu_leg_pwd(peer->leg), fingerprint, role, &error));
  g_assert_no_error(error);
  const char *const *candidates = mcu_leg_candidates(peer->leg);
  g_assert_nonnull(candidates[0]);
  for (guint i = 0; candidates[i] != NULL; i++)
    g_assert_true(mcu_leg_add_candidate(to->leg, candidates[i], &error));
  g_assert_true(mcu_leg_add_candidate(to->leg, "", &error));
}

/* A bridge and a client on one network, told of each other. */
static McuNet *
pair_open(Peer *peers)
{
  g_autoptr(GError) error = NULL;
  McuNet *net = mcu_net_new(1, &error);
  g_assert_no_error(error);
  peer_open(&peers[0], net, TRUE, FALSE, loopback);
  peer_open(&peers[1], net, FALSE, TRUE, loopback);
  return net;
}

static void
pair_introduce(Peer *peers)
{
  introduce(&peers[0], &peers[1], MCU_DTLS_SERVER, mcu_cert_fingerprint(peers[1].cert));
  introduce(&peers[1], &peers[0], MCU_DTLS_CLIENT, mcu_cert_fingerprint(peers[0].cert));
}

static void
pair_close(Peer *peers, McuNet *net)
{
  for (guint i = 0; i < 2; i++)
    peer_close(&peers[i]);
  mcu_net_free(net);
  for (guint i = 0; i < 2; i++)
    mcu_cert_free(peers[i].cert);
}

static gboolean
wait_for(gboolean (*condition)(gpointer), gpointer data)
{
  gint64 deadline = g_get_monotonic_time() + DEADLINE_US;
  while (!condition(data)) {
    if (g_get_monotonic_time() > deadline)
      return FALSE;
    g_main_context_iteration(NULL, FALSE);
    g_thread_yield();
  }
  return TRUE;
}

static gboolean
both_connected(gpointer data)
{
  Peer *peers = data;
  return peers[0].state == MCU_LEG_CONNECTED && peers[1].state == MCU_LEG_CONNECTED;
}

static gboolean
first_failed(gpointer data)
{
  return ((Peer *)data)->state == MCU_LEG_FAILED;
}

static McuLegMedia
media(guint32 ssrc, McuRing *audio, McuRing *video)
{
  return (McuLegMedia){
      .audio = {.codec = MCU_CODEC_OPUS, .pt = 111, .send_ssrc = ssrc, .ext_audio_level = 1, .ring = audio},
      .video = {.codec = MCU_CODEC_VP8,
                .pt = 96,
                .send_ssrc = ssrc + 1,
                .nack = TRUE,
                .pli = TRUE,
                .ext_playout_delay = 2,
                .ring = video},
      .cname = "test"};
}

/* A VP8 packet: descriptor (S bit), then a key frame's header of 640x360, or an inter frame. */
static void
write_vp8(McuStream *stream, guint64 index, gboolean keyframe)
{
  guint8 payload[600] = {0x10, keyframe ? 0x10 : 0x11, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01};
  McuStreamPacket packet = {.index = index,
                            .timestamp = (guint32)index * 3600,
                            .capture_us = g_get_monotonic_time(),
                            .size = sizeof payload,
                            .marker = 1,
                            .keyframe = keyframe,
                            .payload = payload};
  mcu_stream_write(stream, &packet);
  mcu_stream_flush(stream);
}

typedef struct {
  Peer *peers;
  McuStream *stream;
  McuRing *ring;
  guint64 written;
  guint got;
} Flow;

static gboolean
picture_flows(gpointer data)
{
  Flow *flow = data;
  gboolean key = mcu_stream_take_keyframe_request(flow->stream);
  if (key || flow->written % 50 == 1)
    write_vp8(flow->stream, flow->written++, key);
  else
    flow->written++;
  for (const McuPacket *packet; (packet = mcu_ring_peek(flow->ring)) != NULL; mcu_ring_advance(flow->ring)) {
    if (flow->got++ == 0)
      g_assert_cmphex(packet->data[MCU_RTP_HEADER + 1] & 1, ==, 0); /* starts with the key frame */
    g_assert_cmpuint(packet->size, ==, MCU_RTP_HEADER + 600);
    g_assert_cmphex(packet->data[0], ==, 0x80); /* clean */
  }
  return flow->got >= 20;
}

static void
run_pair(gboolean lite, const char *const *addresses)
{
  g_autoptr(GError) error = NULL;
  McuNet *net = mcu_net_new(2, &error);
  g_assert_no_error(error);
  Peer peers[2];
  peer_open(&peers[0], net, lite, FALSE, addresses);
  peer_open(&peers[1], net, FALSE, TRUE, addresses);
  McuRing *ring = mcu_ring_new(256);
  McuStream *stream = mcu_stream_new(MCU_MEDIA_VIDEO, MCU_CODEC_VP8, 256, 0);
  McuLegMedia sending = media(100, NULL, NULL), receiving = media(200, NULL, ring);
  mcu_leg_set_media(peers[0].leg, &sending);
  mcu_leg_set_media(peers[1].leg, &receiving);
  mcu_leg_send_video(peers[0].leg, stream);
  pair_introduce(peers);
  g_assert_true(wait_for(both_connected, peers));

  Flow flow = {.peers = peers, .stream = stream, .ring = ring};
  g_assert_true(wait_for(picture_flows, &flow));

  /* The peer that leaves says so, and the other need not wait for a timeout. */
  mcu_leg_free(peers[1].leg);
  g_assert_true(wait_for(first_failed, &peers[0]));
  g_assert_error(peers[0].error, MCU_ERROR, MCU_ERROR_TRANSPORT);
  peer_close(&peers[0]);
  g_clear_error(&peers[1].error);
  mcu_net_free(net);
  g_assert_cmpuint(mcu_stream_subscribers(stream), ==, 0);
  mcu_stream_unref(stream);
  mcu_ring_unref(ring);
  mcu_cert_free(peers[0].cert);
  mcu_cert_free(peers[1].cert);
}

static void
test_lite(void)
{
  run_pair(TRUE, loopback);
}

static void
test_full(void)
{
  run_pair(FALSE, loopback);
}

static void
test_ipv6(void)
{
  run_pair(TRUE, loopback6);
}

static void
test_wrong_fingerprint(void)
{
  Peer peers[2];
  McuNet *net = pair_open(peers);
  guint8 wrong[MCU_FINGERPRINT_BYTES] = {1};
  introduce(&peers[0], &peers[1], MCU_DTLS_SERVER, wrong);
  introduce(&peers[1], &peers[0], MCU_DTLS_CLIENT, mcu_cert_fingerprint(peers[0].cert));
  g_assert_true(wait_for(first_failed, &peers[0]));
  g_assert_error(peers[0].error, MCU_ERROR, MCU_ERROR_TRANSPORT);
  g_assert_nonnull(strstr(peers[0].error->message, "certificate"));
  pair_close(peers, net);
}

static void
test_candidates(void)
{
  static const struct {
    const char *text;
    gboolean ok;
  } cases[] = {
      {"candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host", TRUE},
      {"candidate:1 1 udp 2130706431 5c4e6a-11.local 40000 typ host", TRUE}, /* mDNS: ignored */
      {"candidate:1 1 TCP 2130706431 127.0.0.1 9 typ host tcptype active", TRUE},
      {"candidate:1 1 UDP 1 224.0.0.1 5000 typ host", TRUE}, /* multicast: never sent to */
      {"candidate:", TRUE},
      {"nonsense", FALSE},
      {"a=candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host", FALSE},
  };
  g_autoptr(GError) error = NULL;
  McuNet *net = mcu_net_new(1, &error);
  Peer peer;
  peer_open(&peer, net, FALSE, FALSE, loopback);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gboolean ok = mcu_leg_add_candidate(peer.leg, cases[i].text, &error);
    g_assert_cmpint(ok, ==, cases[i].ok);
    if (!ok)
      g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_CANDIDATE);
    g_clear_error(&error);
  }
  guint taken = 0;
  while (mcu_leg_add_candidate(peer.leg, "candidate:1 1 UDP 1 127.0.0.1 9 typ host", &error))
    g_assert_cmpuint(++taken, <=, MCU_CANDIDATES_MAX);
  g_assert_error(error, MCU_ERROR, MCU_ERROR_BAD_CANDIDATE);
  peer_close(&peer);
  mcu_net_free(net);
  mcu_cert_free(peer.cert);
}

static void
test_bad_address(void)
{
  g_autoptr(GError) error = NULL;
  McuNet *net = mcu_net_new(1, &error);
  g_autoptr(McuCert) cert = mcu_cert_new(&error);
  const char *const addresses[] = {"no.address", NULL};
  McuLegConfig config = {.name = "x", .lite = TRUE, .addresses = addresses, .cert = cert};
  g_assert_null(mcu_leg_new(net, &config, &events, NULL, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  mcu_net_free(net);
}

/* What a stranger sends. */
static const struct {
  guint8 bytes[24];
  gsize size;
} strange[] = {
    {{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 1}, 24}, /* ClientHello */
    {{0x80, 96, 0, 1}, 24},                                  /* RTP */
    {{0x80, 200, 0, 5}, 24},                                 /* RTCP */
    {{0, 1, 0, 4, 0x21, 0x12, 0xa4, 0x42}, 9},               /* truncated STUN */
    {{0, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42}, 24},        /* STUN whose length lies */
};

typedef struct {
  McuNet *net;
  int fd;
  struct sockaddr_in to;
} Stranger;

/* Goes on sending: a datagram that stands behind a good one in the socket is dropped by libnice,
 * uncounted. */
static gboolean
enough_counted(gpointer data)
{
  Stranger *stranger = data;
  for (guint i = 0; i < G_N_ELEMENTS(strange); i++)
    g_assert_cmpint(sendto(stranger->fd, strange[i].bytes, strange[i].size, 0, (struct sockaddr *)&stranger->to,
                           sizeof stranger->to),
                    >, 0);
  McuNetStats stats;
  mcu_net_get_stats(stranger->net, &stats);
  return stats.drops[MCU_DROP_UNVERIFIED] >= 300 && stats.drops[MCU_DROP_STUN] >= 200;
}

/* Datagrams from an address that has passed no ICE check are counted and change nothing: neither a forged
 * ClientHello, nor media, nor broken STUN. */
static void
test_strangers(void)
{
  Peer peers[2];
  McuNet *net = pair_open(peers);
  pair_introduce(peers);
  g_assert_true(wait_for(both_connected, peers));

  g_auto(GStrv) fields = g_strsplit(mcu_leg_candidates(peers[0].leg)[0], " ", 8);
  Stranger stranger = {.net = net,
                       .fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
                       .to = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons((guint16)g_ascii_strtoull(fields[5], NULL, 10))}};
  g_assert_true(wait_for(enough_counted, &stranger));
  g_assert_cmpint(peers[0].state, ==, MCU_LEG_CONNECTED);
  g_assert_cmpint(peers[1].state, ==, MCU_LEG_CONNECTED);
  close(stranger.fd);
  pair_close(peers, net);
}

static guint
open_descriptors(void)
{
  g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

/* Sockets of a leg go with it, and libnice with them: a bridge lives for months. */
static void
test_nothing_stays_open(void)
{
  guint before = open_descriptors();
  for (guint i = 0; i < 5; i++) {
    Peer peers[2];
    McuNet *net = pair_open(peers);
    pair_introduce(peers);
    if (i % 2 == 0)
      g_assert_true(wait_for(both_connected, peers));
    pair_close(peers, net);
  }
  g_assert_cmpuint(open_descriptors(), ==, before);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/leg/lite", test_lite);
  g_test_add_func("/leg/full", test_full);
  g_test_add_func("/leg/ipv6", test_ipv6);
  g_test_add_func("/leg/wrong-fingerprint", test_wrong_fingerprint);
  g_test_add_func("/leg/strangers", test_strangers);
  g_test_add_func("/leg/nothing-stays-open", test_nothing_stays_open);
  g_test_add_func("/leg/candidates", test_candidates);
  g_test_add_func("/leg/bad-address", test_bad_address);
  return g_test_run();
}
