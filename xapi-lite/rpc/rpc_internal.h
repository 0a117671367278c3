/* Between the codecs and rpc.c. */
#ifndef RPC_INTERNAL_H
#define RPC_INTERNAL_H

#include "rpc/rpc.h"

void rpc_xml_encode_result(GString *out, const struct rpc_request *req,
                           const struct value *result);
void rpc_xml_encode_fault(GString *out, const struct value *fault);
void rpc_json_encode_result(GString *out, const struct rpc_request *req,
                            const struct value *result);
void rpc_json_encode_fault(GString *out, const struct rpc_request *req,
                           const struct value *fault);

#endif
