-- The prints of the raw records of the poll's shards, in the order of their sequence numbers, one line each:
-- `shard sequenceNumber print`. What the digests of parts are checked by: each is a chain over these prints, which SQL gives no
-- further than this. A line that the archive has several times stands there several times, one behind the other.
--
-- Reads record_lines, as recount.sql does, and heads_now(shard, …). A line whose sequence number is no number is left out, so
-- the part in which the recount may have taken it for a record has not its digest.

SELECT concat(shard, ' ', sequence_number, ' ', print) AS line
FROM (
  SELECT
    h.shard, l.sequenceNumber AS sequence_number,
    sha256_hex(
      concat(l.sequenceNumber, ' ', CAST(l.arrival AS VARCHAR), ' ', l.partitionKey, ' ', COALESCE(l.base64, ''), ' ', l.data)
    ) AS print
  FROM record_lines l JOIN heads_now h ON h.shard = l.shardId
  WHERE l.v = 1 AND l.kind = 'record' AND is_digits(l.sequenceNumber) AND l.arrival IS NOT NULL AND l.partitionKey IS NOT NULL
    AND l.data IS NOT NULL
) prints
ORDER BY shard, length(sequence_number), sequence_number, print
