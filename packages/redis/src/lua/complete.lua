#!lua flags=allow-oom
-- Completes the record, if it is in progress with this token. The effect has happened: a server that
-- is out of memory refuses new claims, and still takes this. See settle.lua for what it takes.

--@include record
--@include settle

return settle('c')
