/* Who may do what: one table, command x state -> roles. Pure. */
#pragma once

#include "mcu/room/event.h"

typedef enum {
  MCU_ROOM_JOIN,         /* site, name, role, mic, camera. A site that has a seat takes it over as it is */
  MCU_ROOM_LEAVE,        /* site */
  MCU_ROOM_LOST,         /* site: its connection is gone */
  MCU_ROOM_BACK,         /* site: it is there again */
  MCU_ROOM_EXPIRE,       /* remove those lost for too long */
  MCU_ROOM_MEDIA,        /* actor: mic, camera */
  MCU_ROOM_SPEAK,        /* not given: the right to unmute oneself */
  MCU_ROOM_RECORD,       /* on */
  MCU_ROOM_FLOOR,        /* site, on, number (limit in seconds): gives it the floor, from whoever has it, or takes it */
  MCU_ROOM_YIELD,        /* actor: ends its own turn */
  MCU_ROOM_HAND,         /* actor, on */
  MCU_ROOM_LOWER,        /* site */
  MCU_ROOM_QUEUE,        /* site, number: its place among the raised hands */
  MCU_ROOM_POLICY,       /* number: McuMicPolicy, on: sites may unmute themselves */
  MCU_ROOM_SILENCE,      /* site, on */
  MCU_ROOM_SILENCE_ALL,  /* on, text: ids of those excepted, with spaces between */
  MCU_ROOM_CONSENT,      /* actor, on: its microphone may be opened from afar */
  MCU_ROOM_LOCK,         /* on: who comes from now on waits in the lobby */
  MCU_ROOM_ADMIT,        /* site in the lobby, on: lets it in, or refuses */
  MCU_ROOM_REMOVE,       /* site, on: and keeps it out */
  MCU_ROOM_LET_IN,       /* site that was kept out */
  MCU_ROOM_ROLE,         /* site, role: secretary, operator, site, observer */
  MCU_ROOM_HAND_OVER,    /* site: the chair from now on */
  MCU_ROOM_SHOW,         /* text: scene (scene-spec.h), into the programme at once */
  MCU_ROOM_PREVIEW,      /* text: scene, to be prepared */
  MCU_ROOM_TAKE,         /* the preview into the programme */
  MCU_ROOM_UNDO,         /* the programme before */
  MCU_ROOM_SAVE_SCENE,   /* name, text: scene, NULL: the preview */
  MCU_ROOM_DROP_SCENE,   /* name */
  MCU_ROOM_LOCK_LAYOUT,  /* on */
  MCU_ROOM_BANNER,       /* text */
  MCU_ROOM_TOUR,         /* number: seconds, 0: stop */
  MCU_ROOM_END,          /* for all */
  MCU_ROOM_MAKE,         /* name: title, number: planned for (Unix ms). By the bridge alone, as the next three */
  MCU_ROOM_PLAN,         /* likewise */
  MCU_ROOM_INVITE,       /* site, name, role, other: parent, number: level, text: telephone, more: e-mail */
  MCU_ROOM_UNINVITE,     /* site */
  MCU_ROOM_CHAT,         /* actor, on: to the desk alone, text */
  MCU_ROOM_CHAT_ALL,     /* not given: the right to write to all while the chat is closed */
  MCU_ROOM_CHAT_OPEN,    /* on */
  MCU_ROOM_ANNOUNCE,     /* text, more: ids with spaces between; NULL: all */
  MCU_ROOM_VOTE_OPEN,    /* name: question, text: choices, a line each, more: ids of the entitled, NULL: all with a
                          * voice, on: secret, number: quorum in percent, limit: seconds */
  MCU_ROOM_VOTE,         /* actor, number: of the vote, count: index of the choice */
  MCU_ROOM_VOTE_CLOSE,   /* text: what was counted of a secret one */
  MCU_ROOM_VOTE_RESTART, /* by the bridge alone */
  MCU_ROOM_VOTE_SHOW,    /* number: of the vote, on */
  MCU_ROOM_ROLL_OPEN,
  MCU_ROOM_ROLL_MEASURE, /* by the bridge alone: what is seen of each site */
  MCU_ROOM_ROLL_MARK,    /* site, number: McuRollStatus, text: reason */
  MCU_ROOM_ROLL_CLOSE,
  MCU_ROOM_CALLS_START, /* number: patience in seconds */
  MCU_ROOM_CALLS_PAUSE, /* on */
  MCU_ROOM_CALLS_NEXT,  /* on: what was called has answered (by the bridge); without: it is skipped */
  MCU_ROOM_CALLS_BACK,  /* the one before again */
  MCU_ROOM_CALLS_STOP,
  MCU_ROOM_AGENDA,          /* text: lines of minutes, title, rapporteur, with tabs between */
  MCU_ROOM_AGENDA_GO,       /* number: index, -1: none */
  MCU_ROOM_ADD_DOCUMENT,    /* by the bridge alone: other, name, text, number, count, more as in the event */
  MCU_ROOM_REMOVE_DOCUMENT, /* other */
  MCU_ROOM_SHOW_DOCUMENT,   /* other, number: page. Who has the floor or presents may turn the page as well */
  MCU_ROOM_LET_PRESENT,     /* site, on */
  MCU_ROOM_PRESENT,         /* actor, on */
  MCU_ROOM_ASIDE,           /* site, on: into the side room, or back */
  MCU_ROOM_WATCH_DESK,      /* not given: the right to see the desk, the wall and the preview */
  MCU_ROOM_N_COMMANDS
} McuRoomCommandType;

/* What rights depend on. */
typedef enum {
  MCU_STATE_FREE,  /* sites open their microphones themselves */
  MCU_STATE_ASK,   /* ... with permission */
  MCU_STATE_CHAIR, /* only the chair speaks, and whom it gives the floor */
  MCU_STATE_ENDED,
  MCU_N_STATES
} McuRoomState;

/* [any] */
gboolean mcu_rights_allow(McuRoomCommandType command, McuRole role, McuRoomState state);
/* [any] It concerns the one who gives it, and nobody gives it for another. */
gboolean mcu_rights_is_own(McuRoomCommandType command);
/* [any] "floor" ...: for logs and errors. Never NULL. */
const char *mcu_rights_word(McuRoomCommandType command);
