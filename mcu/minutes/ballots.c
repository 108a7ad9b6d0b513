#include "mcu/minutes/ballots.h"

#include <string.h>

#include "mcu/minutes/clean.h"

#define BALLOTS_MAX 1000 /* a meeting has far fewer; only a log that was touched has more */

typedef struct {
  McuBallot shown;      /* first: the list is of these */
  GHashTable *entitled; /* set of ids, owned */
  GHashTable *voted;    /* set of ids, borrowed from `entitled` */
} Ballot;

struct McuBallots {
  GPtrArray *list; /* of Ballot *, owned */
};

static void
free_ballot(gpointer data)
{
  Ballot *ballot = data;
  g_hash_table_unref(ballot->voted);
  g_hash_table_unref(ballot->entitled);
  g_array_unref(ballot->shown.casts);
  g_strfreev(ballot->shown.choices);
  g_free(ballot->shown.question);
  g_free(ballot);
}

McuBallots *
mcu_ballots_new(void)
{
  McuBallots *ballots = g_new0(McuBallots, 1);
  ballots->list = g_ptr_array_new_with_free_func(free_ballot);
  return ballots;
}

void
mcu_ballots_free(McuBallots *ballots)
{
  if (ballots == NULL)
    return;
  g_ptr_array_unref(ballots->list);
  g_free(ballots);
}

/* --- opened ------------------------------------------------------------------------------- */

static void
read_choices(McuBallot *shown, const char *text)
{
  shown->choices = g_strsplit(text, "\n", MCU_VOTE_CHOICES_MAX);
  shown->n_choices = g_strv_length(shown->choices);
  for (guint i = 0; i < shown->n_choices; i++) {
    char *clean = mcu_minutes_clean(shown->choices[i], MCU_VOTE_CHOICE_MAX_CHARS);
    g_free(shown->choices[i]);
    shown->choices[i] = clean;
  }
}

static GHashTable *
read_ids(const char *text)
{
  GHashTable *ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) each = g_strsplit(text, " ", MCU_INVITED_MAX + 1);
  for (guint i = 0; each[i] != NULL && i < MCU_INVITED_MAX; i++) {
    g_autofree char *id = mcu_minutes_clean(each[i], MCU_ID_MAX_BYTES);
    if (*id != '\0')
      g_hash_table_add(ids, g_steal_pointer(&id));
  }
  return ids;
}

static void
open_ballot(McuBallots *ballots, const McuMinutesRow *row)
{
  if (ballots->list->len >= BALLOTS_MAX)
    return;
  Ballot *ballot = g_new0(Ballot, 1);
  McuBallot *shown = &ballot->shown;
  shown->number = (guint)CLAMP(row->number, 0, G_MAXINT);
  shown->question = mcu_minutes_clean(row->name, MCU_VOTE_QUESTION_MAX_CHARS);
  read_choices(shown, row->text);
  shown->secret = row->on;
  shown->quorum = (guint)CLAMP(row->count, 0, 100);
  shown->limit_s = (guint)CLAMP(row->limit, 0, MCU_VOTE_LIMIT_MAX_S);
  shown->rounds = 1;
  shown->opened_us = row->time_us;
  shown->counted = !shown->secret;
  shown->casts = g_array_new(FALSE, FALSE, sizeof(McuBallotCast));
  ballot->entitled = read_ids(row->more);
  ballot->voted = g_hash_table_new(g_str_hash, g_str_equal);
  shown->n_entitled = g_hash_table_size(ballot->entitled);
  g_ptr_array_add(ballots->list, ballot);
}

/* --- and cast ----------------------------------------------------------------------------- */

/* The newest of that number. */
static Ballot *
find(const McuBallots *ballots, gint64 number)
{
  for (guint i = ballots->list->len; i > 0; i--) {
    Ballot *ballot = g_ptr_array_index(ballots->list, i - 1);
    if (ballot->shown.number == number)
      return ballot;
  }
  return NULL;
}

static void
cast(Ballot *ballot, const McuMinutesRow *row, gboolean named)
{
  McuBallot *shown = &ballot->shown;
  g_autofree char *id = mcu_minutes_clean(row->site, MCU_ID_MAX_BYTES);
  gpointer site;
  if (named == shown->secret || shown->closed_us != 0 ||
      !g_hash_table_lookup_extended(ballot->entitled, id, &site, NULL) || g_hash_table_contains(ballot->voted, site) ||
      (named && (row->count < 0 || row->count >= shown->n_choices)))
    return;
  g_hash_table_add(ballot->voted, site);
  shown->n_voted++;
  if (!named)
    return;
  McuBallotCast one = {site, (guint)row->count};
  g_array_append_val(shown->casts, one);
  shown->counts[row->count]++;
}

static void
restart(Ballot *ballot)
{
  McuBallot *shown = &ballot->shown;
  g_hash_table_remove_all(ballot->voted);
  g_array_set_size(shown->casts, 0);
  memset(shown->counts, 0, sizeof shown->counts);
  shown->n_voted = 0;
  shown->rounds++;
}

static void
close_ballot(McuBallot *shown, const McuMinutesRow *row)
{
  g_auto(GStrv) each = g_strsplit(row->text, " ", MCU_VOTE_CHOICES_MAX + 1);
  guint64 count = 0;
  if (shown->closed_us != 0)
    return;
  shown->closed_us = row->time_us;
  if (!shown->secret || g_strv_length(each) != shown->n_choices)
    return;
  shown->counted = TRUE;
  for (guint i = 0; i < shown->n_choices; i++) {
    shown->counted = shown->counted && g_ascii_string_to_unsigned(each[i], 10, 0, G_MAXUINT, &count, NULL);
    shown->counts[i] = (guint)count;
  }
}

void
mcu_ballots_apply(McuBallots *ballots, const McuMinutesRow *row)
{
  if (!g_str_has_prefix(row->type, "vote-"))
    return;
  if (strcmp(row->type, "vote-opened") == 0) {
    open_ballot(ballots, row);
    return;
  }
  Ballot *ballot = find(ballots, row->number);
  if (ballot == NULL)
    return;
  if (strcmp(row->type, "vote-cast") == 0)
    cast(ballot, row, TRUE);
  else if (strcmp(row->type, "vote-used") == 0)
    cast(ballot, row, FALSE);
  else if (strcmp(row->type, "vote-restarted") == 0)
    restart(ballot);
  else if (strcmp(row->type, "vote-closed") == 0)
    close_ballot(&ballot->shown, row);
  ballot->shown.quorate =
      (guint64)ballot->shown.n_voted * 100 >= (guint64)ballot->shown.quorum * ballot->shown.n_entitled;
}

const GPtrArray *
mcu_ballots_list(const McuBallots *ballots)
{
  return ballots->list;
}
