/* A leg's life on its network thread: ICE, then DTLS, then keys; timers; the end. [net] */
#include <string.h>

#include "mcu/transport/leg-priv.h"
#include "mcu/util/error.h"

#define PUBLISH_US 100000

typedef struct {
  McuLeg *leg;
  McuLegState state;
  GError *error;
} StateMessage;

static void
state_message_free(gpointer data)
{
  StateMessage *message = data;
  mcu_leg_unref(message->leg);
  g_clear_error(&message->error);
  g_free(message);
}

/* [main] */
static gboolean
deliver_state(gpointer data)
{
  StateMessage *message = data;
  McuLeg *leg = message->leg;
  if (leg->main.freed)
    return G_SOURCE_REMOVE;
  leg->main.state = message->state;
  if (leg->main.events.state_changed != NULL)
    leg->main.events.state_changed(leg, message->state, message->error, leg->main.user_data);
  return G_SOURCE_REMOVE;
}

static void
set_state(McuLeg *leg, McuLegState state, GError *error)
{
  leg->net.state = state;
  StateMessage *message = g_new(StateMessage, 1);
  *message = (StateMessage){.leg = mcu_leg_ref(leg), .state = state, .error = error};
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, deliver_state, message, state_message_free);
  g_source_attach(source, leg->main.context);
  g_source_unref(source);
}

void
mcu_leg_net_fail(McuLeg *leg, GError *error)
{
  if (leg->net.state == MCU_LEG_FAILED) {
    g_clear_error(&error);
    return;
  }
  set_state(leg, MCU_LEG_FAILED, error);
}

static void
fail(McuLeg *leg, const char *why)
{
  mcu_leg_net_fail(leg, g_error_new(MCU_ERROR, MCU_ERROR_TRANSPORT, "%s", why));
}

void
mcu_leg_net_send(McuLeg *leg, const guint8 *datagram, gsize size)
{
  guint8 *room = mcu_net_thread_room(leg->thread, size);
  memcpy(room, datagram, size);
  if (!mcu_ice_queue(leg->ice, mcu_net_thread_batch(leg->thread), room, size))
    mcu_net_thread_counters(leg->thread)->drops[MCU_DROP_SEND]++;
}

static void
send_dtls(const guint8 *datagram, gsize size, gpointer user_data)
{
  mcu_leg_net_send(user_data, datagram, size);
}

void
mcu_leg_net_start(McuLeg *leg, const guint8 *fingerprint, McuDtlsRole role, gint64 now_us)
{
  MCU_ASSERT_NET(leg->thread);
  leg->net.deadline_us = now_us + leg->connect_timeout_us;
  leg->net.dtls_role = role;
  leg->net.dtls = mcu_dtls_new(leg->dtls_context, role, fingerprint, send_dtls, leg);
  leg->net.rx_budget = MCU_RX_PACKETS_PER_TICK;
  set_state(leg, MCU_LEG_CONNECTING, NULL);
  mcu_net_thread_add(leg->thread, leg);
  mcu_ice_open(leg->ice, leg);
  leg->net.added = TRUE;
}

static void
connected(McuLeg *leg, gint64 now_us)
{
  McuSrtpProfile profile;
  McuSrtpKey send, receive;
  GError *error = NULL;
  mcu_dtls_get_keys(leg->net.dtls, &profile, &send, &receive);
  leg->net.srtp = mcu_srtp_new(profile, &send, &receive, &error);
  memset(&send, 0, sizeof send);
  memset(&receive, 0, sizeof receive);
  if (leg->net.srtp == NULL) {
    mcu_leg_net_fail(leg, error);
    return;
  }
  leg->net.last_rx_us = now_us;
  leg->net.next_report_us = now_us;
  mcu_leg_tx_restart(&leg->net.tx_audio);
  mcu_leg_tx_restart(&leg->net.tx_video);
  set_state(leg, MCU_LEG_CONNECTED, NULL);
  mcu_leg_tx_pump(leg, now_us); /* asks for the key frame now, not at the next wake-up */
}

static void
obey_dtls(McuLeg *leg, McuDtlsResult result, GError *error, gint64 now_us)
{
  switch (result) {
  case MCU_DTLS_GOING_ON:
    break;
  case MCU_DTLS_ESTABLISHED:
    connected(leg, now_us);
    break;
  case MCU_DTLS_USELESS:
    mcu_net_thread_counters(leg->thread)->drops[MCU_DROP_DTLS]++;
    break;
  case MCU_DTLS_CLOSED:
    fail(leg, "closed by the peer");
    break;
  case MCU_DTLS_FAILED:
    mcu_leg_net_fail(leg, error);
    break;
  }
}

void
mcu_leg_net_dtls(McuLeg *leg, const guint8 *datagram, gsize size, gint64 now_us)
{
  if (leg->net.state == MCU_LEG_FAILED)
    return;
  GError *error = NULL;
  McuDtlsResult result = mcu_dtls_receive(leg->net.dtls, datagram, size, &error);
  obey_dtls(leg, result, error, now_us);
}

static void
tick_handshake(McuLeg *leg, gint64 now_us)
{
  if (now_us >= leg->net.deadline_us) {
    fail(leg, mcu_ice_state(leg->ice) == MCU_ICE_READY ? "DTLS: the peer does not answer"
                                                       : "ICE: no connection to the peer");
    return;
  }
  if (mcu_ice_state(leg->ice) != MCU_ICE_READY)
    return;
  GError *error = NULL;
  McuDtlsResult result;
  if (!leg->net.dtls_started) {
    leg->net.dtls_started = TRUE;
    result = mcu_dtls_start(leg->net.dtls, &error);
  } else {
    result = mcu_dtls_tick(leg->net.dtls, &error);
  }
  obey_dtls(leg, result, error, now_us);
}

static void
publish(McuLeg *leg, gint64 now_us)
{
  if (now_us < leg->net.next_publish_us)
    return;
  leg->net.next_publish_us = now_us + PUBLISH_US;
  leg->net.stats.last_rx_us = leg->net.last_rx_us;
  g_mutex_lock(&leg->stats_lock);
  leg->stats = leg->net.stats;
  g_mutex_unlock(&leg->stats_lock);
}

void
mcu_leg_net_tick(McuLeg *leg, gint64 now_us)
{
  leg->net.rx_budget = MIN(leg->net.rx_budget + MCU_RX_PACKETS_PER_TICK, 50 * MCU_RX_PACKETS_PER_TICK);
  leg->net.resend_budget = MCU_RESEND_PER_TICK;
  switch (leg->net.state) {
  case MCU_LEG_NEW:
  case MCU_LEG_FAILED:
    break;
  case MCU_LEG_CONNECTING:
    tick_handshake(leg, now_us);
    break;
  case MCU_LEG_CONNECTED:
    mcu_leg_rx_release(leg, now_us);
    mcu_leg_rtcp_tick(leg, now_us);
    if (now_us - leg->net.last_rx_us > leg->silence_timeout_us)
      fail(leg, "nothing heard of the peer");
    break;
  }
  publish(leg, now_us);
}

void
mcu_leg_net_set_media(McuLeg *leg, const McuLegMedia *media)
{
  MCU_ASSERT_NET(leg->thread);
  g_strlcpy(leg->net.cname, media->cname != NULL ? media->cname : "", sizeof leg->net.cname);
  mcu_leg_rx_set_track(&leg->net.rx_audio, &media->audio, MCU_MEDIA_AUDIO);
  mcu_leg_rx_set_track(&leg->net.rx_video, &media->video, MCU_MEDIA_VIDEO);
  mcu_leg_rx_set_track(&leg->net.rx_content, &media->content, MCU_MEDIA_VIDEO);
  const McuLegSource *source = &media->content_source;
  mcu_rtp_source_init(&leg->net.content_source, source->ssrc, source->ext_mid, source->mid);
  mcu_leg_tx_set_track(&leg->net.tx_audio, &media->audio, MCU_MEDIA_AUDIO);
  mcu_leg_tx_set_track(&leg->net.tx_video, &media->video, MCU_MEDIA_VIDEO);
}

static void
on_ice_closed(gpointer data)
{
  McuLeg *leg = data;
  mcu_net_thread_hold(leg->thread, -1);
  mcu_leg_unref(leg);
}

void
mcu_leg_net_close(McuLeg *leg)
{
  MCU_ASSERT_NET(leg->thread);
  if (leg->net.dtls != NULL)
    mcu_dtls_close(leg->net.dtls); /* the peer learns at once and need not wait for its timeout */
  if (leg->net.added)
    mcu_net_thread_remove(leg->thread, leg);
  g_clear_pointer(&leg->net.dtls, mcu_dtls_free);
  g_clear_pointer(&leg->net.srtp, mcu_srtp_free);
  mcu_leg_rx_clear(&leg->net.rx_audio);
  mcu_leg_rx_clear(&leg->net.rx_video);
  mcu_leg_rx_clear(&leg->net.rx_content);
  mcu_leg_tx_clear(leg, &leg->net.tx_audio);
  mcu_leg_tx_clear(leg, &leg->net.tx_video);
  mcu_net_thread_flush(leg->thread); /* while its socket is open */
  mcu_net_thread_hold(leg->thread, 1);
  McuIce *ice = leg->ice;
  leg->ice = NULL;
  mcu_ice_close(ice, on_ice_closed, leg);
}
