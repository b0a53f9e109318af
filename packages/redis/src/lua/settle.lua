#!lua flags=allow-oom
-- Ends attempts, each if its record is in progress with its token: completes the record, leaves it failed, or
-- in progress without its lease where nobody knows what became of it. A completion's effect has happened: a
-- server that is out of memory refuses new claims, and still takes this.
--
-- KEYS     the records
-- ARGV[1]  grace in ms; bytes that a record may have; 1 to wake who waits; 1 when WAIT follows; each with a
--          semicolon
-- ARGV     for each record two more. Its outcome, empty where it alone is too large, and before it numbers,
--          each with a semicolon, then texts. One argument costs the client far less than ten, and the client
--          is where a call's time goes. The numbers:
--            1 if the claimant knows that the record counts and stays within its limit, the status, and 1
--            while retirement is paused, together; bytes of the token; duration, if the claimant knows it;
--            retention in ms (empty for ever); bytes of the outcome; fence, if the claimant knows it
--          The texts: token, note
--
-- Answers { server's µs or 0, for each record: 4 if it was done at once, as its claimant expects it, else
--   { 1 done | 2 already done | 0 lost | 3 too large | -1 corrupt | -2 fault, … } }
-- done              the record without its outcome
-- already done      the record
-- too large         bytes that the record would have
-- fault             its message

local answers, left = { 0 }, {}
local pattern = '^(%d)(%l)(%d)(%d+);(%d*);(%d*);(%d+);(%d*);()'
local grace, maxBytes, wanted, wait = string.match(ARGV[1], '^(%d+);(%d+);(%d);(%d);')

-- An owner that never renewed, for whom nobody waits, and the common case: nothing needs to be taken apart.
local function settleAtOnce(at)
  local args = ARGV[2 * at]
  local sure, status, _, tokenBytes, duration, retention, _, fence, tokenAt = string.match(args, pattern)
  if sure ~= '1' then return false end
  local noteAt = tokenAt + tokenBytes
  local owner = tokenBytes .. ';' .. string.sub(args, tokenAt, noteAt - 1)
  local prefix = '1p00' .. owner .. '|' .. fence .. ';'
  local value = redis.call('GET', KEYS[at])
  if not value or string.sub(value, 1, #prefix) ~= prefix then return false end
  local claimAt = 6 + #owner
  local noteBytes = #args + 1 - noteAt
  local settled = '1' .. status .. '00' .. owner .. duration .. ';' .. retention .. ';;;;' .. (#value + 1 - claimAt) .. ';' ..
    (noteBytes == 0 and '' or noteBytes) .. '|' .. string.sub(value, claimAt) .. string.sub(args, noteAt) .. ARGV[2 * at + 1]
  if retention == '' then
    redis.call('SET', KEYS[at], settled)
  else
    redis.call('SET', KEYS[at], settled, 'PX', retention + grace)
  end
  return true
end

for at = 1, #KEYS do
  local isAnswered, isDone = pcall(settleAtOnce, at)
  if isAnswered and isDone then
    answers[at + 1] = 4
  else
    left[#left + 1] = at
  end
end
if #left == 0 then return answers end

--@include record

local now, micros = clock()
answers[1] = micros

local function settle(at)
  local args, outcome = ARGV[2 * at], ARGV[2 * at + 1]
  local _, status, paused, tokenBytes, _, retention, outcomeBytes, _, tokenAt = string.match(args, pattern)
  local token = string.sub(args, tokenAt, tokenAt + tokenBytes - 1)
  local note = string.sub(args, tokenAt + tokenBytes)
  key = KEYS[at]
  local value = redis.call('GET', key)
  if not value then return { 0 } end
  local found = parse(value)
  if not found then return { -1 } end
  if found.token ~= token or not counts(found, now, paused == '1') then return { 0 } end
  if found.status == status then
    touch(wait)
    return { 2, value }
  end
  if found.status ~= 'p' and found.status ~= 'u' then return { 0 } end

  if found.status == 'p' then found.leaseUntil = found.renewed == '1' and digits(leaseUntil(found, now)) or '' end
  found.duration, found.kept = digits(math.max(0, now - found.started)), retention
  if status == 'u' then
    found.leaseUntil, found.duration = digits(now), ''
    found.kept = found.retention == '' and '' or digits(now + found.retention - found.started)
  end
  found.expires = expiry(found)
  found.grace, found.edit = grace, ''
  local awaited = found.awaited
  if wanted == '1' then found.awaited = '0' end
  local claim = string.sub(value, found.claimAt, found.noteAt - 1)
  local head = settledHead(status, found, #claim, #note) .. '|' .. claim .. note
  local bytes = #head + outcomeBytes
  if bytes > tonumber(maxBytes) then return { 3, bytes } end
  keep(head .. outcome, found.expires, grace)
  if wanted == '1' then wake(awaited) end
  return { 1, head }
end

for _, at in ipairs(left) do
  local isAnswered, answer = pcall(settle, at)
  if not isAnswered then answer = { -2, type(answer) == 'table' and answer.err or answer } end
  answers[at + 1] = answer
end
return answers
