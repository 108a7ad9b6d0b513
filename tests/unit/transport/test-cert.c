#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "mcu/transport/cert-priv.h"
#include "mcu/util/error.h"

static void
test_fingerprint(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(McuCert) one = mcu_cert_new(&error);
  g_autoptr(McuCert) other = mcu_cert_new(&error);
  g_assert_no_error(error);

  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize size, digest_size = MCU_FINGERPRINT_BYTES;
  const guint8 *der = g_bytes_get_data(mcu_cert_der(one), &size);
  guint8 digest[MCU_FINGERPRINT_BYTES];
  g_checksum_update(sum, der, (gssize)size);
  g_checksum_get_digest(sum, digest, &digest_size);
  g_assert_cmpmem(digest, digest_size, mcu_cert_fingerprint(one), MCU_FINGERPRINT_BYTES);
  g_assert_cmpint(memcmp(mcu_cert_fingerprint(one), mcu_cert_fingerprint(other), MCU_FINGERPRINT_BYTES), !=, 0);
}

static void
test_https_files(void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp("diemcau-cert-XXXXXX", &error);
  g_autofree char *cert = g_build_filename(dir, "c.pem", NULL);
  g_autofree char *key = g_build_filename(dir, "k.pem", NULL);
  const char *const names[] = {"127.0.0.1", "::1", "diemcau.tinh.local", NULL};
  g_assert_true(mcu_cert_write_https(cert, key, names, &error));
  g_assert_no_error(error);

  GStatBuf info;
  g_assert_cmpint(g_stat(key, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0600);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(cert, &text, NULL, NULL));
  g_assert_true(g_str_has_prefix(text, "-----BEGIN CERTIFICATE-----"));

  const char *const hostile[] = {"a,email:x@y", NULL};
  g_assert_false(mcu_cert_write_https(cert, key, hostile, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);
  g_clear_error(&error);
  g_assert_false(mcu_cert_write_https("/nowhere/at/all", key, names, &error));
  g_assert_error(error, MCU_ERROR, MCU_ERROR_CONFIG);

  g_unlink(cert);
  g_unlink(key);
  g_rmdir(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cert/fingerprint", test_fingerprint);
  g_test_add_func("/cert/https-files", test_https_files);
  return g_test_run();
}
