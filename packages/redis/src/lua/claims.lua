-- Claims records that are free, and answers what is there of the others: `SET … NX GET` for each.
--
-- KEYS     the records
-- ARGV     for each of them its value, and the time to live of its key in ms
--
-- Answers { server's µs, for each record: nothing if it is claimed now | what the key holds | { error } }

local time = redis.call('TIME')
local answers = { time[1] * 1000000 + time[2] }
for at, key in ipairs(KEYS) do
  local found = redis.pcall('SET', key, ARGV[2 * at - 1], 'PX', ARGV[2 * at], 'NX', 'GET')
  if type(found) == 'table' then found = { found.err or 'ERR' } end
  answers[at + 1] = found
end
return answers
