/* XenAPI Certificate: what stands in the file that stunnel serves (way B). */
#include "class/certificate.h"

#include <gnutls/x509.h>
#include <string.h>

#include "class/handler.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END "-----END CERTIFICATE-----"

char *certificate_pem(const struct xapi *x)
{
    g_autofree char *text = NULL;
    if (!x->config.certificate_file ||
        !g_file_get_contents(x->config.certificate_file, &text, NULL, NULL))
        return NULL;
    GString *pem = g_string_new(NULL);
    const char *from = text, *to;
    while ((from = strstr(from, BEGIN)) && (to = strstr(from, END))) {
        g_string_append_len(pem, from, to + strlen(END) - from);
        g_string_append_c(pem, '\n');
        from = to;
    }
    return g_string_free(pem, !pem->len);
}

struct facts {
    int64_t not_before, not_after;
    char fingerprint[3 * 32];
};

/* SHA-256 as AB:CD:... */
static void format_fingerprint(const unsigned char *sum, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        g_snprintf(out + 3 * i, 4, "%02X%s", sum[i], i + 1 < n ? ":" : "");
}

static bool read_facts(const char *pem, struct facts *out)
{
    gnutls_x509_crt_t crt;
    gnutls_datum_t data = { (unsigned char *)pem, (unsigned)strlen(pem) };
    unsigned char sum[32];
    size_t n = sizeof sum;
    if (gnutls_x509_crt_init(&crt) < 0)
        return false;
    bool good =
        gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_PEM) >= 0 &&
        gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, sum, &n) >= 0;
    if (good) {
        out->not_before = gnutls_x509_crt_get_activation_time(crt);
        out->not_after = gnutls_x509_crt_get_expiration_time(crt);
        format_fingerprint(sum, n, out->fingerprint);
    }
    gnutls_x509_crt_deinit(crt);
    return good;
}

/* Removes all but the one with this fingerprint; returns whether it is there.
 */
static bool sweep(struct txn *t, const char *keep)
{
    const struct snapshot *s = txn_snapshot(t);
    bool there = false;
    for (size_t i = 0; i < snapshot_count(s, CLASS_Certificate); i++) {
        const struct record *r = snapshot_at(s, CLASS_Certificate, i);
        if (keep && !strcmp(record_str(r, F_Certificate_fingerprint), keep))
            there = true;
        else
            store_delete(t, CLASS_Certificate, record_ref(r));
    }
    return there;
}

static void make_record(struct xapi *x, struct txn *t, const struct facts *f)
{
    const char *ref = store_create(t, CLASS_Certificate, NULL, NULL);
    store_set_str(t, ref, F_Certificate_type, "host");
    store_set_str(t, ref, F_Certificate_host, x->host_ref);
    store_set_time(t, ref, F_Certificate_not_before, f->not_before);
    store_set_time(t, ref, F_Certificate_not_after, f->not_after);
    store_set_str(t, ref, F_Certificate_fingerprint, f->fingerprint);
}

void certificate_refresh(struct xapi *x)
{
    struct facts f = { 0 };
    g_autofree char *pem = certificate_pem(x);
    bool good = pem && read_facts(pem, &f);
    if (x->config.certificate_file && !good)
        g_warning("%s holds no certificate", x->config.certificate_file);
    struct txn *t = store_begin(x->store);
    if (!sweep(t, good ? f.fingerprint : NULL) && good)
        make_record(x, t, &f);
    store_commit(t, NULL);
}
