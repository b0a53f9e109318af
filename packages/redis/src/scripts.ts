// Made from the files in src/lua by `pnpm generate`; do not edit.

import type { Script } from './script.ts';

const record = `
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
local function leaseUntilByKey(r, now)
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 and now + r.lease or endsAt - r.behind
end
local function expireAgain(r, now, value)
  if r.status ~= 'p' or redis.call('PTTL', KEYS[1]) ~= -1 then return value end
  redis.call('SETRANGE', KEYS[1], 2, '1')
  redis.call('PEXPIREAT', KEYS[1], digits(now + r.lease + r.behind))
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
local function settledHead(status, r, claimBytes, noteBytes)
  return '1' .. status .. r.renewed .. r.tokenBytes .. ';' .. r.token .. r.completed .. ';' .. r.expires .. ';' ..
    r.leaseUntil .. ';' .. r.grace .. ';' .. r.edit .. ';' .. claimBytes .. ';' .. noteBytes
end
local function keep(value, expires, grace)
  if expires == '' then
    redis.call('SET', KEYS[1], value)
  else
    redis.call('SET', KEYS[1], value, 'PXAT', digits(expires + grace))
  end
end
local function notify(wanted)
  if wanted == '1' then redis.pcall('PUBLISH', KEYS[1], '') end
end
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', KEYS[1], 0, '1') end
end
`;

export const claimScript: Script = {
  name: 'claim',
  sha1: '7a352885714ade2fc2b43998f2222ac87de5eab2',
  lua: `
${record}local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
local now, micros = clock()
local value = redis.call('GET', KEYS[1])
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
local fence, attempt, created = micros, '1', digits(now)
if found then
  fence = math.max(fence, found.fence + 1)
  value = expireAgain(found, now, value)
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
local claimed = '1p0' .. #token .. ';' .. token .. '|' .. digits(fence) .. ';' .. attempt .. ';' .. created .. ';' ..
  digits(now) .. ';' .. lease .. ';' .. ARGV[5] .. ';' .. ARGV[6] .. ';' .. fingerprintBytes .. ';' ..
  string.sub(fingerprint, 2) .. ARGV[3]
redis.call('SET', KEYS[1], claimed, 'PXAT', digits(now + lease + ARGV[6]))
return { 1, micros, tonumber(lease), now + lease, claimed }
`,
};

export const deleteScript: Script = {
  name: 'delete',
  sha1: '36eb540d68dfe17c8cbd01f7715342e2ee326193',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found and ARGV[1] ~= '' then return { -1, micros } end
local function bury(fence, edit, ms)
  local claim = fence .. ';0;0;0;0;;0;;'
  redis.call('SET', KEYS[1], '1t00;;;0;0;' .. edit .. ';' .. #claim .. ';0|' .. claim, 'PX', ms)
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
notify(ARGV[6])
return { 1, micros }
`,
};

export const extendScript: Script = {
  name: 'extend',
  sha1: '253421ef7985c9f78d6cb6793a38178eb17adbb6',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or (found.status ~= 'c' and found.status ~= 'f') then return { 0, micros } end
if not counts(found, now, ARGV[3] == '1') then return { 0, micros } end
if found.edit == ARGV[4] then return { 1, micros, value } end
if ARGV[2] ~= '' and version(found) ~= ARGV[2] then return { 0, micros } end
found.expires = ARGV[1] == '' and '' or digits(now + ARGV[1])
found.edit, found.grace = ARGV[4], ARGV[5]
local extended = settledHead(found.status, found, found.claimBytes, found.noteBytes) .. string.sub(value, found.claimAt - 1)
keep(extended, found.expires, ARGV[5])
notify(ARGV[6])
return { 1, micros, extended }
`,
};

export const fillScript: Script = {
  name: 'fill',
  sha1: 'f8f55a8bdabf5cd49337da7d7c1911183bed5a72',
  lua: `
${record}local _, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
local fence = tonumber(ARGV[2])
local isFree = not value
  or (found and found.status == 'm' and tonumber(found.fence) <= fence)
  or (found and found.status == 't' and found.fence ~= '0' and tonumber(found.fence) < fence)
if not isFree then return { 0, micros } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return { 1, micros }
`,
};

export const getScript: Script = {
  name: 'get',
  sha1: '7f76409be69353f396cbec8f116a9ebcb4a7a272',
  lua: `#!lua flags=no-writes
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
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
  sha1: 'b502651775f9d8738a72894172d6ee8d2f6dfc88',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or found.status ~= 'p' or found.token ~= ARGV[1] or not counts(found, now, false) then
  return { 0, micros }
end
if found.renewed == '0' then redis.call('SETRANGE', KEYS[1], 2, '1') end
redis.call('PEXPIREAT', KEYS[1], digits(now + ARGV[2] + found.behind))
return { 1, micros }
`,
};

export const settleScript: Script = {
  name: 'settle',
  sha1: 'c0aa5ba6755807151b86399941cc09c22b562c8c',
  lua: `#!lua flags=allow-oom
local value = redis.call('GET', KEYS[1])
if not value then return { 0, 0 } end
local args, outcome = ARGV[1], ARGV[2]
local prefixBytes, headBytes, noteBytes, grace, ttl, room, publish, known, prefixAt =
  string.match(args, '^(%d+);(%d+);(%d+);(%d+);(%d*);(%d+);(%d);(%d*);()')
local headAt = prefixAt + prefixBytes
local noteAt = headAt + headBytes
local restAt = noteAt + noteBytes
local prefix = string.sub(args, prefixAt, headAt - 1)
if headBytes ~= '0' and string.sub(value, 1, #prefix) == prefix then
  local claim = string.sub(value, #prefix)
  if #claim <= tonumber(room) and redis.call('PTTL', KEYS[1]) > tonumber(grace) then
    local note = noteBytes == '0' and '' or string.sub(args, noteAt, restAt - 1)
    local settled = string.sub(args, headAt, noteAt - 1) .. #claim - 1 .. ';' .. noteBytes .. claim .. note .. outcome
    if ttl == '' then
      redis.call('SET', KEYS[1], settled)
    else
      redis.call('SET', KEYS[1], settled, 'PX', ttl)
    end
    if publish == '1' then redis.pcall('PUBLISH', KEYS[1], '') end
    if known ~= '' and string.sub(claim, 2, #known + 2) == known .. ';' then return { 4, 0 } end
    return { 4, 0, value }
  end
end
${record}local note = string.sub(args, noteAt, restAt - 1)
local status, retention, outcomeBytes, maxBytes, paused, wait =
  string.match(args, '^(%l);(%d*);(%d+);(%d+);(%d);(%d);', restAt)
local token = string.match(prefix, '^1p0%d+;(.*)|$')
local now, micros = clock()
local found = parse(value)
if not found then return { -1, micros } end
if found.token ~= token or not counts(found, now, paused == '1') then return { 0, micros } end
if found.status == status then
  touch(wait)
  return { 2, micros, value }
end
if found.status ~= 'p' and found.status ~= 'u' then return { 0, micros } end
if found.status == 'p' then found.leaseUntil = found.renewed == '1' and digits(leaseUntil(found, now)) or '' end
found.completed = digits(now)
if status == 'u' then
  found.leaseUntil, found.completed, retention = digits(now), '', found.retention
end
found.expires = retention == '' and '' or digits(now + retention)
found.grace, found.edit = grace, ''
local claim = string.sub(value, found.claimAt, found.noteAt - 1)
local head = settledHead(status, found, #claim, #note) .. '|' .. claim .. note
local bytes = #head + outcomeBytes
if bytes > tonumber(maxBytes) then return { 3, micros, bytes } end
keep(head .. outcome, found.expires, grace)
notify(publish)
return { 1, micros, head }
`,
};
