/* Threads that many wait for ask the kernel to be preferred to those that draw and encode: a packet or a tick of sound
 * that comes late is heard, a picture that does is hardly seen. Linux has priorities per thread; not everybody may
 * raise them (CAP_SYS_NICE, RLIMIT_NICE, RLIMIT_RTPRIO), and without it all works, later on a full machine. */
#pragma once

#include <glib.h>

#define MCU_PRIORITY_NICE (-10)

/* [any] The calling thread, and those it makes from now on. FALSE: not allowed; the first time in a process it is
 * written to the log. */
gboolean mcu_priority_raise(void);

/* [any] Before all that is not of real time, where that is allowed, else as above. Only for a thread that works little
 * and sleeps in between. */
gboolean mcu_priority_raise_realtime(void);
