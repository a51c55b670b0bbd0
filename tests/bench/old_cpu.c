/* Makes a process believe that its processor has no VNNI (and, with OLD_CPU=avx2, no AVX-512) instructions:
   CPUID is made to fault (x86-64 Linux, where the processor can), and answered with those bits taken out. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012
#define BIT(n) (1u << (n))

static int narrow;

static void answer(int number, siginfo_t *info, void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *code = (const unsigned char *)registers[REG_RIP];
    (void)info;
    if (number != SIGSEGV || code[0] != 0x0f || code[1] != 0xa2) {
        signal(SIGSEGV, SIG_DFL); /* not ours: the instruction runs again and ends the process */
        return;
    }
    unsigned a = (unsigned)registers[REG_RAX], b, c = (unsigned)registers[REG_RCX], d;
    unsigned leaf = a, part = c;
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
    if (leaf == 7 && part == 0) {
        c &= ~BIT(11);                                   /* AVX512_VNNI */
        d &= ~(BIT(22) | BIT(24) | BIT(25));             /* AMX */
        if (narrow) {
            b &= ~(BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30) | BIT(31)); /* AVX-512 */
            c &= ~(BIT(1) | BIT(6) | BIT(12) | BIT(14));
            d &= ~(BIT(2) | BIT(3) | BIT(8) | BIT(23));
        }
    } else if (leaf == 7 && part == 1) {
        a &= ~(BIT(4) | BIT(5) | BIT(21) | BIT(23));     /* AVX_VNNI, AVX512_BF16, AMX_FP16, AVX_IFMA */
        d &= ~(BIT(4) | BIT(5) | BIT(10) | BIT(19));     /* AVX_VNNI_INT8, AVX_NE_CONVERT, AVX_VNNI_INT16, AVX10 */
    }
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void begin(void) {
    const char *kind = getenv("OLD_CPU");
    struct sigaction action;
    narrow = kind && !strcmp(kind, "avx2");
    memset(&action, 0, sizeof action);
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, 0);
    if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0)) _exit(77);
}
