#!lua flags=allow-oom
-- Removes the record. Its fence stays for a while, so that the next claim's is higher, and so that a
-- copy that was on its way does not come back.
--
-- KEYS[1]  the record
-- ARGV[1]  version that it must be at; empty for any
-- ARGV[2]  'paused' or 'on': what retirement is
-- ARGV[3]  id of this request
-- ARGV[4]  how long the fence stays, ms
-- ARGV[5]  how long that of a copy stays, ms
-- ARGV[6]  'wake' who waits, or 'quiet'
--
-- Answers { 'deleted' | 'kept', which is also what an absent one or one at another version is | 'unreadable',
-- server's µs }

--@include record

local now, micros = clock()
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
  -- Fence 0 keeps every copy out: nobody knows which one may be on its way.
  if ARGV[1] == '' then bury('0', '', ARGV[5]) end
  return { 'kept', micros }
end
local isRecord = found and found.status ~= 'm'
if isRecord and not counts(found, now, ARGV[2]) then return { 'kept', micros } end
bury(found and found.fence or digits(micros), ARGV[3], found and found.status == 'm' and ARGV[5] or ARGV[4])
if found then wake(found.awaited, ARGV[6]) end
return { 'deleted', micros }
