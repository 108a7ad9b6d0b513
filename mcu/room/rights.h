/* Who may do what: one table, command x state -> roles. Pure. */
#pragma once

#include "mcu/room/event.h"

typedef enum {
  MCU_ROOM_JOIN,        /* site, name, role, mic, camera. A site that has a seat takes it over as it is */
  MCU_ROOM_LEAVE,       /* site */
  MCU_ROOM_LOST,        /* site: its connection is gone */
  MCU_ROOM_BACK,        /* site: it is there again */
  MCU_ROOM_EXPIRE,      /* remove those lost for too long */
  MCU_ROOM_MEDIA,       /* actor: mic, camera */
  MCU_ROOM_SPEAK,       /* not given: the right to unmute oneself */
  MCU_ROOM_RECORD,      /* on */
  MCU_ROOM_FLOOR,       /* site, on, number (limit in seconds): gives it the floor, from whoever has it, or takes it */
  MCU_ROOM_YIELD,       /* actor: ends its own turn */
  MCU_ROOM_HAND,        /* actor, on */
  MCU_ROOM_LOWER,       /* site */
  MCU_ROOM_QUEUE,       /* site, number: its place among the raised hands */
  MCU_ROOM_POLICY,      /* number: McuMicPolicy, on: sites may unmute themselves */
  MCU_ROOM_SILENCE,     /* site, on */
  MCU_ROOM_SILENCE_ALL, /* on, text: ids of those excepted, with spaces between */
  MCU_ROOM_CONSENT,     /* actor, on: its microphone may be opened from afar */
  MCU_ROOM_LOCK,        /* on: who comes from now on waits in the lobby */
  MCU_ROOM_ADMIT,       /* site in the lobby, on: lets it in, or refuses */
  MCU_ROOM_REMOVE,      /* site, on: and keeps it out */
  MCU_ROOM_LET_IN,      /* site that was kept out */
  MCU_ROOM_ROLE,        /* site, role: secretary, operator, site, observer */
  MCU_ROOM_HAND_OVER,   /* site: the chair from now on */
  MCU_ROOM_SHOW,        /* text: scene (scene-spec.h), into the programme at once */
  MCU_ROOM_PREVIEW,     /* text: scene, to be prepared */
  MCU_ROOM_TAKE,        /* the preview into the programme */
  MCU_ROOM_UNDO,        /* the programme before */
  MCU_ROOM_SAVE_SCENE,  /* name, text: scene, NULL: the preview */
  MCU_ROOM_DROP_SCENE,  /* name */
  MCU_ROOM_LOCK_LAYOUT, /* on */
  MCU_ROOM_BANNER,      /* text */
  MCU_ROOM_TOUR,        /* number: seconds, 0: stop */
  MCU_ROOM_END,         /* for all */
  MCU_ROOM_MAKE,        /* name: title, number: planned for (Unix ms). By the bridge alone, as the next three */
  MCU_ROOM_PLAN,        /* likewise */
  MCU_ROOM_INVITE,      /* site, name, role, other: parent, number: level, text: telephone, more: e-mail */
  MCU_ROOM_UNINVITE,    /* site */
  MCU_ROOM_WATCH_DESK,  /* not given: the right to see the desk, the wall and the preview */
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
