-- The record as a string, and what every script asks of it.
--
--   1SR;fence;attempt;createdAt;startedAt;lease;completedAt;expires;behind;edit;T;F;B;N;token fingerprint body note outcome
--
-- S       p in progress, c completed, f failed, m a copy of another store's record, t deleted
-- R       1 once the lease was renewed
-- lease   while in progress its length at the claim; once settled when it ended
-- expires while in progress the retention; once settled when it is over; empty for never
-- behind  how much longer than its lease the key of a record in progress lives
-- edit    id of the request that last deleted or extended the record
-- T F B N bytes of what follows; F empty for none, B and N empty while in progress
--
-- The time to live of the key carries the lease: it is the only thing that plain SET can write by
-- the server's clock. The key of any record outlives the record by a grace.

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

local function digits(number)
  return string.format('%.0f', number)
end

local function parse(value)
  local status, renewed, fence, attempt, created, started, lease, completed, expires, behind, edit, tokenBytes, fingerprintBytes, bodyBytes, noteBytes, at =
    string.match(value, '^1(%l)([01]);(%d+);(%d+);(%d+);(%d+);(%d+);(%d*);(%d*);(%d+);([%w_-]*);(%d+);(%d*);(%d*);(%d*);()')
  if not status then return nil end
  local record = {
    status = status, renewed = renewed, fence = fence, attempt = attempt, created = created,
    started = started, lease = lease, completed = completed, expires = expires, behind = behind,
    edit = edit, tokenBytes = tokenBytes, fingerprintBytes = fingerprintBytes, at = at,
    bodyAt = at + tokenBytes + (tonumber(fingerprintBytes) or 0),
  }
  record.bodyBytes = tonumber(bodyBytes) or (#value + 1 - record.bodyAt)
  record.noteBytes = tonumber(noteBytes) or 0
  record.outcomeAt = record.bodyAt + record.bodyBytes + record.noteBytes
  if record.bodyBytes < 0 or record.outcomeAt > #value + 1 then return nil end
  record.token = string.sub(value, at, at + tokenBytes - 1)
  return record
end

-- When the key of a record in progress would have ended its lease; a key that somebody made
-- persistent tells nothing.
local function leaseUntilByKey(record)
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 and record.started + record.lease or endsAt - record.behind
end

-- As operators see it: before a renewal exactly what the claimant was answered, who took the
-- server's clock to be what startedAt says.
local function leaseUntil(record)
  if record.status ~= 'p' then return tonumber(record.lease) end
  if record.renewed == '1' then return leaseUntilByKey(record) end
  return record.started + record.lease
end

-- As it is decided by.
local function remaining(record, now)
  if record.status ~= 'p' then return record.lease - now end
  return leaseUntilByKey(record) - now
end

local function counts(record, now, paused)
  if record.status == 't' then return false end
  if record.status == 'm' or record.expires == '' then return true end
  if record.status == 'p' then return remaining(record, now) > -record.expires end
  return now < tonumber(record.expires) or (paused and record.status == 'c')
end

local function version(record)
  if record.status == 'p' then return record.fence .. '.in_progress' end
  local names = { c = 'completed', m = 'completed', f = 'failed' }
  local expires = record.expires == '' and 'never' or record.expires
  return record.fence .. '.' .. names[record.status] .. '.' .. expires
end

local function header(status, r, bodyBytes, noteBytes)
  return '1' .. status .. r.renewed .. ';' .. r.fence .. ';' .. r.attempt .. ';' .. r.created .. ';' ..
    r.started .. ';' .. r.lease .. ';' .. r.completed .. ';' .. r.expires .. ';' .. r.behind .. ';' ..
    r.edit .. ';' .. r.tokenBytes .. ';' .. r.fingerprintBytes .. ';' .. bodyBytes .. ';' .. noteBytes .. ';'
end

local function store(value, expires, grace)
  if expires == '' then
    redis.call('SET', KEYS[1], value)
  else
    redis.call('SET', KEYS[1], value, 'PXAT', digits(expires + grace))
  end
end

-- A client that may not use the channel still settles.
local function notify(wanted, what)
  if wanted == '1' then redis.pcall('PUBLISH', KEYS[1], what) end
end

-- WAIT waits for the last write of its connection: an own write that had landed on another one is
-- repeated in place.
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', KEYS[1], 0, '1') end
end
