#!lua flags=no-writes
-- Reads the record.
--
-- KEYS[1]  the record
-- ARGV[1]  '1' while retirement is paused
-- ARGV[2]  '1' for the outcome too
--
-- Answers { 1 there | 0 absent | -1 corrupt, server's µs, what is left of the lease in ms,
-- lease's end in epoch ms, record or its part before the outcome, bytes of the outcome }

--@include record

local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or not counts(found, now, ARGV[1] == '1') then return { 0, micros } end
local bytes = #value + 1 - found.outcomeAt
if ARGV[2] ~= '1' then value = string.sub(value, 1, found.outcomeAt - 1) end
return { 1, micros, remaining(found, now), leaseUntil(found, now), value, bytes }
