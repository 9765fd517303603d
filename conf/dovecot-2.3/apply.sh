#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Teaches Dovecot 2.3 to ask Mailboy's database. Run as root in the folder that holds the other files of
# `mailboy conf dovecot --write DIR`:
#     sh apply.sh [--dry-run] [--config-directory /etc/dovecot]
# Copies the files with the rights they need and comments PAM out in conf.d/10-auth.conf (a copy is
# kept). It reloads nothing: look at `doveconf -n`, then `doveadm reload`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
config=@DOVECOT_DIR@
run=
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) run="echo" ;;
    --config-directory) config=$2; shift ;;
    *) echo "usage: apply.sh [--dry-run] [--config-directory DIR]" >&2; exit 64 ;;
    esac
    shift
done
$run install -d -m 0755 "$config/conf.d"
$run install -m 0600 -o root -g root "$here/mailboy-sql.conf.ext" "$config/"
$run install -m 0640 -o root -g dovecot "$here/mailboy-dict.conf.ext" "$config/"
$run install -m 0644 -o root -g root "$here/99-mailboy.conf" "$config/conf.d/"
auth=$config/conf.d/10-auth.conf
if [ -f "$auth" ] && grep -q '^!include auth-system.conf.ext' "$auth"; then
    $run cp -p "$auth" "$auth.before-mailboy.$(date +%Y%m%d%H%M%S)"
    $run sed -i 's/^!include auth-system.conf.ext/#&/' "$auth"
fi
