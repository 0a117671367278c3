# The lab's Dom0: our programs come before Debian's.
export PATH=/opt/xen-tools/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LANG=C.UTF-8 HOME=/root EDITOR=nano
PS1='\[\e[1;32m\]dom0@\h\[\e[0m\]:\w# '
