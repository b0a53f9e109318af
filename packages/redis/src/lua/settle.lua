#!lua flags=allow-oom
-- Ends an attempt, if the record is in progress with this token: completes the record, leaves it failed, or
-- in progress without its lease where nobody knows what became of it. A completion's effect has happened: a server that is out of memory refuses new claims, and
-- still takes this.
--
-- KEYS[1]  the record
-- ARGV[1]  numbers, each with a semicolon, then texts. One argument costs the client far less than
--          fifteen, and the client is where a call's time goes. The numbers:
--            bytes of the prefix, of the head and of the note, grace in ms, the settled key's time to
--            live in ms (empty for ever), most bytes that the claim may have for the record to stay
--            within its limit, 1 to publish it, the fence of the claim if the client
--            remembers it (else empty)
--          The texts:
--            prefix  what a record in progress with this token, never renewed, begins with, up to the bar
--            head    what it begins with once settled, up to C; empty if the client does not know the time
--            note
--            rest    status, retention in ms (empty for ever), bytes of the outcome, bytes that a record
--                    may have, 1 while retirement is paused, 1 when WAIT follows; each with a semicolon
-- ARGV[2]  outcome; empty where it alone is too large
--
-- Answers { 1 done | 2 already done | 0 lost | 3 too large | 4 done in one step | -1 corrupt, µs or 0, … }
-- done              the record without its outcome
-- already done      the record
-- too large         bytes that the record would have
-- done in one step  the record as it was in progress, unless it is the claim that the client remembers

local value = redis.call('GET', KEYS[1])
if not value then return { 0, 0 } end

local args, outcome = ARGV[1], ARGV[2]
local prefixBytes, headBytes, noteBytes, grace, ttl, room, publish, known, prefixAt =
  string.match(args, '^(%d+);(%d+);(%d+);(%d+);(%d*);(%d+);(%d);(%d*);()')
local headAt = prefixAt + prefixBytes
local noteAt = headAt + headBytes
local restAt = noteAt + noteBytes
local prefix = string.sub(args, prefixAt, headAt - 1)

-- An owner that never renewed, and the common case: nothing needs to be taken apart.
if headBytes ~= '0' and string.sub(value, 1, #prefix) == prefix then
  local claim = string.sub(value, #prefix)
  if #claim <= tonumber(room) and redis.call('PTTL', KEYS[1]) > tonumber(grace) then
    local note = noteBytes == '0' and '' or string.sub(args, noteAt, restAt - 1)
    local settled = string.sub(args, headAt, noteAt - 1) .. #claim - 1 .. ';' .. noteBytes .. claim .. note .. outcome
    if ttl == '' then
      redis.call('SET', KEYS[1], settled)
    else
      redis.call('SET', KEYS[1], settled, 'PX', ttl)
    end
    -- A client that may not use the channel still writes.
    if publish == '1' then redis.pcall('PUBLISH', KEYS[1], '') end
    if known ~= '' and string.sub(claim, 2, #known + 2) == known .. ';' then return { 4, 0 } end
    return { 4, 0, value }
  end
end

--@include record

local note = string.sub(args, noteAt, restAt - 1)
local status, retention, outcomeBytes, maxBytes, paused, wait =
  string.match(args, '^(%l);(%d*);(%d+);(%d+);(%d);(%d);', restAt)
local token = string.match(prefix, '^1p0%d+;(.*)|$')
local now, micros = clock()
local found = parse(value)
if not found then return { -1, micros } end
if found.token ~= token or not counts(found, now, paused == '1') then return { 0, micros } end
if found.status == status then
  touch(wait)
  return { 2, micros, value }
end
if found.status ~= 'p' and found.status ~= 'u' then return { 0, micros } end

if found.status == 'p' then found.leaseUntil = found.renewed == '1' and digits(leaseUntil(found, now)) or '' end
found.completed = digits(now)
if status == 'u' then
  found.leaseUntil, found.completed, retention = digits(now), '', found.retention
end
found.expires = retention == '' and '' or digits(now + retention)
found.grace, found.edit = grace, ''
local claim = string.sub(value, found.claimAt, found.noteAt - 1)
local head = settledHead(status, found, #claim, #note) .. '|' .. claim .. note
local bytes = #head + outcomeBytes
if bytes > tonumber(maxBytes) then return { 3, micros, bytes } end
keep(head .. outcome, found.expires, grace)
notify(publish)
return { 1, micros, head }
