/* mcu/transport/net.h and cert.h without threads, sockets and keys; goes with fake-leg. */
#pragma once

#include "mcu/transport/cert.h"
#include "mcu/transport/net.h"
