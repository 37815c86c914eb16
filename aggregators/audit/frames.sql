-- The raw records of the poll's shards, in the order of their sequence numbers, one line each:
-- `shard sequenceNumber arrival partitionKey data base64`, the last three written so that they hold no space and no line break.
-- What the digests of parts are checked by: each is a chain over runs of these records, which SQL gives no further than this. A
-- line that the archive has several times stands there several times, one behind the other, unless there are lines that name the
-- same record and differ: the recount has named those.
--
-- Reads record_lines, as recount.sql does, and heads_now(shard, …). A line whose sequence number is no number is left out, so
-- the part in which the recount may have taken it for a record has not its digest.

SELECT concat(shard, ' ', sequence_number, ' ', rest) AS line
FROM (
  SELECT
    h.shard, l.sequenceNumber AS sequence_number,
    concat(
      CAST(l.arrival AS VARCHAR), ' ', one_word(l.partitionKey), ' ', one_word(l.data), ' ', COALESCE(one_word(l.base64), '')
    ) AS rest
  FROM record_lines l JOIN heads_now h ON h.shard = l.shardId
  WHERE l.v = 1 AND l.kind = 'record' AND is_digits(l.sequenceNumber) AND l.arrival IS NOT NULL AND l.partitionKey IS NOT NULL
    AND l.data IS NOT NULL
) frames
ORDER BY shard, length(sequence_number), sequence_number
