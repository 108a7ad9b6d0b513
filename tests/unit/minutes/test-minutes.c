/* The fold against a truth that is found another way: a meeting is played second by second, and for each second it is
 * noted who is there, who has the floor and what is dealt with; the fold sees its log alone. */
#include "mcu/minutes/minutes.h"

#include <string.h>

#include "mcu/minutes/minutes-csv.h"
#include "mcu/minutes/minutes-json.h"
#include "mcu/minutes/minutes-pdf.h"
#include "mcu/room/event.h"
#include "tests/unit/minutes/log-builder.h"

#define SITES 24
#define INVITED 16 /* the first so many; the last two of them never come */
#define STEPS 1500
#define ITEMS 6
#define CHOICES 3
#define VOTES_MAX 20

typedef struct {
  gboolean seated, inside, ever;
  gint64 first_s, last_s;
  guint present_s, times_in, floor_s, turns;
  McuRollStatus status;
  char reason[16];
  gboolean marked, by_hand;
  gint64 marked_s;
} SiteTruth;

typedef struct {
  gboolean entitled[SITES], voted[SITES];
  gint choice[SITES];
  guint counts[CHOICES], secret_counts[CHOICES], n_entitled, n_voted, quorum;
  gboolean secret, closed;
} VoteTruth;

typedef struct {
  gboolean ever;
  gint64 first_s, last_s;
  guint total_s;
} ItemTruth;

typedef struct {
  LogBuilder log;
  GRand *rand;
  gint64 now_s;
  SiteTruth sites[SITES];
  gint floor;             /* -1: nobody */
  ItemTruth items[ITEMS]; /* by title */
  gint agenda[ITEMS];     /* titles in their order */
  guint n_agenda;
  gint at; /* index into agenda; -1: none */
  VoteTruth votes[VOTES_MAX];
  guint n_votes;
  gboolean roll_open, recording;
  guint n_rolls, n_chat, n_announcements, n_recordings, n_documents, n_missing, recorded_s;
} Game;

static guint
pick(Game *g, guint n)
{
  return (guint)g_rand_int_range(g->rand, 0, (gint32)n);
}

static const char *
site_id(guint i)
{
  static char ids[SITES][8];
  g_snprintf(ids[i], sizeof ids[i], "s%u", i);
  return ids[i];
}

static const char *
number(gint64 n)
{
  static char texts[4][24];
  static guint next;
  char *text = texts[next++ % 4];
  g_snprintf(text, 24, "%" G_GINT64_FORMAT, n);
  return text;
}

/* --- the game ----------------------------------------------------------------------------- */

static void
go_in(Game *g, SiteTruth *site)
{
  site->inside = TRUE;
  site->times_in++;
  if (!site->ever)
    site->first_s = g->now_s;
  site->ever = TRUE;
}

static void
go_out(Game *g, SiteTruth *site)
{
  site->inside = FALSE;
  site->last_s = g->now_s;
}

static void
take_floor(Game *g)
{
  if (g->floor >= 0)
    log_add(&g->log, "floor-taken", "site", site_id((guint)g->floor), NULL);
  g->floor = -1;
}

static void
leave(Game *g, guint i)
{
  SiteTruth *site = &g->sites[i];
  if (g->floor == (gint)i)
    take_floor(g);
  log_add(&g->log, "seat-removed", "site", site_id(i), "reason", site->inside ? "left" : "expired", NULL);
  if (site->inside)
    go_out(g, site);
  site->seated = FALSE;
}

static void
play_seat(Game *g)
{
  guint i = pick(g, SITES);
  SiteTruth *site = &g->sites[i];
  if (i == INVITED - 1 || i == INVITED - 2)
    return;
  if (!site->seated) {
    log_add(&g->log, "seat-added", "site", site_id(i), "name", "Khách", "role", "site", "invited-as", "observer", NULL);
    site->seated = TRUE;
    go_in(g, site);
  } else if (pick(g, 5) == 0) {
    leave(g, i);
  } else if (!site->inside) {
    log_add(&g->log, "seat-back", "site", site_id(i), NULL);
    go_in(g, site);
  } else if (pick(g, 3) == 0) {
    log_add(&g->log, "seat-lost", "site", site_id(i), NULL);
    go_out(g, site);
  } else {
    log_add(&g->log, "seat-replaced", "site", site_id(i), "name", "Khách", "role", "site", "invited-as", "observer",
            NULL);
  }
}

static void
play_floor(Game *g)
{
  guint i = pick(g, SITES);
  if (pick(g, 3) == 0) {
    take_floor(g);
  } else if (g->sites[i].seated && g->floor != (gint)i) {
    take_floor(g);
    log_add(&g->log, "floor-given", "site", site_id(i), "#number", "60", NULL);
    g->floor = (gint)i;
    g->sites[i].turns++;
  }
}

static void
enter_item(Game *g, gint at)
{
  g->at = at >= 0 && at < (gint)g->n_agenda ? at : -1;
  if (g->at < 0)
    return;
  ItemTruth *item = &g->items[g->agenda[g->at]];
  if (!item->ever)
    item->first_s = g->now_s;
  item->ever = TRUE;
  item->last_s = g->now_s;
}

static void
set_agenda(Game *g)
{
  g_autoptr(GString) text = g_string_new(NULL);
  gint titles[ITEMS];
  for (gint i = 0; i < ITEMS; i++)
    titles[i] = i;
  for (guint i = 0; i < ITEMS; i++) {
    guint other = i + pick(g, ITEMS - i);
    gint title = titles[i];
    titles[i] = titles[other];
    titles[other] = title;
  }
  g->n_agenda = 1 + pick(g, ITEMS);
  for (guint i = 0; i < g->n_agenda; i++) {
    g->agenda[i] = titles[i];
    g_string_append_printf(text, "%s%d\tmục %d\tai %d", i > 0 ? "\n" : "", titles[i] * 5, titles[i], titles[i]);
  }
  log_add(&g->log, "agenda-set", "text", text->str, NULL);
  enter_item(g, g->at);
}

static void
play_agenda(Game *g)
{
  if (g->n_agenda == 0 || pick(g, 12) == 0) {
    set_agenda(g);
    return;
  }
  gint at = (gint)pick(g, g->n_agenda + 1) - 1;
  log_add(&g->log, "agenda-at", "#number", number(at), NULL);
  enter_item(g, at);
}

static void
open_vote(Game *g)
{
  VoteTruth *vote = &g->votes[g->n_votes++];
  g_autoptr(GString) ids = g_string_new(NULL);
  vote->secret = pick(g, 2) == 0;
  vote->quorum = pick(g, 101);
  for (guint i = 0; i < SITES; i++) {
    vote->choice[i] = -1;
    vote->entitled[i] = i == 0 || pick(g, 3) > 0;
    if (!vote->entitled[i])
      continue;
    vote->n_entitled++;
    g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", site_id(i));
  }
  log_add(&g->log, "vote-opened", "site", site_id(0), "#number", number(g->n_votes), "name", "Câu hỏi", "text",
          "có\nkhông\nkhông ý kiến", "more", ids->str, "?on", vote->secret ? "1" : "0", "#count", number(vote->quorum),
          "#limit", "0", NULL);
}

static void
close_vote(Game *g, VoteTruth *vote)
{
  const guint *counts = vote->secret ? vote->secret_counts : vote->counts;
  g_autofree char *tally = g_strdup_printf("%u %u %u", counts[0], counts[1], counts[2]);
  log_add(&g->log, "vote-closed", "#number", number(g->n_votes), "text", tally, NULL);
  vote->closed = TRUE;
}

static void
restart_vote(Game *g, VoteTruth *vote)
{
  log_add(&g->log, "vote-restarted", "#number", number(g->n_votes), NULL);
  memset(vote->voted, 0, sizeof vote->voted);
  memset(vote->secret_counts, 0, sizeof vote->secret_counts);
  vote->n_voted = 0;
}

static void
cast(Game *g, VoteTruth *vote)
{
  guint i = pick(g, SITES), choice = pick(g, CHOICES);
  if (!vote->entitled[i] || vote->voted[i])
    return;
  vote->voted[i] = TRUE;
  vote->n_voted++;
  if (vote->secret) {
    log_add(&g->log, "vote-used", "site", site_id(i), "#number", number(g->n_votes), NULL);
    vote->secret_counts[choice]++;
  } else {
    log_add(&g->log, "vote-cast", "site", site_id(i), "#number", number(g->n_votes), "#count", number(choice), NULL);
    vote->counts[choice]++;
    vote->choice[i] = (gint)choice;
  }
}

static void
play_vote(Game *g)
{
  VoteTruth *last = g->n_votes > 0 ? &g->votes[g->n_votes - 1] : NULL;
  if (last == NULL || last->closed) {
    if (g->n_votes < VOTES_MAX && pick(g, 4) == 0)
      open_vote(g);
  } else if (pick(g, 25) == 0) {
    close_vote(g, last);
  } else if (last->secret && pick(g, 40) == 0) {
    restart_vote(g, last);
  } else {
    cast(g, last);
  }
}

static void
open_roll(Game *g)
{
  log_add(&g->log, "roll-opened", NULL);
  g->roll_open = TRUE;
  g->n_rolls++;
  for (guint i = 0; i < SITES; i++)
    g->sites[i].marked = FALSE; /* of the last roll call the truth is kept */
}

static void
play_roll(Game *g)
{
  SiteTruth *site;
  guint i = pick(g, SITES);
  if (!g->roll_open) {
    if (pick(g, 10) == 0)
      open_roll(g);
    return;
  }
  if (pick(g, 40) == 0) {
    log_add(&g->log, "roll-closed", NULL);
    g->roll_open = FALSE;
    return;
  }
  site = &g->sites[i];
  site->status = (McuRollStatus)pick(g, MCU_ROLL_N_STATUSES);
  *site->reason = '\0';
  if (pick(g, 2) == 0)
    g_snprintf(site->reason, sizeof site->reason, "lý do %u", pick(g, 9));
  site->by_hand = pick(g, 2) == 0;
  site->marked = TRUE;
  site->marked_s = g->now_s;
  log_add(&g->log, "roll-marked", "site", site_id(i), "#number", number(site->status), "text", site->reason, "?on",
          site->by_hand ? "1" : "0", NULL);
}

static void
play_talk(Game *g)
{
  guint what = pick(g, 5);
  if (what == 0) {
    gboolean to_all = pick(g, 2) == 0;
    log_add(&g->log, "chat-said", "site", site_id(1), "#number", to_all ? "0" : "1", "text", to_all ? "chào" : "RIÊNG",
            NULL);
    g->n_chat += to_all ? 1 : 0;
  } else if (what == 1) {
    gboolean on = pick(g, 2) == 0;
    log_add(&g->log, "announced", "site", site_id(0), "text", on ? "nghỉ" : "", "more", "", NULL);
    g->n_announcements += on ? 1 : 0;
  } else if (what == 2) {
    g->recording = !g->recording;
    log_add(&g->log, g->recording ? "recording-on" : "recording-off", "site", "", NULL);
    g->n_recordings += g->recording ? 1 : 0;
  } else if (what == 3) {
    log_add(&g->log, "document-added", "other", number(g->n_documents++), "name", "Tờ trình", "text", "pdf", "#number",
            "1", "#count", "1", "more", "", NULL);
  } else if (pick(g, 4) == 0) {
    g->log.seq += 3; /* lost */
    g->n_missing += 3;
  } else {
    log_add(&g->log, "hat-worn", "site", site_id(2), "colour", "red", NULL);
  }
}

static void
play_second(Game *g)
{
  static void (*const plays[])(Game *) = {play_seat, play_seat, play_floor, play_agenda, play_vote,
                                          play_vote, play_roll, play_roll,  play_talk};
  for (guint n = pick(g, 4); n > 0; n--)
    plays[pick(g, G_N_ELEMENTS(plays))](g);
}

/* The second that begins now. */
static void
pass_second(Game *g)
{
  for (guint i = 0; i < SITES; i++)
    g->sites[i].present_s += g->sites[i].inside ? 1 : 0;
  if (g->floor >= 0)
    g->sites[g->floor].floor_s++;
  if (g->at >= 0) {
    ItemTruth *item = &g->items[g->agenda[g->at]];
    item->total_s++;
    item->last_s = g->now_s + 1;
  }
  g->recorded_s += g->recording ? 1 : 0;
  g->now_s++;
  log_wait(&g->log, 1);
}

static void
invite_all(Game *g)
{
  for (guint i = 0; i < INVITED; i++) {
    g_autofree char *name = g_strdup_printf("Xã %u", i);
    log_add(&g->log, "invited", "site", site_id(i), "name", name, "role", i == 0 ? "chair" : "site", "other",
            i == 0 ? "" : "s0", "#number", i == 0 ? "1" : "2", "text", "", "more", "", NULL);
  }
}

static void
end_game(Game *g)
{
  for (guint i = 0; i < SITES; i++)
    if (g->sites[i].seated)
      leave(g, i);
  g->recording = FALSE;
  log_add(&g->log, "ended", NULL);
  mcu_minutes_finish(g->log.minutes);
}

/* --- the comparison ----------------------------------------------------------------------- */

static gint64
us(gint64 at_s)
{
  return LOG_START_US + at_s * G_USEC_PER_SEC;
}

static const McuAttendee *
find_attendee(const Game *g, const char *site)
{
  const GPtrArray *list = mcu_minutes_attendance(g->log.minutes);
  for (guint i = 0; i < list->len; i++) {
    const McuAttendee *a = g_ptr_array_index(list, i);
    if (strcmp(a->site, site) == 0)
      return a;
  }
  return NULL;
}

static void
compare_site(const Game *g, guint i)
{
  const SiteTruth *truth = &g->sites[i];
  const McuAttendee *a = find_attendee(g, site_id(i));
  if (i >= INVITED && !truth->ever) {
    g_assert_null(a);
    return;
  }
  g_assert_nonnull(a);
  g_assert_cmpint(a->invited, ==, i < INVITED);
  g_assert_cmpint(a->guest, ==, i >= INVITED);
  g_assert_cmpint(a->spans->len > 0, ==, truth->ever);
  g_assert_cmpint(a->first_us, ==, truth->ever ? us(truth->first_s) : 0);
  g_assert_cmpint(a->last_us, ==, truth->ever ? us(truth->last_s) : 0);
  g_assert_cmpint(a->present_us, ==, truth->present_s * G_USEC_PER_SEC);
  g_assert_cmpuint(a->interruptions, ==, truth->ever ? truth->times_in - 1 : 0);
  g_assert_false(a->here);
  if (i < INVITED) {
    g_autofree char *name = g_strdup_printf("Xã %u", i);
    g_assert_cmpstr(a->name, ==, name);
    g_assert_cmpuint(a->level, ==, i == 0 ? 1 : 2);
    g_assert_cmpstr(a->parent, ==, i == 0 ? "" : "s0");
    g_assert_cmpint(a->role, ==, i == 0 ? MCU_ROLE_CHAIR : MCU_ROLE_SITE);
  } else {
    g_assert_cmpstr(a->name, ==, "Khách");
    g_assert_cmpint(a->role, ==, MCU_ROLE_OBSERVER);
  }
}

static void
compare_floor(const Game *g)
{
  const GPtrArray *times = mcu_minutes_floor(g->log.minutes);
  guint n = 0;
  for (guint i = 0; i < SITES; i++)
    n += g->sites[i].turns > 0 ? 1 : 0;
  g_assert_cmpuint(times->len, ==, n);
  for (guint i = 0; i < times->len; i++) {
    const McuFloorTime *time = g_ptr_array_index(times, i);
    const SiteTruth *truth = &g->sites[g_ascii_strtoull(time->site + 1, NULL, 10)];
    g_assert_cmpuint(time->n_turns, ==, truth->turns);
    g_assert_cmpint(time->total_us, ==, truth->floor_s * G_USEC_PER_SEC);
  }
}

static void
compare_agenda(const Game *g)
{
  const GPtrArray *items = mcu_minutes_agenda(g->log.minutes);
  guint n_seen = 0, n_ever = 0;
  for (guint i = 0; i < items->len; i++) {
    const McuAgendaTime *item = g_ptr_array_index(items, i);
    guint title = (guint)g_ascii_strtoull(strrchr(item->title, ' '), NULL, 10);
    const ItemTruth *truth = &g->items[title];
    g_assert_cmpint(item->dropped, ==, i >= g->n_agenda);
    if (i < g->n_agenda)
      g_assert_cmpint((gint)title, ==, g->agenda[i]);
    g_assert_cmpuint(item->planned_minutes, ==, title * 5);
    g_assert_cmpint(item->began_us, ==, truth->ever ? us(truth->first_s) : 0);
    g_assert_cmpint(item->ended_us, ==, truth->ever ? us(truth->last_s) : 0);
    g_assert_cmpint(item->total_us, ==, truth->total_s * G_USEC_PER_SEC);
    n_seen += truth->ever ? 1 : 0;
  }
  for (guint i = 0; i < ITEMS; i++)
    n_ever += g->items[i].ever ? 1 : 0;
  g_assert_cmpuint(n_seen, ==, n_ever);
}

static void
compare_vote(const VoteTruth *truth, const McuBallot *vote)
{
  g_assert_cmpint(vote->secret, ==, truth->secret);
  g_assert_cmpuint(vote->n_entitled, ==, truth->n_entitled);
  g_assert_cmpuint(vote->n_voted, ==, truth->n_voted);
  g_assert_cmpint(vote->closed_us != 0, ==, truth->closed);
  g_assert_cmpint(vote->counted, ==, !truth->secret || truth->closed);
  g_assert_cmpint(vote->quorate, ==, truth->n_voted * 100 >= truth->quorum * truth->n_entitled);
  for (guint i = 0; vote->counted && i < CHOICES; i++)
    g_assert_cmpuint(vote->counts[i], ==, truth->secret ? truth->secret_counts[i] : truth->counts[i]);
  g_assert_cmpuint(vote->casts->len, ==, truth->secret ? 0 : truth->n_voted);
  for (guint i = 0; i < vote->casts->len; i++) {
    const McuBallotCast *one = &g_array_index(vote->casts, McuBallotCast, i);
    g_assert_cmpint((gint)one->choice, ==, truth->choice[g_ascii_strtoull(one->site + 1, NULL, 10)]);
  }
}

static void
compare_roll(const Game *g)
{
  const GPtrArray *rolls = mcu_minutes_rolls(g->log.minutes);
  guint n = 0;
  g_assert_cmpuint(rolls->len, ==, g->n_rolls);
  if (rolls->len == 0)
    return;
  const McuMinutesRoll *last = g_ptr_array_index(rolls, rolls->len - 1);
  g_assert_cmpint(last->closed_us == 0, ==, g->roll_open);
  for (guint i = 0; i < last->marks->len; i++) {
    const McuMinutesMark *mark = g_ptr_array_index(last->marks, i);
    const SiteTruth *truth = &g->sites[g_ascii_strtoull(mark->site + 1, NULL, 10)];
    g_assert_true(truth->marked);
    g_assert_cmpint(mark->status, ==, truth->status);
    g_assert_cmpstr(mark->reason, ==, truth->reason);
    g_assert_cmpint(mark->by_hand, ==, truth->by_hand);
    g_assert_cmpint(mark->time_us, ==, us(truth->marked_s));
  }
  for (guint i = 0; i < SITES; i++)
    n += g->sites[i].marked ? 1 : 0;
  g_assert_cmpuint(last->marks->len, ==, n);
}

static void
compare_talk(const Game *g)
{
  const GPtrArray *log = mcu_minutes_log(g->log.minutes), *chat = mcu_minutes_chat(g->log.minutes);
  const GArray *recordings = mcu_minutes_recordings(g->log.minutes);
  gint64 recorded_us = 0;
  g_assert_cmpuint(chat->len, ==, g->n_chat);
  g_assert_cmpuint(mcu_minutes_announcements(g->log.minutes)->len, ==, g->n_announcements);
  g_assert_cmpuint(mcu_minutes_documents(g->log.minutes)->len, ==, g->n_documents);
  g_assert_cmpuint(recordings->len, ==, g->n_recordings);
  for (guint i = 0; i < recordings->len; i++) {
    const McuMinutesRecording *recording = &g_array_index(recordings, McuMinutesRecording, i);
    recorded_us += recording->ended_us - recording->began_us;
  }
  g_assert_cmpint(recorded_us, ==, g->recorded_s * G_USEC_PER_SEC);
  for (guint i = 0; i < log->len; i++) {
    const McuMinutesEntry *entry = g_ptr_array_index(log, i);
    g_assert_null(strstr(entry->text, "RIÊNG"));
    if (strcmp(entry->type, "vote-used") == 0)
      g_assert_cmpstr(entry->site, ==, "");
  }
}

static void
compare(const Game *g)
{
  const McuMinutesHead *head = mcu_minutes_head(g->log.minutes);
  const GPtrArray *votes = mcu_minutes_votes(g->log.minutes);
  for (guint i = 0; i < SITES; i++)
    compare_site(g, i);
  compare_floor(g);
  compare_agenda(g);
  g_assert_cmpuint(votes->len, ==, g->n_votes);
  for (guint i = 0; i < votes->len; i++)
    compare_vote(&g->votes[i], g_ptr_array_index(votes, i));
  compare_roll(g);
  compare_talk(g);
  g_assert_cmpuint(head->n_missing, ==, g->n_missing);
  g_assert_cmpuint(head->n_rows, ==, (guint)g->log.seq - g->n_missing);
  g_assert_cmpuint(mcu_minutes_log(g->log.minutes)->len, ==, head->n_rows);
  g_assert_cmpuint(head->n_invited, ==, INVITED);
  g_assert_cmpint(head->ended_us, ==, us(STEPS));
}

static void
test_truth(void)
{
  for (guint32 round = 0; round < 20; round++) {
    guint32 seed = (guint32)g_test_rand_int();
    Game g = {.rand = g_rand_new_with_seed(seed), .floor = -1, .at = -1};
    g_test_message("seed %u", seed);
    log_begin(&g.log);
    invite_all(&g);
    for (guint i = 0; i < STEPS; i++) {
      play_second(&g);
      pass_second(&g);
    }
    end_game(&g);
    compare(&g);
    mcu_minutes_free(g.log.minutes);
    g_rand_free(g.rand);
  }
}

/* --- by hand ------------------------------------------------------------------------------ */

static void
test_head(void)
{
  McuMinutes *minutes = log_sample("Xã Đồng Văn");
  const McuMinutesHead *head = mcu_minutes_head(minutes);
  g_assert_cmpstr(head->title, ==, "Giao ban tháng 11");
  g_assert_cmpstr(head->id, ==, "giao-ban");
  g_assert_cmpint(head->planned_us, ==, G_GINT64_CONSTANT(1795566000000000));
  g_assert_cmpint(head->began_us, ==, us(10));
  g_assert_cmpint(head->ended_us, ==, us(190));
  g_assert_cmpuint(head->n_invited, ==, 3);
  g_assert_cmpuint(head->n_present, ==, 3);
  g_assert_cmpuint(head->n_invited_present, ==, 2);
  g_assert_cmpuint(head->n_guests, ==, 1);
  g_assert_cmpstr(mcu_minutes_name(minutes, "s1"), ==, "Xã Đồng Văn");
  g_assert_cmpstr(mcu_minutes_name(minutes, "nobody"), ==, "nobody");
  mcu_minutes_free(minutes);
}

/* A log that goes on, of a meeting without a list. */
static void
test_open(void)
{
  LogBuilder log;
  log_begin(&log);
  log_add(&log, "seat-added", "site", "a", "name", "A", "role", "chair", "invited-as", "chair", NULL);
  log_wait(&log, 5);
  log_add(&log, "floor-given", "site", "a", "#number", "0", NULL);
  log_add(&log, "recording-on", "site", "a", NULL);
  log_wait(&log, 7);
  log_add(&log, "hand-raised", "site", "a", NULL);
  mcu_minutes_finish(log.minutes);
  const McuAttendee *a = g_ptr_array_index(mcu_minutes_attendance(log.minutes), 0);
  const McuFloorTime *time = g_ptr_array_index(mcu_minutes_floor(log.minutes), 0);
  g_assert_cmpint(mcu_minutes_head(log.minutes)->ended_us, ==, 0);
  g_assert_true(a->here);
  g_assert_false(a->guest);
  g_assert_cmpint(a->present_us, ==, 12 * G_USEC_PER_SEC);
  g_assert_cmpint(time->total_us, ==, 7 * G_USEC_PER_SEC);
  g_assert_cmpint(g_array_index(mcu_minutes_recordings(log.minutes), McuMinutesRecording, 0).ended_us, ==, 0);
  mcu_minutes_free(log.minutes);
}

/* A new list takes the place of the old; who was there stays. */
static void
test_list_changes(void)
{
  LogBuilder log;
  log_begin(&log);
  for (guint round = 0; round < 2; round++) {
    log_add(&log, "invited", "site", "a", "name", "A", "role", "site", "other", "", "#number", "1", NULL);
    log_add(&log, "invited", "site", "b", "name", "B", "role", "site", "other", "", "#number", "1", NULL);
    log_add(&log, "invited", "site", "c", "name", "C", "role", "site", "other", "", "#number", "1", NULL);
    if (round == 0) {
      log_add(&log, "seat-added", "site", "b", "name", "x", "role", "site", "invited-as", "site", NULL);
      log_add(&log, "uninvited", "site", "a", NULL);
    }
  }
  log_add(&log, "uninvited", "site", "b", NULL);
  log_add(&log, "uninvited", "site", "c", NULL);
  log_add(&log, "uninvited", "site", "never-heard-of", NULL);
  mcu_minutes_finish(log.minutes);
  const GPtrArray *list = mcu_minutes_attendance(log.minutes);
  g_assert_cmpuint(list->len, ==, 2);
  g_assert_cmpstr(((McuAttendee *)g_ptr_array_index(list, 0))->site, ==, "a");
  g_assert_cmpstr(((McuAttendee *)g_ptr_array_index(list, 1))->site, ==, "b");
  g_assert_true(((McuAttendee *)g_ptr_array_index(list, 1))->guest);
  mcu_minutes_free(log.minutes);
}

/* What a room never logs twice counts once all the same. */
static void
test_doubled(void)
{
  LogBuilder log;
  log_begin(&log);
  for (guint i = 0; i < 2; i++) {
    log_add(&log, "seat-added", "site", "a", "name", "A", "role", "site", NULL);
    log_add(&log, "floor-given", "site", "a", NULL);
    log_wait(&log, 5);
  }
  log_add(&log, "vote-opened", "#number", "1", "name", "q", "text", "x\ny", "more", "a b", NULL);
  log_add(&log, "vote-cast", "site", "a", "#number", "1", "#count", "0", NULL);
  log_add(&log, "vote-cast", "site", "a", "#number", "1", "#count", "1", NULL);
  log_add(&log, "vote-cast", "site", "c", "#number", "1", "#count", "1", NULL);
  log_add(&log, "vote-closed", "#number", "1", "text", "1 0", NULL);
  log_add(&log, "vote-cast", "site", "b", "#number", "1", "#count", "1", NULL);
  mcu_minutes_finish(log.minutes);
  const McuFloorTime *time = g_ptr_array_index(mcu_minutes_floor(log.minutes), 0);
  const McuBallot *vote = g_ptr_array_index(mcu_minutes_votes(log.minutes), 0);
  g_assert_cmpuint(((McuAttendee *)g_ptr_array_index(mcu_minutes_attendance(log.minutes), 0))->spans->len, ==, 1);
  g_assert_cmpuint(time->n_turns, ==, 1);
  g_assert_cmpint(time->total_us, ==, 10 * G_USEC_PER_SEC);
  g_assert_cmpuint(vote->n_voted, ==, 1);
  g_assert_cmpuint(vote->counts[0], ==, 1);
  g_assert_cmpuint(vote->counts[1], ==, 0);
  mcu_minutes_free(log.minutes);
}

/* A clock that is set back gives no negative times. */
static void
test_clock_back(void)
{
  LogBuilder log;
  log_begin(&log);
  log_add(&log, "seat-added", "site", "a", "name", "A", "role", "site", NULL);
  log_add(&log, "floor-given", "site", "a", NULL);
  log_add(&log, "agenda-set", "text", "1\tx\t", NULL);
  log_add(&log, "agenda-at", "#number", "0", NULL);
  log_wait(&log, -3600);
  log_add(&log, "seat-removed", "site", "a", "reason", "left", NULL);
  log_add(&log, "ended", NULL);
  mcu_minutes_finish(log.minutes);
  g_assert_cmpint(((McuAttendee *)g_ptr_array_index(mcu_minutes_attendance(log.minutes), 0))->present_us, ==, 0);
  g_assert_cmpint(((McuFloorTime *)g_ptr_array_index(mcu_minutes_floor(log.minutes), 0))->total_us, ==, 0);
  g_assert_cmpint(((McuAgendaTime *)g_ptr_array_index(mcu_minutes_agenda(log.minutes), 0))->total_us, ==, 0);
  mcu_minutes_free(log.minutes);
}

static void
write_all(const McuMinutes *minutes)
{
  g_autoptr(GBytes) json = mcu_minutes_to_json(minutes);
  g_autoptr(GBytes) csv = mcu_minutes_to_csv(minutes);
  g_autoptr(GBytes) pdf = mcu_minutes_to_pdf(minutes, NULL, NULL, NULL);
  g_assert_nonnull(pdf);
  g_assert_true(g_utf8_validate_len(g_bytes_get_data(json, NULL), g_bytes_get_size(json), NULL));
  g_assert_true(g_utf8_validate_len(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv), NULL));
}

/* Rows that no room wrote: anything may stand in a file that somebody touched. */
static void
test_hostile(void)
{
  static const char *const payloads[] = {
      "{}",
      "",
      "[",
      "null",
      "{\"site\":\"s1\"}",
      "{\"site\":\"\",\"number\":-9223372036854775808}",
      "{\"site\":\"s1\",\"number\":9223372036854775807,\"count\":9223372036854775807,\"text\":\"a\\nb\",\"name\":"
      "\"q\"}",
      "{\"site\":\"s1\",\"number\":1,\"count\":-1,\"text\":\"\\t\\t\\n\\n\\t\",\"more\":\"s1  s1 s2\",\"on\":true}",
      "{\"site\":\"s1\",\"number\":1,\"count\":9,\"text\":\"1 2 3 4 5 6 7 8 9 10 11 12\",\"other\":\"d\"}",
      "{\"site\":\"\\u202e<b>\",\"number\":0,\"name\":\"\\u202e</"
      "span>\",\"text\":\"a\\nb\\nc\\nd\\ne\\nf\\ng\\nh\\ni\\nj\\nk\\nl\","
      "\"more\":\"s1\",\"other\":\"d\",\"role\":\"king\"}",
  };
  for (guint round = 0; round < 20; round++) {
    LogBuilder log;
    log_begin(&log);
    for (guint i = 0; i < 500; i++) {
      guint type = (guint)g_test_rand_int_range(0, MCU_ROOM_N_EVENTS + 1);
      log.time_us = g_test_rand_int_range(0, 10) == 0 ? G_MAXINT64 : LOG_START_US + g_test_rand_int_range(-99, 99);
      log_raw(&log, type < MCU_ROOM_N_EVENTS ? mcu_room_event_word((McuRoomEventType)type) : "\xff\xfe\x01",
              payloads[g_test_rand_int_range(0, G_N_ELEMENTS(payloads))]);
    }
    mcu_minutes_finish(log.minutes);
    g_assert_cmpuint(mcu_minutes_log(log.minutes)->len, ==, 500);
    if (round < 3)
      write_all(log.minutes);
    mcu_minutes_free(log.minutes);
  }
}

static void
test_bounds(void)
{
  McuMinutes *minutes = mcu_minutes_new("u", "i", "t");
  g_autofree char *huge = g_strnfill(2 * 1024 * 1024, 'x');
  guint n = 0;
  while (n < 1000 && mcu_minutes_add(minutes, n, 1, "t", huge))
    n++;
  g_assert_cmpuint(n, ==, MCU_MINUTES_MAX_BYTES / (2 * 1024 * 1024) - 1); /* the types count too */
  mcu_minutes_finish(minutes);
  mcu_minutes_free(minutes);
}

static void
test_rows_max(void)
{
  McuMinutes *minutes = mcu_minutes_new("u", "i", "t");
  for (guint i = 0; i < MCU_MINUTES_ROWS_MAX; i++)
    g_assert_true(mcu_minutes_add(minutes, i, 1, "t", "{}"));
  g_assert_false(mcu_minutes_add(minutes, MCU_MINUTES_ROWS_MAX, 1, "t", "{}"));
  mcu_minutes_finish(minutes);
  mcu_minutes_free(minutes);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/minutes/truth", test_truth);
  g_test_add_func("/minutes/head", test_head);
  g_test_add_func("/minutes/open", test_open);
  g_test_add_func("/minutes/list-changes", test_list_changes);
  g_test_add_func("/minutes/doubled", test_doubled);
  g_test_add_func("/minutes/clock-back", test_clock_back);
  g_test_add_func("/minutes/hostile", test_hostile);
  g_test_add_func("/minutes/bounds", test_bounds);
  if (g_test_slow())
    g_test_add_func("/minutes/rows-max", test_rows_max);
  return g_test_run();
}
