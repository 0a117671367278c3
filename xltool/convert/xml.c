/* XML in: a tree of libxml2, and what of it was used (beside way A). */
#include "convert/xml.h"

#include <stdarg.h>
#include <string.h>

#include "base/num.h"
#include "convert/libxml.h"

static int no_xml(const char *file, struct err *err)
{
    const xmlError *e = libxml.xmlGetLastError();
    g_autofree char *why = g_strdup(e && e->message ? e->message : "not XML");
    return err_set(err, ERR_CONFIG, "%s, line %d: %s", file, e ? e->line : 0,
                   g_strchomp(why));
}

int xml_open(struct xml *x, const char *file, const char *text, size_t len,
             GString *out, struct diags *diags, struct err *err)
{
    const int how = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                    XML_PARSE_NOCDATA;
    *x = (struct xml){ .diags = diags, .out = out };
    if (libxml_load(err))
        return -1;
    x->file = diags_add_source(diags, file, text, len, NULL);
    libxml.xmlResetLastError();
    x->doc = len < G_MAXINT
                 ? libxml.xmlReadMemory(text, (int)len, "definition", NULL, how)
                 : NULL;
    if (!x->doc)
        return no_xml(file, err);
    /* a document type could define entities that grow without end */
    if (!x->doc->intSubset && libxml.xmlDocGetRootElement(x->doc))
        return 0;
    xml_close(x);
    return err_set(err, ERR_CONFIG, "%s: a document type is not accepted",
                   file);
}

void xml_close(struct xml *x)
{
    if (x->doc)
        libxml.xmlFreeDoc(x->doc);
    x->doc = NULL;
}

bool xml_is(const xmlNode *node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE &&
           !strcmp((const char *)node->name, name);
}

static xmlNode *use(xmlNode *node)
{
    node->_private = node;
    return node;
}

static xmlNode *from_here(xmlNode *node, const char *name)
{
    for (; node; node = node->next)
        if (xml_is(node, name))
            return use(node);
    return NULL;
}

xmlNode *xml_child(xmlNode *parent, const char *name)
{
    return parent ? from_here(parent->children, name) : NULL;
}

xmlNode *xml_next(xmlNode *node)
{
    return from_here(node->next, (const char *)node->name);
}

void xml_use_all(xmlNode *node)
{
    if (!node)
        return;
    use(node);
    for (xmlNode *c = node->children; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE)
            xml_use_all(c);
}

static char *take(xmlChar *text)
{
    char *copy = text ? g_strstrip(g_strdup((const char *)text)) : NULL;
    if (text)
        (*libxml.xmlFree)(text);
    if (copy && *copy)
        return copy;
    g_free(copy);
    return NULL;
}

char *xml_text(xmlNode *node)
{
    return node ? take(libxml.xmlNodeGetContent(node)) : NULL;
}

char *xml_child_text(xmlNode *parent, const char *name)
{
    return xml_text(xml_child(parent, name));
}

char *xml_attr(xmlNode *node, const char *name)
{
    for (xmlAttr *a = node ? node->properties : NULL; a; a = a->next)
        if (!strcmp((const char *)a->name, name))
            return take(libxml.xmlNodeGetContent((xmlNode *)a));
    return NULL;
}

bool xml_attr_is(xmlNode *node, const char *name, const char *value)
{
    g_autofree char *got = xml_attr(node, name);
    return got && !strcmp(got, value);
}

bool xml_number(const char *text, uint64_t *out)
{
    return text && num_parse_uint(text, INT64_MAX, out);
}

static struct diag_pos place(const struct xml *x, xmlNode *node)
{
    long line = node ? libxml.xmlGetLineNo(node) : 0;
    return (struct diag_pos){ x->file, line > 0 ? (unsigned)line : 0, 0, 0 };
}

void xml_warn(struct xml *x, xmlNode *node, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    diag_take(x->diags, DIAG_WARNING, "no-counterpart", place(x, node),
              g_strdup_vprintf(fmt, ap), NULL);
    va_end(ap);
}

static bool is_one_of(const xmlNode *node, const char *const *names)
{
    for (; *names; names++)
        if (xml_is(node, *names))
            return true;
    return false;
}

/* "devices/tpm" */
static char *path_of(const xmlNode *node)
{
    const xmlNode *up = node->parent;
    if (!up || up->type != XML_ELEMENT_NODE || !up->parent ||
        up->parent->type != XML_ELEMENT_NODE)
        return g_strdup((const char *)node->name);
    g_autofree char *above = path_of(up);
    return g_strdup_printf("%s/%s", above, (const char *)node->name);
}

static void warn_below(struct xml *x, xmlNode *parent,
                       const char *const *harmless, const char *target)
{
    for (xmlNode *n = parent->children; n; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || is_one_of(n, harmless))
            continue;
        if (n->_private) {
            warn_below(x, n, harmless, target);
            continue;
        }
        g_autofree char *path = path_of(n);
        xml_warn(x, n, "<%s> has no counterpart in %s", path, target);
    }
}

void xml_warn_unused(struct xml *x, const char *const *harmless,
                     const char *target)
{
    warn_below(x, libxml.xmlDocGetRootElement(x->doc), harmless, target);
}
