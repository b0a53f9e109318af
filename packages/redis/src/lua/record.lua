-- The record as a string, and what every script asks of it. record-head.ts reads and writes the same.
--
--   1SR T;token end | claim fingerprint body note outcome
--
--   end    empty while in progress, otherwise: completedAt;expiresAt;leaseUntil;grace;edit;C;N
--   claim  fence;attempt;createdAt;startedAt;lease;retention;behind;F;
--
-- leaseUntil  empty where no renewal moved it: then it is startedAt and the lease
-- S       p in progress, c completed, f failed, m a copy of another store's record, t deleted,
--         u in progress after an attempt that ended as unknown: laid out as a settled one, without completedAt
-- R       1 once the lease was renewed
-- T       bytes of the token. It comes first, so that an owner is known without reading on
-- C, N    bytes of everything between the bar and the note, and of the note
-- F       bytes of the fingerprint; empty for none
-- edit    id of the request that last deleted or extended the record
-- createdAt, startedAt  empty where they are what the fence says: of a first claim it is that time in µs
-- lease, retention   of the claim; an empty retention, or expiresAt, means for ever
-- behind  how much longer than its lease the key of a record in progress lives
-- grace   how much longer than the record the key of a settled one lives
--
-- The time to live of the key carries the lease and the retention: it is the only thing that plain
-- SET can write by the server's clock. The times in the text are what the client took that clock to
-- be; they are for showing.

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

local function digits(number)
  return string.format('%.0f', number)
end

local function parse(value)
  local status, renewed, tokenBytes, at = string.match(value, '^1([pcfmtu])([01])(%d+);()')
  if not status then return nil end
  local r = { status = status, renewed = renewed, tokenBytes = tokenBytes }
  local bar = at + tokenBytes
  r.token = string.sub(value, at, bar - 1)
  if status ~= 'p' then
    r.completed, r.expires, r.leaseUntil, r.grace, r.edit, r.claimBytes, r.noteBytes, bar =
      string.match(value, '^(%d*);(%d*);(%d*);(%d+);([%w_-]*);(%d+);(%d+)()|', bar)
    if not bar then return nil end
  end
  r.claimAt = bar + 1
  r.fence, r.attempt, r.created, r.started, r.lease, r.retention, r.behind, r.fingerprintBytes, r.fingerprintAt =
    string.match(value, '^(%d+);(%d+);(%d*);(%d*);(%d+);(%d*);(%d+);(%d*);()', r.claimAt)
  if not r.fence or string.byte(value, bar) ~= 124 then return nil end
  if r.started == '' then r.created, r.started = string.sub(r.fence, 1, -4), string.sub(r.fence, 1, -4) end
  r.bodyAt = r.fingerprintAt + (tonumber(r.fingerprintBytes) or 0)
  r.noteAt = r.claimBytes and r.claimAt + r.claimBytes or #value + 1
  r.outcomeAt = r.noteAt + (r.noteBytes or 0)
  if r.noteAt < r.bodyAt or r.outcomeAt > #value + 1 then return nil end
  return r
end

-- A key that somebody made persistent tells nothing of its lease, which may have been renewed: it has a
-- whole one from now on.
local function leaseUntilByKey(r, now)
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 and now + r.lease or endsAt - r.behind
end

-- Lets that lease begin, for who may write. Answers the value.
local function expireAgain(r, now, value)
  if r.status ~= 'p' or redis.call('PTTL', KEYS[1]) ~= -1 then return value end
  redis.call('SETRANGE', KEYS[1], 2, '1')
  redis.call('PEXPIREAT', KEYS[1], digits(now + r.lease + r.behind))
  r.renewed = '1'
  return '1p1' .. string.sub(value, 4)
end

-- As operators see it: before a renewal exactly what the claimant was answered.
local function leaseUntil(r, now)
  if r.status == 'p' and r.renewed == '1' then return leaseUntilByKey(r, now) end
  return tonumber(r.leaseUntil) or r.started + r.lease
end

-- As it is decided by.
local function remaining(r, now)
  if r.status == 'u' then return math.min(0, leaseUntil(r, now) - now) end
  return (r.status == 'p' and leaseUntilByKey(r, now) or leaseUntil(r, now)) - now
end

local function counts(r, now, paused)
  if r.status == 't' then return false end
  if r.status == 'm' then return redis.call('PTTL', KEYS[1]) ~= -1 end
  if r.status == 'p' then return r.retention == '' or remaining(r, now) > -r.retention end
  if r.expires == '' or (paused and r.status == 'c') then return true end
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return (endsAt < 0 and tonumber(r.expires) or endsAt - r.grace) > now
end

local function version(r)
  if r.status == 'p' or r.status == 'u' then return r.fence .. '.in_progress' end
  local status = r.status == 'f' and 'failed' or 'completed'
  return r.fence .. '.' .. status .. '.' .. (r.expires == '' and 'never' or r.expires)
end

-- Everything of a settled record before the bar.
local function settledHead(status, r, claimBytes, noteBytes)
  return '1' .. status .. r.renewed .. r.tokenBytes .. ';' .. r.token .. r.completed .. ';' .. r.expires .. ';' ..
    r.leaseUntil .. ';' .. r.grace .. ';' .. r.edit .. ';' .. claimBytes .. ';' .. noteBytes
end

-- Keeps a settled record until `expires`, and its key for a grace longer.
local function keep(value, expires, grace)
  if expires == '' then
    redis.call('SET', KEYS[1], value)
  else
    redis.call('SET', KEYS[1], value, 'PXAT', digits(expires + grace))
  end
end

-- Wakes who waits for the record. A client that may not use the channel still writes.
local function notify(wanted)
  if wanted == '1' then redis.pcall('PUBLISH', KEYS[1], '') end
end

-- WAIT waits for the last write of its connection: an own write that had landed on another one is
-- repeated in place.
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', KEYS[1], 0, '1') end
end
