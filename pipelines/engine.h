/* The one symbol that pipelines/ gives to main.c. */
#pragma once

#include "mcu/media-engine.h"

const McuMediaEngineOps *pl_media_engine(void);
