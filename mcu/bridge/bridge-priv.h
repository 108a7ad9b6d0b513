/* What the files of mcu/bridge share of McuBridge. All [main]. */
#pragma once

#include "mcu/bridge/admission.h"
#include "mcu/bridge/bridge.h"
#include "mcu/bridge/budget.h"

typedef struct McuMeeting McuMeeting;

struct McuBridge {
  McuBridgeConfig config; /* its strings are copies */
  char *data_dir;
  char **media_addresses; /* NULL: all */

  char cname[32];       /* RTCP: one source of time for all legs */
  GHashTable *meetings; /* id -> McuMeeting *, owned */
  guint n_members;
  McuBudget budget;
  McuAdmission *admission;
  guint admit_source; /* 0: nobody waits */
  guint timer;
  guint ticks;
  gint64 last_tick_us;
  gint64 wall_us;           /* from the bridge's clock to Unix time, steady while no clock is set */
  gint64 distrust_until_us; /* our own clockwork was late: nobody is called silent before this */
  gboolean stopped;
};

/* The bridge's heartbeat: a GLib timer in the product, called by hand in tests. */
#define MCU_BRIDGE_TICK_US 250000
void mcu_bridge_tick(McuBridge *bridge);
/* Those who wait: the next few have their turn; by an idle source in the product. FALSE: nobody is left. */
#define MCU_BRIDGE_ADMIT_PER_TURN 4
gboolean mcu_bridge_admit(McuBridge *bridge);
gint64 mcu_bridge_now(const McuBridge *bridge);
/* `uuid` NULL: a new one. MCU_ERROR_FULL. */
McuMeeting *mcu_bridge_add_meeting(McuBridge *bridge, const char *id, const char *title, const char *uuid,
                                   GError **error);
