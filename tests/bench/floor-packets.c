/* Payloads are always the same bytes: nobody looks at them, and AES does not care. */
#include "floor-packets.h"

#include <string.h>

#include "mcu/rtp/header.h"
#include "mcu/transport/udp.h"
#include "mcu/util/error.h"

#define TAG 16
#define EXTENSIONS 8 /* sound level, or playout delay */
#define OVERHEAD (MCU_RTP_HEADER + EXTENSIONS + TAG)
#define DATAGRAM_MIN (OVERHEAD + 4)
#define DATAGRAM_MAX (OVERHEAD + MCU_RTP_PAYLOAD_MAX)

/* The programme's pictures where there are such: most receivers have them. */
static guint
sent_fps(const FloorScenario *scenario)
{
  for (guint i = 0; i < scenario->n_rungs; i++)
    if (scenario->rungs[i].view == MCU_VIEW_PROGRAMME)
      return scenario->fps[MCU_VIEW_PROGRAMME];
  return scenario->fps[MCU_VIEW_WALL];
}

/* All receivers alike: 50 sound packets a second, the rest is picture. */
gboolean
floor_packets_plan_sent(const FloorScenario *scenario, guint n_legs, FloorTraffic *out_traffic, GError **error)
{
  FloorTraffic traffic = {.fps = sent_fps(scenario)};
  double rate = scenario->sent_packets / n_legs;
  traffic.sound_rate = MIN(rate, FLOOR_PACKET_TICKS);
  traffic.sound_bytes = OVERHEAD + scenario->audio_kbps * 1000.0 / 8 / FLOOR_PACKET_TICKS;
  traffic.picture_rate = rate - traffic.sound_rate;
  if (traffic.picture_rate > 0)
    traffic.picture_bytes =
        (rate * scenario->sent_bytes - traffic.sound_rate * traffic.sound_bytes) / traffic.picture_rate;
  if (traffic.picture_rate / traffic.fps + 1 > FLOOR_BURST_MAX) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "--sent-packets-per-s: more than %d to a receiver for each picture",
                FLOOR_BURST_MAX - 1);
    return FALSE;
  }
  *out_traffic = traffic;
  return TRUE;
}

/* Mean payload of the loops' packets. */
static double
mean_payload(const GPtrArray *loops)
{
  guint64 packets = 0, bytes = 0;
  for (guint i = 0; i < loops->len; i++) {
    const FloorLoop *loop = loops->pdata[i];
    packets += loop->n_packets;
    bytes += loop->packet_bytes;
  }
  return (double)bytes / (double)MAX(packets, 1);
}

static double
mean_packet(const SimClip *sound)
{
  guint64 bytes = 0;
  for (guint i = 0; i < sim_clip_frames(sound); i++) {
    SimClipPacket packet;
    sim_clip_packet(sound, i, &packet);
    bytes += packet.size;
  }
  return (double)bytes / sim_clip_frames(sound);
}

/* Each site 50 sound packets a second, those of who talks larger; the rest is the pictures', as many for
 * each picture of any site. */
guint
floor_packets_plan_received(const FloorScenario *scenario, const FloorContent *content, guint n_legs,
                            FloorTraffic *traffic)
{
  const FloorTiles *visible = &scenario->visible, *wall = &scenario->wall;
  guint n = MIN(n_legs, (guint)MAX(scenario->received_packets / FLOOR_PACKET_TICKS, 1));
  double silence = mean_packet(content->silence), pictures = 0;
  for (guint i = 0; i < n; i++) {
    gboolean talks = i < content->sounds->len, seen = i < visible->n;
    traffic[i].sound_rate = MIN(scenario->received_packets / n, FLOOR_PACKET_TICKS);
    traffic[i].sound_bytes = OVERHEAD + (talks ? mean_packet(content->sounds->pdata[i]) : silence);
    traffic[i].picture_bytes = OVERHEAD + mean_payload(seen ? content->visible : content->wall);
    traffic[i].fps = seen ? visible->fps : i < wall->n ? wall->fps : 0;
    pictures += traffic[i].fps;
  }
  double rest = MAX(scenario->received_packets - (double)n * FLOOR_PACKET_TICKS, 0);
  for (guint i = 0; i < n && pictures > 0; i++)
    traffic[i].picture_rate = MIN(rest / pictures, FLOOR_BURST_MAX - 1) * traffic[i].fps;
  return n;
}

guint
floor_packets_due(const FloorTraffic *traffic, McuMediaKind kind, guint64 tick)
{
  if (kind == MCU_MEDIA_AUDIO)
    return floor_due(tick, traffic->sound_rate, FLOOR_PACKET_TICKS);
  if (traffic->fps == 0 || floor_due(tick, traffic->fps, FLOOR_PACKET_TICKS) == 0)
    return 0;
  return floor_due(tick * traffic->fps / FLOOR_PACKET_TICKS, traffic->picture_rate, traffic->fps);
}

/* Sizes of a picture are equal but for the last, as an encoder's packets are. */
static guint
size_of(double mean, guint n, guint i)
{
  double full = n > 1 ? MIN(DATAGRAM_MAX, (n * mean - DATAGRAM_MIN) / (n - 1)) : mean;
  double size = n > 1 && i == n - 1 ? n * mean - (n - 1) * floor(full) : full;
  return (guint)CLAMP(size, DATAGRAM_MIN, DATAGRAM_MAX);
}

gsize
floor_packets_write(const FloorTraffic *traffic, McuMediaKind kind, guint64 tick, guint n, FloorSource *source,
                    McuSrtp *srtp, guint8 *bytes, guint16 *sizes)
{
  static const guint8 payload[FLOOR_DATAGRAM_ROOM];
  gboolean sound = kind == MCU_MEDIA_AUDIO;
  guint32 timestamp = (guint32)(tick * ((sound ? MCU_AUDIO_RATE : MCU_VIDEO_RATE) / FLOOR_PACKET_TICKS));
  gsize at = 0;
  for (guint i = 0; i < n; i++) {
    guint size = size_of(sound ? traffic->sound_bytes : traffic->picture_bytes, n, i);
    gsize plain = size - TAG;
    mcu_rtp_write_header(bytes + at, 96 + (guint8)kind, i == n - 1, source->seq[kind]++, timestamp, source->ssrc[kind]);
    memcpy(bytes + at + MCU_RTP_HEADER, payload, plain - MCU_RTP_HEADER);
    if (!mcu_srtp_protect_rtp(srtp, bytes + at, &plain) || plain != size)
      g_error("SRTP refuses a packet"); /* our own bug */
    sizes[i] = (guint16)size;
    at += size;
  }
  return at;
}
