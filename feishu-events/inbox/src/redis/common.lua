-- What all scripts begin with. ARGV[1] is the prefix, a hash tag, so that all keys are in one slot.
local p = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local READY, UNSETTLED, EVENTS = p .. ':ready', p .. ':unsettled', p .. ':events'
local LEASED, BEGUN = p .. ':leased', p .. ':begun'
local AT_REST = { ['3'] = p .. ':done', ['4'] = p .. ':dead', ['5'] = p .. ':held' }
local FIELDS = { 'state', 'type', 'event_id', 'key', 'order', 'app', 'tenant', 'received',
  'attempts', 'at', 'worker', 'reason', 'fence', 'last', 'transport' }

local function text(number) return string.format('%.0f', number) end
local function event(id) return p .. ':event:' .. id end
local function order_list(order) return p .. ':order:' .. order end

-- An event and its fields in the order of FIELDS, as strings.
local function summary(id)
  local found = redis.call('HMGET', event(id), unpack(FIELDS))
  local row = { id }
  for i = 1, #FIELDS do row[i + 1] = found[i] or '' end
  return row
end

-- Takes an event out of the order of its key, and makes the next one of it due.
local function leave_order(id, order)
  if not order or order == '' then return end
  redis.call('LREM', order_list(order), 1, id)
  local next_id = redis.call('LINDEX', order_list(order), 0)
  if next_id then
    redis.call('ZADD', READY, 'NX', redis.call('HGET', event(next_id), 'at'), next_id)
  end
end

local function stop_waiting(id, order)
  redis.call('ZREM', READY, id)
  redis.call('SREM', LEASED, id)
  redis.call('SREM', BEGUN, id)
  redis.call('ZREM', UNSETTLED, id)
  leave_order(id, order)
end

local function rest(id, state, order)
  stop_waiting(id, order)
  redis.call('ZADD', AT_REST[state], id, id)
  redis.call('HSET', event(id), 'state', state, 'at', text(now))
end

-- The state of an event if this is its newest lease: 1 leased, 2 begun, 'done', or nil.
local function under(id, fence)
  local found = redis.call('HMGET', event(id), 'fence', 'state', 'order')
  if found[1] ~= fence then return nil end
  if found[2] == '3' then return 'done' end
  if found[2] == '1' or found[2] == '2' then return found[2], found[3] end
  return nil
end

-- Deletes all that is known of an event at rest.
local function delete(id, state)
  local key = redis.call('HGET', event(id), 'key')
  if key and key ~= '' then redis.call('DEL', p .. ':key:' .. key) end
  redis.call('DEL', event(id))
  redis.call('XDEL', EVENTS, id .. '-0')
  if AT_REST[state] then redis.call('ZREM', AT_REST[state], id) end
end
