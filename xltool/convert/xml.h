/* Reading XML: hardened, and with a memory of which elements were used. */
#ifndef CONVERT_XML_H
#define CONVERT_XML_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"

/* A document under translation. */
struct xml {
    xmlDoc *doc;
    const char *file; /* as the findings name it */
    struct diags *diags;
    GString *out;
};

/* Parses without network, entities and document type. err names the line. */
int xml_open(struct xml *x, const char *file, const char *text, size_t len,
             GString *out, struct diags *diags, struct err *err);
void xml_close(struct xml *x);

/* First child element of that name, marked as used; NULL when there is none,
 * or no parent. Namespaces are passed over. */
xmlNode *xml_child(xmlNode *parent, const char *name);
/* Next sibling of the same name, marked as used. */
xmlNode *xml_next(xmlNode *node);
/* This and all below it is used. */
void xml_use_all(xmlNode *node);
bool xml_is(const xmlNode *node, const char *name);

/* Text of an element without blanks around it; NULL when there is none. Caller
 * frees. */
char *xml_text(xmlNode *node);
char *xml_child_text(xmlNode *parent, const char *name);
/* Value of an attribute, or NULL. Caller frees. */
char *xml_attr(xmlNode *node, const char *name);
/* Whether the attribute has this value. */
bool xml_attr_is(xmlNode *node, const char *name, const char *value);
/* A whole number from a text; false otherwise. */
bool xml_number(const char *text, uint64_t *out);

/* A finding about a node. */
void xml_warn(struct xml *x, xmlNode *node, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A finding for each element that nobody has used; `harmless` (closed by NULL)
 * names those that need no word. `target`: "xl.cfg". */
void xml_warn_unused(struct xml *x, const char *const *harmless,
                     const char *target);

#endif
