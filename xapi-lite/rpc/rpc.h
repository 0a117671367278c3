/* XenAPI messages on the wire: XML-RPC and JSON-RPC 1.0 and 2.0. Pure: bytes
 * in, a value tree out, and back. What answers a call stands in class/. */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include <glib.h>
#include <stddef.h>

#include "base/err.h"
#include "base/value.h"
#include "model/emit.h"
#include "model/fault.h"

enum rpc_format { RPC_XML, RPC_JSON1, RPC_JSON2 };

/* One decoded call; {0} is valid. Answers are encoded in its own format. */
struct rpc_request {
    enum rpc_format format;
    char *method;         /* "VM.get_record", owned */
    struct value *params; /* array, owned */
    struct value *id;     /* JSON only: integer or string, owned */
};

/* Decodes one call. XML: untagged values and <string> become strings, <int>,
 * <i4> and <i8> integers, white space between elements is skipped; a document
 * type is refused, so that no entity can be declared. JSON: "jsonrpc" of 2.0
 * makes it version 2, otherwise 1.0; the id must be an integer or a string.
 * On failure *out is {0} and err says what is wrong with the message. */
int rpc_decode_xml(const char *body, size_t len, struct rpc_request *out,
                   struct err *err);
int rpc_decode_json(const char *body, size_t len, struct rpc_request *out,
                    struct err *err);
void rpc_request_dispose(struct rpc_request *req);

/* Append the whole reply body. `method` of the request may be NULL. Clients
 * depend on each detail of these bytes: no white space between XML elements,
 * strings and integers without a tag. */
void rpc_encode_result(GString *out, const struct rpc_request *req,
                       const struct reply *result);
void rpc_encode_fault(GString *out, const struct rpc_request *req,
                      const struct fault *fault);

/* The one content type that clients accept for the format. */
const char *rpc_content_type(enum rpc_format format);

/* Write values as `<value>...</value>` and as JSON; user is a GString. The
 * JSON one starts a value behind ':' or at the start of the text. */
extern const struct emitter rpc_xml_emitter;
extern const struct emitter rpc_json_emitter;
/* Appends `<value>...</value>` of a tree. */
void rpc_xml_format_value(GString *out, const struct value *v);
/* Parses one `<value>...</value>` with nothing around it, or returns NULL. */
struct value *rpc_xml_parse_value(const char *text, size_t len,
                                  struct err *err);

#endif
