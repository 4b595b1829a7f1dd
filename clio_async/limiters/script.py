"""The shared budget of one token, as the server keeps it: one script, which is all that ever changes it.

It follows the rules of `protocol.quota.Budget`, with processes in the place of requests. What is known is a lower
bound: what the last report left, less all permits that any process holds, less those of which nobody knows whether they
were used. Who was granted permits later than that report was heard may raise it again; others can only lower it.
"""

from __future__ import annotations

from ..redis import Script

__all__ = ["SHARE"]

SHARE = Script.of("""
local INF, LONGEST = math.huge, 300000
local LEASE, ACTIVE, LATE, QUIET = 10, 60, 1, 60

local function given(place)
  return tonumber(ARGV[place])
end

local now = given(1)
if not now then  -- a test may have its own time
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local id, turn, held, asked_i, asked_b = ARGV[2], given(3), given(4), given(5), given(6)
local grown, tied, lost, silent = given(7), given(8), given(9), given(10) == 1
local report, remaining, limit, reset, left, date = given(11), given(12), given(13), given(14), given(15), given(16)
local refused, pause = given(17), given(18)
local reserve, paced, cap = given(19), given(20) == 1, given(21)
local before = given(22)

-- What is kept: one field for the budget, one for each process. What nobody of us has written is begun anew.
local KINDS = {run = 'string', careful = 'boolean', finding = 'boolean'}
local function sound(value, needed)
  if type(value) ~= 'table' then return false end
  for name, each in pairs(value) do
    if type(each) ~= (KINDS[name] or 'number') then return false end
    if type(each) == 'number' and not (each > -1e15 and each < 1e15) then return false end
  end
  for name in string.gmatch(needed, '%a+') do
    if not value[name] then return false end
  end
  return true
end
local BUDGET = 'run born seq heard ghosts gmark pafter refusals opens window margin taken attended next old stirred ' ..
  'tied round doubted'
local PROCESS = 'held turn grown lost i b seen lease due'
local s, processes, fields = nil, {}, redis.pcall('HGETALL', KEYS[1])
for place = 1, #fields, 2 do
  local fine, value = pcall(cmsgpack.unpack, fields[place + 1])
  if fields[place] == 'budget' then
    s = fine and sound(value, BUDGET) and value or nil
  elseif fine and sound(value, PROCESS) then
    processes[fields[place]] = value
  else
    redis.call('HDEL', KEYS[1], fields[place])
  end
end
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not s or s.run ~= run then  -- a server that was started anew may hold what was true some time ago
  processes = {}
  s = {run = run, born = now, seq = 0, heard = 0, ghosts = 0, gmark = 0, pafter = -1, refusals = 0, opens = 0,
       window = 0, margin = 0, taken = 0, attended = 0, next = 0, leash = 4, old = 0, stirred = now, tied = 0,
       round = 0, doubted = 0}
  s.careful = before > 0 or nil  -- what was known is lost, and much may be under way that was not told again yet
  redis.call('DEL', KEYS[1])
end
if math.abs(before - s.born) > 0.00001 then  -- its permits are of a life before this one: they prove nothing here
  report, refused, tied = report and 0, refused and 0, -1
end
-- A clock that was set back must not hold anybody for longer than there was to wait.
s.opens = math.min(s.opens, now + math.max(s.window, 1) + 1, now + cap + 1)
s.paused = s.paused and math.min(s.paused, now + cap)
s.stirred, s.doubted = math.min(s.stirred, now), math.min(s.doubted, now)
s.next = math.min(s.next, now + math.max(s.window, 1))
s.attended = math.min(s.attended, now + 2 * math.max(s.window, QUIET))
local me = processes[id] or {held = 0, turn = 0, grown = grown, lost = lost}
if turn <= me.turn then return {} end  -- it comes too late: another one has overtaken it

-- Who is there, and what is out. What a process held that is not heard of any more may have been used.
local out, active, others_i, others_b = 0, 1, {}, {}
for name, each in pairs(processes) do
  if name ~= id then
    if each.lease < now and each.held > 0 then
      s.ghosts, s.gmark, each.held = s.ghosts + each.held, s.seq, 0
      redis.call('HSET', KEYS[1], name, cmsgpack.pack(each))
    end
    out = out + each.held
    if each.seen < now - ACTIVE and each.due < now - ACTIVE then
      redis.call('HDEL', KEYS[1], name)
    else
      active = active + 1
      if now <= each.due then
        local got = each.round == s.round and each.got or 0
        if each.i > 0 then others_i[#others_i + 1] = {each.i, got} end
        if each.b > 0 then others_b[#others_b + 1] = {each.b, got} end
      end
    end
  end
end
s.old = math.max(0, s.old - math.max(0, me.held - held))
me.held = held

local function tie()
  s.leash, s.old, s.tied, s.stirred, s.finding = 1, out + held, s.seq, now, nil
end

local function learn(said)
  if said then s.limit = said end
end

local function turns(window_reset, seconds)
  s.reset = window_reset or s.reset
  if not window_reset then
    s.opens = math.max(s.opens, now + 1)
  elseif seconds then
    local ends = now + seconds + 1
    if s.lead and seconds > 0 then ends = math.min(ends, math.max(now, window_reset - s.lead) + s.margin) end
    s.opens = math.min(ends, now + cap + 1)
    s.window = math.max(s.window, s.opens - now)
  end
end

-- How far the clock of the API is ahead, at least: the most that was seen within a minute or two.
if date then
  local ahead = date - now
  if not s.lead_since or now - s.lead_since > 60 or now < s.lead_since then
    s.lead_before, s.lead_now, s.lead_since = s.lead_now or ahead, ahead, now
  end
  s.lead_now = math.max(s.lead_now, ahead)
  s.lead = math.max(s.lead_now, s.lead_before)
  if s.reset and s.opens > now and s.reset - s.lead > now then
    s.opens = math.min(s.opens, s.reset - s.lead + s.margin)
  end
end

-- Answers.
local early = refused and s.finding and refused > s.pafter
local more = grown - me.grown
if more > 0 then
  s.refusals = tied == s.tied and 0 or s.refusals
  if s.leash and tied == s.tied then
    s.leash, s.stirred = s.leash + more, now
    if s.leash >= (s.careful and s.limit or 256) then
      if not s.careful then s.bound = nil end
      s.leash, s.careful, s.finding = nil, nil, nil
    end
  end
end
if lost > me.lost and s.bound then
  s.ghosts, s.gmark = s.ghosts + lost - me.lost, s.seq
end
me.grown, me.lost, me.turn = grown, lost, turn
if silent and not s.bound and not s.careful then s.leash = nil end
if report then
  local known = s.reset
  if not s.bound or (known and reset and reset > known + 1) or report > s.heard then
    s.bound, s.heard = remaining, s.seq
    learn(limit)
    if not known or not reset or reset > known then s.taken, s.next, s.round = 0, now, s.round + 1 end
    turns(reset, left)
    if report > s.gmark then s.ghosts = 0 end
    s.finding = nil
    if not s.careful then s.leash = nil end
  elseif remaining < s.bound and not (known and reset and reset < known - 1) then
    s.bound, s.heard = remaining, s.seq
  end
end
if refused then
  if refused > s.pafter then
    if early then s.margin = 1 end  -- whoever found out came too early: resets are rounded down
    s.refusals, s.pafter = s.refusals + 1, s.seq
    tie()
  end
  learn(limit)
  if s.bound or limit then s.bound = 0 end
  s.paused = math.max(s.paused or 0, now + math.min(pause, cap))
  s.opens, s.heard, s.careful = math.max(s.paused, now), s.seq, true
end

-- Permits. Each process that waits gets the same of a window, as far as it has use for it.
if me.round ~= s.round then me.round, me.got = s.round, 0 end
local function shared(pool, want, others)
  if pool == INF then return want end
  local all, kept = pool + me.got, 0
  for _, other in ipairs(others) do all = all + other[2] end
  local each = math.floor(all / (#others + 1))
  for _, other in ipairs(others) do kept = kept + math.max(0, math.min(other[1], each - other[2])) end
  if kept >= pool and pool > 0 and me.got < each then kept = pool - 1 end
  return math.max(0, math.min(want, pool - kept))
end

local given_i, given_b, wait_i, wait_b = 0, 0, 0, 0
local total, ghosts = out + held, s.bound and s.ghosts or 0
local free = s.bound and s.bound - total - ghosts or INF
if s.paused and now >= s.paused then s.paused = nil end
if asked_i > 0 then s.attended = now + 2 * (s.window > 0 and s.window or QUIET) end
local kept = 0
if s.limit and now < s.attended then kept = math.max(0, math.floor(s.limit * reserve + 1e-9) - s.taken) end
if s.paused then
  wait_i, wait_b = s.paused - now, s.paused - now
else
  local function slack()
    if not s.leash then return INF end
    local allowed = s.leash * 2 ^ math.min(16, math.max(0, math.floor(now - s.stirred)))
    if s.limit then allowed = math.min(allowed, math.max(s.leash, s.limit)) end
    return math.max(0, allowed - math.max(0, total - s.old))
  end
  local function probe()  -- what is known is used up, and its window over: one request finds out
    if not s.finding then
      tie()
      s.finding = true
    end
    return slack()
  end
  local function later()
    if free <= 0 and now < s.opens and s.bound <= 0 then return s.opens - now end
    return -1
  end
  local over = s.bound and now >= s.opens
  local pool
  if not s.bound then pool = slack()
  elseif free > 0 then pool = s.careful and math.min(free, slack()) or free
  elseif over and asked_i + asked_b > 0 then pool = probe()
  elseif s.bound > total and now >= s.doubted + 1 and asked_i + asked_b > 0 then
    pool, s.doubted = 1, now  -- only what may have been used stands in the way: one request a second finds out
  else pool = 0 end
  given_i = shared(pool, asked_i, others_i)
  if given_i < asked_i then wait_i = later() end
  if asked_b > 0 then
    local rest = pool - given_i
    for _, other in ipairs(others_i) do rest = rest - other[1] end
    if s.bound and free > 0 and pool > 0 then
      rest = math.min(rest, free - given_i - kept)
      if rest <= 0 and over and given_i == 0 and #others_i == 0 then rest = probe() end
    end
    if paced and s.bound then
      local gap = (now < s.opens and s.opens - now or s.window) / math.max(1, free - kept)
      if now < s.next then
        wait_b = math.min(s.next - now, 1)
      elseif rest > 0 then
        given_b, s.next, wait_b = 1, now + gap, math.min(gap, 1)
      end
    else
      given_b = shared(math.max(0, rest), asked_b, others_b)
    end
    if given_b < asked_b and wait_b == 0 then
      if free > 0 and free <= kept and now < s.opens then wait_b = s.opens - now else wait_b = later() end
    end
  end
end

local granted = given_i + given_b
if granted > 0 then
  if s.leash and total <= s.old then s.stirred = now end
  me.got = me.got + granted
  s.seq, s.taken, held, total = s.seq + 1, s.taken + given_i, held + granted, total + granted
  if s.bound then free = free - granted end
end
me.held, me.i, me.b, me.seen, me.lease = held, asked_i - given_i, asked_b - given_b, now, now + LEASE
local longest = math.max(me.i > 0 and wait_i or 0, me.b > 0 and wait_b or 0)
me.due = now + math.max(0, longest) + LATE
redis.call('HSET', KEYS[1], 'budget', cmsgpack.pack(s), id, cmsgpack.pack(me))
redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(LONGEST, cap * 2000)))

local said = {granted, s.seq, s.born, s.tied, wait_i, wait_b, s.limit or -1, s.bound and free or -1,
  math.max(0, s.opens - now), s.window, s.paused and s.paused - now or 0, active, s.refusals,
  (s.leash or #others_i + #others_b > 0) and 1 or 0, s.bound and 1 or 0}
for place, value in ipairs(said) do
  said[place] = value == INF and '-1' or string.format('%.6f', value)
end
return said
""")
