#!lua flags=allow-oom
-- Ends attempts, each if its record is in progress with its token: completes the record, leaves it failed, or
-- in progress without its lease where nobody knows what became of it. A completion's effect has happened: a
-- server that is out of memory refuses new claims, and still takes this.
--
-- KEYS     the records
-- ARGV[1]  grace in ms; bytes that a record may have; 'wake' who waits, or 'quiet'; 'confirmed' when WAIT
--          follows, or 'unconfirmed'; each with a semicolon
-- ARGV     for each record four more:
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
local function settleAtOnce(at)
  local first = 4 * at - 2
  local before = ARGV[first]
  if before == '' then return false end
  local value = redis.call('GET', KEYS[at])
  if not value or string.sub(value, 1, #before) ~= before then return false end
  local settled = ARGV[first + 1] .. string.sub(value, #before + 1) .. ARGV[first + 2]
  local ttl = ARGV[first + 3]
  if ttl == '' then
    redis.call('SET', KEYS[at], settled)
  else
    redis.call('SET', KEYS[at], settled, 'PX', ttl)
  end
  return true
end

local answers, left = { 0 }, {}
for at = 1, #KEYS do
  local isAnswered, isSettled = pcall(settleAtOnce, at)
  answers[at + 1] = false
  if not (isAnswered and isSettled) then left[#left + 1] = at end
end
if #left == 0 then return answers end

--@include record

local now, micros = clock()
answers[1] = micros
local grace, maxBytes, wanted, follow = string.match(ARGV[1], '^(%d+);(%d+);(%a+);(%a+);')

local function settle(at)
  local first = 4 * at - 2
  local after, tail = ARGV[first + 1], ARGV[first + 2]
  local status, tokenBytes, tokenAt = string.match(after, '^1(%l)00(%d+);()')
  local endAt = tokenAt + tokenBytes
  local token = string.sub(after, tokenAt, endAt - 1)
  local retention, noteBytes = string.match(after, '^%d*;(%d*);;;;%d*;(%d*)|', endAt)
  local note = string.sub(tail, 1, tonumber(noteBytes) or 0)
  local outcome = string.sub(tail, #note + 1)
  local outcomeBytes, retirement = string.match(ARGV[first + 3], '^(%d+);(%a+)$')
  key = KEYS[at]
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
    found.leaseUntil, found.duration = digits(now), ''
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
  answers[left[turn] + 1] = answer
end
return answers
