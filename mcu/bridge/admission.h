/* McuAdmission: who waits to join. When a whole province comes at once each join, with the offer behind
 * it, takes its time; so they are let in a few at a time, the important ones first, and each of them in
 * the order they came. Pure: it knows neither meetings nor clocks. */
#pragma once

#include <glib.h>

typedef enum {
  MCU_ADMISSION_CHAIR, /* without it nothing begins */
  MCU_ADMISSION_FLOOR, /* who was speaking, and comes back */
  MCU_ADMISSION_OTHER,
  MCU_N_ADMISSIONS
} McuAdmissionClass;

typedef struct McuAdmission McuAdmission;
typedef struct McuTicket McuTicket;

McuAdmission *mcu_admission_new(guint limit);
void mcu_admission_free(McuAdmission *admission); /* nobody waits any more (asserted) */

/* NULL when `limit` wait already. `turn` is called once, by mcu_admission_next(). */
McuTicket *mcu_admission_add(McuAdmission *admission, McuAdmissionClass class, void (*turn)(gpointer user_data),
                             gpointer user_data);
/* Before its turn: it does not come. */
void mcu_ticket_cancel(McuTicket *ticket);
guint mcu_admission_waiting(const McuAdmission *admission);
/* The first has its turn; its ticket is no more when `turn` is called. FALSE: nobody waits. */
gboolean mcu_admission_next(McuAdmission *admission);
