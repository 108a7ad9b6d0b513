/* One thread looks at those that connect every TICK_US, and at the others in turn, each every ROUND ticks: what
 * has come meanwhile is read by one call, and the kernel's time stamps say when it came. The lock is held during
 * a tick; main takes it to add, start and remove, which it does rarely. */
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mcu/rtp/demux.h"
#include "mcu/rtp/header.h"
#include "mcu/rtp/rtcp.h"
#include "mcu/transport/dtls.h"
#include "mcu/transport/srtp.h"
#include "mcu/util/error.h"
#include "stun.h"
#include "tap-count.h"

#ifndef UDP_GRO
#define UDP_GRO 104 /* linux/udp.h, since 5.0 */
#endif

#define TICK_US 10000
#define ROUND 4
#define MESSAGES 8
#define MESSAGE_BYTES 65536
#define CHECK_EVERY_US 200000    /* until the pair is confirmed */
#define CONSENT_EVERY_US 5000000 /* RFC 7675 5.1 */
#define REPORT_EVERY_US 2000000  /* the bridge gives up who is silent */
#define CONNECT_TIMEOUT_US (20 * G_USEC_PER_SEC)
#define RECEIVE_BUFFER (1024 * 1024)

typedef enum { NEW, CHECKING, SHAKING, CONNECTED, FAILED } State;

struct SimTap {
  gatomicrefcount refs;
  SimTaps *taps;
  gboolean watched;
  char *ufrag, *pwd;
  int fd;

  struct {
    gboolean freed;
    SimTapDone done;
    gpointer user_data;
  } main;

  /* The rest is protected by the lock. */
  State state;
  char *username, *remote_pwd;
  guint32 remote_address; /* in host order */
  guint16 remote_port;
  guint8 audio_pt, video_pt;
  guint8 id[SIM_STUN_ID_BYTES];
  gint64 next_check_us, next_report_us, deadline_us;
  McuDtls *dtls;
  McuSrtp *srtp;
  SimTapCount audio, video;
  gint64 first_frame_us;
  guint64 forged;
};

struct SimTaps {
  gpointer dtls_context;
  GMainContext *main_context;
  GThread *thread;
  guint8 *buffers; /* of the thread: MESSAGES x MESSAGE_BYTES */

  GMutex lock; /* the rest, taps included, is protected by it */
  gboolean stop;
  guint tick;
  GPtrArray *all; /* of SimTap *, borrowed */
};

/* A datagram, or several that came as one. */
typedef struct {
  guint8 *data;
  gsize size, segment;
  gint64 arrival_us;
} Message;

static void
tap_unref(SimTap *tap)
{
  if (!g_atomic_ref_count_dec(&tap->refs))
    return;
  mcu_dtls_free(tap->dtls);
  mcu_srtp_free(tap->srtp);
  if (tap->fd >= 0)
    close(tap->fd);
  g_free(tap->username);
  g_free(tap->remote_pwd);
  g_free(tap->ufrag);
  g_free(tap->pwd);
  g_free(tap);
}

/* --- news for main --- */

typedef struct {
  SimTap *tap; /* a reference */
  char *failure;
} News;

static void
news_free(gpointer data)
{
  News *news = data;
  tap_unref(news->tap);
  g_free(news->failure);
  g_free(news);
}

/* [main] */
static gboolean
do_news(gpointer data)
{
  News *news = data;
  if (!news->tap->main.freed)
    news->tap->main.done(news->tap, news->failure, news->tap->main.user_data);
  return G_SOURCE_REMOVE;
}

static void
enter(SimTap *tap, State state, const char *failure)
{
  tap->state = state;
  if (state != CONNECTED && state != FAILED)
    return;
  News *news = g_new(News, 1);
  g_atomic_ref_count_inc(&tap->refs);
  *news = (News){tap, g_strdup(failure)};
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, do_news, news, news_free);
  g_source_attach(source, tap->taps->main_context);
  g_source_unref(source);
}

/* --- handshake --- */

static void
send_datagram(const guint8 *datagram, gsize size, gpointer user_data)
{
  SimTap *tap = user_data;
  if (send(tap->fd, datagram, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED && tap->state != FAILED)
    enter(tap, FAILED, "the bridge's port is closed");
}

static void
send_check(SimTap *tap, gint64 now_us)
{
  guint8 request[SIM_STUN_REQUEST_MAX];
  gsize size = sim_stun_request(request, tap->id, tap->username, tap->remote_pwd, GPOINTER_TO_SIZE(tap));
  send_datagram(request, size, tap);
  tap->next_check_us = now_us + (tap->state == CHECKING ? CHECK_EVERY_US : CONSENT_EVERY_US);
}

static void
send_report(SimTap *tap, gint64 now_us)
{
  guint8 packet[64];
  McuRtcpWriter writer;
  mcu_rtcp_writer_init(&writer, packet, sizeof packet - MCU_SRTP_TRAILER);
  mcu_rtcp_write_rr(&writer, 1, NULL, 0);
  mcu_rtcp_write_sdes(&writer, 1, "tap");
  gsize size = writer.size;
  if (mcu_srtp_protect_rtcp(tap->srtp, packet, &size))
    send_datagram(packet, size, tap);
  tap->next_report_us = now_us + REPORT_EVERY_US;
}

static void
take_keys(SimTap *tap)
{
  McuSrtpProfile profile;
  McuSrtpKey out, in;
  g_autoptr(GError) error = NULL;
  mcu_dtls_get_keys(tap->dtls, &profile, &out, &in);
  tap->srtp = mcu_srtp_new(profile, &out, &in, &error);
  enter(tap, tap->srtp != NULL ? CONNECTED : FAILED, error ? error->message : NULL);
}

static void
obey_dtls(SimTap *tap, McuDtlsResult result, GError *error)
{
  if (result == MCU_DTLS_ESTABLISHED && tap->state == SHAKING)
    take_keys(tap);
  else if (result == MCU_DTLS_CLOSED && tap->state != FAILED)
    enter(tap, FAILED, "closed by the bridge");
  else if (result == MCU_DTLS_FAILED && tap->state != FAILED)
    enter(tap, FAILED, error ? error->message : "DTLS");
  g_clear_error(&error);
}

static void
take_stun(SimTap *tap, const guint8 *data, gsize size)
{
  const guint8 *id = sim_stun_request_id(data, size, tap->pwd);
  if (id != NULL) {
    guint8 answer[SIM_STUN_REQUEST_MAX];
    send_datagram(answer, sim_stun_answer(answer, id, tap->remote_address, tap->remote_port, tap->pwd), tap);
    return;
  }
  if (tap->state != CHECKING || !sim_stun_is_answer(data, size, tap->id, tap->remote_pwd))
    return;
  tap->state = SHAKING;
  GError *error = NULL;
  McuDtlsResult result = mcu_dtls_start(tap->dtls, &error);
  obey_dtls(tap, result, error);
}

/* --- packets --- */

static void
take_rtp(SimTap *tap, guint8 *data, gsize size, gint64 arrival_us)
{
  guint8 pt = data[1] & 0x7f;
  guint16 seq = (guint16)(data[2] << 8 | data[3]);
  gboolean marker = data[1] >> 7;
  if (tap->watched && mcu_srtp_unprotect_rtp(tap->srtp, data, &size) != MCU_DROP_NONE) {
    tap->forged++;
    return;
  }
  if (pt == tap->audio_pt) {
    sim_tap_count(&tap->audio, seq, FALSE, arrival_us);
  } else if (pt == tap->video_pt) {
    sim_tap_count(&tap->video, seq, marker, arrival_us);
    if (marker && tap->first_frame_us == 0) /* the bridge begins with a key frame */
      tap->first_frame_us = arrival_us;
  }
}

static void
take_datagram(SimTap *tap, guint8 *data, gsize size, gint64 arrival_us)
{
  GError *error = NULL;
  McuDtlsResult result;
  switch (mcu_demux(data, size)) {
  case MCU_DEMUX_STUN:
    take_stun(tap, data, size);
    break;
  case MCU_DEMUX_DTLS:
    if (tap->state < SHAKING || tap->state == FAILED)
      break;
    result = mcu_dtls_receive(tap->dtls, data, size, &error);
    obey_dtls(tap, result, error);
    break;
  case MCU_DEMUX_RTP:
    if (tap->state == CONNECTED && size >= MCU_RTP_HEADER)
      take_rtp(tap, data, size, arrival_us);
    break;
  case MCU_DEMUX_RTCP:
  case MCU_DEMUX_NONE:
    break;
  }
}

/* What the kernel says beside the bytes: when, and in segments of which size. */
static void
read_control(struct msghdr *header, gint64 to_monotonic_us, Message *message)
{
  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg != NULL; cmsg = CMSG_NXTHDR(header, cmsg)) {
    if (cmsg->cmsg_level == SOL_UDP && cmsg->cmsg_type == UDP_GRO) {
      int segment;
      memcpy(&segment, CMSG_DATA(cmsg), sizeof segment);
      message->segment = segment > 0 ? (gsize)segment : message->size;
    } else if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec at;
      memcpy(&at, CMSG_DATA(cmsg), sizeof at);
      message->arrival_us = at.tv_sec * G_USEC_PER_SEC + at.tv_nsec / 1000 + to_monotonic_us;
    }
  }
}

static void
take_message(SimTap *tap, const Message *message)
{
  for (gsize at = 0; at < message->size; at += message->segment)
    take_datagram(tap, message->data + at, MIN(message->segment, message->size - at), message->arrival_us);
}

static void
read_socket(SimTap *tap, gint64 now_us, gint64 to_monotonic_us)
{
  struct mmsghdr headers[MESSAGES];
  struct iovec vectors[MESSAGES];
  union {
    char bytes[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct timespec))];
    struct cmsghdr align;
  } controls[MESSAGES];
  int n = MESSAGES;
  while (n == MESSAGES) {
    for (guint i = 0; i < MESSAGES; i++) {
      vectors[i] = (struct iovec){tap->taps->buffers + i * MESSAGE_BYTES, MESSAGE_BYTES};
      headers[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &vectors[i],
                                                .msg_iovlen = 1,
                                                .msg_control = &controls[i],
                                                .msg_controllen = sizeof controls[i]}};
    }
    n = recvmmsg(tap->fd, headers, MESSAGES, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) {
      Message message = {.data = vectors[i].iov_base, .size = headers[i].msg_len, .arrival_us = now_us};
      message.segment = message.size;
      read_control(&headers[i].msg_hdr, to_monotonic_us, &message);
      take_message(tap, &message);
    }
  }
}

/* --- the thread --- */

static void
tick_tap(SimTap *tap, gint64 now_us)
{
  GError *error = NULL;
  McuDtlsResult result;
  if (tap->state == SHAKING) {
    result = mcu_dtls_tick(tap->dtls, &error);
    obey_dtls(tap, result, error);
  }
  if ((tap->state == CHECKING || tap->state == SHAKING) && now_us > tap->deadline_us)
    enter(tap, FAILED, tap->state == CHECKING ? "ICE: no answer" : "DTLS: no answer");
  if ((tap->state == CHECKING || tap->state == CONNECTED) && now_us >= tap->next_check_us)
    send_check(tap, now_us);
  if (tap->state == CONNECTED && now_us >= tap->next_report_us)
    send_report(tap, now_us);
}

static void
tick_all(SimTaps *taps)
{
  taps->tick++;
  gint64 now_us = g_get_monotonic_time(), to_monotonic_us = now_us - g_get_real_time();
  for (guint i = 0; i < taps->all->len; i++) {
    SimTap *tap = taps->all->pdata[i];
    if (tap->state == NEW || tap->state == FAILED || (tap->state == CONNECTED && (i + taps->tick) % ROUND != 0))
      continue;
    read_socket(tap, now_us, to_monotonic_us);
    tick_tap(tap, now_us);
  }
}

static gpointer
run(gpointer data)
{
  SimTaps *taps = data;
  gint64 next_us = g_get_monotonic_time();
  for (gboolean stop = FALSE; !stop;) {
    g_mutex_lock(&taps->lock);
    stop = taps->stop;
    tick_all(taps);
    g_mutex_unlock(&taps->lock);
    gint64 now_us = g_get_monotonic_time();
    next_us = MAX(next_us + TICK_US, now_us);
    g_usleep((gulong)(next_us - now_us));
  }
  return NULL;
}

SimTaps *
sim_taps_new(const McuCert *cert, GError **error)
{
  gpointer context = mcu_dtls_context(cert, error);
  if (context == NULL)
    return NULL;
  SimTaps *taps = g_new0(SimTaps, 1);
  taps->dtls_context = context;
  taps->main_context = g_main_context_ref_thread_default();
  taps->buffers = g_malloc((gsize)MESSAGES * MESSAGE_BYTES);
  taps->all = g_ptr_array_new();
  g_mutex_init(&taps->lock);
  taps->thread = g_thread_new("taps", run, taps);
  return taps;
}

void
sim_taps_free(SimTaps *taps)
{
  if (taps == NULL)
    return;
  g_mutex_lock(&taps->lock);
  taps->stop = TRUE;
  g_mutex_unlock(&taps->lock);
  g_thread_join(taps->thread);
  g_assert(taps->all->len == 0);
  g_ptr_array_unref(taps->all);
  g_mutex_clear(&taps->lock);
  g_main_context_unref(taps->main_context);
  g_free(taps->buffers);
  g_free(taps);
}

void
sim_taps_restart(SimTaps *taps)
{
  g_mutex_lock(&taps->lock);
  for (guint i = 0; i < taps->all->len; i++) {
    SimTap *tap = taps->all->pdata[i];
    sim_tap_count_restart(&tap->audio);
    sim_tap_count_restart(&tap->video);
    tap->forged = 0;
  }
  g_mutex_unlock(&taps->lock);
}

/* --- one of them --- */

static char *
random_word(guint chars)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  char *word = g_malloc0(chars + 1);
  for (guint i = 0; i < chars; i++)
    word[i] = letters[g_random_int_range(0, (gint32)strlen(letters))];
  return word;
}

static gboolean
fail_errno(const char *what, GError **error)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "%s: %s", what, g_strerror(errno));
  return FALSE;
}

static gboolean
open_socket(SimTap *tap, const char *address, GError **error)
{
  tap->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (tap->fd < 0)
    return fail_errno("socket", error);
  int on = 1, bytes = RECEIVE_BUFFER;
  setsockopt(tap->fd, SOL_UDP, UDP_GRO, &on, sizeof on); /* dearer without, that is all */
  setsockopt(tap->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(tap->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  struct sockaddr_in local = {.sin_family = AF_INET};
  if (address != NULL && inet_pton(AF_INET, address, &local.sin_addr) != 1) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s: observers need an IPv4 address", address);
    return FALSE;
  }
  return bind(tap->fd, (struct sockaddr *)&local, sizeof local) == 0 || fail_errno("bind", error);
}

SimTap *
sim_tap_new(SimTaps *taps, const char *address, gboolean watched, SimTapDone done, gpointer user_data, GError **error)
{
  SimTap *tap = g_new0(SimTap, 1);
  g_atomic_ref_count_init(&tap->refs);
  tap->taps = taps;
  tap->watched = watched;
  tap->ufrag = random_word(8);
  tap->pwd = random_word(24);
  tap->main.done = done;
  tap->main.user_data = user_data;
  if (!open_socket(tap, address, error)) {
    tap_unref(tap);
    return NULL;
  }
  g_mutex_lock(&taps->lock);
  g_ptr_array_add(taps->all, tap);
  g_mutex_unlock(&taps->lock);
  return tap;
}

void
sim_tap_free(SimTap *tap)
{
  if (tap == NULL)
    return;
  tap->main.freed = TRUE;
  g_mutex_lock(&tap->taps->lock);
  if (tap->dtls != NULL && tap->state == CONNECTED)
    mcu_dtls_close(tap->dtls);
  gboolean known = g_ptr_array_remove_fast(tap->taps->all, tap);
  g_mutex_unlock(&tap->taps->lock);
  g_assert(known);
  tap_unref(tap);
}

const char *
sim_tap_ufrag(const SimTap *tap)
{
  return tap->ufrag;
}

const char *
sim_tap_pwd(const SimTap *tap)
{
  return tap->pwd;
}

gboolean
sim_tap_start(SimTap *tap, const SimTapRemote *remote, GError **error)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(remote->port)};
  if (inet_pton(AF_INET, remote->address, &to.sin_addr) != 1) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "%s: observers need an IPv4 address", remote->address);
    return FALSE;
  }
  if (connect(tap->fd, (struct sockaddr *)&to, sizeof to) != 0)
    return fail_errno("connect", error);
  g_mutex_lock(&tap->taps->lock);
  tap->username = g_strdup_printf("%s:%s", remote->ufrag, tap->ufrag);
  tap->remote_pwd = g_strdup(remote->pwd);
  tap->remote_address = ntohl(to.sin_addr.s_addr);
  tap->remote_port = remote->port;
  tap->audio_pt = remote->audio_pt;
  tap->video_pt = remote->video_pt;
  for (guint i = 0; i < SIM_STUN_ID_BYTES; i++)
    tap->id[i] = (guint8)g_random_int();
  tap->dtls = mcu_dtls_new(tap->taps->dtls_context, MCU_DTLS_CLIENT, remote->fingerprint, send_datagram, tap);
  tap->deadline_us = g_get_monotonic_time() + CONNECT_TIMEOUT_US;
  tap->state = CHECKING;
  g_mutex_unlock(&tap->taps->lock);
  return TRUE;
}

void
sim_tap_get_stats(SimTap *tap, SimTapStats *out_stats)
{
  g_mutex_lock(&tap->taps->lock);
  *out_stats = (SimTapStats){
      .first_frame_us = tap->first_frame_us,
      .from_us = tap->video.from_us,
      .last_frame_us = tap->video.last_frame_us,
      .frames = tap->video.frames,
      .last_sound_us = tap->audio.last_us,
      .sound_gap_max_us = tap->audio.gap_max_us,
      .packets = tap->audio.packets + tap->video.packets,
      .lost = tap->audio.lost + tap->video.lost,
      .forged = tap->forged,
  };
  g_mutex_unlock(&tap->taps->lock);
}
