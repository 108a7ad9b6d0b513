/* SimSite: one simulated site: joins by WebSocket as a page does, makes an offer, sends its loops and
 * receives the programme. All [main]. */
#pragma once

#include <glib.h>

#include "content.h"
#include "inbox.h"
#include "mcu/signaling/token.h"
#include "mcu/transport/net.h"
#include "player.h"
#include "report.h"
#include "world.h"
#include "ws-client.h"

typedef struct SimSite SimSite;

/* What all sites of a run share; everything borrowed. */
typedef struct {
  SimWs *ws;
  McuNet *net;
  const McuCert *cert;
  const McuTokenKey *key;
  SimPlayer *player;
  SimReceiver *receiver;
  SimWorld *world;
  GPtrArray *contents; /* of SimContent *, by index */
  const char *meeting, *title;
  McuRole role;
  McuCodec video_codecs[3];  /* offered, ended by MCU_CODEC_NONE */
  const char *local_address; /* for ICE; NULL: all */
  gint64 token_seconds;
} SimRun;

SimSite *sim_site_new(const SimRun *run, guint index, const char *name, gboolean probe);
void sim_site_free(SimSite *site);
/* Starts to join. */
void sim_site_join(SimSite *site);
/* Says good-bye and stops sending; sim_site_free() afterwards. */
void sim_site_leave(SimSite *site);

gboolean sim_site_joined(const SimSite *site);
/* Joined, or given up. */
gboolean sim_site_settled(const SimSite *site);
/* Adds what is known of it; a probe adds its findings too. */
void sim_site_report(SimSite *site, SimReport *report);
