// Made from the files in src/lua by `pnpm generate`; do not edit.

import type { Script } from './script.ts';

const record = `local forever = 3153600000000
local key = KEYS[1]
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end
local function digits(number)
  return string.format('%.0f', number)
end
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
local function leaseUntilByKey(r, now)
  local endsAt = redis.call('PEXPIRETIME', key)
  return endsAt < 0 and now + r.lease or endsAt - r.behind
end
local function expireAgain(r, now, value)
  if r.status ~= 'p' or redis.call('PTTL', key) ~= -1 then return value end
  redis.call('SETRANGE', key, 2, '1')
  redis.call('PEXPIREAT', key, digits(now + r.lease + r.behind))
  r.renewed = '1'
  return '1p1' .. string.sub(value, 4)
end
local function leaseUntil(r, now)
  if r.status == 'p' and r.renewed == '1' then return leaseUntilByKey(r, now) end
  return tonumber(r.leaseUntil) or r.started + r.lease
end
local function remaining(r, now)
  if r.status == 'u' then return math.min(0, leaseUntil(r, now) - now) end
  return (r.status == 'p' and leaseUntilByKey(r, now) or leaseUntil(r, now)) - now
end
local function counts(r, now, paused)
  if r.status == 't' then return false end
  if r.status == 'm' then return redis.call('PTTL', key) ~= -1 end
  if r.status == 'p' then return r.retention == '' or remaining(r, now) > -r.retention end
  if r.expires == '' or (paused and r.status == 'c') then return true end
  local endsAt = redis.call('PEXPIRETIME', key)
  return (endsAt < 0 and tonumber(r.expires) or endsAt - r.grace) > now
end
local function version(r)
  if r.status == 'p' or r.status == 'u' then return r.fence .. '.in_progress' end
  local status = r.status == 'f' and 'failed' or 'completed'
  return r.fence .. '.' .. status .. '.' .. (r.expires == '' and 'never' or r.expires)
end
local function settledHead(status, r, claimBytes, noteBytes)
  return '1' .. status .. r.renewed .. r.awaited .. r.tokenBytes .. ';' .. r.token .. r.duration .. ';' .. r.kept .. ';' ..
    r.leaseUntil .. ';' .. (r.grace == r.claimGrace and '' or r.grace) .. ';' .. r.edit .. ';' .. claimBytes .. ';' ..
    (noteBytes == 0 and '' or noteBytes)
end
local function keep(value, expires, grace)
  if expires == '' then
    redis.call('SET', key, value)
  else
    redis.call('SET', key, value, 'PXAT', digits(expires + grace))
  end
end
local function wake(awaited)
  if awaited == '1' then redis.pcall('PUBLISH', key, '') end
end
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', key, 0, '1') end
end
`;

export const awaitScript: Script = {
  name: 'await',
  sha1: '1da9333ea488238f96138e85ebf34594dfd9948b',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if not found or found.status ~= 'p' or not counts(found, now, false) then
  return { 0, micros }
end
if found.awaited == '0' then redis.call('SETRANGE', key, 3, '1') end
return { 1, micros }
`,
};

export const claimScript: Script = {
  name: 'claim',
  sha1: '931ac761c5ef27367683a7774f7efa180c8c120a',
  lua: `
${record}local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
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
local fence, attempt, created, awaited = micros, '1', '', '0'
if found then
  fence = math.max(fence, found.fence + 1)
  value = expireAgain(found, now, value)
  awaited = running and found.awaited or '0'
  if counts(found, now, ARGV[9] == '1') then
    local left = remaining(found, now)
    local mine = running and found.token == token
    if mine or not claimable(left) then
      if mine then touch(ARGV[10]) end
      return { mine and 1 or 0, micros, left, leaseUntil(found, now), value }
    end
    attempt, created = digits(found.attempt + (ARGV[11] == '1' and 0 or 1)), found.created
  end
end
local fingerprintBytes = fingerprint == '' and '' or #fingerprint - 1
local started = fence == micros and '' or digits(now)
local behind = (ARGV[5] == '' and forever or ARGV[5]) + ARGV[6]
local claimed = '1p0' .. awaited .. #token .. ';' .. token .. '|' .. digits(fence) .. ';' .. attempt .. ';' .. created .. ';' ..
  started .. ';' .. lease .. ';' .. ARGV[5] .. ';' .. ARGV[6] .. ';' .. fingerprintBytes .. ';' ..
  string.sub(fingerprint, 2) .. ARGV[3]
redis.call('SET', key, claimed, 'PXAT', digits(now + lease + behind))
return { 1, micros, tonumber(lease), now + lease, claimed }
`,
};

export const claimsScript: Script = {
  name: 'claims',
  sha1: '5ce116854c655d8b2623a3340f08b2384897c3a4',
  lua: `
local time = redis.call('TIME')
local answers = { time[1] * 1000000 + time[2] }
for at, key in ipairs(KEYS) do
  local found = redis.pcall('SET', key, ARGV[2 * at - 1], 'PX', ARGV[2 * at], 'NX', 'GET')
  if type(found) == 'table' then found = { found.err or 'ERR' } end
  answers[at + 1] = found
end
return answers
`,
};

export const deleteScript: Script = {
  name: 'delete',
  sha1: '22f06144e4d3ed9334b9eefdbfacbf6e2b0c3bbd',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found and ARGV[1] ~= '' then return { -1, micros } end
local function bury(fence, edit, ms)
  local claim = fence .. ';0;0;0;0;;0;;'
  redis.call('SET', key, '1t000;;;;;' .. edit .. ';' .. #claim .. ';|' .. claim, 'PX', ms)
end
if found and found.status == 't' then return { found.edit == ARGV[3] and 1 or 0, micros } end
if found and ARGV[1] ~= '' and version(found) ~= ARGV[1] then return { 0, micros } end
if not value then
  if ARGV[1] == '' then bury('0', '', ARGV[5]) end
  return { 0, micros }
end
local isRecord = found and found.status ~= 'm'
if isRecord and not counts(found, now, ARGV[2] == '1') then return { 0, micros } end
bury(found and found.fence or digits(micros), ARGV[3], found and found.status == 'm' and ARGV[5] or ARGV[4])
if ARGV[6] == '1' and found then wake(found.awaited) end
return { 1, micros }
`,
};

export const extendScript: Script = {
  name: 'extend',
  sha1: 'ae74655c1b70282c4f060276f95d99781f93c2a0',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or (found.status ~= 'c' and found.status ~= 'f') then return { 0, micros } end
if not counts(found, now, ARGV[3] == '1') then return { 0, micros } end
if found.edit == ARGV[4] then return { 1, micros, value } end
if ARGV[2] ~= '' and version(found) ~= ARGV[2] then return { 0, micros } end
found.kept = ARGV[1] == '' and '' or digits(now + ARGV[1] - found.started - (tonumber(found.duration) or 0))
found.expires = expiry(found)
found.edit, found.grace = ARGV[4], ARGV[5]
local extended = settledHead(found.status, found, found.claimBytes, found.noteBytes) .. string.sub(value, found.claimAt - 1)
keep(extended, found.expires, ARGV[5])
return { 1, micros, extended }
`,
};

export const fillScript: Script = {
  name: 'fill',
  sha1: 'ba13e7de43d23fa784d4b9774a7dc724b39b507a',
  lua: `
${record}local _, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
local fence = tonumber(ARGV[2])
local isFree = not value
  or (found and found.status == 'm' and tonumber(found.fence) <= fence)
  or (found and found.status == 't' and found.fence ~= '0' and tonumber(found.fence) < fence)
if not isFree then return { 0, micros } end
redis.call('SET', key, ARGV[1], 'PX', ARGV[3])
return { 1, micros }
`,
};

export const getScript: Script = {
  name: 'get',
  sha1: 'a30e8999d5ec11e99f2bd7f1c6d5cbf391a8ad57',
  lua: `#!lua flags=no-writes
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or not counts(found, now, ARGV[1] == '1') then return { 0, micros } end
local bytes = #value + 1 - found.outcomeAt
if ARGV[2] ~= '1' then value = string.sub(value, 1, found.outcomeAt - 1) end
return { 1, micros, remaining(found, now), leaseUntil(found, now), value, bytes }
`,
};

export const renewScript: Script = {
  name: 'renew',
  sha1: '4fda1ec4bfa6679565035d7631404fb0a7ef3bd3',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or found.status ~= 'p' or found.token ~= ARGV[1] or not counts(found, now, false) then
  return { 0, micros }
end
if found.renewed == '0' then redis.call('SETRANGE', key, 2, '1') end
redis.call('PEXPIREAT', key, digits(now + ARGV[2] + found.behind))
return { 1, micros }
`,
};

export const settleScript: Script = {
  name: 'settle',
  sha1: '4df64499e14afa18b52b7ed17eef6946751c8a45',
  lua: `#!lua flags=allow-oom
local answers, left = { 0 }, {}
local pattern = '^(%d)(%l)(%d)(%d+);(%d*);(%d*);(%d+);(%d*);()'
local grace, maxBytes, wanted, wait = string.match(ARGV[1], '^(%d+);(%d+);(%d);(%d);')
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
${record}local now, micros = clock()
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
`,
};
