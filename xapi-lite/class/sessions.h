/* Between session.c, subject.c and xapi.c. Private to class/. */
#ifndef XAPI_SESSIONS_H
#define XAPI_SESSIONS_H

#include "xapi.h"

struct sessions *sessions_open(void);
void sessions_close(struct sessions *s);

/* What a user of this host may do. */
struct login_as {
    int level;
    bool superuser;
    char *identifier; /* uid:1000 */
    char *subject;    /* ref of the subject record, or null ref */
};

/* root is pool-admin; others have the roles of their subject records (their own
 * and those of their groups). False: none. Replaces what was in *out. */
bool login_find(struct xapi *x, const char *user, struct login_as *out);
void login_as_dispose(struct login_as *who);

#endif
