#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Teaches Postfix (3.7 or later) to ask Mailboy's database. Run as root in the folder that holds the
# other files of `mailboy conf postfix --write DIR`:
#     sh apply.sh [--dry-run] [--config-directory /etc/postfix]
# Copies the maps to CONFIG/mailboy (root:postfix 0640, they hold a password), keeps a copy of main.cf,
# and sets the parameters below. It reloads nothing: look at `postconf -n`, then `postfix reload`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
config=/etc/postfix
run=
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) run="echo" ;;
    --config-directory) config=$2; shift ;;
    *) echo "usage: apply.sh [--dry-run] [--config-directory DIR]" >&2; exit 64 ;;
    esac
    shift
done
maps=$config/mailboy
map() { printf 'proxy:mysql:%s/%s.cf' "$maps" "$1"; }

$run install -d -m 0750 -o root -g postfix "$maps"
for file in "$here"/*.cf; do
    $run install -m 0640 -o root -g postfix "$file" "$maps/"
done
$run cp -p "$config/main.cf" "$config/main.cf.before-mailboy.$(date +%Y%m%d%H%M%S)"

# proxy: maps are read by proxymap, which is not chrooted: a unix socket of the database is in reach.
set -- \
    "virtual_mailbox_domains = $(map virtual_mailbox_domains)" \
    "virtual_mailbox_maps = $(map virtual_mailbox_maps)" \
    "virtual_alias_maps = $(map virtual_alias_maps), $(map identity)" \
    "virtual_transport = lmtp:unix:private/mailboy-lmtp" \
    "relay_domains = $(map relay_domains)" \
    "relay_recipient_maps = $(map relay_recipients)" \
    "transport_maps = $(map relay_transport)" \
    "recipient_delimiter = +" \
    "smtpd_sender_login_maps = $(map sender_login)" \
    "smtpd_sasl_type = dovecot" \
    "smtpd_sasl_path = private/mailboy-auth" \
    "smtpd_client_restrictions = permit_mynetworks, check_client_access $(map ip_access)" \
    "smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch, permit_mynetworks, check_sender_access $(map domain_access)" \
    "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination" \
    "smtpd_recipient_restrictions = check_recipient_access $(map disabled), check_policy_service { unix:private/mailboy-quota, default_action=DUNNO }"
# An entry for a domain is not to speak for its subdomains: those are .domain, an entry of its own.
set -- "$@" \
    "parent_domain_matches_subdomains = debug_peer_list, fast_flush_domains, mynetworks, permit_mx_backup_networks, qmqpd_authorized_clients"
$run postconf -c "$config" -e "$@"

# The submission ports take mail only from who has logged in.
for service in submission submissions; do
    if postconf -c "$config" -M "$service/inet" 2>/dev/null | grep -q .; then
        $run postconf -c "$config" -P "$service/inet/smtpd_sasl_auth_enable=yes" \
            "$service/inet/smtpd_client_restrictions=permit_sasl_authenticated,reject"
    fi
done

if postconf -c "$config" -h mydestination | grep -q '@\|mysql'; then
    echo "look at mydestination: a domain hosted here must not be in it" >&2
fi
