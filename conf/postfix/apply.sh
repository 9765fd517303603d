#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `mailboy conf postfix --write` does to main.cf and master.cf (Postfix 3.7 and later).
#     sh apply.sh [FOLDER]      the folder of the two files
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
folder=${1:-@CONFIG_DIR@}
# proxy: maps are read by proxymap, which is not chrooted: a unix socket of the database is in reach.
map() { printf 'proxy:mysql:@CONFIG_DIR@/mailboy/%s.cf' "$1"; }
main() { postconf -c "$folder" -e "$@"; }
master() { postconf -c "$folder" -M "$1=$2"; }
options() { # SERVICE PARAMETER=VALUE...
    service=$1
    shift
    for option in "$@"; do set -- "$@" "$service/$option" && shift; done
    postconf -c "$folder" -P "$@"
}

# Before anything is changed: Postfix reads no main.cf that is younger than two seconds, but waits.
delivered_here=$(postconf -c "$folder" -h mydestination 2>/dev/null) || delivered_here=
signs_in=$(postconf -c "$folder" -h smtpd_sasl_auth_enable 2>/dev/null) || signs_in=
services=$(postconf -c "$folder" -P 2>/dev/null | sed -n 's|^\(.*\)/smtpd_sasl_auth_enable = yes$|\1|p') || services=

# ---- whose mail this server takes
main "virtual_mailbox_domains = $(map virtual_mailbox_domains)" \
    "virtual_mailbox_maps = $(map virtual_mailbox_maps)" \
    "virtual_alias_maps = $(map virtual_alias_maps), $(map identity)" \
    "virtual_transport = lmtp:unix:private/mailboy-lmtp" \
    "relay_domains = $(map relay_domains)" \
    "relay_recipient_maps = $(map relay_recipients)" \
    "transport_maps = $(map relay_transport)" \
    "recipient_delimiter = +"
# An entry for a domain is not to speak for its subdomains: those are .domain, an entry of its own.
main "parent_domain_matches_subdomains = debug_peer_list, fast_flush_domains, mynetworks, permit_mx_backup_networks, qmqpd_authorized_clients"

# ---- from whom. The list of clients is asked before the name a client gives itself is judged and before its
# missing reverse name is held against it: an OK there lets a badly kept server in. It opens no relay.
known="permit_mynetworks, permit_sasl_authenticated, check_client_access $(map ip_access)"
main "smtpd_helo_required = yes" \
    "smtpd_client_restrictions = $known, reject_unknown_reverse_client_hostname" \
    "smtpd_helo_restrictions = $known, reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname" \
    "smtpd_sender_login_maps = $(map sender_login)" \
    "smtpd_sender_restrictions = permit_mynetworks, check_sender_access $(map domain_access)" \
    "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination" \
    "smtpd_recipient_restrictions = check_recipient_access $(map disabled), check_policy_service { unix:private/mailboy-quota, default_action=DUNNO }"

# ---- log-in, by Dovecot. Where nobody could log in so far there are two ports for it now.
main "smtpd_sasl_type = dovecot" "smtpd_sasl_path = private/mailboy-auth"
if ! grep -q '^[^#]*smtpd_sasl_auth_enable *= *yes' "$folder/main.cf" "$folder/master.cf"; then
    services="submission/inet submissions/inet"
    for service in submission submissions; do
        master "$service/inet" "$service inet n - y - - smtpd"
        options "$service/inet" "syslog_name=postfix/$service" smtpd_sasl_auth_enable=yes
    done
    options submission/inet smtpd_tls_security_level=encrypt
    options submissions/inet smtpd_tls_wrappermode=yes
fi
for service in submission submissions; do
    grep -Eq "^${service}[[:space:]]+inet[[:space:]]" "$folder/master.cf" || continue
    options "$service/inet" smtpd_client_restrictions=permit_sasl_authenticated,reject
done

# Who has signed in sends as himself. Asked only where one can: elsewhere Postfix would complain at each connection.
himself="reject_authenticated_sender_login_mismatch,permit_mynetworks,check_sender_access,$(map domain_access)"
[ "$signs_in" != yes ] || main "smtpd_sender_restrictions = $himself"
for service in $services; do options "$service" "smtpd_sender_restrictions=$himself"; done

# ---- through Amavis, which gives it back on a port of its own (amavis_port, amavis_return_port of mailboy.conf).
# Aliases are looked up once, before: so Amavis sees the mailboxes, and each has its own policy.
amavis=@AMAVIS_PORT@
if [ "$amavis" != 0 ]; then
    back=127.0.0.1:@AMAVIS_RETURN_PORT@
    main "content_filter = mailboy-amavis:[127.0.0.1]:$amavis"
    master mailboy-amavis/unix "mailboy-amavis unix - - n - 2 smtp"
    options mailboy-amavis/unix smtp_data_done_timeout=1200 smtp_send_xforward_command=yes \
        disable_dns_lookups=yes max_use=20 smtp_tls_security_level=none
    master "$back/inet" "$back inet n - n - - smtpd"
    options "$back/inet" content_filter= mynetworks=127.0.0.0/8 smtpd_delay_reject=no \
        smtpd_client_restrictions=permit_mynetworks,reject smtpd_helo_restrictions= \
        smtpd_sender_restrictions= smtpd_relay_restrictions=permit_mynetworks,reject \
        smtpd_recipient_restrictions=permit_mynetworks,reject smtpd_data_restrictions= \
        smtpd_end_of_data_restrictions= smtpd_restriction_classes= smtpd_milters= \
        smtpd_sasl_auth_enable=no smtpd_tls_security_level=none smtpd_helo_required=no \
        smtpd_authorized_xforward_hosts=127.0.0.0/8 smtpd_client_connection_count_limit=0 \
        smtpd_client_connection_rate_limit=0 smtpd_error_sleep_time=0 smtpd_soft_error_limit=1001 \
        smtpd_hard_error_limit=1000 local_header_rewrite_clients= \
        receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters,no_address_mappings
fi

case $delivered_here in
*@* | *mysql*) echo "look at mydestination: a domain hosted here must not be in it" >&2 ;;
esac
