/* McuDemo: the demo meeting of `diemcau serve --demo N`: its links, and the simulated sites as a child
 * process that ends with the server. One per process; [main]. */
#pragma once

#include "mcu/server.h"

typedef struct McuDemo McuDemo;

/* Prints the links to standard output and starts `n_sites` sites. `server` is borrowed. */
McuDemo *mcu_demo_new(McuServer *server, guint n_sites, GError **error);
/* Ends the sites; waits for them two seconds at most. NULL is fine. */
void mcu_demo_free(McuDemo *demo);
