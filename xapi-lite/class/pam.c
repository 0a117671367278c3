/* Passwords are checked by PAM, service xapi-lite (way B). */
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#include "class/session.h"

/* Answers each question for a hidden text with the password. */
static int converse(int n, const struct pam_message **msgs,
                    struct pam_response **out, void *data)
{
    struct pam_response *r = calloc((size_t)n, sizeof *r);
    if (!r)
        return PAM_BUF_ERR;
    for (int i = 0; i < n; i++)
        if (msgs[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            r[i].resp = strdup(data);
    *out = r;
    return PAM_SUCCESS;
}

/* The answers to PAM's questions, in turn. */
struct answers {
    const char *texts[3];
    int next;
};

static int converse_change(int n, const struct pam_message **msgs,
                           struct pam_response **out, void *data)
{
    struct answers *a = data;
    struct pam_response *r = calloc((size_t)n, sizeof *r);
    if (!r)
        return PAM_BUF_ERR;
    for (int i = 0; i < n; i++)
        if (msgs[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            r[i].resp = strdup(a->texts[MIN(a->next++, 2)]);
    *out = r;
    return PAM_SUCCESS;
}

int session_change_pam(const char *user, const char *password,
                       char **reason_out)
{
    /* root is not asked for the old password, only twice for the new one */
    struct answers a = { { password, password, password }, 0 };
    struct pam_conv conv = { converse_change, &a };
    pam_handle_t *h = NULL;
    int r = pam_start("xapi-lite", user, &conv, &h);
    if (r == PAM_SUCCESS)
        r = pam_chauthtok(h, PAM_SILENT);
    if (r != PAM_SUCCESS)
        *reason_out = g_strdup(h ? pam_strerror(h, r) : "PAM cannot start");
    if (h)
        pam_end(h, r);
    return r == PAM_SUCCESS ? 0 : -1;
}

int session_auth_pam(const char *user, const char *password, char **reason_out)
{
    struct pam_conv conv = { converse, (void *)password };
    pam_handle_t *h = NULL;
    int r = pam_start("xapi-lite", user, &conv, &h);
    if (r == PAM_SUCCESS)
        r = pam_authenticate(h, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
    if (r == PAM_SUCCESS)
        r = pam_acct_mgmt(h, PAM_SILENT);
    if (r != PAM_SUCCESS)
        *reason_out = g_strdup(h ? pam_strerror(h, r) : "PAM cannot start");
    if (h)
        pam_end(h, r);
    return r == PAM_SUCCESS ? 0 : -1;
}
