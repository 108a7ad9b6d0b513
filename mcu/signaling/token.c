/* Tokens: the only file that sees libjwt. Owns nothing but keys; a key is read-only after loading,
 * so every function may run on any thread. */
#include "mcu/signaling/token.h"

#include <errno.h>
#include <fcntl.h>
#include <jwt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mcu/room/legal.h"
#include "mcu/util/error.h"

#define KEY_BYTES 32
#define ISSUER "diemcau"
#define TITLE_MAX_CHARS 200

struct McuTokenKey {
  guint8 bytes[KEY_BYTES];
};

/* --- key file --- */

static gboolean
write_all(int fd, const char *data, size_t size)
{
  while (size > 0) {
    ssize_t n = write(fd, data, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    size -= (size_t)n;
  }
  return fsync(fd) == 0;
}

/* Whole or not at all, and never over a key that is there: a temporary file, then link(2). */
static gboolean
create_key_file(const char *path, GError **error)
{
  guint8 random[KEY_BYTES];
  char hex[2 * KEY_BYTES + 2];
  if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "no random bytes for %s", path);
    return FALSE;
  }
  for (guint i = 0; i < KEY_BYTES; i++)
    g_snprintf(hex + 2 * i, 3, "%02x", random[i]);
  hex[2 * KEY_BYTES] = '\n';

  g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
  gboolean done = FALSE;
  if (fd >= 0) {
    done = write_all(fd, hex, 2 * KEY_BYTES + 1) && (link(temporary, path) == 0 || errno == EEXIST);
    close(fd);
    unlink(temporary);
  }
  explicit_bzero(random, sizeof random);
  explicit_bzero(hex, sizeof hex);
  if (!done)
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot write %s: %s", path, g_strerror(errno));
  return done;
}

/* Reads at most `size` bytes; refuses files that other users may read. */
static gssize
read_private(const char *path, char *out, gsize size, GError **error)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  gssize n = -1;
  if (fd < 0 || fstat(fd, &st) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot read %s: %s", path, g_strerror(errno));
  } else if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s must be a file that only its owner may read (chmod 600)", path);
  } else {
    n = read(fd, out, size);
    if (n < 0)
      g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "cannot read %s: %s", path, g_strerror(errno));
  }
  if (fd >= 0)
    close(fd);
  return n;
}

McuTokenKey *
mcu_token_key_load(const char *path, gboolean create, GError **error)
{
  if (create && access(path, F_OK) != 0 && !create_key_file(path, error))
    return NULL;

  char text[2 * KEY_BYTES + 8];
  gssize n = read_private(path, text, sizeof text, error);
  if (n < 0)
    return NULL;
  while (n > 0 && g_ascii_isspace(text[n - 1]))
    n--;
  gboolean valid = n == 2 * KEY_BYTES;
  for (gssize i = 0; valid && i < n; i++)
    valid = g_ascii_isxdigit(text[i]);
  if (!valid) {
    g_set_error(error, MCU_ERROR, MCU_ERROR_CONFIG, "%s must hold %d hexadecimal digits", path, 2 * KEY_BYTES);
    return NULL;
  }

  McuTokenKey *key = g_new0(McuTokenKey, 1);
  for (guint i = 0; i < KEY_BYTES; i++)
    key->bytes[i] = (guint8)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
  explicit_bzero(text, sizeof text);
  return key;
}

void
mcu_token_key_free(McuTokenKey *key)
{
  if (key == NULL)
    return;
  explicit_bzero(key, sizeof *key);
  g_free(key);
}

/* --- signing --- */

static gboolean
add_claims(jwt_t *jwt, const McuGrant *grant)
{
  if (jwt_add_grant(jwt, "iss", ISSUER) != 0 || jwt_add_grant_int(jwt, "exp", grant->expires_s) != 0)
    return FALSE;
  if (grant->admin)
    return jwt_add_grant(jwt, "role", "admin") == 0;
  if (jwt_add_grant(jwt, "site", grant->site) != 0)
    return FALSE;
  if (!grant->by_list && (jwt_add_grant(jwt, "meeting", grant->meeting) != 0 ||
                          jwt_add_grant(jwt, "role", mcu_room_role_word(grant->role)) != 0))
    return FALSE;
  if (grant->meeting_title != NULL && jwt_add_grant(jwt, "title", grant->meeting_title) != 0)
    return FALSE;
  return grant->site_name == NULL || jwt_add_grant(jwt, "name", grant->site_name) == 0;
}

char *
mcu_token_sign(const McuTokenKey *key, const McuGrant *grant, GError **error)
{
  jwt_t *jwt = NULL;
  char *encoded = NULL;
  char *token = NULL;
  if (jwt_new(&jwt) == 0 && jwt_set_alg(jwt, JWT_ALG_HS256, key->bytes, KEY_BYTES) == 0 && add_claims(jwt, grant))
    encoded = jwt_encode_str(jwt);
  if (encoded == NULL)
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_INTERNAL, "token cannot be made");
  else if (strlen(encoded) > MCU_TOKEN_MAX_BYTES)
    g_set_error(error, MCU_ERROR, MCU_ERROR_TOO_LARGE, "token over %d bytes", MCU_TOKEN_MAX_BYTES);
  else
    token = g_strdup(encoded);
  free(encoded);
  jwt_free(jwt);
  return token;
}

/* --- checking --- */

/* An id is also the name of a folder of recordings. */
static gboolean
id_copy(char out[MCU_ID_MAX_BYTES + 1], const char *id)
{
  if (!mcu_is_legal_id(id))
    return FALSE;
  g_strlcpy(out, id, MCU_ID_MAX_BYTES + 1);
  return TRUE;
}

/* NULL is a fine name (none given); FALSE when it is no text or too long. */
static gboolean
name_copy(char **out, const char *name, guint max_chars)
{
  *out = NULL;
  if (name == NULL)
    return TRUE;
  char *clean = mcu_make_clean_name(name, max_chars);
  if (clean == NULL)
    return FALSE;
  *out = *clean != '\0' ? g_strdup(clean) : NULL;
  g_free(clean);
  return TRUE;
}

/* Optional claim: absent is fine, another type than text is not. */
static gboolean
optional_text(jwt_t *jwt, const char *claim, const char **out)
{
  errno = 0;
  *out = jwt_get_grant(jwt, claim);
  return *out != NULL || errno == ENOENT;
}

/* What it opens: everything, by its role "admin"; what its site is invited to; or one seat of one meeting. */
static gboolean
read_kind(jwt_t *jwt, McuGrant *grant, const char **out_reason)
{
  const char *role, *meeting, *site;
  *out_reason = "wrong meeting, site or role";
  if (!optional_text(jwt, "role", &role) || !optional_text(jwt, "meeting", &meeting) ||
      !optional_text(jwt, "site", &site))
    return FALSE;
  grant->role = MCU_ROLE_SITE;
  grant->admin = role != NULL && strcmp(role, "admin") == 0;
  *out_reason = "wrong meeting or site";
  if (grant->admin)
    return meeting == NULL && site == NULL;
  if (!id_copy(grant->site, site))
    return FALSE;
  grant->by_list = meeting == NULL;
  if (!grant->by_list && !id_copy(grant->meeting, meeting))
    return FALSE;
  *out_reason = "wrong role";
  return grant->by_list ? role == NULL : mcu_room_role_parse(role, &grant->role);
}

static gboolean
read_claims(jwt_t *jwt, McuGrant *grant, const char **out_reason)
{
  const char *issuer = jwt_get_grant(jwt, "iss");
  const char *title = NULL;
  const char *name = NULL;
  *out_reason = "wrong issuer";
  if (issuer == NULL || strcmp(issuer, ISSUER) != 0)
    return FALSE;
  if (!read_kind(jwt, grant, out_reason))
    return FALSE;
  *out_reason = "wrong expiry";
  errno = 0;
  grant->expires_s = jwt_get_grant_int(jwt, "exp");
  if (errno != 0 || grant->expires_s <= 0)
    return FALSE;
  *out_reason = "wrong title or name";
  return optional_text(jwt, "title", &title) && optional_text(jwt, "name", &name) &&
         name_copy(&grant->meeting_title, title, TITLE_MAX_CHARS) &&
         name_copy(&grant->site_name, name, MCU_NAME_MAX_CHARS);
}

static gboolean
invalid(GError **error, const char *reason)
{
  g_set_error(error, MCU_ERROR, MCU_ERROR_TOKEN_INVALID, "token: %s", reason);
  return FALSE;
}

gboolean
mcu_token_check(const McuTokenKey *key, const char *token, gint64 now_s, McuGrant *out_grant, GError **error)
{
  if (token == NULL || strnlen(token, MCU_TOKEN_MAX_BYTES + 1) > MCU_TOKEN_MAX_BYTES)
    return invalid(error, "too long");

  jwt_t *jwt = NULL;
  if (jwt_decode(&jwt, token, key->bytes, KEY_BYTES) != 0)
    return invalid(error, "wrong form or signature");

  /* The header chooses the algorithm in jwt_decode: what it chose must be ours (RFC 8725 3.1). */
  McuGrant grant = {0};
  const char *reason = "wrong algorithm";
  gboolean ok = jwt_get_alg(jwt) == JWT_ALG_HS256 && read_claims(jwt, &grant, &reason);
  jwt_free(jwt);
  if (!ok) {
    mcu_grant_clear(&grant);
    return invalid(error, reason);
  }
  if (grant.expires_s <= now_s) {
    mcu_grant_clear(&grant);
    g_set_error_literal(error, MCU_ERROR, MCU_ERROR_TOKEN_EXPIRED, "token: expired");
    return FALSE;
  }
  *out_grant = grant;
  return TRUE;
}

void
mcu_grant_clear(McuGrant *grant)
{
  if (grant == NULL)
    return;
  g_free(grant->meeting_title);
  g_free(grant->site_name);
  memset(grant, 0, sizeof *grant);
}
