/* Tokens: what is signed here is read back, and nothing else is. The forged ones are put together by
 * hand, with GLib's HMAC, so that the library under test does not make its own input. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mcu/signaling/token.h"
#include "mcu/util/error.h"

#define NOW 1800000000
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define CLAIMS "\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"xa-1\",\"role\":\"site\",\"exp\":1800000001"

static guint8 key_bytes[32];
static McuTokenKey *key;
static char *folder;

static char *
base64url(const guint8 *data, gsize size)
{
  char *text = g_base64_encode(data, size);
  g_strdelimit(text, "+", '-');
  g_strdelimit(text, "/", '_');
  text[strcspn(text, "=")] = '\0';
  return text;
}

static char *
forge_with(const char *header, const char *payload, GChecksumType sum, const guint8 *secret, gsize secret_size)
{
  g_autofree char *first = base64url((const guint8 *)header, strlen(header));
  g_autofree char *second = base64url((const guint8 *)payload, strlen(payload));
  g_autofree char *both = g_strconcat(first, ".", second, NULL);
  g_autoptr(GHmac) hmac = g_hmac_new(sum, secret, secret_size);
  guint8 digest[64];
  gsize size = sizeof digest;
  g_hmac_update(hmac, (const guchar *)both, -1);
  g_hmac_get_digest(hmac, digest, &size);
  g_autofree char *third = base64url(digest, size);
  return g_strconcat(both, ".", third, NULL);
}

static char *
forge(const char *header, const char *payload)
{
  return forge_with(header, payload, G_CHECKSUM_SHA256, key_bytes, sizeof key_bytes);
}

static void
assert_refused(const char *token, McuError code)
{
  g_autoptr(GError) error = NULL;
  McuGrant grant = {.expires_s = 42};
  g_assert_false(mcu_token_check(key, token, NOW, &grant, &error));
  g_assert_error(error, MCU_ERROR, (gint)code);
  g_assert_cmpint(grant.expires_s, ==, 42); /* written only on success */
  if (strlen(token) > 20)
    g_assert_null(strstr(error->message, token));
}

static void
test_round_trip(void)
{
  for (guint role = 0; role < MCU_N_ROLES; role++) {
    McuGrant grant = {.meeting = "giao-ban.11",
                      .site = "xa_1",
                      .role = (McuRole)role,
                      .expires_s = NOW + 1,
                      .meeting_title = (char *)"Giao ban tháng 11",
                      .site_name = (char *)"Xã Đồng Văn"};
    g_autofree char *token = mcu_token_sign(key, &grant, NULL);
    McuGrant read;
    g_assert_true(mcu_token_check(key, token, NOW, &read, NULL));
    g_assert_cmpstr(read.meeting, ==, grant.meeting);
    g_assert_cmpstr(read.site, ==, grant.site);
    g_assert_cmpstr(read.meeting_title, ==, grant.meeting_title);
    g_assert_cmpstr(read.site_name, ==, grant.site_name);
    g_assert_cmpint(read.role, ==, role);
    g_assert_cmpint(read.expires_s, ==, NOW + 1);
    g_assert_false(read.admin || read.by_list);
    mcu_grant_clear(&read);
  }
}

/* Which of the three kinds a token is, is never in doubt. */
static void
test_kinds(void)
{
  const McuGrant link = {.by_list = TRUE,
                         .site = "xa-1",
                         .site_name = (char *)"Xã Đồng Văn",
                         .expires_s = NOW + 1,
                         .role = MCU_ROLE_CHAIR};
  const McuGrant admin = {.admin = TRUE, .meeting = "m1", .site = "xa-1", .expires_s = NOW + 1};
  g_autofree char *link_token = mcu_token_sign(key, &link, NULL);
  g_autofree char *admin_token = mcu_token_sign(key, &admin, NULL);
  McuGrant read;
  g_assert_true(mcu_token_check(key, link_token, NOW, &read, NULL));
  g_assert_true(read.by_list && !read.admin);
  g_assert_cmpstr(read.site, ==, "xa-1");
  g_assert_cmpstr(read.site_name, ==, "Xã Đồng Văn");
  g_assert_cmpstr(read.meeting, ==, "");
  g_assert_cmpint(read.role, ==, MCU_ROLE_SITE); /* whatever it was signed with: the list says it */
  mcu_grant_clear(&read);
  g_assert_true(mcu_token_check(key, admin_token, NOW, &read, NULL));
  g_assert_true(read.admin && !read.by_list);
  g_assert_cmpstr(read.site, ==, ""); /* signed as nobody's seat */
  g_assert_cmpstr(read.meeting, ==, "");
  mcu_grant_clear(&read);

#define ISSUED "{\"iss\":\"diemcau\",\"exp\":1800000001,"
  static const struct {
    const char *payload;
    gboolean admin, by_list;
  } good[] = {
      {ISSUED "\"role\":\"admin\"}", TRUE, FALSE},
      {ISSUED "\"site\":\"xa-1\"}", FALSE, TRUE},
      {ISSUED "\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"operator\"}", FALSE, FALSE},
  };
  static const char *const bad[] = {
      ISSUED "\"role\":\"Admin\"}",
      ISSUED "\"role\":\"administrator\"}",
      ISSUED "\"role\":[\"admin\"]}",
      ISSUED "\"role\":\"chair\"}",
      ISSUED "\"role\":\"admin\",\"site\":\"a\"}",
      ISSUED "\"role\":\"admin\",\"meeting\":\"m1\"}",
      ISSUED "\"role\":\"admin\",\"meeting\":\"m1\",\"site\":\"a\"}",
      ISSUED "\"site\":\"a\",\"role\":\"chair\"}", /* a link does not choose its role */
      ISSUED "\"site\":\"..\"}",
      ISSUED "\"site\":\"\"}",
      ISSUED "\"site\":7}",
      ISSUED "\"meeting\":\"m1\"}",
      ISSUED "\"meeting\":\"\",\"site\":\"a\",\"role\":\"site\"}",
      ISSUED "\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"host\"}",
      /* A claim of another type is not one that is missing. */
      ISSUED "\"meeting\":7,\"site\":\"a\"}",
      ISSUED "\"meeting\":null,\"site\":\"a\"}",
      ISSUED "\"role\":7,\"site\":\"a\"}",
      ISSUED "\"role\":\"admin\",\"site\":7}",
      ISSUED "\"role\":\"admin\",\"meeting\":[\"m1\"]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *token = forge(HEADER, good[i].payload);
    g_assert_true(mcu_token_check(key, token, NOW, &read, NULL));
    g_assert_true(read.admin == good[i].admin && read.by_list == good[i].by_list);
    mcu_grant_clear(&read);
  }
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *token = forge(HEADER, bad[i]);
    g_test_message("%s", bad[i]);
    assert_refused(token, MCU_ERROR_TOKEN_INVALID);
  }
}

static void
test_forged_like_ours(void)
{
  /* The forger of this test makes good tokens, so its bad ones are bad for one reason only. */
  g_autofree char *token = forge(HEADER, "{" CLAIMS "}");
  McuGrant grant;
  g_assert_true(mcu_token_check(key, token, NOW, &grant, NULL));
  g_assert_null(grant.site_name);
  g_assert_null(grant.meeting_title);
  mcu_grant_clear(&grant);
}

static void
test_expiry(void)
{
  g_autofree char *token = forge(HEADER, "{" CLAIMS "}");
  McuGrant grant;
  g_autoptr(GError) error = NULL;
  g_assert_false(mcu_token_check(key, token, NOW + 1, &grant, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_TOKEN_EXPIRED);
}

static void
test_claims(void)
{
#define ID(x) "{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":" x ",\"role\":\"site\",\"exp\":1800000001}"
#define S16 "aaaaaaaaaaaaaaaa"
  static const struct {
    const char *payload;
    McuError code;
  } table[] = {
      {"", MCU_ERROR_TOKEN_INVALID},
      {"{", MCU_ERROR_TOKEN_INVALID},
      {"[]", MCU_ERROR_TOKEN_INVALID},
      {"{}", MCU_ERROR_TOKEN_INVALID},
      {"null", MCU_ERROR_TOKEN_INVALID},
      {"{\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":1800000001}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"other\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":1800000001}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"site\":\"a\",\"role\":\"site\",\"exp\":1800000001}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"role\":\"site\",\"exp\":1800000001}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"exp\":1800000001}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\"}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"admin\",\"exp\":1800000001}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":0,\"exp\":1800000001}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":\"1800000001\"}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":1.8e300}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":-1}", MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":99999999999999999999}",
       MCU_ERROR_TOKEN_INVALID},
      {"{\"iss\":\"diemcau\",\"meeting\":\"m1\",\"site\":\"a\",\"role\":\"site\",\"exp\":1700000000}",
       MCU_ERROR_TOKEN_EXPIRED},
      {"{" CLAIMS ",\"name\":7}", MCU_ERROR_TOKEN_INVALID},
      {"{" CLAIMS ",\"title\":[]}", MCU_ERROR_TOKEN_INVALID},
      {"{" CLAIMS ",\"name\":\"\\u0000x\"}", MCU_ERROR_TOKEN_INVALID},
      {"{" CLAIMS ",\"name\":\"\\ud800\"}", MCU_ERROR_TOKEN_INVALID},
      {"{" CLAIMS ",\"name\":\"\xff\xfe\"}", MCU_ERROR_TOKEN_INVALID},
      {"{" CLAIMS ",\"name\":\"" S16 S16 S16 S16 "a\"}", MCU_ERROR_TOKEN_INVALID},
      {ID("\"\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"" S16 S16 S16 S16 "a\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"../x\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"..\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\".\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"a b\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"a\\n\""), MCU_ERROR_TOKEN_INVALID},
      {ID("\"xã\""), MCU_ERROR_TOKEN_INVALID},
      {ID("17"), MCU_ERROR_TOKEN_INVALID},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *token = forge(HEADER, table[i].payload);
    g_test_message("case %u", i);
    assert_refused(token, table[i].code);
  }
  g_autofree char *longest = forge(HEADER, ID("\"" S16 S16 S16 S16 "\""));
  McuGrant grant;
  g_assert_true(mcu_token_check(key, longest, NOW, &grant, NULL));
  mcu_grant_clear(&grant);
}

static void
test_algorithms(void)
{
  static const struct {
    const char *header;
    GChecksumType sum;
  } table[] = {
      {"{\"alg\":\"HS384\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA384},
      {"{\"alg\":\"HS512\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA512},
      {"{\"alg\":\"none\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA256},
      {"{\"alg\":\"RS256\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA256},
      {"{\"alg\":\"ES256\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA256},
      {"{\"alg\":\"hs999\",\"typ\":\"JWT\"}", G_CHECKSUM_SHA256},
      {"{\"alg\":7}", G_CHECKSUM_SHA256},
      {"{\"typ\":\"JWT\"}", G_CHECKSUM_SHA256},
      {"{}", G_CHECKSUM_SHA256},
      {"[]", G_CHECKSUM_SHA256},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *token = forge_with(table[i].header, "{" CLAIMS "}", table[i].sum, key_bytes, sizeof key_bytes);
    g_test_message("%s", table[i].header);
    assert_refused(token, MCU_ERROR_TOKEN_INVALID);
  }
  g_autofree char *header = base64url((const guint8 *)"{\"alg\":\"none\"}", 14);
  g_autofree char *payload = base64url((const guint8 *)"{" CLAIMS "}", strlen("{" CLAIMS "}"));
  g_autofree char *bare = g_strconcat(header, ".", payload, ".", NULL);
  g_autofree char *barer = g_strconcat(header, ".", payload, NULL);
  assert_refused(bare, MCU_ERROR_TOKEN_INVALID);
  assert_refused(barer, MCU_ERROR_TOKEN_INVALID);
}

static void
test_signatures(void)
{
  guint8 other[32] = {1};
  g_autofree char *wrong = forge_with(HEADER, "{" CLAIMS "}", G_CHECKSUM_SHA256, other, sizeof other);
  g_autofree char *empty = forge_with(HEADER, "{" CLAIMS "}", G_CHECKSUM_SHA256, (const guint8 *)"", 0);
  assert_refused(wrong, MCU_ERROR_TOKEN_INVALID);
  assert_refused(empty, MCU_ERROR_TOKEN_INVALID);
  /* Any byte changed, any byte missing. */
  g_autofree char *good = forge(HEADER, "{" CLAIMS "}");
  gsize n = strlen(good);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *bad = g_strdup(good);
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    /* The last digit of the 32-byte signature holds four bits of it and two of nothing. */
    if (i < n - 1)
      assert_refused(bad, MCU_ERROR_TOKEN_INVALID);
    bad[i] = '\0';
    assert_refused(bad, MCU_ERROR_TOKEN_INVALID);
  }
}

static void
test_forms(void)
{
  static const char *const table[] = {
      "", ".", "..", "...", "a.b.c", "=.=.=", "\n", "\xff\xff.\xff.\xff", "Bearer x.y.z"};
  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    assert_refused(table[i], MCU_ERROR_TOKEN_INVALID);
  g_autofree char *dots = g_strnfill(MCU_TOKEN_MAX_BYTES, '.');
  g_autofree char *long_one = g_strnfill(1024 * 1024, 'a');
  g_autofree char *brackets = g_strnfill(2900, '[');
  g_autofree char *deep = forge(brackets, brackets);
  assert_refused(dots, MCU_ERROR_TOKEN_INVALID);
  assert_refused(long_one, MCU_ERROR_TOKEN_INVALID);
  assert_refused(deep, MCU_ERROR_TOKEN_INVALID);
}

static void
test_names(void)
{
  static const struct {
    const char *json, *expected;
  } table[] = {
      {"Xã Đồng Văn", "Xã Đồng Văn"},
      {"Xa\u0303 \u0110o\u0302\u0300ng Va\u0306n", "Xã Đồng Văn"}, /* brought together: NFC */
      {"<script>alert(1)</script>", "<script>alert(1)</script>"},  /* escaped by whoever shows it */
      {"a\u202eb\u2066c\u200fd", "abcd"},
      {"a\\nb\\tc\\u0007", "abc"},
      {"a\u2028b\u2029", "ab"},
      {"  x  ", "x"},
      {"\u202e\u202c", NULL},
      {"", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autofree char *payload =
        g_strdup_printf("{" CLAIMS ",\"name\":\"%s\",\"title\":\"%s\"}", table[i].json, table[i].json);
    g_autofree char *token = forge(HEADER, payload);
    McuGrant grant;
    g_assert_true(mcu_token_check(key, token, NOW, &grant, NULL));
    g_assert_cmpstr(grant.site_name, ==, table[i].expected);
    g_assert_cmpstr(grant.meeting_title, ==, table[i].expected);
    mcu_grant_clear(&grant);
  }
}

/* --- key file --- */

static char *
key_path(const char *name)
{
  return g_build_filename(folder, name, NULL);
}

static void
test_key_is_made_once(void)
{
  g_autofree char *path = key_path("made.key");
  g_assert_null(mcu_token_key_load(path, FALSE, NULL));
  g_autoptr(McuTokenKey) first = mcu_token_key_load(path, TRUE, NULL);
  g_autoptr(McuTokenKey) second = mcu_token_key_load(path, TRUE, NULL);
  g_assert_nonnull(first);
  g_assert_nonnull(second);
  struct stat st;
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0600);
  McuGrant grant = {.meeting = "m", .site = "s", .role = MCU_ROLE_SITE, .expires_s = NOW + 1};
  g_autofree char *token = mcu_token_sign(first, &grant, NULL);
  McuGrant read;
  g_assert_true(mcu_token_check(second, token, NOW, &read, NULL));
  mcu_grant_clear(&read);
  assert_refused(token, MCU_ERROR_TOKEN_INVALID); /* by the other key */
  g_unlink(path);
}

static void
test_bad_key_files(void)
{
  static const struct {
    const char *text;
    int mode;
  } table[] = {
      {"", 0600},
      {"00", 0600},
      {"zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0600},
      {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00", 0600},
      {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0644},
      {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 0640},
  };
  g_autofree char *path = key_path("bad.key");
  for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, table[i].text, -1, NULL));
    g_assert_cmpint(g_chmod(path, table[i].mode), ==, 0);
    g_assert_null(mcu_token_key_load(path, TRUE, &error));
    g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  }
  g_unlink(path);
  g_autoptr(GError) error = NULL;
  g_assert_null(mcu_token_key_load("/nowhere/at/all", TRUE, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
}

static void
make_key(void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  g_autoptr(GString) hex = g_string_new(NULL);
  for (guint i = 0; i < sizeof key_bytes; i++) {
    key_bytes[i] = (guint8)g_rand_int_range(random, 0, 256);
    g_string_append_printf(hex, "%02x", key_bytes[i]);
  }
  g_string_append_c(hex, '\n');
  folder = g_dir_make_tmp("diemcau-token-XXXXXX", NULL);
  g_autofree char *path = key_path("token.key");
  g_assert_true(g_file_set_contents_full(path, hex->str, (gssize)hex->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  key = mcu_token_key_load(path, FALSE, NULL);
  g_assert_nonnull(key);
  g_unlink(path);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_key();
  g_test_add_func("/token/round-trip", test_round_trip);
  g_test_add_func("/token/kinds", test_kinds);
  g_test_add_func("/token/forged-like-ours", test_forged_like_ours);
  g_test_add_func("/token/expiry", test_expiry);
  g_test_add_func("/token/claims", test_claims);
  g_test_add_func("/token/algorithms", test_algorithms);
  g_test_add_func("/token/signatures", test_signatures);
  g_test_add_func("/token/forms", test_forms);
  g_test_add_func("/token/names", test_names);
  g_test_add_func("/token/key-is-made-once", test_key_is_made_once);
  g_test_add_func("/token/bad-key-files", test_bad_key_files);
  int result = g_test_run();
  mcu_token_key_free(key);
  g_rmdir(folder);
  g_free(folder);
  return result;
}
