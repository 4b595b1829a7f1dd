"""What `RedisCache` lets the server do, each as one step.

The first key is the entry: a hash of its generation `g`, the time `t` it is of (seconds of the server), the digest `d`
of its body, its stored form `v`, who has written it, `w`, and the time on the clock of that client, `m`. The others are
marks: random values, whose digest is the generation; the second key is the mark of all entries. A mark that is not
there, for whatever reason, gets a value that it never had; so to outdate is to delete, which a full server does, too.
What is of another type is not there. (A full server refuses what takes memory, unless the script has written.)
"""

from __future__ import annotations

from ..redis import Script

__all__ = ["BEGIN", "COMMIT", "OUTDATE", "TOUCH"]

_NOW = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local function held(...)
  return redis.pcall('HMGET', KEYS[1], ...)
end
"""

BEGIN = Script.of(
    _NOW
    + """
-- ARGV: a random value for the marks that are not there, and their life in milliseconds
local marks = {}
for i = 2, #KEYS do
  local mark = redis.pcall('GET', KEYS[i])
  if type(mark) ~= 'string' then
    mark = ARGV[1]
    redis.call('SET', KEYS[i], mark, 'PX', ARGV[2])
  end
  marks[i - 1] = mark
end
local generation = redis.sha1hex(table.concat(marks, ' '))
local entry = held('g', 'd', 'v')
-- A server that was made a replica refuses this. It comes last: what was written lets a full server take more.
redis.call('DEL', entry[1] and entry[1] ~= generation and KEYS[1] or KEYS[1] .. '-')
-- One string: a list of five would take the client longer to read.
local known = time[1] .. ' ' .. time[2] .. ' ' .. generation
if entry[1] ~= generation or not entry[2] or not entry[3] then
  return known
end
return known .. ' ' .. entry[2] .. ' ' .. entry[3]
"""
)

COMMIT = Script.of(
    _NOW
    + """
-- ARGV: generation, time, digest, stored form (empty: it may not be kept), life in milliseconds, who writes, by how
-- much the time may be later, and the time on its own clock: by that the order of what one client asked for is certain
local marks = {}
for i = 2, #KEYS do
  local mark = redis.pcall('GET', KEYS[i])
  if type(mark) ~= 'string' then
    return 0
  end
  marks[i - 1] = mark
end
if redis.sha1hex(table.concat(marks, ' ')) ~= ARGV[1] then
  return 0
end
local entry = held('g', 't', 'w', 'm')
local at = tonumber(entry[2] or '')
local later = at and at > tonumber(ARGV[2]) + tonumber(ARGV[7])
if entry[3] == ARGV[6] and tonumber(entry[4] or '') then
  later = tonumber(entry[4]) > tonumber(ARGV[8])
end
if entry[1] == ARGV[1] and later and at and at <= now then
  return 0
end
if entry.err or ARGV[4] == '' then
  redis.call('DEL', KEYS[1])
end
if ARGV[4] == '' then
  return 0
end
redis.call('HSET', KEYS[1], 'g', ARGV[1], 't', ARGV[2], 'd', ARGV[3], 'v', ARGV[4], 'w', ARGV[6], 'm', ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
"""
)

TOUCH = Script.of(
    _NOW
    + """
-- ARGV as above, without the empty form
local entry = held('g', 'd', 't')
local at = tonumber(entry[3] or '')
if entry[1] == ARGV[1] and entry[2] == ARGV[3] and at and (at <= tonumber(ARGV[2]) or at > now) then
  redis.call('HSET', KEYS[1], 't', ARGV[2], 'v', ARGV[4], 'w', ARGV[6], 'm', ARGV[8])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
"""
)

OUTDATE = Script.of(
    """
for i = 1, #KEYS do
  redis.call('DEL', KEYS[i])
end
"""
)
