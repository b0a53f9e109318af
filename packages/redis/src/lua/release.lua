#!lua flags=allow-oom
-- Ends the attempt as failed, if the record is in progress with this token. See settle.lua for what it
-- takes.

--@include record
--@include settle

return settle('f')
