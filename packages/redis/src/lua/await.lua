#!lua flags=allow-oom
-- Has whoever ends the record's attempt wake those who listen on the channel that has the name of its key.
-- Asked for once the caller listens: what was settled before is answered, and what is settled later is heard.
--
-- KEYS[1]  the record
--
-- Answers { 'awaited' its end will be heard of | 'over' nobody executes it, server's µs }

--@include record

local now, micros = clock()
local value = redis.call('GET', key)
local found = value and parse(value)
if not found or found.status ~= 'p' or not counts(found, now, 'on') then
  return { 'over', micros }
end
if found.awaited == no then redis.call('SETRANGE', key, 3, yes) end
return { 'awaited', micros }
