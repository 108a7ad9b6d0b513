/* Thresholds and hysteresis of the line. Pure; owned by a member, used on main. */
#include "mcu/bridge/line.h"

#define FALL_VOTES 2
#define RISE_VOTES 3

/* Sound goes on with picture frozen at some per cent of loss, and talk stumbles above half a
 * second of round trip. */
static McuLineQuality
judge(guint loss_permille, guint rtt_ms, guint jitter_us)
{
  if (loss_permille < 20 && rtt_ms < 250 && jitter_us < 30000)
    return MCU_LINE_GOOD;
  if (loss_permille < 80 && rtt_ms < 600 && jitter_us < 80000)
    return MCU_LINE_FAIR;
  return MCU_LINE_POOR;
}

static guint
local_loss(const McuLine *line, const McuLineSample *sample)
{
  /* `rx_lost` may shrink when late packets fill gaps. */
  guint64 lost = sample->rx_lost > line->rx_lost ? sample->rx_lost - line->rx_lost : 0;
  guint64 got = sample->rx_packets > line->rx_packets ? sample->rx_packets - line->rx_packets : 0;
  return lost + got > 0 ? (guint)(lost * 1000 / (lost + got)) : 0;
}

static void
vote(McuLine *line, McuLineQuality wanted)
{
  if (wanted == line->quality) {
    line->votes = 0;
    return;
  }
  if (line->quality == MCU_LINE_NONE || wanted == MCU_LINE_NONE) {
    line->quality = wanted;
    line->votes = 0;
    return;
  }
  /* Two levels in the same direction are one wish; the nearer one is granted. */
  gboolean falls = wanted < line->quality;
  gboolean fell = line->candidate < line->quality;
  if (line->votes > 0 && falls == fell)
    wanted = falls ? MAX(wanted, line->candidate) : MIN(wanted, line->candidate);
  else
    line->votes = 0;
  line->candidate = wanted;
  if (++line->votes >= (falls ? FALL_VOTES : RISE_VOTES)) {
    line->quality = line->candidate;
    line->votes = 0;
  }
}

void
mcu_line_update(McuLine *line, const McuLineSample *sample, McuLineInfo *out_info)
{
  guint loss = MAX(local_loss(line, sample), sample->remote_loss_permille);
  line->rx_packets = sample->rx_packets;
  line->rx_lost = sample->rx_lost;
  vote(line, sample->connected ? judge(loss, sample->rtt_ms, sample->jitter_us) : MCU_LINE_NONE);
  *out_info = (McuLineInfo){
      .loss_permille = sample->connected ? MIN(loss, 1000) : 0,
      .rtt_ms = sample->connected ? sample->rtt_ms : 0,
      .quality = line->quality,
  };
}

gboolean
mcu_line_is_lost(const McuLineSigns *signs)
{
  if (signs->failed)
    return TRUE;
  if (!signs->connected)
    return !signs->signaling || signs->lost; /* a new leg is on its way, or nothing is */

  gint64 limit_us;
  if (signs->sends)
    limit_us = signs->signaling ? 1500000 : 1000000;
  else if (signs->signaling)
    limit_us = G_MAXINT64; /* silent by its own wish: the leg's own timeout decides */
  else
    limit_us = 3000000; /* reports and keepalives come at least every second or two */
  if (signs->lost && limit_us != G_MAXINT64)
    limit_us /= 2; /* back only when packets flow again */
  return signs->silent_us > limit_us;
}
