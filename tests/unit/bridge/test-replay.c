/* Long random meetings, by seed: the room keeps its promises after each command, and the log of it, written out and
 * read back, folds to the same state. */
#include "mcu/bridge/replay-event.h"

#include <string.h>

#include "mcu/room/room.h"
#include "mcu/util/error.h"

#define STEPS 20000
#define N_SITES 12
#define SEATS_MAX 9

static const char *const sites[N_SITES] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
static const char *const scenes[] = {
    "auto", "2x2|site:a,floor", "1+7;letterbox|chair",   "auto;noborder|roll:5", "bad name|x",
    "",     "3x3|site:",        "1+5|loudest:3,previous"};
static const char *const names[] = {"Xã Đồng Văn", "\"\\<b>\n", "", "Scene 1", "Scene 2", "x"};

static const char *
any_site(GRand *rand)
{
  guint i = (guint)g_rand_int_range(rand, 0, N_SITES + 2);
  return i < N_SITES ? sites[i] : i == N_SITES ? NULL : "bad id";
}

static McuRoomCommandType
any_type(GRand *rand)
{
  for (;;) {
    McuRoomCommandType type = (McuRoomCommandType)g_rand_int_range(rand, 0, MCU_ROOM_N_COMMANDS);
    /* An end is an end. */
    if (type != MCU_ROOM_SPEAK && type != MCU_ROOM_CHAT_ALL && type != MCU_ROOM_WATCH_DESK &&
        (type != MCU_ROOM_END || g_rand_int(rand) % 400 == 0))
      return type;
  }
}

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Mostly what can be done, so that the work gets somewhere. */
static void
make_work(McuRoomCommand *command, GRand *rand)
{
  static const char *const choices[] = {"Đồng ý\nKhông", "A\nB\nC", "one", "", NULL};
  static const char *const voters[] = {NULL, NULL, "a b c d e", "a  b", ""};
  static const char *const agendas[] = {"10\tMở đầu\t\n5\tBáo cáo\tXã A", "1\tA\tB", "", "x\ty\tz", NULL};
  static const char *const documents[] = {"d1", "d2", "d3", "", "bad id"};
  static const char *const kinds[] = {"pdf", "png", "exe"};
  static const char *const tallies[] = {"0 0", "1 0", "0 1 0", "x", NULL};
  guint i = g_rand_int(rand);
  if (command->type == MCU_ROOM_VOTE_OPEN) {
    command->text = choices[i % G_N_ELEMENTS(choices)];
    command->more = voters[(i >> 8) % G_N_ELEMENTS(voters)];
  } else if (command->type == MCU_ROOM_VOTE) {
    command->number = (i >> 8) % 8;
    command->count = (gint64)(i % 4) - 1;
  } else if (command->type == MCU_ROOM_VOTE_CLOSE || command->type == MCU_ROOM_END) {
    command->text = tallies[i % G_N_ELEMENTS(tallies)];
  } else if (command->type == MCU_ROOM_AGENDA) {
    command->text = agendas[i % G_N_ELEMENTS(agendas)];
  } else if (command->type == MCU_ROOM_ANNOUNCE) {
    command->more = voters[i % G_N_ELEMENTS(voters)];
  } else if (command->type == MCU_ROOM_ADD_DOCUMENT || command->type == MCU_ROOM_SHOW_DOCUMENT ||
             command->type == MCU_ROOM_REMOVE_DOCUMENT) {
    command->other = documents[i % G_N_ELEMENTS(documents)];
    command->text = kinds[(i >> 8) % G_N_ELEMENTS(kinds)];
    command->count = (i >> 16) % 4;
    command->more = SHA;
  }
}

static McuRoomCommand
any_command(GRand *rand)
{
  McuRoomCommand command = {
      .type = any_type(rand),
      .actor = g_rand_int(rand) % 2 == 0 ? NULL : any_site(rand),
      .site = any_site(rand),
      .name = names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))],
      .text = scenes[g_rand_int_range(rand, 0, G_N_ELEMENTS(scenes))],
      .other = g_rand_int(rand) % 4 == 0 ? any_site(rand) : NULL,
      .more = "e@x",
      .role = (McuRole)g_rand_int_range(rand, 0, MCU_N_ROLES),
      .mic = g_rand_boolean(rand),
      .camera = g_rand_boolean(rand),
      .on = g_rand_boolean(rand),
      .number = g_rand_int_range(rand, -1, 6),
      .limit = g_rand_int_range(rand, 0, 3),
  };
  if (command.type == MCU_ROOM_SILENCE_ALL)
    command.text = g_rand_boolean(rand) ? "a b c" : g_rand_boolean(rand) ? "\xff" : NULL;
  make_work(&command, rand);
  /* Half of what concerns oneself does. */
  if (command.actor != NULL && g_rand_boolean(rand))
    command.site = command.actor;
  return command;
}

/* --- promises ----------------------------------------------------------------------------- */

static gboolean
ought_to_be_silent(const McuRoom *room, const McuRoomSeat *seat)
{
  McuMicPolicy policy = mcu_room_policy(room);
  gboolean by_policy = (policy == MCU_MIC_PERMISSION && seat->role == MCU_ROLE_SITE) ||
                       (policy == MCU_MIC_CHAIR && seat->role != MCU_ROLE_CHAIR);
  return mcu_role_has_voice(seat->role) && (seat->muted || (by_policy && !seat->floor && !seat->may_speak));
}

static void
check_hands(const McuRoom *room, guint n_up)
{
  g_assert_cmpuint(mcu_room_n_hands(room), ==, n_up);
  for (guint i = 0; i < n_up; i++) {
    const McuRoomSeat *seat = mcu_room_hand(room, i);
    g_assert_true(seat->hand_us != 0 && !seat->floor && mcu_role_has_voice(seat->role));
    g_assert_cmpint(seat->role, !=, MCU_ROLE_CHAIR);
    for (guint j = 0; j < i; j++)
      g_assert_true(mcu_room_hand(room, j) != seat);
  }
}

/* Who waits or is kept out is not in, and nobody waits twice. */
static void
check_door(const McuRoom *room)
{
  g_autoptr(GPtrArray) kept_out = mcu_room_kept_out(room);
  for (guint i = 0; i < kept_out->len; i++)
    g_assert_null(mcu_room_find(room, g_ptr_array_index(kept_out, i)));
  for (guint i = 0; i < mcu_room_n_lobby(room); i++) {
    const McuRoomGuest *guest = mcu_room_guest(room, i);
    g_assert_null(mcu_room_find(room, guest->site));
    g_assert_true(mcu_room_find_guest(room, guest->site) == guest);
  }
}

static void
check(const McuRoom *room)
{
  guint n_floor = 0, n_chair = 0, n_tiles = 0, n_up = 0;
  gboolean heir = FALSE;
  for (guint i = 0; i < mcu_room_n_seats(room); i++) {
    const McuRoomSeat *seat = mcu_room_seat(room, i);
    g_assert_true(mcu_room_find(room, seat->site) == seat); /* one seat per site */
    n_floor += seat->floor;
    n_chair += seat->role == MCU_ROLE_CHAIR;
    n_tiles += mcu_role_has_voice(seat->role);
    n_up += seat->hand_us != 0;
    heir |= seat->invited_as == MCU_ROLE_CHAIR && !seat->lost;
    g_assert_cmpint(seat->silenced, ==, ought_to_be_silent(room, seat));
    if (seat->floor)
      g_assert_true(mcu_room_floor(room) == seat && mcu_role_has_voice(seat->role));
    if (seat->role == MCU_ROLE_CHAIR)
      g_assert_true(mcu_room_chair(room) == seat);
  }
  g_assert_cmpuint(n_floor, ==, mcu_room_floor(room) != NULL);
  g_assert_cmpuint(n_chair, ==, mcu_room_chair(room) != NULL);
  g_assert_cmpuint(n_tiles, ==, mcu_room_n_tiles(room));
  if (heir)
    g_assert_nonnull(mcu_room_chair(room));
  check_hands(room, n_up);
  check_door(room);
  g_assert_cmpuint(mcu_room_n_scenes(room), <=, MCU_ROOM_SCENES_MAX);
  g_assert_cmpuint(mcu_room_n_seats(room), <=, SEATS_MAX);
}

/* --- the log ------------------------------------------------------------------------------ */

static void
fold(McuRoom *room, const McuRoomEvent *event)
{
  McuRoomEvent read;
  g_autoptr(GError) error = NULL;
  g_autofree char *payload = mcu_room_event_payload(event);
  mcu_replay_event(mcu_room_event_word(event->type), payload, &read, &error);
  g_assert_no_error(error);
  read.time_us = event->time_us;
  gboolean fits = mcu_room_replay(room, &read);
  g_assert_true(fits);
  mcu_room_event_clear(&read);
}

static void
play(guint32 seed)
{
  const McuRoomLimits limits = {.max_seats = SEATS_MAX, .lost_grace_us = 50};
  g_autoptr(McuRoom) room = mcu_room_new(&limits), copy = mcu_room_new(&limits);
  GRand *rand = g_rand_new_with_seed(seed);
  guint obeyed = 0;
  for (gint64 now = 1; now <= STEPS && !mcu_room_ended(room); now++) {
    McuRoomCommand command = any_command(rand);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) events = mcu_room_events_new();
    g_autofree char *before = mcu_room_describe(room);
    gboolean ok = mcu_room_decide(room, &command, now, events, &error);
    g_assert_true(ok == (error == NULL) && (ok || events->len == 0));
    g_autofree char *after = mcu_room_describe(room);
    g_assert_cmpstr(before, ==, after); /* deciding changes nothing */
    obeyed += ok;
    for (guint i = 0; i < events->len; i++) {
      mcu_room_apply(room, &g_array_index(events, McuRoomEvent, i));
      fold(copy, &g_array_index(events, McuRoomEvent, i));
    }
    check(room);
  }
  g_autofree char *state = mcu_room_describe(room), *folded = mcu_room_describe(copy);
  g_assert_cmpstr(state, ==, folded);
  g_test_message("seed %u: %u commands obeyed", seed, obeyed);
  g_assert_cmpuint(obeyed, >, 100);
  g_rand_free(rand);
}

static void
test_random(void)
{
  for (guint32 seed = 1; seed <= 12; seed++) {
    g_test_message("seed %u", seed);
    play(seed);
  }
}

/* --- what is on a disk may be anything ---------------------------------------------------- */

/* Events that are sound and cannot be of this state. */
static void
test_unfitting(void)
{
  static const struct {
    const char *type, *payload;
  } cases[] = {
      {"seat-lost", "{\"site\":\"b\"}"},
      {"seat-back", "{\"site\":\"a\"}"},
      {"floor-taken", "{\"site\":\"a\"}"},
      {"hand-lowered", "{\"site\":\"a\"}"},
      {"hand-moved", "{\"site\":\"a\",\"number\":0}"},
      {"programme-undone", "{}"},
      {"programme-set", "{\"text\":\"not a scene|\"}"},
      {"role-changed", "{\"site\":\"a\",\"role\":\"chair\"}"},
      {"seat-added", "{\"site\":\"a\",\"name\":\"A\",\"role\":\"site\",\"mic\":true,\"camera\":true}"},
  };
  g_autoptr(McuRoom) room = mcu_room_new(&(McuRoomLimits){.max_seats = 9});
  const McuRoomCommand chair = {.type = MCU_ROOM_JOIN, .site = "chair", .name = "C", .role = MCU_ROLE_CHAIR};
  const McuRoomCommand site = {.type = MCU_ROOM_JOIN, .site = "a", .name = "A", .role = MCU_ROLE_SITE};
  g_array_unref(mcu_room_obey(room, &chair, 1, NULL));
  g_array_unref(mcu_room_obey(room, &site, 1, NULL));
  g_autofree char *before = mcu_room_describe(room);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    McuRoomEvent event;
    g_assert_true(mcu_replay_event(cases[i].type, cases[i].payload, &event, NULL));
    gboolean fits = mcu_room_replay(room, &event);
    g_assert_false(fits);
    mcu_room_event_clear(&event);
  }
  g_autofree char *after = mcu_room_describe(room);
  g_assert_cmpstr(before, ==, after);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bridge/replay/random", test_random);
  g_test_add_func("/bridge/replay/unfitting", test_unfitting);
  return g_test_run();
}
