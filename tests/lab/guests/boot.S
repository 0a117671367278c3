# Boot sector of the tiny HVM guest: says hello on COM1, then a tick a second.
        .code16
        .text
        .globl _start
_start: cli
        xor %ax, %ax
        mov %ax, %ds
        mov %ax, %ss
        mov $0x7c00, %sp
        sti
        cld
        mov $hello, %si
        call print
loop:   mov $tick, %si
        call print
        mov $18, %cx            # BIOS timer interrupts, 18.2 a second
1:      hlt
        loop 1b
        jmp loop

print:  lodsb
        test %al, %al
        jz 2f
        mov %al, %bl
        mov $0x3fd, %dx
1:      in %dx, %al             # wait until the transmitter is free
        test $0x20, %al
        jz 1b
        mov %bl, %al
        mov $0x3f8, %dx
        out %al, %dx
        jmp print
2:      ret

hello:  .asciz "boot sector guest is up\r\n"
tick:   .asciz "tick\r\n"
        .org 510
        .word 0xaa55
