#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# contrib/translations.sh [--check | THEME_DIR ...]: gathers the texts of the core and of base (or of these
# themes, with the parents they extend behind a colon: child:parent) into .pot files and brings the .po files
# beside them up to date: new texts come empty, changed ones fuzzy. --check changes nothing and fails where
# that would. See core/po/README.md.
set -eu
called_from=$PWD
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

core_texts() {
    echo '# SPDX-License-Identifier: GPL-3.0-or-later'
    xgettext --from-code=UTF-8 --language=C --keyword --keyword=N_ --keyword=TEXT:2 --keyword=page_say:2 \
        --keyword=page_say_of:2 --sort-by-file --add-location=file --no-wrap --package-name='mailboy core' \
        -o - core/*/*.c core/*/*.h core/*/*.def |
        sed -n -e 's/charset=CHARSET/charset=UTF-8/' -e '/^msgid/,$ { /^"[PLR][A-Za-z-]*-\(Date\|Team\|Translator\|To\): /d; /^"Language: /d; p; }'
}

# A folder of the caller's, child and parents alike.
absolute() {
    (cd "$called_from" && CDPATH='' cd -- "$1" 2>/dev/null && pwd) || { echo "translations.sh: there is no folder $1" >&2; exit 1; }
}

# merge POT FOLDER: into the folder's NAME.pot and each LANGUAGE.po.
merge() {
    for po in "$1" "$2"/*.po; do
        [ -e "$po" ] || continue
        case $po in
            *.pot) cp "$po" "$work/new"; target="$2/$(basename "$po")" ;;
            *) msgmerge --quiet --no-wrap --sort-by-file --add-location=file "$po" "$1" | sed '/^"POT-Creation-Date/d' >"$work/new"
               target=$po ;;
        esac
        if [ "$check" = yes ]; then
            grep -v '^#' "$work/new" >"$work/texts"
            grep -v '^#' "$target" | cmp -s "$work/texts" - && continue
            echo "$target is not up to date: run contrib/translations.sh" >&2
            status=1
        else
            cp "$work/new" "$target"
        fi
    done
}

check=no
[ "${1-}" = --check ] && check=yes && shift
if [ $# -eq 0 ]; then
    core_texts >"$work/mailboy.pot"
    merge "$work/mailboy.pot" core/po
    set -- themes/base
    called_from=$PWD
fi
for theme in "$@"; do
    child=${theme%%:*} folders=
    for one in $(echo "$theme" | tr : ' '); do
        folders="$folders $(absolute "$one")"
    done
    folder=$(absolute "$child")
    [ -e "$folder/theme.lua" ] || { echo "translations.sh: $child is no theme: it has no theme.lua" >&2; exit 1; }
    mkdir -p "$folder/po"
    # shellcheck disable=SC2086
    lua5.4 contrib/strings.lua $folders >"$work/$(basename "$folder").pot"
    merge "$work/$(basename "$folder").pot" "$folder/po"
done
exit $status
