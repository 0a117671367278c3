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
