/* The control side of a leg. [main], but for the `do_` functions, which run on the leg's network thread.
 *
 * Teardown: mcu_leg_free() forbids further events and posts do_close; that takes the leg from its thread,
 * ends DTLS, lets go of rings and streams and asks libnice to close; the last reference goes when
 * libnice says it has. */
#include "mcu/transport/leg.h"

#include <string.h>

#include "mcu/transport/cert-priv.h"
#include "mcu/transport/leg-priv.h"
#include "mcu/transport/net-priv.h"
#include "mcu/util/error.h"

#define CONNECT_TIMEOUT_US (15 * G_USEC_PER_SEC)
#define SILENCE_TIMEOUT_US (10 * G_USEC_PER_SEC)

McuLeg *
mcu_leg_ref(McuLeg *leg)
{
  g_atomic_ref_count_inc(&leg->refs);
  return leg;
}

void
mcu_leg_unref(McuLeg *leg)
{
  if (!g_atomic_ref_count_dec(&leg->refs))
    return;
  g_main_context_unref(leg->main.context);
  g_mutex_clear(&leg->stats_lock);
  g_free(leg->name);
  g_free(leg);
}

McuLeg *
mcu_leg_new(McuNet *net, const McuLegConfig *config, const McuLegEvents *events, gpointer user_data, GError **error)
{
  gpointer dtls_context = mcu_dtls_context(config->cert, error);
  if (dtls_context == NULL)
    return NULL;
  McuNetThread *thread = mcu_net_next_thread(net);
  McuIce *ice = mcu_ice_new(config, thread, error);
  if (ice == NULL)
    return NULL;

  McuLeg *leg = g_new0(McuLeg, 1);
  g_atomic_ref_count_init(&leg->refs);
  g_mutex_init(&leg->stats_lock);
  leg->name = g_strdup(config->name);
  leg->thread = thread;
  leg->ice = ice;
  leg->dtls_context = dtls_context;
  leg->connect_timeout_us = config->connect_timeout_us ? config->connect_timeout_us : CONNECT_TIMEOUT_US;
  leg->silence_timeout_us = config->silence_timeout_us ? config->silence_timeout_us : SILENCE_TIMEOUT_US;
  leg->main.context = g_main_context_ref_thread_default();
  leg->main.events = *events;
  leg->main.user_data = user_data;
  return leg;
}

static void
do_close(gpointer data)
{
  mcu_leg_net_close(data); /* the reference of main goes on to libnice's closing */
}

void
mcu_leg_free(McuLeg *leg)
{
  if (leg == NULL)
    return;
  g_assert(!leg->main.freed);
  leg->main.freed = TRUE;
  mcu_net_thread_invoke(leg->thread, do_close, leg);
}

const char *
mcu_leg_ufrag(const McuLeg *leg)
{
  return mcu_ice_ufrag(leg->ice);
}

const char *
mcu_leg_pwd(const McuLeg *leg)
{
  return mcu_ice_pwd(leg->ice);
}

const char *const *
mcu_leg_candidates(const McuLeg *leg)
{
  return mcu_ice_candidates(leg->ice);
}

typedef struct {
  McuLeg *leg;
  guint8 fingerprint[MCU_FINGERPRINT_BYTES];
  McuDtlsRole role;
} StartCommand;

static void
do_start(gpointer data)
{
  StartCommand *command = data;
  mcu_leg_net_start(command->leg, command->fingerprint, command->role, g_get_monotonic_time());
  mcu_leg_unref(command->leg);
  g_free(command);
}

gboolean
mcu_leg_start(McuLeg *leg, const char *ufrag, const char *pwd, const guint8 *fingerprint, McuDtlsRole role,
              GError **error)
{
  g_assert(!leg->main.started);
  if (!mcu_ice_set_remote(leg->ice, ufrag, pwd, error))
    return FALSE;
  leg->main.started = TRUE;
  StartCommand *command = g_new(StartCommand, 1);
  *command = (StartCommand){.leg = mcu_leg_ref(leg), .role = role};
  memcpy(command->fingerprint, fingerprint, sizeof command->fingerprint);
  mcu_net_thread_invoke(leg->thread, do_start, command);
  return TRUE;
}

gboolean
mcu_leg_add_candidate(McuLeg *leg, const char *candidate, GError **error)
{
  return mcu_ice_add_candidate(leg->ice, candidate, error);
}

gboolean
mcu_leg_restart_ice(McuLeg *leg, const char *ufrag, const char *pwd, GError **error)
{
  return mcu_ice_restart(leg->ice, ufrag, pwd, error);
}

typedef struct {
  McuLeg *leg;
  McuLegMedia media;
  char *cname;
} MediaCommand;

static McuRing *
ref_ring(McuRing *ring)
{
  return ring != NULL ? mcu_ring_ref(ring) : NULL;
}

static void
do_set_media(gpointer data)
{
  MediaCommand *command = data;
  mcu_leg_net_set_media(command->leg, &command->media);
  mcu_ring_unref(command->media.audio.ring);
  mcu_ring_unref(command->media.video.ring);
  mcu_ring_unref(command->media.content.ring);
  mcu_leg_unref(command->leg);
  g_free(command->cname);
  g_free(command);
}

void
mcu_leg_set_media(McuLeg *leg, const McuLegMedia *media)
{
  MediaCommand *command = g_new(MediaCommand, 1);
  *command = (MediaCommand){.leg = mcu_leg_ref(leg), .media = *media, .cname = g_strdup(media->cname)};
  command->media.cname = command->cname;
  command->media.audio.ring = ref_ring(media->audio.ring);
  command->media.video.ring = ref_ring(media->video.ring);
  command->media.content.ring = ref_ring(media->content.ring);
  mcu_net_thread_invoke(leg->thread, do_set_media, command);
}

typedef struct {
  McuLeg *leg;
  McuStream *shared, *own;
  McuMediaKind kind;
} SendCommand;

static void
do_send(gpointer data)
{
  SendCommand *command = data;
  McuLeg *leg = command->leg;
  mcu_leg_tx_set_streams(leg, command->kind == MCU_MEDIA_AUDIO ? &leg->net.tx_audio : &leg->net.tx_video,
                         command->shared, command->own);
  mcu_leg_tx_pump(leg, g_get_monotonic_time());
  mcu_stream_unref(command->shared);
  mcu_stream_unref(command->own);
  mcu_leg_unref(leg);
  g_free(command);
}

static void
send_streams(McuLeg *leg, McuMediaKind kind, McuStream *shared, McuStream *own)
{
  SendCommand *command = g_new(SendCommand, 1);
  *command = (SendCommand){.leg = mcu_leg_ref(leg),
                           .kind = kind,
                           .shared = shared != NULL ? mcu_stream_ref(shared) : NULL,
                           .own = own != NULL ? mcu_stream_ref(own) : NULL};
  mcu_net_thread_invoke(leg->thread, do_send, command);
}

void
mcu_leg_send_audio(McuLeg *leg, McuStream *shared, McuStream *own)
{
  send_streams(leg, MCU_MEDIA_AUDIO, shared, own);
}

void
mcu_leg_send_video(McuLeg *leg, McuStream *stream)
{
  send_streams(leg, MCU_MEDIA_VIDEO, stream, NULL);
}

static void
do_request_keyframe(gpointer data)
{
  McuLeg *leg = data;
  leg->net.rx_video.keyframe_wanted = TRUE;
  mcu_leg_unref(leg);
}

void
mcu_leg_request_keyframe(McuLeg *leg)
{
  mcu_net_thread_invoke(leg->thread, do_request_keyframe, mcu_leg_ref(leg));
}

McuLegState
mcu_leg_state(const McuLeg *leg)
{
  return leg->main.state;
}

void
mcu_leg_get_stats(McuLeg *leg, McuLegStats *out_stats)
{
  g_mutex_lock(&leg->stats_lock);
  *out_stats = leg->stats;
  g_mutex_unlock(&leg->stats_lock);
}
