/* McuVotes: the votes of a meeting, one after the other. Who may vote is settled when a vote is opened, and each votes
 * once, however often it reconnects. Of a secret vote the state, and so the log, knows who has voted and never what:
 * the counts are kept by whoever gives the commands (ballot-box.h) and come in when the vote is closed. Part of a
 * room's state: changed by its events alone. Pure. */
#pragma once

#include "mcu/room/event.h"

#define MCU_VOTES_MAX 50
#define MCU_VOTE_CHOICES_MAX 10
#define MCU_VOTE_QUESTION_MAX_CHARS 200
#define MCU_VOTE_CHOICE_MAX_CHARS 80
#define MCU_VOTE_LIMIT_MAX_S 86400

typedef struct McuVotes McuVotes;

#define MCU_VOTE_SECRET (-1) /* it has voted, and what is not known */
#define MCU_VOTE_NONE (-2)   /* it has not */

typedef struct {
  guint number; /* from 1 */
  char *question;
  GStrv choices;
  guint n_choices;
  gboolean secret, open, shown;
  guint quorum;  /* percent of the entitled, 0: none */
  guint limit_s; /* 0: none */
  gint64 opened_us;
  guint rounds;                       /* 1, and one more each time it was begun again */
  GHashTable *entitled;               /* set of ids */
  GHashTable *cast;                   /* site -> index of its choice, or MCU_VOTE_SECRET, by GINT_TO_POINTER */
  guint counts[MCU_VOTE_CHOICES_MAX]; /* of a secret one: 0 until it is closed */
} McuVote;

McuVotes *mcu_votes_new(void);
void mcu_votes_free(McuVotes *votes);

guint mcu_votes_n(const McuVotes *votes);
const McuVote *mcu_votes_get(const McuVotes *votes, guint index);
const McuVote *mcu_votes_find(const McuVotes *votes, gint64 number); /* NULL: there is none */
const McuVote *mcu_votes_open(const McuVotes *votes);                /* NULL: none is open */
const McuVote *mcu_votes_last(const McuVotes *votes);                /* NULL: there was none */
gboolean mcu_vote_is_entitled(const McuVote *vote, const char *site);
gint mcu_vote_cast_of(const McuVote *vote, const char *site); /* index, MCU_VOTE_SECRET or MCU_VOTE_NONE */
guint mcu_vote_n_entitled(const McuVote *vote);
guint mcu_vote_n_cast(const McuVote *vote);
gboolean mcu_vote_is_quorate(const McuVote *vote);
/* "12 3 0" of a named vote; caller frees. */
char *mcu_vote_tally(const McuVote *vote);

/* Whether the text of a command is such: a line each. */
gboolean mcu_vote_choices_are_legal(const char *choices);

gboolean mcu_votes_fits(const McuVotes *votes, const McuRoomEvent *event);
void mcu_votes_apply(McuVotes *votes, const McuRoomEvent *event);
void mcu_votes_describe(const McuVotes *votes, GString *text);
