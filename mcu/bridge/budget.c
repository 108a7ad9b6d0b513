/* Sums of kilobits. Pure; owned by the bridge, on main. */
#include "mcu/bridge/budget.h"

#include "mcu/types.h"
#include "mcu/util/error.h"

/* IPv4, UDP, RTP, one header extension and the tag of SRTP. */
#define HEADERS_BYTES (20 + 8 + 12 + 8 + 16)

static guint
headers_kbps(guint packets_per_s)
{
  return (packets_per_s * HEADERS_BYTES * 8 + 999) / 1000;
}

guint
mcu_budget_need(guint video_kbps, guint audio_kbps)
{
  guint video = video_kbps == 0 ? 0 : video_kbps + headers_kbps(video_kbps * 1000 / 8 / MCU_RTP_PAYLOAD_MAX + 1);
  guint audio = audio_kbps == 0 ? 0 : audio_kbps + headers_kbps(G_USEC_PER_SEC / MCU_AUDIO_FRAME_US);
  return video + audio;
}

gboolean
mcu_budget_fits(const McuBudget *budget, guint freed, guint wanted, GError **error)
{
  guint64 others = budget->planned_kbps - freed;
  if (budget->limit_kbps == 0 || wanted <= freed || others + wanted <= budget->limit_kbps)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_FULL,
              "the bridge may send %.1f Mbit/s in all and has %.1f planned for others; %.1f more do not fit",
              (double)budget->limit_kbps / 1000, (double)others / 1000, (double)wanted / 1000);
  return FALSE;
}

void
mcu_budget_hold(McuBudget *budget, guint *held, guint wanted)
{
  budget->planned_kbps = budget->planned_kbps - *held + wanted;
  *held = wanted;
}
