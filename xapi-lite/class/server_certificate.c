/* XenAPI host: another certificate for TLS clients (way B). */
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "class/handler.h"
#include "class/service.h"

/* ---- is it good? ----------------------------------------------------------
 */

static gnutls_datum_t datum(const char *text)
{
    return (gnutls_datum_t){ (unsigned char *)text, (unsigned)strlen(text) };
}

static int check_dates(struct ctx *c, gnutls_x509_crt_t crt)
{
    time_t now = time(NULL), from = gnutls_x509_crt_get_activation_time(crt),
           to = gnutls_x509_crt_get_expiration_time(crt);
    char a[32], b[32];
    datetime_format(a, now);
    datetime_format(b, now < from ? from : to);
    return now < from ? ctx_fault(c, "SERVER_CERTIFICATE_NOT_VALID_YET", a, b)
           : now > to ? ctx_fault(c, "SERVER_CERTIFICATE_EXPIRED", a, b)
                      : 0;
}

/* Whether the key belongs to the certificate: both have one public part. */
static bool match(gnutls_x509_crt_t crt, gnutls_privkey_t key)
{
    gnutls_pubkey_t a, b;
    unsigned char x[64], y[64];
    size_t nx = sizeof x, ny = sizeof y;
    gnutls_pubkey_init(&a);
    gnutls_pubkey_init(&b);
    bool good =
        gnutls_pubkey_import_x509(a, crt, 0) >= 0 &&
        gnutls_pubkey_import_privkey(b, key, 0, 0) >= 0 &&
        gnutls_pubkey_get_key_id(a, GNUTLS_KEYID_USE_SHA256, x, &nx) >= 0 &&
        gnutls_pubkey_get_key_id(b, GNUTLS_KEYID_USE_SHA256, y, &ny) >= 0 &&
        nx == ny && !memcmp(x, y, nx);
    gnutls_pubkey_deinit(a);
    gnutls_pubkey_deinit(b);
    return good;
}

static int check_pair(struct ctx *c, gnutls_x509_crt_t crt,
                      gnutls_privkey_t key)
{
    gnutls_datum_t pem = datum(arg_str(c, 1)), secret = datum(arg_str(c, 2));
    if (gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) < 0)
        return ctx_fault(c, "SERVER_CERTIFICATE_INVALID");
    if (gnutls_privkey_import_x509_raw(key, &secret, GNUTLS_X509_FMT_PEM, NULL,
                                       0) < 0)
        return ctx_fault(c, "SERVER_CERTIFICATE_KEY_INVALID");
    if (!match(crt, key))
        return ctx_fault(c, "SERVER_CERTIFICATE_KEY_MISMATCH");
    return check_dates(c, crt);
}

static int check_chain(struct ctx *c)
{
    gnutls_x509_crt_t *chain = NULL;
    unsigned n = 0;
    gnutls_datum_t pem = datum(arg_str(c, 3));
    if (!*arg_str(c, 3))
        return 0;
    if (gnutls_x509_crt_list_import2(&chain, &n, &pem, GNUTLS_X509_FMT_PEM, 0) <
        0)
        return ctx_fault(c, "SERVER_CERTIFICATE_CHAIN_INVALID");
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
    return 0;
}

static int check_new(struct ctx *c)
{
    gnutls_x509_crt_t crt;
    gnutls_privkey_t key;
    gnutls_x509_crt_init(&crt);
    gnutls_privkey_init(&key);
    int r = check_pair(c, crt, key) < 0 || check_chain(c) < 0 ? -1 : 0;
    gnutls_privkey_deinit(key);
    gnutls_x509_crt_deinit(crt);
    return r;
}

/* ---- messages
 * ----------------------------------------------------------------- */

static int no_tls(struct ctx *c)
{
    return ctx_fault(c, "OPERATION_NOT_ALLOWED",
                     "TLS is not configured: tls_port is 0");
}

/* The service starts anew with it; guests are left alone. */
int handle_host_install_server_certificate(struct ctx *c,
                                           struct value **result_out)
{
    g_autoptr(GError) e = NULL;
    (void)result_out;
    if (!c->x->config.certificate_file)
        return no_tls(c);
    if (check_new(c) < 0)
        return -1;
    g_autofree char *all = g_strconcat(arg_str(c, 2), "\n", arg_str(c, 1), "\n",
                                       arg_str(c, 3), NULL);
    if (!g_file_set_contents_full(c->x->config.certificate_file, all, -1,
                                  G_FILE_SET_CONTENTS_CONSISTENT |
                                      G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &e))
        return ctx_fault(c, "INTERNAL_ERROR", e->message);
    return service_end_with(SIGHUP);
}

/* Without a file, the start makes one. */
static int renew(struct ctx *c)
{
    if (!c->x->config.certificate_file)
        return no_tls(c);
    unlink(c->x->config.certificate_file);
    return service_end_with(SIGHUP);
}

int handle_host_reset_server_certificate(struct ctx *c,
                                         struct value **result_out)
{
    (void)result_out;
    return renew(c);
}

int handle_host_refresh_server_certificate(struct ctx *c,
                                           struct value **result_out)
{
    (void)result_out;
    return renew(c);
}

int handle_host_emergency_reset_server_certificate(struct ctx *c,
                                                   struct value **result_out)
{
    (void)result_out;
    return renew(c);
}
