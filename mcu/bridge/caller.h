/* McuCaller: watches whoever is called up in the spoken tour: it answers by speaking and then being silent, or its time
 * runs out. The room says who is called (roll.h); this says when it is the next one's turn. Pure. */
#pragma once

#include "mcu/room/room.h"

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1]; /* whom it watches; "": nobody */
  gint64 called_us;                /* the call that it watches */
  gint64 first_us, last_us;        /* of its speech since; 0: none */
} McuCaller;

typedef enum { MCU_CALLER_WAITS, MCU_CALLER_ANSWERED, MCU_CALLER_GIVES_UP } McuCallerVerdict;

/* To be asked several times a second. `speech_us`: when the site that is called spoke last, monotonic; 0: never. */
McuCallerVerdict mcu_caller_watch(McuCaller *caller, const McuRoom *room, gint64 speech_us, gint64 now_us);
