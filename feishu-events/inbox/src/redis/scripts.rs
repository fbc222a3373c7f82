//! What is done in one step each, on the server.
//!
//! A consumer group has neither an order by key, nor a pause before an event comes again, nor a number
//! by which a late acknowledgement is refused. So the bodies are in a stream, in the order they were
//! kept, and who has an event until when is in a sorted set.

use redis::Script;

const COMMON: &str = include_str!("common.lua");

/// The version of the keys; see `docs` of [`RedisStore`](super::RedisStore).
pub(super) const SCHEMA: i64 = 1;

/// All scripts.
pub(super) struct Scripts {
    pub(super) open: Script,
    pub(super) keep: Script,
    pub(super) lease: Script,
    pub(super) begin: Script,
    pub(super) extend: Script,
    pub(super) settle: Script,
    pub(super) list: Script,
    pub(super) redrive: Script,
    pub(super) purge: Script,
    pub(super) forget: Script,
    pub(super) depth: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        let script = |code: &str| Script::new(&[COMMON, code].concat());
        Self {
            open: script(OPEN),
            keep: script(KEEP),
            lease: script(LEASE),
            begin: script(BEGIN),
            extend: script(EXTEND),
            settle: script(SETTLE),
            list: script(LIST),
            redrive: script(REDRIVE),
            purge: script(PURGE),
            forget: script(FORGET),
            depth: script(DEPTH),
        }
    }
}

const OPEN: &str = "
local kind = redis.call('TYPE', p .. ':schema').ok
if kind == 'none' then
  redis.call('SET', p .. ':schema', ARGV[2])
  return ARGV[2]
end
if kind ~= 'string' then return 'another' end
return redis.call('GET', p .. ':schema')
";

const KEEP: &str = "
local key, order = ARGV[2], ARGV[3]
if key ~= '' then
  local known = redis.call('GET', p .. ':key:' .. key)
  if known then
    return { 'known', redis.call('HGET', event(known), 'state') or '3' }
  end
end
local id = text(redis.call('INCR', p .. ':seq'))
redis.call('XADD', EVENTS, id .. '-0', 'type', ARGV[4], 'body', ARGV[10])
redis.call('HSET', event(id), 'state', '0', 'fence', '0', 'attempts', '0', 'last', '0',
  'at', text(now), 'key', key, 'order', order, 'type', ARGV[4], 'event_id', ARGV[5],
  'app', ARGV[6], 'tenant', ARGV[7], 'transport', ARGV[8], 'received', ARGV[9])
if key ~= '' then redis.call('SET', p .. ':key:' .. key, id) end
redis.call('ZADD', UNSETTLED, id, id)
if order == '' or redis.call('RPUSH', order_list(order), id) == 1 then
  redis.call('ZADD', READY, text(now), id)
end
return { 'new', id }
";

const LEASE: &str = "
local worker, limit, lease, most, hold = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]),
  tonumber(ARGV[5]), ARGV[6] == '1'
local leases, dead, held = {}, {}, 0
if limit == 0 then return { leases, dead, '0' } end
-- Those due longest come first; of those due at once, the oldest.
local due = redis.call('ZRANGEBYSCORE', READY, '-inf', text(now), 'LIMIT', 0, limit)
table.sort(due, function(a, b) return tonumber(a) < tonumber(b) end)
for _, id in ipairs(due) do
  local found = redis.call('HMGET', event(id), 'state', 'attempts', 'order')
  local state, attempts, order = found[1], tonumber(found[2] or '0'), found[3]
  local given_up = nil
  if not state then
    redis.call('ZREM', READY, id)
    given_up = 'gone'
  elseif state == '2' then
    redis.call('HSET', event(id), 'last', '2')
    if attempts >= most then given_up = '4' elseif hold then given_up = '5' end
    if given_up then
      redis.call('HSET', event(id), 'reason',
        'its process ended or stalled during attempt ' .. text(attempts))
      rest(id, given_up, order)
    end
  end
  if given_up == '4' then
    dead[#dead + 1] = summary(id)
  elseif given_up == '5' then
    held = held + 1
  elseif not given_up then
    redis.call('HINCRBY', event(id), 'fence', 1)
    redis.call('HSET', event(id), 'state', '1', 'at', text(now + lease), 'worker', worker)
    redis.call('ZADD', READY, text(now + lease), id)
    redis.call('SREM', BEGUN, id)
    redis.call('SADD', LEASED, id)
    local row = summary(id)
    local entry = redis.call('XRANGE', EVENTS, id .. '-0', id .. '-0')
    row[#row + 1] = entry[1] and entry[1][2][4] or ''
    leases[#leases + 1] = row
  end
end
return { leases, dead, text(held) }
";

const BEGIN: &str = "
local id = ARGV[2]
local state = under(id, ARGV[3])
if state == 'done' or not state then return state or 'lost' end
if state == '1' then
  redis.call('HINCRBY', event(id), 'attempts', 1)
  redis.call('SREM', LEASED, id)
  redis.call('SADD', BEGUN, id)
end
local at = text(now + tonumber(ARGV[4]))
redis.call('HSET', event(id), 'state', '2', 'at', at)
redis.call('ZADD', READY, at, id)
return 'yes'
";

const EXTEND: &str = "
local id = ARGV[2]
local state = under(id, ARGV[3])
if state == 'done' or not state then return state or 'lost' end
local at = text(now + tonumber(ARGV[4]))
redis.call('HSET', event(id), 'at', at)
redis.call('ZADD', READY, at, id)
return 'yes'
";

const SETTLE: &str = "
local id, kind, pause, reason = ARGV[2], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local state, order = under(id, ARGV[3])
if state == 'done' or not state then return state or 'lost' end
if kind == 'done' then
  rest(id, '3', order)
  redis.call('XDEL', EVENTS, id .. '-0')
  redis.call('HDEL', event(id), 'reason', 'tenant', 'order', 'event_id')
elseif kind == 'dead' then
  redis.call('HSET', event(id), 'reason', reason)
  if redis.call('HGET', event(id), 'last') == '0' then
    redis.call('HSET', event(id), 'last', '1')
  end
  rest(id, '4', order)
else
  if kind == 'again' then redis.call('HSET', event(id), 'last', '1', 'reason', reason) end
  local at = text(now + pause)
  redis.call('HSET', event(id), 'state', '0', 'at', at)
  redis.call('ZADD', READY, at, id)
  redis.call('SREM', LEASED, id)
  redis.call('SREM', BEGUN, id)
end
return 'yes'
";

const LIST: &str = "
local from, limit, one = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local sets = { UNSETTLED, AT_REST['3'], AT_REST['4'], AT_REST['5'] }
local rows = {}
for number, set in ipairs(sets) do
  if ARGV[4 + number] == '1' then
    local ids
    if one ~= '' then
      ids = redis.call('ZSCORE', set, one) and { one } or {}
    else
      ids = redis.call('ZRANGEBYSCORE', set, '(' .. from, '+inf', 'LIMIT', 0, limit)
    end
    for _, id in ipairs(ids) do rows[#rows + 1] = summary(id) end
  end
end
return rows
";

const REDRIVE: &str = "
local redriven = 0
-- The newest first, so that the oldest ends in front of its key.
for i = #ARGV, 2, -1 do
  local id = ARGV[i]
  local found = redis.call('HMGET', event(id), 'state', 'order')
  local state, order = found[1], found[2]
  if state == '4' or state == '5' then
    redriven = redriven + 1
    redis.call('ZREM', AT_REST[state], id)
    redis.call('ZADD', UNSETTLED, id, id)
    redis.call('HSET', event(id), 'state', '0', 'attempts', '0', 'at', text(now))
    if not order or order == '' then
      redis.call('ZADD', READY, text(now), id)
    else
      local head = redis.call('LINDEX', order_list(order), 0)
      local head_state = head and redis.call('HGET', event(head), 'state')
      if head_state == '1' or head_state == '2' then
        redis.call('LINSERT', order_list(order), 'AFTER', head, id)
      else
        if head then redis.call('ZREM', READY, head) end
        redis.call('LPUSH', order_list(order), id)
        redis.call('ZADD', READY, text(now), id)
      end
    end
  end
end
return redriven
";

const PURGE: &str = "
local wanted, purged = ARGV[2], 0
for i = 3, #ARGV do
  local id = ARGV[i]
  local found = redis.call('HMGET', event(id), 'state', 'order')
  if found[1] == wanted then
    purged = purged + 1
    if wanted == '0' then stop_waiting(id, found[2]) end
    delete(id, wanted)
  end
end
return purged
";

const FORGET: &str = "
local limit, forgotten = tonumber(ARGV[4]), 0
for number, state in ipairs({ '3', '4' }) do
  local before = now - tonumber(ARGV[1 + number])
  local ids = redis.call('ZRANGE', AT_REST[state], 0, 2 * limit)
  for _, id in ipairs(ids) do
    if forgotten >= limit then break end
    local at = redis.call('HGET', event(id), 'at')
    if not at or tonumber(at) <= before then
      delete(id, state)
      forgotten = forgotten + 1
    end
  end
end
return forgotten
";

const DEPTH: &str = "
local oldest = ''
local first = redis.call('ZRANGE', UNSETTLED, 0, 0)[1]
if first then oldest = redis.call('HGET', event(first), 'received') or '' end
return { text(redis.call('ZCARD', UNSETTLED)), text(redis.call('SCARD', LEASED)),
  text(redis.call('SCARD', BEGUN)), text(redis.call('ZCARD', AT_REST['3'])),
  text(redis.call('ZCARD', AT_REST['4'])), text(redis.call('ZCARD', AT_REST['5'])),
  oldest, text(now) }
";
