/* McuSession: one client on the signaling WebSocket, from its first byte to its last.
 *
 *   WAITING --join with a good token--> QUEUED --its turn--> JOINED --leave, closed by the bridge--> ENDED
 *   QUEUED --its turn, and refused--> WAITING
 *   QUEUED --its turn, and it has to wait--> LOBBY --admitted--> ADMITTED --next tick--> JOINED
 *   LOBBY | ADMITTED --leave, closed by the bridge--> ENDED
 *   any --too many messages or errors, no join in time--> ENDED
 *
 * What a client says before it has joined waits in order behind its join, within bounds; in the lobby it may ping
 * and leave.
 *
 * Owned by the web server; all [main]. Knows neither sockets nor threads: texts come in by
 * mcu_session_receive(), go out by the output given, and time is asked of the clocks given. */
#pragma once

#include <glib.h>

#include "mcu/bridge/bridge.h"
#include "mcu/signaling/token.h"
#include "mcu/util/clock.h"

#define MCU_SESSION_JOIN_TIMEOUT_US (10 * G_USEC_PER_SEC)
#define MCU_SESSION_MESSAGES_PER_S 50
#define MCU_SESSION_MESSAGES_BURST 200
#define MCU_SESSION_OFFERS_BURST 10  /* one more each second: each may make a new leg */
#define MCU_SESSION_ERRORS_BURST 20  /* one more each second */
#define MCU_SESSION_HELD_MESSAGES 64 /* behind a join that waits: an offer, its candidates, and more */
#define MCU_SESSION_HELD_BYTES (96 * 1024)

/* WebSocket close codes (RFC 6455 7.4.1). */
#define MCU_CLOSE_NORMAL 1000
#define MCU_CLOSE_GOING_AWAY 1001
#define MCU_CLOSE_BAD_TYPE 1003
#define MCU_CLOSE_POLICY 1008
#define MCU_CLOSE_TOO_LARGE 1009

typedef struct McuSession McuSession;

typedef struct {
  McuBridge *bridge;            /* borrowed */
  const McuTokenKey *token_key; /* borrowed */
  const McuClock *clock;        /* monotonic; NULL: the kernel's. Borrowed */
  const McuClock *wall;         /* microseconds of Unix time; NULL: g_get_real_time(). Borrowed */
} McuSessionConfig;

typedef struct {
  /* The callee refs `text` to keep it; many sessions may send the same. */
  void (*send)(McuSession *session, GBytes *text, gpointer user_data);
  /* Comes once, after the last send. The session is still to be freed by its owner. */
  void (*close)(McuSession *session, guint code, gpointer user_data);
  /* mcu_session_deadline() has become earlier. */
  void (*deadline_changed)(McuSession *session, gpointer user_data);
} McuSessionOutput;

McuSession *mcu_session_new(const McuSessionConfig *config, const McuSessionOutput *output, gpointer user_data);
/* Without mcu_session_lost() before: an orderly leaving. */
void mcu_session_free(McuSession *session);

void mcu_session_receive(McuSession *session, const char *text, gsize size);
/* The WebSocket ended without `leave`; the seat stays for a while. */
void mcu_session_lost(McuSession *session);

/* When mcu_session_tick() has something to do; G_MAXINT64: never. */
gint64 mcu_session_deadline(const McuSession *session);
void mcu_session_tick(McuSession *session);
