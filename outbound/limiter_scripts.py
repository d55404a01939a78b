from __future__ import annotations

from outbound.redis_server import Script

# KEYS: places, held-until, credits, memory, people. ARGV: this place, lease seconds, limit, credits that must remain;
# the seconds beyond which a hold, spent credits and the end of a lease are not of our making; the memory that the asker
# knows ("" for none), and for how many seconds how many places count as taken where that memory is lost; 1 where a
# person waits for this, and for how many seconds one place is kept for people from then on.
# Answers {0, 0}: taken; {1, 0}: no place is free; {2, s}: held for s seconds; {3, s}: credits spent for s seconds. The
# third is the memory: an asker who knows another one was there before a flush or a new start, and so were others.
TAKE = Script(
    """
local function ms_left(key, most)
  local left = redis.call('PTTL', key)
  if left > most * 1000 then redis.call('DEL', key) return 0 end
  return left
end
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local memory = redis.pcall('GET', KEYS[4])
local since = type(memory) == 'string' and #memory < 100 and tonumber(string.match(memory, '^(%d[%d.]*) %x+$'))
if not since or since > now then
  since, memory = now, now .. ' ' .. ARGV[1]
  redis.call('SET', KEYS[4], memory)
end
local held = ms_left(KEYS[2], ARGV[5])
if held > 0 then return {2, tostring(held / 1000), memory} end
local credits = tonumber(redis.pcall('GET', KEYS[3]))
if credits and credits < tonumber(ARGV[4]) then
  local spent = ms_left(KEYS[3], ARGV[6])
  if spent > 0 then return {3, tostring(spent / 1000), memory} end
end
if type(redis.pcall('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)) == 'table' then redis.call('DEL', KEYS[1]) end
if ARGV[8] ~= '' and ARGV[8] ~= memory and since + ARGV[9] > now then
  for place = 1, ARGV[10] do redis.call('ZADD', KEYS[1], since + ARGV[9], 'lost ' .. place) end
end
local limit = tonumber(ARGV[3])
if ARGV[11] == '1' then redis.call('SET', KEYS[5], '1', 'PX', ARGV[12] * 1000)
elseif limit > 1 and ms_left(KEYS[5], ARGV[12]) > 0 then limit = limit - 1 end
local taken = redis.call('ZCARD', KEYS[1])
if taken >= limit then
  taken = taken - redis.call('ZREMRANGEBYSCORE', KEYS[1], now + ARGV[7], '+inf')
end
if taken < limit or redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] * 1000))
  return {0, '0', memory}
end
return {1, '0', memory}
""",
    keys=5,
)
TAKEN, FULL, HELD, SPENT = range(4)

# The lease of a place that is held ends in so many seconds. KEYS: places. ARGV: the place, seconds.
END_IN = Script(
    """
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'XX', time[1] + time[2] / 1000000 + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), math.ceil(ARGV[2] * 1000)))
return 1
""",
    keys=1,
)

# A short wait never shortens a long one. KEYS: held-until. ARGV: milliseconds.
HOLD = Script(
    """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
""",
    keys=1,
)
