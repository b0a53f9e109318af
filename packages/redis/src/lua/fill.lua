-- Takes a copy of another store's completed record, unless this store decides about the record or
-- knows a newer one.
--
-- KEYS[1]  the record
-- ARGV[1]  the copy
-- ARGV[2]  its fence
-- ARGV[3]  how long it may stay, ms
--
-- Answers { 'taken' | 'refused', server's µs }

--@include record

local micros = select(2, clock())
local value = redis.call('GET', key)
local found = value and parse(value)
local fence = tonumber(ARGV[2])
local isFree = not value
  or (found and found.status == 'm' and tonumber(found.fence) <= fence)
  or (found and found.status == 't' and found.fence ~= '0' and tonumber(found.fence) < fence)
if not isFree then return { 'refused', micros } end
redis.call('SET', key, ARGV[1], 'PX', ARGV[3])
return { 'taken', micros }
