-- SPDX-License-Identifier: GPL-3.0-or-later
-- SHA-256 (FIPS 180-4), in hexadecimal: what the host gives the compiler as `sha256`, for tests without the program.

local function primes_root(n, power)
  local made, candidate = {}, 2
  while #made < n do
    local prime = true
    for d = 2, math.floor(candidate ^ 0.5) do prime = prime and candidate % d ~= 0 end
    if prime then made[#made + 1] = math.floor((candidate ^ power) % 1 * 2 ^ 32) end
    candidate = candidate + 1
  end
  return made
end

local K, START = primes_root(64, 1 / 3), primes_root(8, 1 / 2)

local function turn(x, n) return (x >> n | x << (32 - n)) & 0xffffffff end

local function block(h, text, at)
  local w = { string.unpack(">" .. ("I4"):rep(16), text, at) }
  for i = 17, 64 do
    local a, b = w[i - 15], w[i - 2]
    w[i] = (w[i - 16] + (turn(a, 7) ~ turn(a, 18) ~ a >> 3) + w[i - 7] + (turn(b, 17) ~ turn(b, 19) ~ b >> 10)) & 0xffffffff
  end
  local a, b, c, d, e, f, g, z = table.unpack(h)
  for i = 1, 64 do
    local one = z + (turn(e, 6) ~ turn(e, 11) ~ turn(e, 25)) + (e & f ~ ~e & g) + K[i] + w[i]
    local two = (turn(a, 2) ~ turn(a, 13) ~ turn(a, 22)) + (a & b ~ a & c ~ b & c)
    z, g, f, e, d, c, b, a = g, f, e, (d + one) & 0xffffffff, c, b, a, (one + two) & 0xffffffff
  end
  for i, v in ipairs { a, b, c, d, e, f, g, z } do h[i] = (h[i] + v) & 0xffffffff end
end

return function(text)
  local h = { table.unpack(START) }
  local padded = text .. "\128" .. ("\0"):rep((55 - #text) % 64) .. string.pack(">I8", #text * 8)
  for at = 1, #padded, 64 do block(h, padded, at) end
  return (("%08x"):rep(8):format(table.unpack(h)))
end
