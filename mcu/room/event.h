/* McuRoomEvent: one thing that happened in a meeting. The log of a meeting is the sequence of these, and its
 * state the fold of them. Values are copied by mcu_room_event_copy(): two of its texts are references. Pure. */
#pragma once

#include <glib.h>

#include "mcu/types.h"

#define MCU_NAME_MAX_BYTES (MCU_NAME_MAX_CHARS * 4)

typedef enum {
  MCU_ROOM_SEAT_ADDED,       /* site, name, role, invited_as, mic, camera */
  MCU_ROOM_SEAT_REMOVED,     /* site, reason */
  MCU_ROOM_SEAT_LOST,        /* site */
  MCU_ROOM_SEAT_BACK,        /* site */
  MCU_ROOM_SEAT_REPLACED,    /* site, name, role, invited_as: a newer connection has the seat */
  MCU_ROOM_MEDIA_CHANGED,    /* site, mic, camera */
  MCU_ROOM_RECORDING_ON,     /* site that asked, "" for the bridge itself */
  MCU_ROOM_RECORDING_OFF,    /* likewise */
  MCU_ROOM_FLOOR_GIVEN,      /* site, number: limit in seconds, 0 none: it has the floor now, and nobody else */
  MCU_ROOM_FLOOR_TAKEN,      /* site that had it: by the chair, for another, or because it goes */
  MCU_ROOM_HAND_RAISED,      /* site: it stands last in the queue */
  MCU_ROOM_HAND_LOWERED,     /* site */
  MCU_ROOM_HAND_MOVED,       /* site, number: its place from now on */
  MCU_ROOM_POLICY_CHANGED,   /* number: McuMicPolicy, on: sites may unmute themselves */
  MCU_ROOM_SEAT_MUTED,       /* site */
  MCU_ROOM_SEAT_UNMUTED,     /* site: speaks whatever the policy is */
  MCU_ROOM_ALL_MUTED,        /* text: ids of those excepted, with spaces between */
  MCU_ROOM_ALL_UNMUTED,      /* text: likewise */
  MCU_ROOM_CONSENT_CHANGED,  /* site, on */
  MCU_ROOM_ROLE_CHANGED,     /* site, role */
  MCU_ROOM_LOCKED,           /* on */
  MCU_ROOM_LOBBY_ENTERED,    /* site, name, role */
  MCU_ROOM_LOBBY_LEFT,       /* site */
  MCU_ROOM_ADMITTED,         /* site: may join from now on, lobby or not */
  MCU_ROOM_KEPT_OUT,         /* site: may not */
  MCU_ROOM_PARDONED,         /* site: is no longer kept out */
  MCU_ROOM_PROGRAMME_SET,    /* text: scene (scene-spec.h); the one before can be brought back */
  MCU_ROOM_PROGRAMME_UNDONE, /* the one before and the present one change places */
  MCU_ROOM_PREVIEW_SET,      /* text: scene */
  MCU_ROOM_SCENE_SAVED,      /* name, text: scene */
  MCU_ROOM_SCENE_DROPPED,    /* name */
  MCU_ROOM_LAYOUT_LOCKED,    /* on */
  MCU_ROOM_BANNER_SET,       /* text */
  MCU_ROOM_TOUR_SET,         /* number: seconds for each site; 0: none */
  MCU_ROOM_MADE,             /* name: title, number: planned for (Unix ms, 0 none) */
  MCU_ROOM_PLANNED,          /* likewise: they have changed */
  MCU_ROOM_INVITED,          /* site, name, role, other: parent, number: level, text: telephone, more: e-mail */
  MCU_ROOM_UNINVITED,        /* site */
  MCU_ROOM_ENDED,            /* nothing can happen after it */
  MCU_ROOM_CHAT_SAID,        /* site, number: 0 to all, 1 to the desk alone, text */
  MCU_ROOM_CHAT_OPENED,      /* on: sites may write to all */
  MCU_ROOM_ANNOUNCED,        /* site that does, text: empty, it is withdrawn, more: ids it is for, empty: all */
  MCU_ROOM_VOTE_OPENED,    /* site that does, number: its own, name: question, text: choices, a line each, more: ids of
                            * the entitled, on: secret, count: quorum in percent of them, limit: seconds, 0 none */
  MCU_ROOM_VOTE_CAST,      /* site, number: of the vote, count: index of the choice */
  MCU_ROOM_VOTE_USED,      /* site, number: it has cast a secret vote. What, is written nowhere */
  MCU_ROOM_VOTE_RESTARTED, /* number: a secret one was lost with the bridge: all vote again */
  MCU_ROOM_VOTE_CLOSED,    /* number, text: how many for each choice, with spaces between */
  MCU_ROOM_VOTE_SHOWN,     /* number, on: the result stands in the programme */
  MCU_ROOM_ROLL_OPENED,
  MCU_ROOM_ROLL_MARKED, /* site, number: McuRollStatus, text: reason, on: by a person */
  MCU_ROOM_ROLL_CLOSED,
  MCU_ROOM_CALLS_BEGUN,  /* number: patience in seconds */
  MCU_ROOM_CALLED,       /* site: is called up now */
  MCU_ROOM_CALLS_PAUSED, /* on */
  MCU_ROOM_CALLS_ENDED,
  MCU_ROOM_AGENDA_SET,     /* text: lines of minutes, title, rapporteur, with tabs between */
  MCU_ROOM_AGENDA_AT,      /* number: index of the current item, -1: none */
  MCU_ROOM_DOCUMENT_ADDED, /* other: its id, name: title, text: kind, number: bytes, count: pages, more: SHA-256 in hex
                            */
  MCU_ROOM_DOCUMENT_REMOVED, /* other */
  MCU_ROOM_DOCUMENT_SHOWN,   /* other: empty, none; number: page, from 1 */
  MCU_ROOM_PRESENTER_SET,    /* site, on: it may present */
  MCU_ROOM_PRESENTING_ON,    /* site */
  MCU_ROOM_PRESENTING_OFF,   /* site */
  MCU_ROOM_ASIDE_SET,        /* site, on: is in the side room */
  MCU_ROOM_N_EVENTS
} McuRoomEventType;

typedef enum {
  MCU_ROOM_LEFT,    /* orderly */
  MCU_ROOM_EXPIRED, /* lost for longer than the grace */
  MCU_ROOM_REMOVED, /* by the chair */
  MCU_ROOM_N_REASONS
} McuRoomReason;

typedef enum { MCU_MIC_OPEN, MCU_MIC_PERMISSION, MCU_MIC_CHAIR, MCU_N_MIC_POLICIES } McuMicPolicy;

typedef struct {
  McuRoomEventType type;
  gint64 time_us; /* of the command that caused it */
  char site[MCU_ID_MAX_BYTES + 1];
  char other[MCU_ID_MAX_BYTES + 1];
  char name[MCU_TITLE_MAX_BYTES + 1];
  McuRole role, invited_as;
  McuRoomReason reason;
  gboolean mic, camera, on;
  gint64 number, count, limit;
  GRefString *text, *more; /* owned; NULL: empty */
} McuRoomEvent;

/* [any] An array of events that lets go of their texts. */
GArray *mcu_room_events_new(void);
void mcu_room_event_copy(McuRoomEvent *to, const McuRoomEvent *from);
void mcu_room_event_clear(McuRoomEvent *event);

/* [any] "seat-added" ...: the type in the event log. Never NULL. */
const char *mcu_room_event_word(McuRoomEventType type);
gboolean mcu_room_event_type_parse(const char *word, McuRoomEventType *out_type);
/* [any] Whether it is of the meeting's work: chat, votes, roll call, agenda, documents, presentation, side room. */
gboolean mcu_room_event_is_work(McuRoomEventType type);
/* [any] "chair" ...: as in tokens and messages. Never NULL. */
const char *mcu_room_role_word(McuRole role);
gboolean mcu_room_role_parse(const char *word, McuRole *out_role);
/* [any] "open" "permission" "chair" */
const char *mcu_room_policy_word(McuMicPolicy policy);
gboolean mcu_room_policy_parse(const char *word, McuMicPolicy *out_policy);

/* [any] What the event says, without type and time, as one JSON object; caller frees. */
char *mcu_room_event_payload(const McuRoomEvent *event);
/* [any] Whether events of `type` have a member `key` in it, and how many members they have. */
gboolean mcu_room_event_has(McuRoomEventType type, const char *key);
guint mcu_room_event_n_members(McuRoomEventType type);
/* [any] The way back: one member of such an object. FALSE: it has no such member, or one of another kind, or a value
 * that is too long. */
gboolean mcu_room_event_set_text(McuRoomEvent *event, const char *key, const char *value);
gboolean mcu_room_event_set_number(McuRoomEvent *event, const char *key, gint64 value);
gboolean mcu_room_event_set_flag(McuRoomEvent *event, const char *key, gboolean value);
/* [any] Each member is within its limits and of legal form: as if it came from mcu_room_decide(). */
gboolean mcu_room_event_is_sound(const McuRoomEvent *event);
