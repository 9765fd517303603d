/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /assets/THEME/NAME: files of themes under their fingerprint, from memory. Where the web server
 * has a published folder it answers these itself. */
#ifndef PAGES_ASSETS_H
#define PAGES_ASSETS_H

struct page;
void asset_send(struct page *p);

#endif
