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
local function leaseUntilByKey(record)
  local endsAt = redis.call('PEXPIRETIME', KEYS[1])
  return endsAt < 0 and record.started + record.lease or endsAt - record.behind
end
local function leaseUntil(record)
  if record.status ~= 'p' then return tonumber(record.lease) end
  if record.renewed == '1' then return leaseUntilByKey(record) end
  return record.started + record.lease
end
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
local function notify(wanted, what)
  if wanted == '1' then redis.pcall('PUBLISH', KEYS[1], what) end
end
local function touch(wanted)
  if wanted == '1' then redis.call('SETRANGE', KEYS[1], 0, '1') end
end
`;

const settle = `
local function settle(status, args)
  local now, micros = clock()
  local value = redis.call('GET', KEYS[1])
  local found = value and parse(value)
  if value and not found then return { -1, micros } end
  if not found or found.token ~= args.token or not counts(found, now, args.paused) then
    return { 0, micros }
  end
  if found.status == status then
    touch(args.wait)
    return { 2, micros, tonumber(found.lease), value }
  end
  if found.status ~= 'p' then return { 0, micros } end
  found.lease = digits(leaseUntil(found))
  found.completed = digits(math.max(now, found.started))
  found.expires = args.retention == '' and '' or digits(now + args.retention)
  found.behind = '0'
  local settled = header(status, found, found.bodyBytes, #args.note) .. string.sub(value, found.at) .. args.note
  local bytes = #settled + args.outcomeBytes
  if bytes > args.maxBytes then return { 3, micros, bytes } end
  store(settled .. args.outcome, found.expires, args.grace)
  notify(args.notify, status)
  return { 1, micros, tonumber(found.lease), settled }
end
`;

export const claimScript: Script = {
  name: 'claim',
  sha1: 'd9c48ccce601806b1715bb0fa16823e6180e3b98',
  lua: `
${record}local token, fingerprint, lease = ARGV[1], ARGV[2], ARGV[4]
local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
local function claimable(left)
  if found.status == 'm' then return false end
  if found.fingerprintBytes ~= '' and fingerprint ~= '' then
    local at = found.at + found.tokenBytes
    if string.sub(value, at, found.bodyAt - 1) ~= string.sub(fingerprint, 2) then return false end
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
local claimed = header('p', {
  renewed = '0', fence = digits(fence), attempt = attempt, created = created, started = digits(now),
  lease = lease, completed = '', expires = ARGV[5], behind = ARGV[6], edit = '', tokenBytes = #token,
  fingerprintBytes = fingerprint == '' and '' or #fingerprint - 1,
}, '', '') .. token .. string.sub(fingerprint, 2) .. ARGV[3]
store(claimed, now + lease, ARGV[6])
return { 1, micros, tonumber(lease), now + lease, claimed }
`,
};

export const completeScript: Script = {
  name: 'complete',
  sha1: '2ab1fd0cefceb11b66e21de5a4b9c252ea7386bd',
  lua: `#!lua flags=allow-oom
${record}${settle}return settle('c', {
  token = ARGV[1], retention = ARGV[2], grace = ARGV[3], note = ARGV[4], outcome = ARGV[5],
  outcomeBytes = tonumber(ARGV[6]), maxBytes = tonumber(ARGV[7]), notify = ARGV[8],
  paused = ARGV[9] == '1', wait = ARGV[10],
})
`,
};

export const deleteScript: Script = {
  name: 'delete',
  sha1: 'bfae12cd446c11679d06288b3650d569ce2edffe',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found and ARGV[1] ~= '' then return { -1, micros } end
local function bury(fence, edit, ms)
  redis.call('SET', KEYS[1], '1t0;' .. fence .. ';0;0;0;0;;;0;' .. edit .. ';0;;;;', 'PX', ms)
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
  sha1: '3a547d6d40f26b5d43588e3b341fb9fdf530e84c',
  lua: `#!lua flags=allow-oom
${record}local now, micros = clock()
local value = redis.call('GET', KEYS[1])
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or (found.status ~= 'c' and found.status ~= 'f') then return { 0, micros } end
if not counts(found, now, ARGV[3] == '1') then return { 0, micros } end
if found.edit == ARGV[4] then return { 1, micros, tonumber(found.lease), value } end
if ARGV[2] ~= '' and version(found) ~= ARGV[2] then return { 0, micros } end
found.expires = ARGV[1] == '' and '' or digits(now + ARGV[1])
found.edit = ARGV[4]
local extended = header(found.status, found, found.bodyBytes, found.noteBytes) .. string.sub(value, found.at)
store(extended, found.expires, ARGV[5])
notify(ARGV[6], 'e')
return { 1, micros, tonumber(found.lease), extended }
`,
};

export const fillScript: Script = {
  name: 'fill',
  sha1: 'ebddd61f0ae207050fc5f4a81d15a08a91180813',
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
  sha1: 'b3352abadcf94fe9750f8c2191d1f2e2dd9e0880',
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
  sha1: 'ead2650007a8f9f2c604d82ba0127eedf9d63c21',
  lua: `#!lua flags=allow-oom
${record}${settle}return settle('f', {
  token = ARGV[1], retention = ARGV[2], grace = ARGV[3], note = ARGV[4], outcome = '',
  outcomeBytes = 0, maxBytes = tonumber(ARGV[5]), notify = ARGV[6], paused = ARGV[7] == '1',
  wait = ARGV[8],
})
`,
};

export const renewScript: Script = {
  name: 'renew',
  sha1: '682bde74940033b1a6f58a379bed03a80405ad8f',
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
