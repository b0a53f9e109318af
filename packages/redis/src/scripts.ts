// Made from the files in src/lua by `pnpm generate`; do not edit.

import type { Script } from './script.ts';

const record = `local forever = 3153600000000
local key = KEYS[1]
local yes, no = '1', '0'
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
  redis.call('SETRANGE', key, 2, yes)
  redis.call('PEXPIREAT', key, digits(now + r.lease + r.behind))
  r.renewed = yes
  return '1p' .. yes .. string.sub(value, 4)
end
local function leaseUntil(r, now)
  if r.status == 'p' and r.renewed == yes then return leaseUntilByKey(r, now) end
  return tonumber(r.leaseUntil) or r.started + r.lease
end
local function remaining(r, now)
  if r.status == 'u' then return math.min(0, leaseUntil(r, now) - now) end
  return (r.status == 'p' and leaseUntilByKey(r, now) or leaseUntil(r, now)) - now
end
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
local function wake(awaited, wanted)
  if awaited == yes and wanted == 'wake' then redis.pcall('PUBLISH', key, '') end
end
local function touch(follow)
  if follow == 'confirmed' then redis.call('SETRANGE', key, 0, '1') end
end
`;

export const awaitScript: Script = {
  name: 'await',
  sha1: '55b6452fdc11daa44070fd9b4204e61019891ee8',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if not found or found.status ~= 'p' or not counts(found, now, 'on') then
  return { 'over', micros }
end
if found.awaited == no then redis.call('SETRANGE', key, 3, yes) end
return { 'awaited', micros }
`,
};

export const claimScript: Script = {
  name: 'claim',
  sha1: '751194cfd562ac33ccb4f8f85b617dd5bd462dbb',
  lua: `
${record}local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
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
  sha1: '303a85babdc6f6dc6bbe89016e70c58bb260af13',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found and ARGV[1] ~= '' then return { 'unreadable', micros } end
local function bury(fence, edit, ms)
  local claim = fence .. ';0;0;0;0;;0;;'
  redis.call('SET', key, '1t000;;;;;' .. edit .. ';' .. #claim .. ';|' .. claim, 'PX', ms)
end
if found and found.status == 't' then return { found.edit == ARGV[3] and 'deleted' or 'kept', micros } end
if found and ARGV[1] ~= '' and version(found) ~= ARGV[1] then return { 'kept', micros } end
if not value then
  if ARGV[1] == '' then bury('0', '', ARGV[5]) end
  return { 'kept', micros }
end
local isRecord = found and found.status ~= 'm'
if isRecord and not counts(found, now, ARGV[2]) then return { 'kept', micros } end
bury(found and found.fence or digits(micros), ARGV[3], found and found.status == 'm' and ARGV[5] or ARGV[4])
if found then wake(found.awaited, ARGV[6]) end
return { 'deleted', micros }
`,
};

export const extendScript: Script = {
  name: 'extend',
  sha1: '6943ab2bab10028279f011ccceacbc61881b021f',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end
if not found or (found.status ~= 'c' and found.status ~= 'f') then return { 'unchanged', micros } end
if not counts(found, now, ARGV[3]) then return { 'unchanged', micros } end
if found.edit == ARGV[4] then return { 'extended', micros, value } end
if ARGV[2] ~= '' and version(found) ~= ARGV[2] then return { 'unchanged', micros } end
found.kept = ARGV[1] == '' and '' or digits(now + ARGV[1] - found.started - (tonumber(found.duration) or 0))
found.expires = expiry(found)
found.edit, found.grace = ARGV[4], ARGV[5]
local extended = settledHead(found.status, found, found.claimBytes, found.noteBytes) .. string.sub(value, found.claimAt - 1)
keep(extended, found.expires, ARGV[5])
return { 'extended', micros, extended }
`,
};

export const fillScript: Script = {
  name: 'fill',
  sha1: '391d5bcd63008a51b12e53f43ec9b81e4d5dce73',
  lua: `
${record}local micros = select(2, clock())
local value = redis.call('GET', key)
local found = value and parse(value)
local fence = tonumber(ARGV[2])
local isFree = not value
  or (found and found.status == 'm' and tonumber(found.fence) <= fence)
  or (found and found.status == 't' and found.fence ~= '0' and tonumber(found.fence) < fence)
if not isFree then return { 'refused', micros } end
redis.call('SET', key, ARGV[1], 'PX', ARGV[3])
return { 'taken', micros }
`,
};

export const getScript: Script = {
  name: 'get',
  sha1: 'e0d7a5bdc42f101639b396e960fdaaf398e9bbbd',
  lua: `#!lua flags=no-writes
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end
if not found or not counts(found, now, ARGV[1]) then return { 'absent', micros } end
local bytes = #value + 1 - found.outcomeAt
if ARGV[2] == 'head' then value = string.sub(value, 1, found.outcomeAt - 1) end
return { 'found', micros, remaining(found, now), leaseUntil(found, now), value, bytes }
`,
};

export const renewScript: Script = {
  name: 'renew',
  sha1: 'bcf431364f478145769977ecfd02d4f5e3e7548e',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end
if not found or found.status ~= 'p' or found.token ~= ARGV[1] or not counts(found, now, 'on') then
  return { 'lost', micros }
end
if found.renewed == no then redis.call('SETRANGE', key, 2, yes) end
redis.call('PEXPIREAT', key, digits(now + ARGV[2] + found.behind))
return { 'renewed', micros }
`,
};

export const settleScript: Script = {
  name: 'settle',
  sha1: '94da9b3a382862f6f936e3e60a919142cdaece05',
  lua: `#!lua flags=allow-oom
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
${record}local now, micros = clock()
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
`,
};
