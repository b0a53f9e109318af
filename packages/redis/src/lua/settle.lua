#!lua flags=allow-oom
-- Ends an attempt, if the record is in progress with this token: completes the record, or leaves it
-- failed. A completion's effect has happened: a server that is out of memory refuses new claims, and
-- still takes this.
--
-- KEYS[1]  the record
-- ARGV[1]  what a record in progress with this token, never renewed, begins with, up to the bar
-- ARGV[2]  what it begins with once it is settled, up to C; empty if the client does not know the time
-- ARGV[3]  its key's time to live then, ms; empty for ever
-- ARGV[4]  note
-- ARGV[5]  outcome; empty where it alone is too large
-- ARGV[6]  grace, ms
-- ARGV[7]  most bytes that the claim may have for the record to stay within its limit
-- ARGV[8]  '1' to publish it
-- ARGV[9]  for the rest: status;retention;bytes of the outcome;bytes that a record may have;paused;wait
--
-- Answers { 1 done | 2 already done | 0 lost | 3 too large | 4 done in one step | -1 corrupt, µs or 0, … }
-- done              the record without its outcome
-- already done      the record
-- too large         bytes that the record would have
-- done in one step  the record as it was in progress

local value = redis.call('GET', KEYS[1])
if not value then return { 0, 0 } end

-- An owner that never renewed, and the common case: nothing needs to be taken apart.
local prefixBytes = #ARGV[1]
if ARGV[2] ~= '' and string.sub(value, 1, prefixBytes) == ARGV[1] then
  local rest = string.sub(value, prefixBytes)
  if #rest <= tonumber(ARGV[7]) and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[6]) then
    local settled = ARGV[2] .. #rest - 1 .. ';' .. #ARGV[4] .. rest .. ARGV[4] .. ARGV[5]
    if ARGV[3] == '' then
      redis.call('SET', KEYS[1], settled)
    else
      redis.call('SET', KEYS[1], settled, 'PX', ARGV[3])
    end
    -- A client that may not use the channel still settles.
    if ARGV[8] == '1' then redis.pcall('PUBLISH', KEYS[1], '') end
    return { 4, 0, value }
  end
end

--@include record

local token = string.match(ARGV[1], '^1p0%d+;(.*)|$')
local status, retention, outcomeBytes, maxBytes, paused, wait =
  string.match(ARGV[9], '^(%l);(%d*);(%d+);(%d+);(%d);(%d)$')
local now, micros = clock()
local found = parse(value)
if not found then return { -1, micros } end
if found.token ~= token or not counts(found, now, paused == '1') then return { 0, micros } end
if found.status == status then
  touch(wait)
  return { 2, micros, value }
end
if found.status ~= 'p' then return { 0, micros } end

found.leaseUntil = found.renewed == '1' and digits(leaseUntil(found)) or ''
found.completed = digits(now)
found.expires = retention == '' and '' or digits(now + retention)
found.grace, found.edit = ARGV[6], ''
local claim = string.sub(value, found.claimAt)
local head = settledHead(status, found, #claim, #ARGV[4]) .. '|' .. claim .. ARGV[4]
local bytes = #head + outcomeBytes
if bytes > tonumber(maxBytes) then return { 3, micros, bytes } end
keep(head .. ARGV[5], found.expires, ARGV[6])
notify(ARGV[8])
return { 1, micros, head }
