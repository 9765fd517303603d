#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `mailboy conf dovecot --write` does to a file that is there already: PAM is commented out in
# conf.d/10-auth.conf, or each log-in would ask it first.
#     sh apply.sh [FOLDER]
set -eu
auth=${1:-@CONFIG_DIR@}/conf.d/10-auth.conf
[ ! -f "$auth" ] || sed -i 's/^!include auth-system.conf.ext/#&/' "$auth"
