/* Counting. Pure; with the meeting it belongs to. */
#include "mcu/room/ballot-box.h"

void
mcu_ballot_box_put(McuBallotBox *box, guint number, guint choice)
{
  g_assert(choice < MCU_VOTE_CHOICES_MAX);
  if (box->number != number)
    *box = (McuBallotBox){.number = number};
  box->counts[choice]++;
}

char *
mcu_ballot_box_count(const McuBallotBox *box, const McuVote *vote)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < vote->n_choices; i++)
    g_string_append_printf(text, "%s%u", i > 0 ? " " : "", box->number == vote->number ? box->counts[i] : 0);
  return g_string_free(text, FALSE);
}
