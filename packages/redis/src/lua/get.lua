#!lua flags=no-writes
-- Reads the record.
--
-- KEYS[1]  the record
-- ARGV[1]  'paused' or 'on': what retirement is
-- ARGV[2]  'whole', or 'head' for all of it but its outcome
--
-- Answers { 'found' | 'absent' | 'unreadable', server's µs, what is left of the lease in ms,
-- lease's end in epoch ms, record or its part before the outcome, bytes of the outcome }

--@include record

local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end
if not found or not counts(found, now, ARGV[1]) then return { 'absent', micros } end
local bytes = #value + 1 - found.outcomeAt
if ARGV[2] == 'head' then value = string.sub(value, 1, found.outcomeAt - 1) end
return { 'found', micros, remaining(found, now), leaseUntil(found, now), value, bytes }
