/* The table of rights. No state; any thread. */
#include "mcu/room/rights.h"

#define CHAIR (1u << MCU_ROLE_CHAIR)
#define SECRETARY (1u << MCU_ROLE_SECRETARY)
#define SITE (1u << MCU_ROLE_SITE)
#define OBSERVER (1u << MCU_ROLE_OBSERVER)
#define OPERATOR (1u << MCU_ROLE_OPERATOR)
#define VOICES (CHAIR | SECRETARY | SITE)
#define DESK (CHAIR | SECRETARY | OPERATOR)
#define ALL (VOICES | OBSERVER | OPERATOR)
#define NOBODY 0u /* but the bridge itself */

/* The columns are the states: free, ask, chair only, ended. */
#define ALWAYS(roles)                                                                                                  \
  {                                                                                                                    \
    roles, roles, roles, NOBODY                                                                                        \
  }

static const struct {
  const char *word;
  guint roles[MCU_N_STATES];
} table[MCU_ROOM_N_COMMANDS] = {
    [MCU_ROOM_JOIN] = {"join", ALWAYS(NOBODY)},
    [MCU_ROOM_LEAVE] = {"leave", {ALL, ALL, ALL, ALL}},
    [MCU_ROOM_LOST] = {"lost", ALWAYS(NOBODY)},
    [MCU_ROOM_BACK] = {"back", ALWAYS(NOBODY)},
    [MCU_ROOM_EXPIRE] = {"expire", ALWAYS(NOBODY)},
    [MCU_ROOM_MEDIA] = {"media", ALWAYS(VOICES)},
    [MCU_ROOM_SPEAK] = {"speak", {VOICES, CHAIR | SECRETARY, CHAIR, NOBODY}},
    [MCU_ROOM_RECORD] = {"record", ALWAYS(DESK)},
    [MCU_ROOM_FLOOR] = {"floor", ALWAYS(DESK)},
    [MCU_ROOM_YIELD] = {"yield", ALWAYS(VOICES)},
    [MCU_ROOM_HAND] = {"hand", ALWAYS(SECRETARY | SITE)},
    [MCU_ROOM_LOWER] = {"lower", ALWAYS(DESK)},
    [MCU_ROOM_QUEUE] = {"queue", ALWAYS(DESK)},
    [MCU_ROOM_POLICY] = {"policy", ALWAYS(DESK)},
    [MCU_ROOM_SILENCE] = {"silence", ALWAYS(DESK)},
    [MCU_ROOM_SILENCE_ALL] = {"silence-all", ALWAYS(DESK)},
    [MCU_ROOM_CONSENT] = {"consent", ALWAYS(VOICES)},
    [MCU_ROOM_LOCK] = {"lock", ALWAYS(DESK)},
    [MCU_ROOM_ADMIT] = {"admit", ALWAYS(DESK)},
    [MCU_ROOM_REMOVE] = {"remove", ALWAYS(DESK)},
    [MCU_ROOM_LET_IN] = {"let-in", ALWAYS(DESK)},
    [MCU_ROOM_ROLE] = {"role", ALWAYS(CHAIR)},
    [MCU_ROOM_HAND_OVER] = {"hand-over", ALWAYS(CHAIR)},
    [MCU_ROOM_SHOW] = {"show", ALWAYS(DESK)},
    [MCU_ROOM_PREVIEW] = {"preview", ALWAYS(DESK)},
    [MCU_ROOM_TAKE] = {"take", ALWAYS(DESK)},
    [MCU_ROOM_UNDO] = {"undo", ALWAYS(DESK)},
    [MCU_ROOM_SAVE_SCENE] = {"scene-save", ALWAYS(DESK)},
    [MCU_ROOM_DROP_SCENE] = {"scene-drop", ALWAYS(DESK)},
    [MCU_ROOM_LOCK_LAYOUT] = {"layout-lock", ALWAYS(DESK)},
    [MCU_ROOM_BANNER] = {"banner", ALWAYS(DESK)},
    [MCU_ROOM_TOUR] = {"tour", ALWAYS(DESK)},
    [MCU_ROOM_END] = {"end", ALWAYS(CHAIR)},
    [MCU_ROOM_MAKE] = {"make", ALWAYS(NOBODY)},
    [MCU_ROOM_PLAN] = {"plan", ALWAYS(NOBODY)},
    [MCU_ROOM_INVITE] = {"invite", ALWAYS(NOBODY)},
    [MCU_ROOM_UNINVITE] = {"uninvite", ALWAYS(NOBODY)},
    [MCU_ROOM_CHAT] = {"chat", ALWAYS(ALL)},
    [MCU_ROOM_CHAT_ALL] = {"chat-all", ALWAYS(DESK)},
    [MCU_ROOM_CHAT_OPEN] = {"chat-open", ALWAYS(DESK)},
    [MCU_ROOM_ANNOUNCE] = {"announce", ALWAYS(DESK)},
    [MCU_ROOM_VOTE_OPEN] = {"vote-open", ALWAYS(DESK)},
    [MCU_ROOM_VOTE] = {"vote", ALWAYS(VOICES)},
    [MCU_ROOM_VOTE_CLOSE] = {"vote-close", ALWAYS(DESK)},
    [MCU_ROOM_VOTE_RESTART] = {"vote-restart", ALWAYS(NOBODY)},
    [MCU_ROOM_VOTE_SHOW] = {"vote-show", ALWAYS(DESK)},
    [MCU_ROOM_ROLL_OPEN] = {"roll-open", ALWAYS(DESK)},
    [MCU_ROOM_ROLL_MEASURE] = {"roll-measure", ALWAYS(NOBODY)},
    [MCU_ROOM_ROLL_MARK] = {"roll-mark", ALWAYS(DESK)},
    [MCU_ROOM_ROLL_CLOSE] = {"roll-close", ALWAYS(DESK)},
    [MCU_ROOM_CALLS_START] = {"calls-start", ALWAYS(DESK)},
    [MCU_ROOM_CALLS_PAUSE] = {"calls-pause", ALWAYS(DESK)},
    [MCU_ROOM_CALLS_NEXT] = {"calls-next", ALWAYS(DESK)},
    [MCU_ROOM_CALLS_BACK] = {"calls-back", ALWAYS(DESK)},
    [MCU_ROOM_CALLS_STOP] = {"calls-stop", ALWAYS(DESK)},
    [MCU_ROOM_AGENDA] = {"agenda", ALWAYS(DESK)},
    [MCU_ROOM_AGENDA_GO] = {"agenda-at", ALWAYS(DESK)},
    [MCU_ROOM_ADD_DOCUMENT] = {"document-add", ALWAYS(NOBODY)},
    [MCU_ROOM_REMOVE_DOCUMENT] = {"document-remove", ALWAYS(DESK)},
    [MCU_ROOM_SHOW_DOCUMENT] = {"document-show", ALWAYS(VOICES | OPERATOR)},
    [MCU_ROOM_LET_PRESENT] = {"let-present", ALWAYS(DESK)},
    [MCU_ROOM_PRESENT] = {"present", ALWAYS(VOICES)},
    [MCU_ROOM_ASIDE] = {"aside", ALWAYS(DESK)},
    [MCU_ROOM_WATCH_DESK] = {"watch", ALWAYS(DESK)},
};

gboolean
mcu_rights_allow(McuRoomCommandType command, McuRole role, McuRoomState state)
{
  g_assert((guint)command < MCU_ROOM_N_COMMANDS && (guint)role < MCU_N_ROLES && (guint)state < MCU_N_STATES);
  return (table[command].roles[state] & (1u << role)) != 0;
}

gboolean
mcu_rights_is_own(McuRoomCommandType command)
{
  return command == MCU_ROOM_LEAVE || command == MCU_ROOM_MEDIA || command == MCU_ROOM_YIELD ||
         command == MCU_ROOM_HAND || command == MCU_ROOM_CONSENT || command == MCU_ROOM_CHAT ||
         command == MCU_ROOM_VOTE || command == MCU_ROOM_PRESENT;
}

const char *
mcu_rights_word(McuRoomCommandType command)
{
  g_assert((guint)command < MCU_ROOM_N_COMMANDS);
  return table[command].word;
}
