/* Votes as events have made them. Pure; with its room. */
#include "mcu/room/votes.h"

#include <string.h>

#include "mcu/room/ids.h"
#include "mcu/room/legal.h"

struct McuVotes {
  GPtrArray *all; /* of McuVote *, owned */
};

static void
free_vote(gpointer data)
{
  McuVote *vote = data;
  g_hash_table_unref(vote->cast);
  g_hash_table_unref(vote->entitled);
  g_strfreev(vote->choices);
  g_free(vote->question);
  g_free(vote);
}

McuVotes *
mcu_votes_new(void)
{
  McuVotes *votes = g_new0(McuVotes, 1);
  votes->all = g_ptr_array_new_with_free_func(free_vote);
  return votes;
}

void
mcu_votes_free(McuVotes *votes)
{
  g_ptr_array_unref(votes->all);
  g_free(votes);
}

/* --- questions ---------------------------------------------------------------------------- */

guint
mcu_votes_n(const McuVotes *votes)
{
  return votes->all->len;
}

const McuVote *
mcu_votes_get(const McuVotes *votes, guint index)
{
  g_assert(index < votes->all->len);
  return g_ptr_array_index(votes->all, index);
}

const McuVote *
mcu_votes_find(const McuVotes *votes, gint64 number)
{
  return number >= 1 && number <= votes->all->len ? mcu_votes_get(votes, (guint)number - 1) : NULL;
}

const McuVote *
mcu_votes_last(const McuVotes *votes)
{
  return mcu_votes_find(votes, votes->all->len);
}

const McuVote *
mcu_votes_open(const McuVotes *votes)
{
  const McuVote *last = mcu_votes_last(votes);
  return last != NULL && last->open ? last : NULL;
}

gboolean
mcu_vote_is_entitled(const McuVote *vote, const char *site)
{
  return g_hash_table_contains(vote->entitled, site);
}

gint
mcu_vote_cast_of(const McuVote *vote, const char *site)
{
  gpointer choice;
  return g_hash_table_lookup_extended(vote->cast, site, NULL, &choice) ? GPOINTER_TO_INT(choice) : MCU_VOTE_NONE;
}

guint
mcu_vote_n_entitled(const McuVote *vote)
{
  return g_hash_table_size(vote->entitled);
}

guint
mcu_vote_n_cast(const McuVote *vote)
{
  return g_hash_table_size(vote->cast);
}

gboolean
mcu_vote_is_quorate(const McuVote *vote)
{
  return mcu_vote_n_cast(vote) * 100 >= vote->quorum * mcu_vote_n_entitled(vote);
}

char *
mcu_vote_tally(const McuVote *vote)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < vote->n_choices; i++)
    g_string_append_printf(text, "%s%u", i > 0 ? " " : "", vote->counts[i]);
  return g_string_free(text, FALSE);
}

/* --- texts -------------------------------------------------------------------------------- */

gboolean
mcu_vote_choices_are_legal(const char *choices)
{
  g_auto(GStrv) each = g_strsplit(choices != NULL ? choices : "", "\n", MCU_VOTE_CHOICES_MAX + 1);
  guint n = g_strv_length(each);
  if (n < 2 || n > MCU_VOTE_CHOICES_MAX)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!mcu_is_legal_name(each[i], MCU_VOTE_CHOICE_MAX_CHARS))
      return FALSE;
  return TRUE;
}

/* FALSE: not one number for each choice, or more in all than have voted. */
static gboolean
parse_tally(const McuVote *vote, const char *text, guint out_counts[MCU_VOTE_CHOICES_MAX])
{
  g_auto(GStrv) each = g_strsplit(text != NULL ? text : "", " ", MCU_VOTE_CHOICES_MAX + 1);
  guint64 sum = 0, count;
  if (g_strv_length(each) != vote->n_choices)
    return FALSE;
  for (guint i = 0; i < vote->n_choices; i++) {
    if (!g_ascii_string_to_unsigned(each[i], 10, 0, G_MAXUINT, &count, NULL))
      return FALSE;
    out_counts[i] = (guint)count;
    sum += count;
  }
  return sum <= mcu_vote_n_cast(vote) && (vote->secret || memcmp(out_counts, vote->counts, sizeof vote->counts) == 0);
}

/* --- events ------------------------------------------------------------------------------- */

static gboolean
fits_cast(const McuVote *open, const McuRoomEvent *event, gboolean secret)
{
  return open != NULL && event->number == open->number && !open->secret == !secret &&
         mcu_vote_is_entitled(open, event->site) && mcu_vote_cast_of(open, event->site) == MCU_VOTE_NONE &&
         (secret || (event->count >= 0 && event->count < open->n_choices));
}

gboolean
mcu_votes_fits(const McuVotes *votes, const McuRoomEvent *event)
{
  const McuVote *open = mcu_votes_open(votes), *found = mcu_votes_find(votes, event->number);
  guint counts[MCU_VOTE_CHOICES_MAX] = {0};
  switch (event->type) {
  case MCU_ROOM_VOTE_OPENED:
    return open == NULL && votes->all->len < MCU_VOTES_MAX && event->number == votes->all->len + 1 &&
           mcu_is_legal_name(event->name, MCU_VOTE_QUESTION_MAX_CHARS) && mcu_vote_choices_are_legal(event->text) &&
           mcu_ids_are_legal(event->more, MCU_INVITED_MAX) && event->count >= 0 && event->count <= 100 &&
           event->limit >= 0 && event->limit <= MCU_VOTE_LIMIT_MAX_S;
  case MCU_ROOM_VOTE_CAST:
    return fits_cast(open, event, FALSE);
  case MCU_ROOM_VOTE_USED:
    return fits_cast(open, event, TRUE);
  case MCU_ROOM_VOTE_RESTARTED:
    return open != NULL && open == found && open->secret;
  case MCU_ROOM_VOTE_CLOSED:
    return open != NULL && open == found && parse_tally(open, event->text, counts);
  case MCU_ROOM_VOTE_SHOWN:
    return found != NULL && !found->open;
  default:
    return TRUE;
  }
}

static void
open_vote(McuVotes *votes, const McuRoomEvent *event)
{
  McuVote *vote = g_new0(McuVote, 1);
  vote->number = (guint)event->number;
  vote->question = g_strdup(event->name);
  vote->choices = g_strsplit(event->text, "\n", MCU_VOTE_CHOICES_MAX);
  vote->n_choices = g_strv_length(vote->choices);
  vote->secret = event->on;
  vote->open = TRUE;
  vote->rounds = 1;
  vote->quorum = (guint)event->count;
  vote->limit_s = (guint)event->limit;
  vote->opened_us = event->time_us;
  vote->cast = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  vote->entitled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) ids = g_strsplit(event->more, " ", -1);
  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add(vote->entitled, g_strdup(ids[i]));
  g_ptr_array_add(votes->all, vote);
}

static void
show_only(McuVotes *votes, McuVote *vote, gboolean on)
{
  for (guint i = 0; i < votes->all->len; i++)
    ((McuVote *)g_ptr_array_index(votes->all, i))->shown = FALSE;
  vote->shown = on;
}

void
mcu_votes_apply(McuVotes *votes, const McuRoomEvent *event)
{
  McuVote *vote = (McuVote *)mcu_votes_find(votes, event->number);
  switch (event->type) {
  case MCU_ROOM_VOTE_OPENED:
    open_vote(votes, event);
    break;
  case MCU_ROOM_VOTE_CAST:
    vote->counts[event->count]++;
    g_hash_table_insert(vote->cast, g_strdup(event->site), GINT_TO_POINTER((gint)event->count));
    break;
  case MCU_ROOM_VOTE_USED:
    g_hash_table_insert(vote->cast, g_strdup(event->site), GINT_TO_POINTER(MCU_VOTE_SECRET));
    break;
  case MCU_ROOM_VOTE_RESTARTED:
    g_hash_table_remove_all(vote->cast);
    vote->opened_us = event->time_us;
    vote->rounds++;
    break;
  case MCU_ROOM_VOTE_CLOSED:
    vote->open = !parse_tally(vote, event->text, vote->counts);
    g_assert(!vote->open);
    break;
  case MCU_ROOM_VOTE_SHOWN:
    show_only(votes, vote, event->on);
    break;
  default:
    g_assert_not_reached();
  }
}

/* --- for comparing ------------------------------------------------------------------------ */

static void
describe_vote(const McuVote *vote, GString *text)
{
  g_autofree char *tally = mcu_vote_tally(vote);
  g_autoptr(GPtrArray) sites = mcu_ids_sorted(vote->cast);
  g_string_append_printf(text, "vote %u \"%s\"%s%s%s round %u quorum %u limit %u of %u: %s\n", vote->number,
                         vote->question, vote->secret ? " secret" : "", vote->open ? " open" : "",
                         vote->shown ? " shown" : "", vote->rounds, vote->quorum, vote->limit_s,
                         mcu_vote_n_entitled(vote), tally);
  for (guint i = 0; i < sites->len; i++) {
    const char *site = g_ptr_array_index(sites, i);
    g_string_append_printf(text, "voted %s %d\n", site, mcu_vote_cast_of(vote, site));
  }
}

void
mcu_votes_describe(const McuVotes *votes, GString *text)
{
  for (guint i = 0; i < votes->all->len; i++)
    describe_vote(mcu_votes_get(votes, i), text);
}
