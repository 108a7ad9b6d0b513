/* Links that let somebody in: URL, "/#" and a signed token. */
#pragma once

#include "mcu/signaling/token.h"

typedef struct {
  const char *url;             /* "https://10.0.0.5:8443" */
  gboolean admin;              /* of the administration: nothing else but url and hours is looked at */
  const char *meeting, *title; /* meeting NULL: a lasting link of the site */
  const char *site, *name;     /* title and name NULL: none */
  McuRole role;
  guint hours;
} McuLink;

/* [any] Caller frees. MCU_ERROR_CONFIG when an id or name has no legal form. */
char *mcu_link_make(const McuTokenKey *key, const McuLink *link, GError **error);
