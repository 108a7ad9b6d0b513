/* SimSite: one simulated site: joins by WebSocket as a page does, makes an offer, sends its sound, and of its
 * picture what the bridge asks for; it receives the programme. Or a chair who watches the wall and sends
 * silence. All [main]. */
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
  McuCodec video_codecs[3];  /* offered, ended by MCU_CODEC_NONE */
  const char *local_address; /* for ICE; NULL: all */
  gint64 token_seconds;
  gboolean answers; /* silent until called up in a roll call */
  gboolean returns; /* who loses the bridge comes again, as a page does; else it has failed */
} SimRun;

/* A site, by its index in the world; a probe decodes and checks what it receives. */
SimSite *sim_site_new(const SimRun *run, guint index, const char *name, gboolean probe);
/* A chair, a probe too, who watches all sites at once. */
SimSite *sim_site_new_wall(const SimRun *run, guint index, const char *name);
void sim_site_free(SimSite *site);
/* Starts to join. */
void sim_site_join(SimSite *site);
/* Says good-bye and stops sending; sim_site_free() afterwards. */
void sim_site_leave(SimSite *site);

gboolean sim_site_joined(const SimSite *site);
/* Joined, or given up. */
gboolean sim_site_settled(const SimSite *site);
/* Adds what is known of it; a probe adds its findings too. A chair adds faults and findings only. */
void sim_site_report(SimSite *site, SimReport *report);
