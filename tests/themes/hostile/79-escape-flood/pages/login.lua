-- SPDX-License-Identifier: GPL-3.0-or-later
-- Text that grows sixfold when it is escaped.
-- wall: OUTPUT
-- evil: size over 2100000
return function(vm, h)
  return h.p{string.rep("\"", 900000)}
end
