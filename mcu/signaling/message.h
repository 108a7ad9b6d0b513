/* The messages of docs/protocol.md: text of a client -> typed struct, and the texts the bridge
 * sends. Pure; the only files that see jansson are message.c and message-command.c. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"

#define MCU_MESSAGE_VERSION 1
#define MCU_CANDIDATE_MAX_BYTES 1024

typedef enum {
  MCU_MESSAGE_JOIN,
  MCU_MESSAGE_OFFER,
  MCU_MESSAGE_CANDIDATE,
  MCU_MESSAGE_MEDIA,
  MCU_MESSAGE_WATCH,
  MCU_MESSAGE_COMMAND, /* any of the meeting: `floor`, `hand`, `take` ... */
  MCU_MESSAGE_LEAVE,
  MCU_MESSAGE_PING,
  MCU_N_MESSAGES
} McuMessageType;

/* A boolean that need not be there. */
typedef enum { MCU_SWITCH_UNSET, MCU_SWITCH_OFF, MCU_SWITCH_ON } McuSwitch;

typedef struct {
  McuMessageType type;
  guint32 id; /* the client's number, 1 .. 2^31-1 */
  union {
    struct {
      char *token;
      McuSwitch mic, camera;
      char *meeting, *client; /* NULL: not there */
      gboolean replace;
      McuScreen screen;
    } join;
    struct {
      char *sdp;
    } offer;
    struct {
      char *candidate; /* "": no more */
    } candidate;
    struct {
      McuSwitch mic, camera; /* at least one is set */
    } media;
    struct {
      McuView view;
      McuRung rung; /* that of the view where none is named */
    } watch;
    struct {
      McuRoomCommand room; /* points into the texts below */
      char *site, *name, *text, *more, *other;
    } command;
  };
} McuMessage;

/* [any] Strict: at most MCU_MESSAGE_MAX_BYTES, at most MCU_MESSAGE_MAX_DEPTH levels, no key twice,
 * nothing after the object. MCU_ERROR_BAD_MESSAGE, _TOO_LARGE, _BAD_VERSION, _UNKNOWN_TYPE.
 * `out_id` is the id to answer to, 0 when there is none to be read; set on error too. */
gboolean mcu_message_parse(const char *text, gsize size, McuMessage *out_message, guint32 *out_id, GError **error);
void mcu_message_clear(McuMessage *message);

/* What `joined` tells. */
typedef struct {
  const char *meeting, *meeting_title;
  const char *site, *site_name;
  McuRole role;
  gboolean recording;
  const char *sites; /* a list as JSON (mcu_member_sites) */
  const char *state; /* likewise (mcu_member_state) */
  const char *work;  /* further members, with a comma before each (mcu_member_work) */
  const char *desk;  /* likewise, or NULL */
  gint64 now_ms;
} McuJoinedInfo;

/* [any] One text each; caller frees. Bytes that are no UTF-8 are replaced. `sites` is not made here: its
 * text comes from the bridge, one for all. */
char *mcu_message_joined(guint32 id, const McuJoinedInfo *info);
char *mcu_message_waiting(guint32 id);
char *mcu_message_answer(guint32 id, const char *sdp);
char *mcu_message_ok(guint32 id);
char *mcu_message_pong(guint32 id, gint64 now_ms);
char *mcu_message_error(guint32 id, const GError *error); /* id 0: answers no request */
char *mcu_message_picture(const McuPicture *picture);
char *mcu_message_recording(gboolean on, const GError *error);
char *mcu_message_line(const McuLineInfo *line);
char *mcu_message_connection(gboolean connected, const GError *error);
char *mcu_message_closed(const GError *error);
