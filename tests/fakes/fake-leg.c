/* See fake-leg.h. One thread, that of the test. */
#include "tests/fakes/fake-leg.h"

#include <string.h>

#include "mcu/util/error.h"

static GPtrArray *legs; /* alive, oldest first */
static guint n_made;
static gboolean fail_next;

guint
fake_leg_alive(void)
{
  return legs != NULL ? legs->len : 0;
}

McuLeg *
fake_leg_newest(void)
{
  return fake_leg_alive() > 0 ? g_ptr_array_index(legs, legs->len - 1) : NULL;
}

void
fake_leg_fail_next(void)
{
  fail_next = TRUE;
}

void
fake_leg_set_state(McuLeg *leg, McuLegState state)
{
  g_autoptr(GError) error = NULL;
  if (state == MCU_LEG_FAILED)
    error = g_error_new_literal(MCU_ERROR, MCU_ERROR_TRANSPORT, "the fake peer went");
  leg->state = state;
  leg->events.state_changed(leg, state, error, leg->user_data);
}

static void
new_credentials(McuLeg *leg)
{
  n_made++;
  g_snprintf(leg->ufrag, sizeof leg->ufrag, "ufrag%03u", n_made);
  g_snprintf(leg->pwd, sizeof leg->pwd, "passwordpasswordpassword%03u", n_made);
}

McuLeg *
mcu_leg_new(McuNet *net, const McuLegConfig *config, const McuLegEvents *events, gpointer user_data, GError **error)
{
  g_assert(net != NULL && config->cert != NULL && !config->controlling);
  if (fail_next) {
    fail_next = FALSE;
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TRANSPORT, "no leg today");
    return NULL;
  }
  McuLeg *leg = g_new0(McuLeg, 1);
  leg->name = g_strdup(config->name);
  leg->lite = config->lite;
  leg->events = *events;
  leg->user_data = user_data;
  leg->candidates = g_ptr_array_new_with_free_func(g_free);
  new_credentials(leg);
  if (legs == NULL)
    legs = g_ptr_array_new();
  g_ptr_array_add(legs, leg);
  return leg;
}

void
mcu_leg_free(McuLeg *leg)
{
  if (leg == NULL)
    return;
  g_assert(g_ptr_array_remove(legs, leg));
  if (legs->len == 0)
    g_clear_pointer(&legs, g_ptr_array_unref);
  mcu_ring_unref(leg->media.audio.ring);
  mcu_ring_unref(leg->media.video.ring);
  mcu_ring_unref(leg->media.content.ring);
  mcu_stream_unref(leg->audio_shared);
  mcu_stream_unref(leg->audio_own);
  mcu_stream_unref(leg->video);
  g_ptr_array_unref(leg->candidates);
  g_free(leg->name);
  g_free(leg);
}

const char *
mcu_leg_ufrag(const McuLeg *leg)
{
  return leg->ufrag;
}

const char *
mcu_leg_pwd(const McuLeg *leg)
{
  return leg->pwd;
}

const char *const *
mcu_leg_candidates(const McuLeg *leg)
{
  static const char *const candidates[] = {"candidate:1 1 UDP 2122252543 127.0.0.1 40000 typ host", NULL};
  (void)leg;
  return candidates;
}

gboolean
mcu_leg_start(McuLeg *leg, const char *ufrag, const char *pwd, const guint8 *fingerprint, McuDtlsRole role,
              GError **error)
{
  (void)error;
  g_assert(leg->state == MCU_LEG_NEW);
  leg->state = MCU_LEG_CONNECTING;
  g_strlcpy(leg->remote_ufrag, ufrag, sizeof leg->remote_ufrag);
  g_strlcpy(leg->remote_pwd, pwd, sizeof leg->remote_pwd);
  memcpy(leg->remote_fingerprint, fingerprint, sizeof leg->remote_fingerprint);
  leg->role = role;
  return TRUE;
}

gboolean
mcu_leg_add_candidate(McuLeg *leg, const char *candidate, GError **error)
{
  if (!g_str_has_prefix(candidate, "candidate:")) {
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_BAD_CANDIDATE, "no candidate");
    return FALSE;
  }
  g_ptr_array_add(leg->candidates, g_strdup(candidate));
  return TRUE;
}

gboolean
mcu_leg_restart_ice(McuLeg *leg, const char *ufrag, const char *pwd, GError **error)
{
  (void)error;
  g_strlcpy(leg->remote_ufrag, ufrag, sizeof leg->remote_ufrag);
  g_strlcpy(leg->remote_pwd, pwd, sizeof leg->remote_pwd);
  leg->restarts++;
  new_credentials(leg);
  return TRUE;
}

static McuRing *
ref_or_null(McuRing *ring)
{
  return ring != NULL ? mcu_ring_ref(ring) : NULL;
}

void
mcu_leg_set_media(McuLeg *leg, const McuLegMedia *media)
{
  McuLegMedia before = leg->media;
  leg->media = *media;
  leg->media.cname = NULL; /* borrowed for the call */
  g_assert(strlen(media->cname) > 0 && strlen(media->cname) < 64);
  leg->media.audio.ring = ref_or_null(media->audio.ring);
  leg->media.video.ring = ref_or_null(media->video.ring);
  leg->media.content.ring = ref_or_null(media->content.ring);
  mcu_ring_unref(before.audio.ring);
  mcu_ring_unref(before.video.ring);
  mcu_ring_unref(before.content.ring);
  leg->media_sets++;
}

static void
set_stream(McuStream **slot, McuStream *stream)
{
  McuStream *before = *slot;
  *slot = stream != NULL ? mcu_stream_ref(stream) : NULL;
  mcu_stream_unref(before);
}

void
mcu_leg_send_audio(McuLeg *leg, McuStream *shared, McuStream *own)
{
  set_stream(&leg->audio_shared, shared);
  set_stream(&leg->audio_own, own);
}

void
mcu_leg_send_video(McuLeg *leg, McuStream *stream)
{
  set_stream(&leg->video, stream);
}

void
mcu_leg_request_keyframe(McuLeg *leg)
{
  (void)leg;
}

McuLegState
mcu_leg_state(const McuLeg *leg)
{
  return leg->state;
}

void
mcu_leg_get_stats(McuLeg *leg, McuLegStats *out_stats)
{
  *out_stats = leg->stats;
}
