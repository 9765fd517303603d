-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form that goes elsewhere.
-- wall: TEMPLATES
-- evil: page has <form action="https://evil
return { name = "131-form-in-a-template", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
