-- Claims the record if it is free, failed, expired or abandoned; otherwise answers it as it is.
--
-- KEYS[1]  the record
-- ARGV[1]  token
-- ARGV[2]  fingerprint, behind a '='; empty for none
-- ARGV[3]  body
-- ARGV[4]  lease, ms
-- ARGV[5]  retention, ms; empty for ever
-- ARGV[6]  grace, ms
-- ARGV[7]  'hold' answers an abandoned record as it is
-- ARGV[8]  version that the claim supersedes; empty for none
-- ARGV[9]  'paused' or 'on': what retirement is
-- ARGV[10] 'confirmed' when WAIT follows, or 'unconfirmed'
-- ARGV[11] 'settles' if the claim does not count as an attempt, or 'executes'
--
-- Answers { 'acquired' | 'existing' | 'unreadable', server's µs, what is left of the lease in ms,
-- lease's end in epoch ms, record }

--@include record

local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end

local running = found and (found.status == 'p' or found.status == 'u')

local function claimable(left)
  if found.status == 'm' then return false end
  if found.fingerprintBytes ~= '' and fingerprint ~= '' then
    if string.sub(value, found.fingerprintAt, found.bodyAt - 1) ~= string.sub(fingerprint, 2) then return false end
  end
  if running and left > 0 then return false end
  if ARGV[8] ~= '' then return version(found) == ARGV[8] end
  if running then return ARGV[7] ~= 'hold' end
  return found.status == 'f'
end

-- Who waits for a record that is taken over goes on waiting.
local fence, attempt, created, awaited = micros, '1', '', no
if found then
  fence = math.max(fence, found.fence + 1)
  value = expireAgain(found, now, value)
  awaited = running and found.awaited or no
  if counts(found, now, ARGV[9]) then
    local left = remaining(found, now)
    local mine = running and found.token == token
    if mine or not claimable(left) then
      if mine then touch(ARGV[10]) end
      return { mine and 'acquired' or 'existing', micros, left, leaseUntil(found, now), value }
    end
    attempt, created = digits(found.attempt + (ARGV[11] == 'settles' and 0 or 1)), found.created
  end
end

local fingerprintBytes = fingerprint == '' and '' or #fingerprint - 1
local started = fence == micros and '' or digits(now)
local behind = (ARGV[5] == '' and forever or ARGV[5]) + ARGV[6]
local claimed = '1p' .. no .. awaited .. #token .. ';' .. token .. '|' .. digits(fence) .. ';' .. attempt .. ';' .. created .. ';' ..
  started .. ';' .. lease .. ';' .. ARGV[5] .. ';' .. ARGV[6] .. ';' .. fingerprintBytes .. ';' ..
  string.sub(fingerprint, 2) .. ARGV[3]
redis.call('SET', key, claimed, 'PXAT', digits(now + lease + behind))
return { 'acquired', micros, tonumber(lease), now + lease, claimed }
