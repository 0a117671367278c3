/* The inside of dom/: what every key setter works with. */
#ifndef DOM_BUILD_H
#define DOM_BUILD_H

#include <libxl_utils.h>

#include "dom/dom.h"

/* One run over one config. */
struct dom_build {
    struct cfg *cfg;
    const struct dom_host *host;
    libxl_domain_config *config;
    int exit_code; /* of the first refusal, as the original exits; 0: none */
    bool
        unparsed; /* the parser has refused lines: one may be what is missing */
};

/* Kinds of guest a key has an effect on. */
enum { HVM = 1, PV = 2, PVH = 4, ANY = 7 };

/* How a key's value is written and stored. */
enum key_shape {
    KEY_STRING,  /* text */
    KEY_BOOL,    /* number, stored as a libxl_defbool */
    KEY_INT,     /* number, cut to the field's size as the original does */
    KEY_MIB,     /* number of MiB, stored in KiB */
    KEY_BOUNDED, /* 0..INT_MAX, absent: -1, the value of xl.conf */
    KEY_LIST,    /* list of strings */
    KEY_TEXTS,   /* list of strings, or one string in its own field */
    KEY_ENUM,    /* a word of a table */
    KEY_ENUMINT, /* a word of a table or its number */
    KEY_OWN,     /* its own function */
    KEY_READ,    /* read by the function of another row */
    KEY_SINCE    /* works with a newer libxenlight only */
};

struct key_row {
    const char *name;
    unsigned guests; /* the guests it has an effect on */
    const char *summary;
    enum key_shape shape;
    size_t offset, size; /* of the field in libxl_domain_config */
    size_t offset2;      /* KEY_TEXTS: the list's field */
    const libxl_enum_string_table *words;
    int exit_code;    /* KEY_ENUM: what the original exits with */
    bool exact;       /* KEY_ENUM: capitals matter */
    const char *text; /* KEY_SINCE: release; KEY_ENUMINT: numbers are old */
    void (*set)(struct dom_build *b, const struct key_row *row);
};

extern const struct key_row key_rows[];
extern const unsigned key_row_count;

/* Setters and getters of the generic shapes (shape.c). */
void shape_set(struct dom_build *b, const struct key_row *row);

/* --- findings (build.c); fmt is the message, hint may be NULL ----------- */
void build_refuse(struct dom_build *b, int exit_code, const char *id,
                  struct diag_pos pos, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
void build_warn(struct dom_build *b, const char *id, struct diag_pos pos,
                const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void build_note(struct dom_build *b, const char *id, struct diag_pos pos,
                const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Place of a whole value, and of its key's name. */
struct diag_pos build_value_pos(const struct cfg_setting *s);
/* The domain type's bit: HVM, PV or PVH. */
unsigned build_guest(const struct dom_build *b);

/* --- reading values (value.c): mark the setting as used ------------------ */
/* Its single value, or NULL: absent, or a list (reported). */
const struct cfg_setting *value_atom(struct dom_build *b, const char *name);
const char *value_text(struct dom_build *b, const char *name);
/* Its list of values, or NULL: absent, or a single value (reported). */
const struct cfg_setting *value_list(struct dom_build *b, const char *name);
/* The setting whatever its shape, or NULL. */
const struct cfg_setting *value_any(struct dom_build *b, const char *name);
bool value_is_list(const struct cfg_setting *s);
/* A number by the rules of the language (strtol base 0). False when absent or
 * not a number; the latter is reported unless `quiet`. */
bool value_long(struct dom_build *b, const char *name, bool quiet,
                long *number_out);
/* Text as such a number: 0, EINVAL or ERANGE. */
int value_parse_long(const char *text, long *number_out);
/* Element i as text. NULL at the end, and at an element that is a list: as in
 * the original the rest is not read, which is reported. */
const struct cfg_node *value_item(struct dom_build *b,
                                  const struct cfg_setting *list, unsigned i);
/* Replaces *field by a copy of text. */
void value_replace(char **field, const char *text);
/* A malloc'ed string list with all items, NULL when the list is empty. */
libxl_string_list value_strings(struct dom_build *b,
                                const struct cfg_setting *list);

/* --- words of a table (words.c) ------------------------------------------ */
/* Like libxl_X_from_string; `exact`: capitals matter. */
bool words_find(const libxl_enum_string_table *words, const char *text,
                bool exact, int *value_out);
const char *words_name(const libxl_enum_string_table *words, int value);
/* "one of a, b, c", or "did you mean b?"; g_free it. */
char *words_hint(const libxl_enum_string_table *words, const char *text);

/* --- arrays of libxl structs ---------------------------------------------- */
/* Room for one more zeroed element behind *array; returns it. */
void *build_extend(void **array, int *count, size_t size);
#define BUILD_ADD(array, count)                                                \
    ((__typeof__(*(array)) *)build_extend((void **)&(array), &(count),         \
                                          sizeof(*(array))))

/* A bitmap of `bits` bits, all clear. Unlike libxl's own it needs no context.
 */
void build_bitmap(libxl_bitmap *map, unsigned bits);

/* --- functions of KEY_OWN rows, by file ------------------------------------
 */
#define KEY_FUNCTION(name)                                                     \
    void name(struct dom_build *b, const struct key_row *row)
KEY_FUNCTION(domain_type); /* domain.c */
KEY_FUNCTION(domain_seclabel);
KEY_FUNCTION(domain_name);
KEY_FUNCTION(domain_uuid);
KEY_FUNCTION(cpus_vcpus); /* cpus.c */
KEY_FUNCTION(cpus_maxvcpus);
KEY_FUNCTION(cpus_affinity);
KEY_FUNCTION(vnuma_set);   /* vnuma.c */
KEY_FUNCTION(cpuid_set);   /* cpuid.c */
KEY_FUNCTION(boot_kernel); /* boot.c */
KEY_FUNCTION(boot_cmdline);
KEY_FUNCTION(boot_loader_args);
KEY_FUNCTION(boot_firmware);
KEY_FUNCTION(boot_bios_path);
KEY_FUNCTION(clock_timer_mode); /* hvm.c */
KEY_FUNCTION(hvm_altp2mhvm);
KEY_FUNCTION(hvm_viridian);
KEY_FUNCTION(hvm_mmio_hole);
KEY_FUNCTION(hvm_genid);
KEY_FUNCTION(hvm_rdm);
KEY_FUNCTION(hvm_mca_caps);
KEY_FUNCTION(hvm_vga);
KEY_FUNCTION(hvm_gfx_passthru);
KEY_FUNCTION(model_path); /* model.c */
KEY_FUNCTION(model_override);
KEY_FUNCTION(model_args);
KEY_FUNCTION(model_msr_relaxed);
KEY_FUNCTION(model_vmtrace);
KEY_FUNCTION(display_vnclisten); /* display.c */
KEY_FUNCTION(display_vnc);
KEY_FUNCTION(display_vncviewer);
KEY_FUNCTION(ports_io); /* ports.c */
KEY_FUNCTION(ports_irqs);
KEY_FUNCTION(ports_iomem);
KEY_FUNCTION(dev_disk); /* dev_*.c */
KEY_FUNCTION(dev_vif);
KEY_FUNCTION(dev_vif2);
KEY_FUNCTION(dev_vfb);
KEY_FUNCTION(dev_vkb);
KEY_FUNCTION(dev_pci);
KEY_FUNCTION(dev_dtdev);
KEY_FUNCTION(dev_usbctrl);
KEY_FUNCTION(dev_usbdev);
KEY_FUNCTION(dev_p9);
KEY_FUNCTION(dev_pvcalls);
KEY_FUNCTION(dev_vtpm);
KEY_FUNCTION(dev_channel);
KEY_FUNCTION(dev_vdispl);
KEY_FUNCTION(dev_vsnd);
KEY_FUNCTION(newer_smbios); /* newer.c, where libxl serves them */
KEY_FUNCTION(newer_virtio);
KEY_FUNCTION(newer_llc_colors);
KEY_FUNCTION(newer_arm_sci);
KEY_FUNCTION(newer_xenstore_quota);

#endif
