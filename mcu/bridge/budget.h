/* McuBudget: what the bridge may send in all, and what it has planned for its members: the bitrates of
 * the picture and the sound that each receives, and their packets' headers. Planned, not measured:
 * encoders keep to their targets, and a member let in must not be sent away again. Pure. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 limit_kbps; /* 0: none */
  guint64 planned_kbps;
} McuBudget;

/* What one member costs on the line; 0 for what it does not receive. */
guint mcu_budget_need(guint video_kbps, guint audio_kbps);
/* TRUE when `wanted` fits once `freed`, which is planned, is given back. MCU_ERROR_FULL. */
gboolean mcu_budget_fits(const McuBudget *budget, guint freed, guint wanted, GError **error);
/* Plans `wanted` in place of `*held`, whether it fits or not. */
void mcu_budget_hold(McuBudget *budget, guint *held, guint wanted);
