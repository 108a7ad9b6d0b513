/* One queue for each class. Owned by the bridge, on main. */
#include "mcu/bridge/admission.h"

struct McuAdmission {
  guint limit;
  GQueue queues[MCU_N_ADMISSIONS]; /* of McuTicket, owned */
  guint n;
};

struct McuTicket {
  McuAdmission *admission;
  GQueue *queue;
  GList link;
  void (*turn)(gpointer user_data);
  gpointer user_data;
};

McuAdmission *
mcu_admission_new(guint limit)
{
  McuAdmission *admission = g_new0(McuAdmission, 1);
  admission->limit = limit;
  for (guint i = 0; i < MCU_N_ADMISSIONS; i++)
    g_queue_init(&admission->queues[i]);
  return admission;
}

void
mcu_admission_free(McuAdmission *admission)
{
  if (admission == NULL)
    return;
  g_assert(admission->n == 0);
  g_free(admission);
}

guint
mcu_admission_waiting(const McuAdmission *admission)
{
  return admission->n;
}

McuTicket *
mcu_admission_add(McuAdmission *admission, McuAdmissionClass class, void (*turn)(gpointer user_data),
                  gpointer user_data)
{
  g_assert(class < MCU_N_ADMISSIONS);
  if (admission->n >= admission->limit)
    return NULL;
  McuTicket *ticket = g_new0(McuTicket, 1);
  ticket->admission = admission;
  ticket->queue = &admission->queues[class];
  ticket->link.data = ticket;
  ticket->turn = turn;
  ticket->user_data = user_data;
  g_queue_push_tail_link(ticket->queue, &ticket->link);
  admission->n++;
  return ticket;
}

void
mcu_ticket_cancel(McuTicket *ticket)
{
  g_queue_unlink(ticket->queue, &ticket->link);
  ticket->admission->n--;
  g_free(ticket);
}

gboolean
mcu_admission_next(McuAdmission *admission)
{
  for (guint i = 0; i < MCU_N_ADMISSIONS; i++) {
    McuTicket *ticket = g_queue_peek_head(&admission->queues[i]);
    if (ticket == NULL)
      continue;
    void (*turn)(gpointer user_data) = ticket->turn;
    gpointer user_data = ticket->user_data;
    mcu_ticket_cancel(ticket);
    turn(user_data);
    return TRUE;
  }
  return FALSE;
}
