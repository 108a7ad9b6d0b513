/* What a load generator takes of its machine. */
#pragma once

/* [any] CPU seconds of all threads of this process so far, user and system. */
double sim_cpu_seconds(void);
/* [any] As many open files as this user may have: sockets, rings and streams are a few for each site. */
void sim_raise_file_limit(void);
