-- The record as a string, and what every script asks of it. The readme's "Record format" describes it, and
-- record-format.ts reads and writes the same.
--
--   1SRA T;token end | claim fingerprint body note outcome
--
--   end    empty while in progress, otherwise: duration;kept;leaseUntil;grace;edit;C;N
--   claim  fence;attempt;createdAt;startedAt;lease;retention;grace;F;
--
-- The time to live of the key carries the lease and the retention: it is the only thing that plain
-- SET can write by the server's clock. The times in the text are what the client took that clock to
-- be; they are for showing.

-- A hundred years: what the lease of a record that is kept for ever needs of a time to live.
local forever = 3153600000000
local key = KEYS[1]
-- R and A of the layout.
local yes, no = '1', '0'

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

local function digits(number)
  return string.format('%.0f', number)
end

-- When a settled record expires, by the text; empty for never.
local function expiry(r)
  return r.kept == '' and '' or digits(r.started + (tonumber(r.duration) or 0) + r.kept)
end

local function parse(value)
  local status, renewed, awaited, tokenBytes, at = string.match(value, '^1([pcfmtu])([01])([01])(%d+);()')
  if not status then return nil end
  local r = { status = status, renewed = renewed, awaited = awaited, tokenBytes = tokenBytes }
  local bar = at + tokenBytes
  r.token = string.sub(value, at, bar - 1)
  local settledGrace = ''
  if status ~= 'p' then
    r.duration, r.kept, r.leaseUntil, settledGrace, r.edit, r.claimBytes, r.noteBytes, bar =
      string.match(value, '^(%d*);(%-?%d*);(%d*);(%d*);([%w_-]*);(%d+);(%d*)()|', bar)
    if not bar then return nil end
  end
  r.claimAt = bar + 1
  r.fence, r.attempt, r.created, r.started, r.lease, r.retention, r.claimGrace, r.fingerprintBytes, r.fingerprintAt =
    string.match(value, '^(%d+);(%d+);(%d*);(%d*);(%d+);(%d*);(%d+);(%d*);()', r.claimAt)
  if not r.fence or string.byte(value, bar) ~= 124 then return nil end
  if r.started == '' then r.started = digits(math.floor(r.fence / 1000)) end
  if r.created == '' then r.created = r.started end
  r.grace = settledGrace == '' and r.claimGrace or settledGrace
  r.behind = (r.retention == '' and forever or r.retention) + r.claimGrace
  r.bodyAt = r.fingerprintAt + (tonumber(r.fingerprintBytes) or 0)
  r.noteAt = r.claimBytes and r.claimAt + r.claimBytes or #value + 1
  r.outcomeAt = r.noteAt + (tonumber(r.noteBytes) or 0)
  if r.noteAt < r.bodyAt or r.outcomeAt > #value + 1 then return nil end
  if status ~= 'p' then r.expires = expiry(r) end
  return r
end

-- A key that somebody made persistent tells nothing of its lease, which may have been renewed: it has a
-- whole one from now on.
local function leaseUntilByKey(r, now)
  local endsAt = redis.call('PEXPIRETIME', key)
  return endsAt < 0 and now + r.lease or endsAt - r.behind
end

-- Lets that lease begin, for who may write. Answers the value.
local function expireAgain(r, now, value)
  if r.status ~= 'p' or redis.call('PTTL', key) ~= -1 then return value end
  redis.call('SETRANGE', key, 2, yes)
  redis.call('PEXPIREAT', key, digits(now + r.lease + r.behind))
  r.renewed = yes
  return '1p' .. yes .. string.sub(value, 4)
end

-- As operators see it: before a renewal exactly what the claimant was answered.
local function leaseUntil(r, now)
  if r.status == 'p' and r.renewed == yes then return leaseUntilByKey(r, now) end
  return tonumber(r.leaseUntil) or r.started + r.lease
end

-- As it is decided by.
local function remaining(r, now)
  if r.status == 'u' then return math.min(0, leaseUntil(r, now) - now) end
  return (r.status == 'p' and leaseUntilByKey(r, now) or leaseUntil(r, now)) - now
end

-- `retirement` is 'paused' or 'on'.
local function counts(r, now, retirement)
  if r.status == 't' then return false end
  if r.status == 'm' then return redis.call('PTTL', key) ~= -1 end
  if r.status == 'p' then return r.retention == '' or remaining(r, now) > -r.retention end
  if r.expires == '' or (retirement == 'paused' and r.status == 'c') then return true end
  local endsAt = redis.call('PEXPIRETIME', key)
  return (endsAt < 0 and tonumber(r.expires) or endsAt - r.grace) > now
end

local function version(r)
  if r.status == 'p' or r.status == 'u' then return r.fence .. '.in_progress' end
  local status = r.status == 'f' and 'failed' or 'completed'
  return r.fence .. '.' .. status .. '.' .. (r.expires == '' and 'never' or r.expires)
end

-- Everything of a settled record before the bar.
local function settledHead(status, r, claimBytes, noteBytes)
  return '1' .. status .. r.renewed .. r.awaited .. r.tokenBytes .. ';' .. r.token .. r.duration .. ';' .. r.kept .. ';' ..
    r.leaseUntil .. ';' .. (r.grace == r.claimGrace and '' or r.grace) .. ';' .. r.edit .. ';' .. claimBytes .. ';' ..
    (noteBytes == 0 and '' or noteBytes)
end

-- Keeps a settled record until `expires`, and its key for a grace longer.
local function keep(value, expires, grace)
  if expires == '' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'PXAT', digits(expires + grace))
  end
end

-- Wakes who waits for the record, if somebody said so and the store is to. A client that may not use the channel
-- still writes.
local function wake(awaited, wanted)
  if awaited == yes and wanted == 'wake' then redis.pcall('PUBLISH', key, '') end
end

-- WAIT waits for the last write of its connection: an own write that had landed on another one is
-- repeated in place.
local function touch(follow)
  if follow == 'confirmed' then redis.call('SETRANGE', key, 0, '1') end
end
