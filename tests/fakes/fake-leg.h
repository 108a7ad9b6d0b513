/* A leg without a network: mcu/transport/leg.h implemented by remembering what it was told. Linked
 * instead of mcu/transport. The test looks into the struct and plays the peer. */
#pragma once

#include "mcu/transport/leg.h"

struct McuLeg {
  char *name;
  gboolean lite;
  McuLegEvents events;
  gpointer user_data;
  McuLegState state;
  char ufrag[32], pwd[64];
  guint restarts;

  char remote_ufrag[257], remote_pwd[257];
  guint8 remote_fingerprint[32];
  McuDtlsRole role;
  GPtrArray *candidates; /* of char *, as added */

  McuLegMedia media; /* rings referenced */
  guint media_sets;
  McuStream *audio_shared, *audio_own, *video; /* referenced */
  McuLegStats stats;                           /* set by the test */
};

guint fake_leg_alive(void);
McuLeg *fake_leg_newest(void); /* NULL: none alive */
/* The next mcu_leg_new() fails with MCU_ERROR_TRANSPORT. */
void fake_leg_fail_next(void);
/* The peer's doing: changes the state and sends the event. */
void fake_leg_set_state(McuLeg *leg, McuLegState state);
