/* Signs what a link says and checks it the way the bridge will, so that nobody is given a link that
 * does not open. No state. */
#include "mcu/links.h"

#include <string.h>

#include "mcu/util/error.h"

static gboolean
copy_id(char out[MCU_ID_MAX_BYTES + 1], const char *what, const char *id, GError **error)
{
  if (g_strlcpy(out, id, MCU_ID_MAX_BYTES + 1) <= MCU_ID_MAX_BYTES)
    return TRUE;
  g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "the id of the %s is longer than %d characters", what,
              MCU_ID_MAX_BYTES);
  return FALSE;
}

char *
mcu_link_make(const McuTokenKey *key, const McuLink *link, GError **error)
{
  gint64 now_s = g_get_real_time() / G_USEC_PER_SEC;
  McuGrant grant = {
      .meeting_title = (char *)link->title,
      .site_name = (char *)link->name,
      .role = link->role,
      .expires_s = now_s + link->hours * (gint64)3600,
  };
  grant.admin = link->admin;
  grant.by_list = !link->admin && link->meeting == NULL;
  if (link->meeting != NULL && !copy_id(grant.meeting, "meeting", link->meeting, error))
    return NULL;
  if (!link->admin && !copy_id(grant.site, "site", link->site, error))
    return NULL;

  g_autofree char *token = mcu_token_sign(key, &grant, error);
  g_autoptr(GError) reason = NULL;
  McuGrant read = {0};
  if (token == NULL)
    return NULL;
  if (!mcu_token_check(key, token, now_s, &read, &reason)) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG,
                "such a link would not open (%s): ids have 1 to %d of A-Z a-z 0-9 . _ -, names at most %d characters",
                reason->message, MCU_ID_MAX_BYTES, MCU_NAME_MAX_CHARS);
    return NULL;
  }
  mcu_grant_clear(&read);
  return g_strconcat(link->url, link->admin ? "/quan-tri.html#" : "/#", token, NULL);
}
