# Where Xen enters the stub guest, and the notes that tell Xen how.
#include <xen/elfnote.h>

#define NOTE(type, ...) \
        .pushsection .note.Xen, "a", @note ; \
        .align 4 ; .long 4, 2f - 1f, type ; .asciz "Xen" ; \
1:      __VA_ARGS__ ; \
2:      .align 4 ; \
        .popsection

        NOTE(XEN_ELFNOTE_GUEST_OS, .asciz "stub")
        NOTE(XEN_ELFNOTE_XEN_VERSION, .asciz "xen-3.0")
        NOTE(XEN_ELFNOTE_LOADER, .asciz "generic")

        .text
        .globl _start, hypercall_page, shared_page
#ifdef __x86_64__
        NOTE(XEN_ELFNOTE_ENTRY, .quad _start)
        NOTE(XEN_ELFNOTE_HYPERCALL_PAGE, .quad hypercall_page)
        NOTE(XEN_ELFNOTE_VIRT_BASE, .quad 0)
        NOTE(XEN_ELFNOTE_PADDR_OFFSET, .quad 0)
_start: cld
        lea stack_end(%rip), %rsp
        mov %rsi, %rdi
        call stub_main
1:      jmp 1b
#else
        NOTE(XEN_ELFNOTE_PHYS32_ENTRY, .long _start)
_start: cld
        mov $stack_end, %esp
        push %ebx
        call stub_main
1:      jmp 1b
#endif

        .section .pages, "aw", @progbits
        .align 4096
hypercall_page: .skip 4096
shared_page: .skip 4096

        .bss
        .align 16
        .skip 8192
stack_end:
        .section .note.GNU-stack, "", @progbits
