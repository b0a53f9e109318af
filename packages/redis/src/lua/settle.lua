#!lua flags=allow-oom
-- Ends attempts, each if its record is in progress with its token: completes the record, leaves it failed, or
-- in progress without its lease where nobody knows what became of it. A completion's effect has happened: a
-- server that is out of memory refuses new claims, and still takes this.
--
-- KEYS     the records
-- ARGV[1]  grace in ms; bytes that a record may have; 'wake' who waits, or 'quiet'; 'confirmed' when WAIT
--          follows, or 'unconfirmed'; each with a semicolon
-- ARGV[2]  of each record four parts, behind their lengths as 32-bit numbers. It is one argument, as each one costs
--          a client more than what is in it:
--            before  what it begins with, fence included, if the claimant knows it to be as it left it; else empty
--            after   what it begins with once it is settled: as far as the bar, and then the fence where `before`
--                    has it
--            tail    note and outcome; the outcome is left out where it alone is too large
--            ttl     of its key then, in ms, empty for ever; where `before` is empty instead: bytes of the
--                    outcome, a semicolon, and 'paused' or 'on', which is what retirement is
--
-- Answers { server's µs or 0, for each record: nothing if it was settled as `after` says, else
--   { 'done' | 'already_done' | 'lost' | 'too_large' | 'unreadable' | 'fault', … } }
-- done          the record without its outcome
-- already_done  the record
-- too_large     bytes that the record would have
-- fault         its message

-- An owner that never renewed, for whom nobody waits, and the common case: nothing needs to be taken apart.
local function settleAtOnce(key, before, after, tail, ttl)
  if before == '' then return false end
  local value = redis.call('GET', key)
  if not value or string.sub(value, 1, #before) ~= before then return false end
  local settled = after .. string.sub(value, #before + 1) .. tail
  if ttl == '' then
    redis.call('SET', key, settled)
  else
    redis.call('SET', key, settled, 'PX', ttl)
  end
  return true
end

local sub = string.sub
local given, from = ARGV[2], 1
local answers, left = { 0 }, {}
for at = 1, #KEYS do
  local before, after, tail, ttl, start = struct.unpack('>I4I4I4I4', given, from)
  local afterAt = start + before
  local tailAt = afterAt + after
  local ttlAt = tailAt + tail
  from = ttlAt + ttl
  before, after = sub(given, start, afterAt - 1), sub(given, afterAt, tailAt - 1)
  tail, ttl = sub(given, tailAt, ttlAt - 1), sub(given, ttlAt, from - 1)
  local isAnswered, isSettled = pcall(settleAtOnce, KEYS[at], before, after, tail, ttl)
  answers[at + 1] = false
  if not (isAnswered and isSettled) then left[#left + 1] = { at = at, after = after, tail = tail, ttl = ttl } end
end
if #left == 0 then return answers end

--@include record

local now, micros = clock()
answers[1] = micros
local grace, maxBytes, wanted, follow = string.match(ARGV[1], '^(%d+);(%d+);(%a+);(%a+);')

local function settle(one)
  local after, tail = one.after, one.tail
  local status, tokenBytes, tokenAt = string.match(after, '^1(%l)00(%d+);()')
  local endAt = tokenAt + tokenBytes
  local token = string.sub(after, tokenAt, endAt - 1)
  local retention, noteBytes = string.match(after, '^%d*;(%d*);;;;%d*;(%d*)|', endAt)
  local note = string.sub(tail, 1, tonumber(noteBytes) or 0)
  local outcome = string.sub(tail, #note + 1)
  local outcomeBytes, retirement = string.match(one.ttl, '^(%d+);(%a+)$')
  key = KEYS[one.at]
  local value = redis.call('GET', key)
  if not value then return { 'lost' } end
  local found = parse(value)
  if not found then return { 'unreadable' } end
  if found.token ~= token or not counts(found, now, retirement) then return { 'lost' } end
  if found.status == status then
    touch(follow)
    return { 'already_done', value }
  end
  if found.status ~= 'p' and found.status ~= 'u' then return { 'lost' } end

  if found.status == 'p' then found.leaseUntil = found.renewed == yes and digits(leaseUntil(found, now)) or '' end
  found.duration, found.kept = digits(math.max(0, now - found.started)), retention
  if status == 'u' then
    -- What the claimant took the clock to be may be ahead of it.
    found.leaseUntil, found.duration = digits(math.max(now, found.started)), ''
    found.kept = found.retention == '' and '' or digits(now + found.retention - found.started)
  end
  found.expires = expiry(found)
  found.grace, found.edit = grace, ''
  local awaited = found.awaited
  if wanted == 'wake' then found.awaited = no end
  local claim = string.sub(value, found.claimAt, found.noteAt - 1)
  local head = settledHead(status, found, #claim, #note) .. '|' .. claim .. note
  local bytes = #head + (outcomeBytes or #outcome)
  if bytes > tonumber(maxBytes) then return { 'too_large', bytes } end
  keep(head .. outcome, found.expires, grace)
  wake(awaited, wanted)
  return { 'done', head }
end

for turn = 1, #left do
  local isAnswered, answer = pcall(settle, left[turn])
  if not isAnswered then answer = { 'fault', type(answer) == 'table' and answer.err or answer } end
  answers[left[turn].at + 1] = answer
end
return answers
