/* libxml2, loaded when it is needed: one command of xl reads XML, and the
 * library with what it brings along would double the start of all others. */
#ifndef CONVERT_LIBXML_H
#define CONVERT_LIBXML_H

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/err.h"

#define LIBXML_NAMES(X)                                                        \
    X(xmlReadMemory)                                                           \
    X(xmlFreeDoc)                                                              \
    X(xmlDocGetRootElement)                                                    \
    X(xmlNodeGetContent)                                                       \
    X(xmlGetLineNo)                                                            \
    X(xmlGetLastError)                                                         \
    X(xmlResetLastError)                                                       \
    X(xmlFree)

struct libxml {
#define LIBXML_POINTER(name) __typeof__(name) *name;
    LIBXML_NAMES(LIBXML_POINTER)
#undef LIBXML_POINTER
};

/* The functions of the library, valid once libxml_load() has succeeded. */
extern struct libxml libxml;

/* Loads the library that the headers belong to; 0, or -1 and err says which
 * is missing. Not for several threads at once. */
int libxml_load(struct err *err);

#endif
