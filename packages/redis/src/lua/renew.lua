#!lua flags=allow-oom
-- Sets the lease to a length from now, if the record is in progress with this token.
--
-- KEYS[1]  the record
-- ARGV[1]  token
-- ARGV[2]  lease, ms
--
-- Answers { 1 renewed | 0 lost | -1 corrupt, server's µs }

--@include record

local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { -1, micros } end
if not found or found.status ~= 'p' or found.token ~= ARGV[1] or not counts(found, now, false) then
  return { 0, micros }
end
if found.renewed == '0' then redis.call('SETRANGE', key, 2, '1') end
redis.call('PEXPIREAT', key, digits(now + ARGV[2] + found.behind))
return { 1, micros }
