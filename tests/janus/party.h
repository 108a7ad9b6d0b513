/* Party: one simulated participant of a comparison: the same legs, loops and counters whichever bridge is
 * at the other end, so that what differs is the bridge. All [main]. */
#pragma once

#include <glib.h>

#include "mcu/transport/net.h"
#include "talk.h"
#include "tally.h"
#include "tests/sites/inbox.h"
#include "tests/sites/player.h"
#include "tests/sites/world.h"

typedef struct Party Party;

/* What all of a run share; everything borrowed. */
typedef struct {
  JanusLink *janus; /* or, when NULL, Diemcau: */
  SimWs *ws;
  const McuTokenKey *key;
  const char *meeting;

  McuNet *net;
  const McuCert *cert;
  SimPlayer *player;
  SimReceiver *receiver;
  SimWorld *world;     /* of those who send sound */
  GPtrArray *contents; /* of SimContent *, by index: the sounds */
  SimClip *picture;    /* NULL in a run of sound */
} PartyRun;

/* `ear`: decodes what it hears and looks for the others' tones. */
Party *party_new(const PartyRun *run, TalkKind kind, guint index, gboolean ear);
void party_free(Party *party);
void party_join(Party *party);
void party_leave(Party *party);

gboolean party_connected(const Party *party);
const char *party_failure(const Party *party); /* NULL: all is well */
/* Since it has joined; at most 100 ms old. */
void party_count(Party *party, TallyCount *out_count);
/* What it has sent, and how much of that again because the bridge asked for it; at most 100 ms old. */
void party_sent(Party *party, guint64 *out_packets, guint64 *out_again);
/* After party_leave(): adds what an ear has heard. */
void party_report(Party *party, guint *expected, guint *heard);
