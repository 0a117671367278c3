/* Way B: XML-RPC bytes -> method and parameters, by libxml2's SAX callbacks.
 * Nothing is fetched and nothing declared: a document type ends the parse. */
#include <errno.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/rpc_internal.h"

enum { DEPTH_MAX = 120 };

enum element {
    E_NONE, /* outside of the document's element */
    E_CALL,
    E_METHOD,
    E_PARAMS,
    E_PARAM,
    E_VALUE,
    E_STRING,
    E_INT,
    E_BOOL,
    E_DOUBLE,
    E_DATETIME,
    E_NIL,
    E_ARRAY,
    E_DATA,
    E_STRUCT,
    E_MEMBER,
    E_NAME,
};

#define IN(e) (1u << (e))
enum { TEXT = 1 };

/* What may stand where; `text` elements have no children. */
static const struct row {
    const char *name;
    enum element element;
    unsigned parents;
    unsigned flags;
} rows[] = {
    { "methodCall", E_CALL, IN(E_NONE), 0 },
    { "methodName", E_METHOD, IN(E_CALL), TEXT },
    { "params", E_PARAMS, IN(E_CALL), 0 },
    { "param", E_PARAM, IN(E_PARAMS), 0 },
    { "value", E_VALUE, IN(E_PARAM) | IN(E_DATA) | IN(E_MEMBER) | IN(E_NONE),
      TEXT },
    { "string", E_STRING, IN(E_VALUE), TEXT },
    { "int", E_INT, IN(E_VALUE), TEXT },
    { "i4", E_INT, IN(E_VALUE), TEXT },
    { "i8", E_INT, IN(E_VALUE), TEXT },
    { "boolean", E_BOOL, IN(E_VALUE), TEXT },
    { "double", E_DOUBLE, IN(E_VALUE), TEXT },
    { "dateTime.iso8601", E_DATETIME, IN(E_VALUE), TEXT },
    { "nil", E_NIL, IN(E_VALUE), 0 },
    { "array", E_ARRAY, IN(E_VALUE), 0 },
    { "data", E_DATA, IN(E_ARRAY), 0 },
    { "struct", E_STRUCT, IN(E_VALUE), 0 },
    { "member", E_MEMBER, IN(E_STRUCT), 0 },
    { "name", E_NAME, IN(E_MEMBER), TEXT },
};

struct frame {
    const struct row *row;
    struct value *made; /* value: what a typed child gave; array, struct: the
                           container; owned */
    char *name;         /* member: its name, owned */
};

struct reader {
    xmlParserCtxtPtr parser;
    struct frame stack[DEPTH_MAX];
    unsigned depth;
    GString *text; /* of the innermost text element */
    char *method;
    struct value *params; /* array */
    struct value *lone;   /* a value outside of a call */
    struct err *err;
    bool failed;
};

static void fail(struct reader *r, const char *what, const char *name)
{
    if (r->failed)
        return;
    err_set(r->err, ERR_CONFIG, "line %d of the XML-RPC message: %s%s%s",
            xmlSAX2GetLineNumber(r->parser), what, name ? " " : "",
            name ? name : "");
    r->failed = true;
    xmlStopParser(r->parser);
}

static const struct row *row_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].name, name))
            return &rows[i];
    return NULL;
}

static struct frame *top(struct reader *r)
{
    return r->depth ? &r->stack[r->depth - 1] : NULL;
}

static void on_start(void *ctx, const xmlChar *xml_name, const xmlChar **attrs)
{
    struct reader *r = ctx;
    const char *name = (const char *)xml_name;
    const struct row *row = row_find(name);
    enum element parent = r->depth ? top(r)->row->element : E_NONE;
    (void)attrs;
    if (r->failed)
        return;
    if (!row || !(row->parents & IN(parent))) {
        fail(r, "here cannot stand the element", name);
        return;
    }
    if (parent == E_VALUE && top(r)->made) {
        fail(r, "a second type in one value:", name);
        return;
    }
    if (r->depth == DEPTH_MAX) {
        fail(r, "elements stand too deep in each other", NULL);
        return;
    }
    r->stack[r->depth++] = (struct frame){ .row = row };
    if (row->element == E_ARRAY)
        top(r)->made = value_array();
    if (row->element == E_STRUCT)
        top(r)->made = value_object();
    g_string_truncate(r->text, 0);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct reader *r = ctx;
    if (r->depth && top(r)->row->flags & TEXT)
        g_string_append_len(r->text, (const char *)text, len);
}

static struct value *parse_int(const char *text)
{
    char *end;
    errno = 0;
    gint64 n = g_ascii_strtoll(text, &end, 10);
    return errno || end == text || *end ? NULL : value_int(n);
}

static struct value *parse_double(const char *text)
{
    char *end;
    double d = g_ascii_strtod(text, &end);
    return end == text || *end ? NULL : value_double(d);
}

static struct value *parse_bool(const char *text)
{
    if (!strcmp(text, "1") || !strcmp(text, "0"))
        return value_bool(*text == '1');
    return NULL;
}

/* The value of a closed scalar element; NULL when its text does not fit. */
static struct value *scalar(enum element e, GString *text)
{
    switch (e) {
    case E_STRING:
        return value_string(text->str);
    case E_INT:
        return parse_int(g_strstrip(text->str));
    case E_BOOL:
        return parse_bool(g_strstrip(text->str));
    case E_DOUBLE:
        return parse_double(g_strstrip(text->str));
    case E_DATETIME:
        return value_datetime(g_strstrip(text->str));
    default:
        return value_null();
    }
}

/* Gives a finished value to the element that holds it: the nearest array, the
 * member's struct, the parameter list. */
static void place(struct reader *r, struct value *v)
{
    struct frame *holder = top(r);
    if (!holder) {
        value_free(r->lone);
        r->lone = v;
        return;
    }
    switch (holder->row->element) {
    case E_PARAM:
        value_push(r->params, v);
        return;
    case E_DATA: /* the array is the frame below */
        value_push(holder[-1].made, v);
        return;
    default: /* a member waits for its end */
        value_free(holder->made);
        holder->made = v;
    }
}

static void end_member(struct reader *r, struct frame *f)
{
    if (!f->name || !f->made) {
        fail(r, "a member needs a name and a value", NULL);
        return;
    }
    value_set(top(r)->made, f->name, f->made);
    f->made = NULL;
}

/* Scalars, arrays and structs go to the <value> around them. */
static void end_typed(struct reader *r, struct frame *f)
{
    struct value *v = f->made ? f->made : scalar(f->row->element, r->text);
    f->made = NULL;
    if (!v)
        fail(r, "the text does not fit the type", f->row->name);
    else
        top(r)->made = v;
}

static void end_element(struct reader *r, struct frame *f)
{
    switch (f->row->element) {
    case E_VALUE:
        place(r, f->made ? f->made : value_string(r->text->str));
        f->made = NULL;
        return;
    case E_METHOD:
        g_free(r->method);
        r->method = g_strdup(g_strstrip(r->text->str));
        return;
    case E_NAME:
        g_free(top(r)->name);
        top(r)->name = g_strdup(r->text->str);
        return;
    case E_MEMBER:
        end_member(r, f);
        return;
    case E_CALL:
    case E_PARAMS:
    case E_PARAM:
    case E_DATA:
        return;
    default:
        end_typed(r, f);
    }
}

static void frame_dispose(struct frame *f)
{
    value_free(f->made);
    g_free(f->name);
    *f = (struct frame){ 0 };
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct reader *r = ctx;
    (void)name;
    if (r->failed || !r->depth)
        return;
    struct frame f = r->stack[--r->depth];
    end_element(r, &f);
    frame_dispose(&f);
    g_string_truncate(r->text, 0);
}

/* <!DOCTYPE ...>: nobody needs it here, and entities come from it. */
static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    fail(ctx, "a document type is not accepted", NULL);
}

static void on_error(void *ctx, const char *fmt, ...)
{
    (void)ctx, (void)fmt; /* the parser keeps its last error */
}

static void parse(struct reader *r, const char *body, size_t len)
{
    xmlSAXHandler sax = { .startElement = on_start,
                          .endElement = on_end,
                          .characters = on_text,
                          .ignorableWhitespace = on_text,
                          .cdataBlock = on_text,
                          .internalSubset = on_doctype,
                          .warning = on_error,
                          .error = on_error };
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOERROR |
                                     XML_PARSE_NOWARNING);
    int bad = xmlParseChunk(r->parser, body, (int)len, 1);
    if (bad && !r->failed) {
        const xmlError *e = xmlCtxtGetLastError(r->parser);
        g_autofree char *why = g_strdup(e && e->message ? e->message : "");
        g_strdelimit(why, "\n", ' ');
        fail(r, "not well-formed:", g_strstrip(why));
    }
    xmlFreeParserCtxt(r->parser);
}

static void reader_dispose(struct reader *r)
{
    while (r->depth)
        frame_dispose(&r->stack[--r->depth]);
    g_string_free(r->text, TRUE);
    g_free(r->method);
    value_free(r->params);
    value_free(r->lone);
    g_free(r);
}

/* The reader is too large for a small thread's stack: on the heap. */
static struct reader *read_document(const char *body, size_t len,
                                    struct err *err)
{
    struct reader *r = g_new0(struct reader, 1);
    r->text = g_string_new(NULL);
    r->params = value_array();
    r->err = err;
    if (len > 64 * 1024 * 1024)
        r->failed = err_set(err, ERR_CONFIG, "the message is too long") != 0;
    else
        parse(r, body, len);
    return r;
}

int rpc_decode_xml(const char *body, size_t len, struct rpc_request *out,
                   struct err *err)
{
    *out = (struct rpc_request){ 0 };
    struct reader *r = read_document(body, len, err);
    bool good = !r->failed && r->method && *r->method;
    if (good) {
        out->format = RPC_XML;
        out->method = g_steal_pointer(&r->method);
        out->params = g_steal_pointer(&r->params);
    } else if (!r->failed) {
        err_set(err, ERR_CONFIG, "the XML-RPC message has no methodName");
    }
    reader_dispose(r);
    return good ? 0 : -1;
}

struct value *rpc_xml_parse_value(const char *text, size_t len, struct err *err)
{
    struct reader *r = read_document(text, len, err);
    struct value *v = r->failed ? NULL : g_steal_pointer(&r->lone);
    if (!v && !r->failed)
        err_set(err, ERR_CONFIG, "there is no XML-RPC value");
    reader_dispose(r);
    return v;
}
