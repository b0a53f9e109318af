-- Ends an attempt: what completing and releasing have in common. Includes record.lua.
--
-- KEYS[1]  the record
-- ARGV[1]  what a record in progress with this token, never renewed, begins with, up to the bar
-- ARGV[2]  the token in it
-- ARGV[3]  retention, ms; empty for ever
-- ARGV[4]  grace, ms
-- ARGV[5]  what the client takes the server's clock to be, epoch ms; empty if it has no idea
-- ARGV[6]  note
-- ARGV[7]  outcome; empty where it alone is too large
-- ARGV[8]  bytes of the outcome
-- ARGV[9]  bytes that a record may have
-- ARGV[10] '1' to publish it
-- ARGV[11] '1' while retirement is paused
-- ARGV[12] '1' when WAIT follows
--
-- Answers { 1 done | 2 already done | 0 lost | 3 too large | -1 corrupt, server's µs or 0, … }
-- done          the record without its outcome
-- already done  the record
-- too large     bytes that the record would have

local function settle(status)
  local value = redis.call('GET', KEYS[1])
  if not value then return { 0, 0 } end
  local prefix, grace = ARGV[1], ARGV[4]
  local prefixBytes = #prefix

  -- An owner that never renewed, and the common case: nothing needs to be taken apart.
  if ARGV[5] ~= '' and string.sub(value, 1, prefixBytes) == prefix and redis.call('PTTL', KEYS[1]) > tonumber(grace) then
    local started, lease = string.match(value, '^|%d+;%d+;%d+;(%d+);(%d+);', prefixBytes)
    if started then
      local note, expires = ARGV[6], ''
      if ARGV[3] ~= '' then expires = digits(ARGV[5] + ARGV[3]) end
      local head = '1' .. status .. string.sub(prefix, 3, -2) .. digits(math.max(ARGV[5], started)) .. ';' .. expires ..
        ';' .. digits(started + lease) .. ';' .. grace .. ';;' .. (#value - prefixBytes) .. ';' .. #note ..
        string.sub(value, prefixBytes) .. note
      local bytes = #head + ARGV[8]
      if bytes > tonumber(ARGV[9]) then return { 3, 0, bytes } end
      if ARGV[3] == '' then
        redis.call('SET', KEYS[1], head .. ARGV[7])
      else
        redis.call('SET', KEYS[1], head .. ARGV[7], 'PX', ARGV[3] + grace)
      end
      notify(ARGV[10], status)
      return { 1, 0, head }
    end
  end

  local now, micros = clock()
  local found = parse(value)
  if not found then return { -1, micros } end
  if found.token ~= ARGV[2] or not counts(found, now, ARGV[11] == '1') then return { 0, micros } end
  if found.status == status then
    touch(ARGV[12])
    return { 2, micros, value }
  end
  if found.status ~= 'p' then return { 0, micros } end

  found.leaseUntil = digits(leaseUntil(found))
  found.completed = digits(math.max(now, found.started))
  found.expires = ARGV[3] == '' and '' or digits(now + ARGV[3])
  found.grace, found.edit = grace, ''
  local claim = string.sub(value, found.claimAt)
  local head = settledHead(status, found, #claim, #ARGV[6]) .. '|' .. claim .. ARGV[6]
  local bytes = #head + ARGV[8]
  if bytes > tonumber(ARGV[9]) then return { 3, micros, bytes } end
  keep(head .. ARGV[7], found.expires, grace)
  notify(ARGV[10], status)
  return { 1, micros, head }
end
