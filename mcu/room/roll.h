/* McuRoll: the roll call of a meeting: what is known of each site, and who is called up to speak at present. A call
 * (the spoken tour) goes from site to site and waits for each. Part of a room's state: changed by its events alone.
 * Pure. */
#pragma once

#include "mcu/room/event.h"

#define MCU_ROLL_REASON_MAX_CHARS 200
#define MCU_CALLS_PATIENCE_MIN_S 2
#define MCU_CALLS_PATIENCE_MAX_S 60

typedef enum {
  MCU_ROLL_UNCALLED,
  MCU_ROLL_PRESENT,
  MCU_ROLL_NO_PICTURE,
  MCU_ROLL_NO_SOUND,
  MCU_ROLL_LOST,
  MCU_ROLL_ABSENT,
  MCU_ROLL_EXCUSED, /* absent with a reason */
  MCU_ROLL_N_STATUSES
} McuRollStatus;

typedef struct McuRoll McuRoll;

typedef struct {
  char site[MCU_ID_MAX_BYTES + 1];
  McuRollStatus status;
  gboolean by_hand; /* a person's word, which what is measured does not change */
  gint64 time_us;
  GRefString *reason; /* NULL: none */
} McuRollMark;

typedef struct {
  gboolean on, paused;
  guint patience_s;
  char site[MCU_ID_MAX_BYTES + 1]; /* called up now; "": nobody yet */
  gint64 since_us;
} McuRollCalls;

McuRoll *mcu_roll_new(void);
void mcu_roll_free(McuRoll *roll);

gboolean mcu_roll_is_open(const McuRoll *roll);
gint64 mcu_roll_since(const McuRoll *roll);
/* Marks in the order in which they first came; those of the last roll call stay when it is closed. */
guint mcu_roll_n_marks(const McuRoll *roll);
const McuRollMark *mcu_roll_mark(const McuRoll *roll, guint index);
const McuRollMark *mcu_roll_find(const McuRoll *roll, const char *site); /* NULL: none yet */
const McuRollCalls *mcu_roll_calls(const McuRoll *roll);
/* Whether sites have been called in this roll call: who was not is "not yet called", and not simply present. */
gboolean mcu_roll_has_calls(const McuRoll *roll);
gboolean mcu_roll_was_called(const McuRoll *roll, const char *site);
guint mcu_roll_n_called(const McuRoll *roll);
/* Called before the one that is called now; NULL: nobody. */
const char *mcu_roll_called_before(const McuRoll *roll);

/* "present" "no-picture" ... [any] */
const char *mcu_roll_status_word(McuRollStatus status);
gboolean mcu_roll_status_parse(const char *word, McuRollStatus *out_status);

gboolean mcu_roll_fits(const McuRoll *roll, const McuRoomEvent *event);
void mcu_roll_apply(McuRoll *roll, const McuRoomEvent *event);
void mcu_roll_describe(const McuRoll *roll, GString *text);
