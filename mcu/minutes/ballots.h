/* McuBallots: the votes of a meeting and what came of them. Who chose what is known of a named vote; of a secret one
 * not even who has voted. Part of McuMinutes; pure. */
#pragma once

#include "mcu/minutes/row.h"
#include "mcu/room/votes.h"

typedef struct {
  const char *site; /* borrowed */
  guint choice;
} McuBallotCast;

typedef struct {
  guint number;
  char *question;
  GStrv choices;
  guint n_choices;
  gboolean secret;
  guint quorum;                /* percent of the entitled, 0: none */
  guint limit_s;               /* 0: none */
  guint rounds;                /* more than 1: it was begun again */
  gint64 opened_us, closed_us; /* closed 0: not when the log ends */
  guint n_entitled, n_voted;
  gboolean quorate;
  gboolean counted;                   /* else the counts are not known: secret, and not closed */
  guint counts[MCU_VOTE_CHOICES_MAX]; /* by choice */
  GArray *casts;                      /* of McuBallotCast, in order; empty if secret */
} McuBallot;

typedef struct McuBallots McuBallots;

McuBallots *mcu_ballots_new(void);
void mcu_ballots_free(McuBallots *ballots);
void mcu_ballots_apply(McuBallots *ballots, const McuMinutesRow *row);
/* McuBallot *, in order. */
const GPtrArray *mcu_ballots_list(const McuBallots *ballots);
