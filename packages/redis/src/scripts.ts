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
  local status, renewed, tokenBytes, at = string.match(value, '^1([pcfmt])([01])(%d+);()')
  if not status then return nil end
  local r = { status = status, renewed = renewed, tokenBytes = tokenBytes }
  local bar = at + tokenBytes
  r.token = string.sub(value, at, bar - 1)
  if status ~= 'p' then
    r.completed, r.expires, r.leaseUntil, r.grace, r.edit, r.claimBytes, r.noteBytes, bar =
      string.match(value, '^(%d*);(%d*);(%d+);(%d+);([%w_-]*);(%d+);(%d+)()|', bar)
    if not bar then return nil end
  end
  r.claimAt = bar + 1
  r.fence, r.attempt, r.created, r.started, r.lease, r.retention, r.behind, r.fingerprintBytes, r.fingerprintAt =
    string.match(value, '^(%d+);(%d+);(%d+);(%d+);(%d+);(%d*);(%d+);(%d*);()', r.claimAt)
  if not r.fence or string.byte(value, bar) ~= 124 then return nil end
  r.bodyAt = r.fingerprintAt + (tonumber(r.fingerprintBytes) or 0)
  r.noteAt = r.claimBytes and r.claimAt + r.claimBytes or #value + 1
  r.outcomeAt = r.noteAt + (r.noteBytes or 0)
  if r.noteAt < r.bodyAt or r.outcomeAt > #value + 1 then return nil end
  return r
end
local function leaseUntilByKey(r)
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 and r.started + r.lease or endsAt - r.behind
end
local function leaseUntil(r)
  if r.status ~= 'p' then return tonumber(r.leaseUntil) end
  if r.renewed == '1' then return leaseUntilByKey(r) end
  return r.started + r.lease
end
local function remaining(r, now)
  if r.status ~= 'p' then return r.leaseUntil - now end
  return leaseUntilByKey(r) - now
end
local function counts(r, now, paused)
  if r.status == 't' then return false end
  if r.status == 'm' then return true end
  if r.status == 'p' then return r.retention == '' or remaining(r, now) > -r.retention end
  if r.expires == '' or (paused and r.status == 'c') then return true end
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 or endsAt - r.grace > now
end
local function version(r)
  if r.status == 'p' then return r.fence .. '.in_progress' end
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
local function notify(wanted, what)
  if wanted == '1' then redis.pcall('PUBLISH', KEYS[1], what) end
end
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', KEYS[1], 0, '1') end
end
`;

const settle = `
local function settle(status)
  local value = redis.call('GET', KEYS[1])
  if not value then return { 0, 0 } end
  local prefix, grace = ARGV[1], ARGV[4]
  local prefixBytes = #prefix
  if ARGV[5] ~= '' and string.sub(value, 1, prefixBytes) == prefix and redis.call('PTTL', KEYS[1]) > tonumber(grace) then
    local started, lease = string.match(value, '^|%d+;%d+;%d+;(%d+);(%d+);', prefixBytes)
    if started then
      local note, expires = ARGV[6], ''
      if ARGV[3] ~= '' then expires = digits(ARGV[5] + ARGV[3]) end
      local head = '1' .. status .. string.sub(prefix, 3, -2) .. digits(math.max(ARGV[5], started)) .. ';' .. expires ..
        ';' .. digits(started + lease) .. ';' .. grace .. ';;' .. (#value - prefixBytes) .. ';' .. #note ..
        string.sub(value, prefixBytes) .. note
      local bytes = #head + ARGV[8]
      if bytes > tonumber(ARGV[9]) then return { 3, 0, bytes } end
      if ARGV[3] == '' then
        redis.call('SET', KEYS[1], head .. ARGV[7])
      else
        redis.call('SET', KEYS[1], head .. ARGV[7], 'PX', ARGV[3] + grace)
      end
      notify(ARGV[10], status)
      return { 1, 0, head }
    end
  end
  local now, micros = clock()
  local found = parse(value)
  if not found then return { -1, micros } end
  if found.token ~= ARGV[2] or not counts(found, now, ARGV[11] == '1') then return { 0, micros } end
  if found.status == status then
    touch(ARGV[12])
    return { 2, micros, value }
  end
  if found.status ~= 'p' then return { 0, micros } end
  found.leaseUntil = digits(leaseUntil(found))
  found.completed = digits(math.max(now, found.started))
  found.expires = ARGV[3] == '' and '' or digits(now + ARGV[3])
  found.grace, found.edit = grace, ''
  local claim = string.sub(value, found.claimAt)
  local head = settledHead(status, found, #claim, #ARGV[6]) .. '|' .. claim .. ARGV[6]
  local bytes = #head + ARGV[8]
  if bytes > tonumber(ARGV[9]) then return { 3, micros, bytes } end
  keep(head .. ARGV[7], found.expires, grace)
  notify(ARGV[10], status)
  return { 1, micros, head }
end
`;

export const claimScript: Script = {
  name: 'claim',
  sha1: '7523cc097f56235844a48593520bd3a964091858',
  lua: `
${record}local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
local function claimable(left)
  if found.status == 'm' then return false end
  if found.fingerprintBytes ~= '' and fingerprint ~= '' then
    if string.sub(value, found.fingerprintAt, found.bodyAt - 1) ~= string.sub(fingerprint, 2) then return false end
  end
  if found.status == 'p' and left > 0 then return false end
  if ARGV[8] ~= '' then return version(found) == ARGV[8] end
  if found.status == 'p' then return ARGV[7] ~= 'hold' end
  return found.status == 'f'
end
local fence, attempt, created = micros, '1', digits(now)
if found then
  fence = math.max(fence, found.fence + 1)
  if counts(found, now, ARGV[9] == '1') then
    local left = remaining(found, now)
    local mine = found.status == 'p' and found.token == token
    if mine or not claimable(left) then
      if mine then touch(ARGV[10]) end
      return { mine and 1 or 0, micros, left, leaseUntil(found), value }
    end
    attempt, created = digits(found.attempt + 1), found.created
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

export const completeScript: Script = {
  name: 'complete',
  sha1: '65f88a3f98b0bf610107b038dc6236f29c2ac081',
  lua: `#!lua flags=allow-oom
${record}${settle}return settle('c')
`,
};

export const deleteScript: Script = {
  name: 'delete',
  sha1: '83d3753e3d9112d4809d2f6610fdbd0b3fdd7eae',
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
if found and not counts(found, now, ARGV[2] == '1') then return { 0, micros } end
bury(found and found.fence or digits(micros), ARGV[3], found and found.status == 'm' and ARGV[5] or ARGV[4])
notify(ARGV[6], 'd')
return { 1, micros }
`,
};

export const extendScript: Script = {
  name: 'extend',
  sha1: '86d13e52b961954068a42f70e3c45e6ac9b2ee15',
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
notify(ARGV[6], 'e')
return { 1, micros, extended }
`,
};

export const fillScript: Script = {
  name: 'fill',
  sha1: '15ea1a24a037622a04df233739320c9a3b9cbcd5',
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
  sha1: '9619c312199d65d38e23296524f3d5a71fc0b39e',
  lua: `#!lua flags=no-writes
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or not counts(found, now, ARGV[1] == '1') then return { 0, micros } end
local bytes = #value + 1 - found.outcomeAt
if ARGV[2] ~= '1' then value = string.sub(value, 1, found.outcomeAt - 1) end
return { 1, micros, remaining(found, now), leaseUntil(found), value, bytes }
`,
};

export const releaseScript: Script = {
  name: 'release',
  sha1: '6c883c020702ac710bfbd2f8baf60f41bfe9efaf',
  lua: `#!lua flags=allow-oom
${record}${settle}return settle('f')
`,
};

export const renewScript: Script = {
  name: 'renew',
  sha1: '9bd6d9ada5e6a65cd08c89d2bc4b0aeb44485244',
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
