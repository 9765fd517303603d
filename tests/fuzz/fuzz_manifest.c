/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's manifest, on both sides of the wire. Bytes that begin as a WIRE_FACTS are decoded as a
 * renderer's answer; all others are theme.lua of a theme and of what it extends (a NUL between
 * them), and what lua/ makes of them is decoded in its turn. What is taken holds to its
 * limits. */
#include "base/utf8.h"
#include "fuzz.h"
#include "lua.h"
#include "view/manifest.h"

static void check_setting(const struct manifest_setting *s)
{
    assert(s->type < SETTING_TYPES && manifest_type_word(s->type) != NULL);
    assert(s->id[0] != '\0' && strlen(s->id) <= MANIFEST_NAME && strpbrk(s->id, " <>\"'") == NULL);
    assert(s->label[0] != '\0' && strlen(s->label) <= MANIFEST_TEXT);
    assert(s->options_n <= MANIFEST_OPTIONS && s->contrasts_n <= MANIFEST_CONTRASTS);
    assert(s->type != SETTING_CHOICE || s->options_n > 0);
    for (size_t i = 0; i < s->options_n; i++)
        assert(!utf8_has_control(s->options[i].value, strlen(s->options[i].value)));
    for (size_t i = 0; i < s->contrasts_n; i++)
        assert(text_starts(s->contrasts[i].with, "--") && s->contrasts[i].least >= 100);
}

static bool check_facts(struct arena *a, const void *bytes, size_t n)
{
    struct manifest m;
    if (!manifest_decode(wire_reader(bytes, n), a, &m))
        return false;
    assert(m.settings_n <= MANIFEST_SETTINGS);
    assert(utf8_is_valid(m.title, strlen(m.title)));
    for (size_t i = 0; i < m.settings_n; i++)
        check_setting(&m.settings[i]);
    return true;
}

static void push_texts(lua_State *L, const char *at, size_t n)
{
    lua_newtable(L);
    for (lua_Integer i = 1; i <= 4; i++) {
        const char *nul = memchr(at, '\0', n);
        size_t length = nul != NULL ? (size_t)(nul - at) : n;
        lua_pushlstring(L, at, length);
        lua_rawseti(L, -2, i);
        if (nul == NULL)
            return;
        at = nul + 1;
        n -= length + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static lua_State *L;
    struct arena *a = fuzz_arena();
    size_t length;
    check_facts(a, data, n);
    if (L == NULL)
        L = fuzz_lua_driver("manifest.lua");
    fuzz_lua_begin(L);
    push_texts(L, (const char *)data, n);
    fuzz_lua_call(L, 1, 1);
    const char *bytes = lua_tolstring(L, -1, &length);
    if (bytes != NULL) {
        char *message = arena_alloc(a, length + 1);
        message[0] = WIRE_FACTS;
        memcpy(message + 1, bytes, length);
        check_facts(a, message, length + 1);
    }
    return 0;
}
