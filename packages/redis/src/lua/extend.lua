#!lua flags=allow-oom
-- Changes when a settled record expires.
--
-- KEYS[1]  the record
-- ARGV[1]  retention from now, ms; empty for ever
-- ARGV[2]  version that it must be at; empty for any
-- ARGV[3]  'paused' or 'on': what retirement is
-- ARGV[4]  id of this request
-- ARGV[5]  grace, ms
--
-- Answers { 'extended' | 'unchanged' | 'unreadable', server's µs, record }

--@include record

local now, micros = clock()
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
