-- Ends an attempt: what completing and releasing have in common. Includes record.lua.

local function settle(status, args)
  local now, micros = clock()
  local value = redis.call('GET', KEYS[1])
  local found = value and parse(value)
  if value and not found then return { -1, micros } end
  if not found or found.token ~= args.token or not counts(found, now, args.paused) then
    return { 0, micros }
  end
  if found.status == status then
    touch(args.wait)
    return { 2, micros, tonumber(found.lease), value }
  end
  if found.status ~= 'p' then return { 0, micros } end

  found.lease = digits(leaseUntil(found))
  found.completed = digits(math.max(now, found.started))
  found.expires = args.retention == '' and '' or digits(now + args.retention)
  found.behind = '0'
  local settled = header(status, found, found.bodyBytes, #args.note) .. string.sub(value, found.at) .. args.note
  local bytes = #settled + args.outcomeBytes
  if bytes > args.maxBytes then return { 3, micros, bytes } end
  store(settled .. args.outcome, found.expires, args.grace)
  notify(args.notify, status)
  return { 1, micros, tonumber(found.lease), settled }
end
