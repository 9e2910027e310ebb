-- Written by hand, because the Prisma schema cannot say how full a page is made: what is judged of a group's partition is written again and again, and
-- a row that finds room for its next version in its own page needs no new entry in any index.
ALTER TABLE "group_partitions" SET (fillfactor = 60);
