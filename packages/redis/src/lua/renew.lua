#!lua flags=allow-oom
-- Sets the lease to a length from now, if the record is in progress with this token.
--
-- KEYS[1]  the record
-- ARGV[1]  token
-- ARGV[2]  lease, ms
--
-- Answers { 'renewed' | 'lost' | 'unreadable', server's µs }

--@include record

local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if value and not found then return { 'unreadable', micros } end
if not found or found.status ~= 'p' or found.token ~= ARGV[1] or not counts(found, now, 'on') then
  return { 'lost', micros }
end
if found.renewed == no then redis.call('SETRANGE', key, 2, yes) end
redis.call('PEXPIREAT', key, digits(now + ARGV[2] + found.behind))
return { 'renewed', micros }
