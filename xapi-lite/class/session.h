/* Sessions: who is calling. Kept in memory; a restart ends them all, as it does
 * in xapi. */
#ifndef XAPI_SESSION_H
#define XAPI_SESSION_H

#include "model/fault.h"
#include "xapi.h"

/* What a call knows about its session; dispose with session_info_dispose. */
struct session_info {
    char *ref;
    char *user;
    int level; /* role_level */
    bool local_superuser;
};

/* Checks a password: 0, or -1 with a reason. Called in a thread of its own
 * right; blocks. The default asks PAM (service xapi-lite). */
typedef int session_auth_fn(const char *user, const char *password,
                            char **reason_out);
int session_auth_pam(const char *user, const char *password, char **reason_out);

/* Sets a user's password: 0, or -1 with a reason. Blocks. */
int session_change_pam(const char *user, const char *password,
                       char **reason_out);

/* Logs in and fills *ref_out (caller frees). With from_unix_socket no password
 * is asked. A wrong password waits `x->config.login_delay_ms` before it
 * answers: call it from a thread that may sleep (dispatch does). */
int session_login(struct xapi *x, const char *user, const char *password,
                  bool from_unix_socket, const char *originator,
                  const char *client, char **ref_out, struct fault *f);
void session_logout(struct xapi *x, const char *ref);
/* Fills `out` and notes the use, or SESSION_INVALID [ref]. For the HTTP
 * handlers: check a session_id before serving /console or /export. */
int session_check(struct xapi *x, const char *ref, struct session_info *out,
                  struct fault *f);
void session_info_dispose(struct session_info *s);
/* 0 when the session may call messages of this role, else
 * RBAC_PERMISSION_DENIED.
 */
int session_require(const struct session_info *s, const char *role,
                    const char *what, struct fault *f);

#endif
