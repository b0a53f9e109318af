#!lua flags=allow-oom
-- Ends the attempt as failed, if the record is in progress with this token.
--
-- KEYS[1]  the record
-- ARGV[1]  token
-- ARGV[2]  retention, ms; empty for ever
-- ARGV[3]  grace, ms
-- ARGV[4]  note
-- ARGV[5]  bytes that a record may have
-- ARGV[6]  '1' to publish it
-- ARGV[7]  '1' while retirement is paused
-- ARGV[8]  '1' when WAIT follows
--
-- Answers what complete.lua answers.

--@include record
--@include settle

return settle('f', {
  token = ARGV[1], retention = ARGV[2], grace = ARGV[3], note = ARGV[4], outcome = '',
  outcomeBytes = 0, maxBytes = tonumber(ARGV[5]), notify = ARGV[6], paused = ARGV[7] == '1',
  wait = ARGV[8],
})
