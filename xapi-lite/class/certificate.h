/* The certificate that TLS clients of this host see. Private to class/ and
 * main. */
#ifndef XAPI_CERTIFICATE_H
#define XAPI_CERTIFICATE_H

#include "xapi.h"

/* Brings the Certificate record in line with the file
 * x->config.certificate_file; none when TLS is off or the file is unreadable
 * (which is logged). */
void certificate_refresh(struct xapi *x);
/* The certificates of the file as PEM text, never its key; NULL when there are
 * none. Caller frees. */
char *certificate_pem(const struct xapi *x);

#endif
