/* What legs and simulations need of the set of network threads. */
#pragma once

#include "mcu/transport/net-thread.h"

McuNetThread *mcu_net_next_thread(McuNet *net); /* [main] whose turn it is to get a leg */

/* [test] One thread that is not started: mcu_net_turn() makes its turns at the given time. */
McuNet *mcu_net_new_manual(GError **error);
void mcu_net_turn(McuNet *net, gint64 now_us);
