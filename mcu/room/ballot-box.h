/* McuBallotBox: what was chosen in the secret vote that is open, counted and without names. It is memory and nothing
 * else: never written, and gone with the bridge, after which the vote begins again. Pure. */
#pragma once

#include "mcu/room/votes.h"

typedef struct {
  guint number; /* of the vote; 0: empty */
  guint counts[MCU_VOTE_CHOICES_MAX];
} McuBallotBox;

/* A box for another vote than the last begins empty. */
void mcu_ballot_box_put(McuBallotBox *box, guint number, guint choice);
/* "12 3 0" for mcu_room_decide(); caller frees. */
char *mcu_ballot_box_count(const McuBallotBox *box, const McuVote *vote);
