/* When an answer is one. Pure; with its meeting. */
#include "mcu/bridge/caller.h"

#include <string.h>

/* A click is no answer; "có mặt" is. */
#define SPOKEN_US 300000
/* So long after its last word it has finished. */
#define SILENCE_US 600000
/* Who reports at length has its turn another time. */
#define LONGEST_US (8 * G_USEC_PER_SEC)

static McuCallerVerdict
judge(const McuCaller *caller, guint patience_s, gint64 now_us)
{
  if (caller->first_us == 0 || caller->last_us - caller->first_us < SPOKEN_US)
    return now_us - caller->called_us >= (gint64)patience_s * G_USEC_PER_SEC &&
                   (caller->last_us == 0 || now_us - caller->last_us >= SILENCE_US)
               ? MCU_CALLER_GIVES_UP
               : MCU_CALLER_WAITS;
  gboolean finished = now_us - caller->last_us >= SILENCE_US || now_us - caller->first_us >= LONGEST_US;
  return finished ? MCU_CALLER_ANSWERED : MCU_CALLER_WAITS;
}

McuCallerVerdict
mcu_caller_watch(McuCaller *caller, const McuRoom *room, gint64 speech_us, gint64 now_us)
{
  const McuRollCalls *calls = mcu_roll_calls(mcu_room_roll(room));
  const McuRoomSeat *seat = mcu_room_find(room, calls->site);
  if (!calls->on || calls->paused)
    return MCU_CALLER_WAITS;
  if (seat == NULL || seat->lost)
    return MCU_CALLER_GIVES_UP;
  if (strcmp(caller->site, calls->site) != 0 || caller->called_us != calls->since_us) {
    *caller = (McuCaller){.called_us = calls->since_us};
    g_strlcpy(caller->site, calls->site, sizeof caller->site);
  }
  if (speech_us >= caller->called_us && speech_us > caller->last_us) {
    /* Two clicks with a pause between are two clicks. */
    gboolean spoke = caller->last_us - caller->first_us >= SPOKEN_US;
    if (caller->first_us == 0 || (!spoke && speech_us - caller->last_us >= SILENCE_US))
      caller->first_us = speech_us;
    caller->last_us = speech_us;
  }
  return judge(caller, calls->patience_s, now_us);
}
