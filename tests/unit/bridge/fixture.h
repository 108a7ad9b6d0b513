/* A bridge on the fakes, on a clock that the test moves, and clients that count what they are told. */
#pragma once

#include "mcu/bridge/bridge-priv.h"
#include "tests/fakes/fake-engine.h"
#include "tests/fakes/fake-leg.h"

typedef struct {
  char *dir;      /* data folder, removed at the end */
  char *database; /* in it */
  gint64 now_us;
  McuClock clock;
  McuNet *net;
  McuCert *cert;
  McuStore *store;
  McuBridgeConfig config; /* as given; change and call fixture_restart() */
  McuBridge *bridge;
  GPtrArray *proxies; /* of Client **: what members hold, for a client may go before its member */
} Fixture;

void fixture_set_up(Fixture *f, gconstpointer data);
void fixture_tear_down(Fixture *f, gconstpointer data);
void fixture_restart(Fixture *f);
/* Moves time on in heartbeats. */
void fixture_run(Fixture *f, gint64 us);
/* Words of the event log of all meetings, in order: "seat-added seat-lost". Caller frees. */
char *fixture_log(Fixture *f);

typedef struct {
  McuMember *member; /* NULL after closed */
  guint sites_changed, lines;
  GString *told; /* the last `state`, `desk` or `lines` */
  gboolean admitted;
  GString *sites;    /* the last `sites` message */
  GString *pictures; /* "320x180@15/150 " */
  McuLineInfo line;
  GString *recording; /* "on off error " */
  GString *media;     /* "connected failed " */
  int closed;         /* code; -1: not */
  gpointer proxy;
} Client;

/* Joins meeting "m" as `site`, or fails with the error's code in client->closed. */
void client_join(Client *client, Fixture *f, const char *site, McuRole role);
void client_join_meeting(Client *client, Fixture *f, const char *meeting, const char *site, McuRole role);
void client_join_to_send(Client *client, Fixture *f, const char *site); /* as WHIP does */
/* Joins as the grant says besides meeting "m", site and name. */
void client_join_grant(Client *client, Fixture *f, const McuGrant *grant);
gboolean client_record(Client *client, gboolean on, GError **error);
gboolean client_floor(Client *client, const char *site, gboolean on, GError **error);
/* A command that must be obeyed. */
void client_do(Client *client, McuRoomCommand command);
/* ... and refused with this code. */
void client_must_not(Client *client, McuRoomCommand command, int code);
void client_clear(Client *client); /* what was counted; a member stays the bridge's */

typedef struct {
  const char *ufrag;       /* "ufra" */
  guint8 fingerprint_byte; /* all 32 */
  const char *direction;   /* "sendrecv" */
  gboolean no_h264, no_vp8, no_video;
  gboolean content; /* and a second picture, only sent */
} OfferOptions;

/* What a browser would offer. Caller frees. */
char *make_offer(const OfferOptions *options);
/* Offers and asserts success; the leg is then the newest one. Caller frees the answer. */
char *client_offer(Client *client, const OfferOptions *options);
/* ... and the peer connects, and packets flow at the present time. */
McuLeg *client_connect(Client *client, Fixture *f);
/* A packet comes now. */
void leg_hear(McuLeg *leg, Fixture *f);
