#!lua flags=allow-oom
-- Completes the record, if it is in progress with this token. The effect has happened: a server that
-- is out of memory refuses new claims, and still takes this.
--
-- KEYS[1]  the record
-- ARGV[1]  token
-- ARGV[2]  retention, ms; empty for ever
-- ARGV[3]  grace, ms
-- ARGV[4]  note
-- ARGV[5]  outcome; empty when it alone is too large
-- ARGV[6]  bytes of the outcome
-- ARGV[7]  bytes that a record may have
-- ARGV[8]  '1' to publish it
-- ARGV[9]  '1' while retirement is paused
-- ARGV[10] '1' when WAIT follows
--
-- Answers { 1 done | 2 already done | 0 lost | 3 too large | -1 corrupt, server's µs, … }
-- done          lease's end in epoch ms, the record without its outcome
-- already done  lease's end in epoch ms, the record
-- too large     bytes that the record would have

--@include record
--@include settle

return settle('c', {
  token = ARGV[1], retention = ARGV[2], grace = ARGV[3], note = ARGV[4], outcome = ARGV[5],
  outcomeBytes = tonumber(ARGV[6]), maxBytes = tonumber(ARGV[7]), notify = ARGV[8],
  paused = ARGV[9] == '1', wait = ARGV[10],
})
