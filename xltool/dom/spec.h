/* Device specs: "key=value,key=value,flag", read by tables of sub-keys. */
#ifndef DOM_SPEC_H
#define DOM_SPEC_H

#include "dom/build.h"

/* A field of a spec. Offsets are bytes of the node's text. */
struct spec_field {
    const struct cfg_node *node;
    size_t at, length;       /* the whole field */
    size_t value_at;         /* behind the '=' */
    const char *key, *value; /* value is NULL for a bare word */
};

enum spec_shape {
    SPEC_TEXT, /* char * */
    SPEC_U8,   /* strtoul base 0, junk counts as 0, cut to the field */
    SPEC_U32,
    SPEC_YESNO,   /* bool: such a number, not 0 */
    SPEC_DEFBOOL, /* libxl_defbool: atoi, not 0 */
    SPEC_ATOI,    /* int */
    SPEC_DECIMAL, /* int: digits, refused without any, junk behind ignored */
    SPEC_WORD,    /* a word of a table */
    SPEC_ON,      /* bare word: libxl_defbool true */
    SPEC_OFF,     /* bare word: libxl_defbool false */
    SPEC_OWN      /* its own function */
};

struct spec_key {
    const char *name;
    enum spec_shape shape;
    size_t offset;
    const libxl_enum_string_table *words;
    void (*set)(struct dom_build *b, void *device,
                const struct spec_field *field);
};

/* Up to Xen 4.18 some keys end a value at a second '=' ("path=/a=b" is "/a");
 * from 4.19 on it is part of the value. */
#ifdef LIBXL_HAVE_XEN_9PFS
#define SPEC_PAIR_CUT false
#else
#define SPEC_PAIR_CUT true
#endif

/* How the fields of one kind of spec are cut and judged. Tables end with a
 * {0} row. */
struct spec_style {
    const char *what; /* the key in the config: "vif" */
    const struct spec_key *keys;
    bool trim;   /* blanks around key and value do not count */
    bool cut;    /* values end at a second '=' */
    bool filled; /* keys and values are not empty */
    bool commas; /* a word without '=' belongs to the value before it */
    enum diag_severity unknown; /* an unknown sub-key is this */
    bool bare_ends;          /* what follows a word without '=' is not read */
    enum diag_severity bare; /* and a word without '=' this */
};

/* Reads a spec into device. Refusals are recorded in b. */
void spec_read(struct dom_build *b, const struct spec_style *style,
               const struct cfg_node *node, void *device);
/* The same for the text behind byte `at` of the node. */
void spec_read_from(struct dom_build *b, const struct spec_style *style,
                    const struct cfg_node *node, size_t at, void *device);

struct diag_pos spec_field_pos(const struct spec_field *field);
struct diag_pos spec_value_pos(const struct spec_field *field);

/* Calls set for each string of a list setting. */
void spec_each(struct dom_build *b, const char *name,
               void (*set)(struct dom_build *b, const struct cfg_node *item));

#endif
