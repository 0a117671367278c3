#!/bin/bash
# Who may log in to xapi-lite: PAM's users with a role, over plain TCP and TLS; late answers to wrong passwords.
# timeout: 300
. tests/e2e/xapi_lib.sh

check "the service starts" service_up
dom0 'useradd -M alice 2>/dev/null; echo alice:Right-1 | chpasswd; echo root:Root-1 | chpasswd' || skip "PAM" "Dom0 cannot set passwords"
plain="-s localhost -p 80 --nossl"
contains "root's own password opens the door" "Control domain" "$(xe "vm-list $plain -u root -pw Root-1 is-control-domain=true 2>&1")"
contains "another one does not" "password is wrong" "$(xe "vm-list $plain -u root -pw Root-2 2>&1")"
said=$(xe "vm-list $plain -u alice -pw Right-1 2>&1; echo rc=\$?")
contains "a user without a role is refused" "no role" "$said"
contains "with exit status 1" "rc=1" "$said"
subject=$(xe subject-add subject-name=alice)
check "subject-role-add" xe "subject-role-add uuid=$subject role-name=read-only"
# a new subject may have pool-admin by default; read-only shall be its only role
for role in pool-admin pool-operator vm-power-admin vm-admin vm-operator; do
    xe "subject-role-remove uuid=$subject role-name=$role" >/dev/null 2>&1
done
as_alice="-u alice -pw Right-1"
contains "with the role read-only he may look" "Control domain" "$(xe "vm-list $plain $as_alice is-control-domain=true 2>&1")"
said=$(xe "vm-create $plain $as_alice name-label=no 2>&1; echo rc=\$?")
contains "but not make a VM" "VM.create" "$said"
contains "which is told with exit status 1" "rc=1" "$said"
expect "and there is none" "" "$(xe 'vm-list name-label=no --minimal')"
contains "nor read secrets" "rc=1" "$(xe "secret-create $plain $as_alice value=x 2>&1; echo rc=\$?")"
check "the service ends" service_down

# slow answers, TLS
start_guarded() {
    dom0 'nohup xapi-lite --config /dev/null --tcp-port=80 --tls-port=443 --login-delay=3 --tls-certificate=/tmp/tls/server.pem \
          >>/tmp/xapi-lite.log 2>&1 </dev/null & echo $! >/tmp/xapi-lite.pid'
    wait_for 20 dom0 'xe host-list --minimal'
}
dom0 'rm -rf /tmp/tls /root/.config/xe*'
check "the service starts with TLS" start_guarded
tls="-s localhost -p 443"
answers() { [[ "$(xe "host-list $tls -u root -pw Root-1 --minimal 2>&1")" =~ ^[0-9a-f-]{36}$ ]]; }
check "xe gets in by TLS with root's password" wait_for 30 answers
expect "key and certificate were made, for root only" "600 root" "$(dom0 'stat -c "%a %U" /tmp/tls/server.pem')"
contains "the certificate is a record" "fingerprint" "$(xe certificate-list params=all)"
contains "and can be read" "BEGIN CERTIFICATE" "$(xe host-get-server-certificate)"
case "$(xe host-get-server-certificate)" in
*PRIVATE*) not_ok "without its key" "the key was given out" ;;
*) ok "without its key" ;;
esac
check "openssl speaks TLS 1.2 with it" dom0 'echo | timeout 20 openssl s_client -connect localhost:443 -tls1_2 2>/dev/null | grep -q "BEGIN CERT"'
check "but no TLS 1.1" dom0 '! echo | timeout 20 openssl s_client -connect localhost:443 -tls1_1 2>/dev/null | grep -q "Cipher is [A-Z0-9]*-"'
said=$(dom0 "s=\$(date +%s%N); xe vm-list $tls -u root -pw wrong 2>&1; e=\$(date +%s%N); echo ms=\$(( (e-s)/1000000 ))")
contains "a wrong password by TLS is refused" "password is wrong" "$said"
check "after the delay" [ "${said##*ms=}" -ge 3000 ]
check "the service ends with its stunnel" service_down
check "nothing listens any more" dom0 '! xe host-list -s localhost -p 443 -u root -pw Root-1 >/dev/null 2>&1'
dom0 'userdel alice; rm -rf /tmp/tls'
exit $failed
