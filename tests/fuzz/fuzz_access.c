/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry of the lists of clients and senders, a next server, a recipient that is another
 * server's: the normal form is read as itself, an offer is a normal form, what is wider than an entry is
 * not the entry. Each state is taken apart and put together again. */
#include "fuzz.h"
#include "model/access.h"
#include "model/address.h"
#include "model/relay.h"

static void check_wider(struct arena *a, const struct access_pattern *p)
{
    const char *rows[200];
    size_t n = access_wider(a, p, rows, sizeof rows / sizeof *rows);
    assert(n <= sizeof rows / sizeof *rows);
    for (size_t i = 0; i < n; i++)
        assert(strcmp(rows[i], p->text) != 0);
}

static void check_entry(struct arena *a, enum access_kind kind, const char *text, size_t n)
{
    struct access_pattern p, again;
    const char *arg, *offer;
    if (access_parse(a, kind, text, n, &p, &arg, &offer) != TEXT_NONE) {
        if (offer != NULL)
            assert(access_parse(a, kind, offer, strlen(offer), &p, &arg, &offer) == TEXT_NONE);
        return;
    }
    assert(strlen(p.text) <= 254 && strpbrk(p.text, " \t\r\n%*,") == NULL);
    assert(access_parse(a, kind, p.text, strlen(p.text), &again, &arg, &offer) == TEXT_NONE);
    assert(strcmp(p.text, again.text) == 0 && p.form == again.form);
    assert(memcmp(p.network.first, p.network.last, ADDRESS_BYTES) <= 0);
    assert(access_form_word(&p) != NULL && access_display(a, p.text) != NULL);
    check_wider(a, &p);
}

static void check_stored(struct arena *a, const char *text)
{
    struct access_pattern p;
    for (int64_t kind = 0; kind < ACCESS_KINDS; kind++) {
        struct access_entry e = {.kind = kind, .pattern = text, .state = text, .comment = ""};
        assert(access_kind_of(access_kind_word(kind)) == (enum access_kind)kind);
        access_pattern_of(a, &e, &p);
        check_wider(a, &p);
        access_split(a, &e);
        if (access_join(a, &e) == TEXT_NONE && access_is_plain(&e))
            assert(e.text[0] == '\0');
    }
}

static void check_relay(struct arena *a, const char *text, size_t n)
{
    const char *transport, *again, *arg, *offer, *user;
    if (next_hop_parse(a, text, n, &transport, &arg, &offer) == TEXT_NONE) {
        const char *hop = next_hop_of(transport);
        assert(strlen(transport) <= 255);
        assert(next_hop_parse(a, hop, strlen(hop), &again, &arg, &offer) == TEXT_NONE);
        assert(strcmp(transport, again) == 0);
    }
    if (relay_recipient_parse(a, text, n, "example.org", &user, &arg) == TEXT_NONE)
        assert(strlen(user) <= 64 && strpbrk(user, "@ ,") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const char *text = (const char *)data;
    check_entry(a, ACCESS_CLIENT, text, n);
    check_entry(a, ACCESS_SENDER, text, n);
    check_stored(a, fuzz_text(a, data, n));
    check_relay(a, text, n);
    return 0;
}
