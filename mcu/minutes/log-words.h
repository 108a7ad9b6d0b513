/* A row of the log as a sentence. Pure; [any]. */
#pragma once

#include "mcu/minutes/row.h"

#define MCU_LOG_TEXT_MAX_CHARS 700

/* What happened, without who and when, in Vietnamese; caller frees. Says nothing that not all may know: no telephone
 * numbers, no words to the desk alone. Empty for an event that it does not know. */
char *mcu_log_words(const McuMinutesRow *row);
/* The row's site may be named: not who has cast a secret vote. */
gboolean mcu_log_words_may_name(const McuMinutesRow *row);
