-- From when on a poll's recount needs raw records, so that only the needed hours of votes/ are read: the start of the earliest
-- window that ends after the poll's creation; NULL when there is none.
-- Reads part_lines, and heads_now(shard, parts, created_at): the poll's shards and how many parts each has up to its head.

SELECT
  min(CASE
    WHEN json_bigint(json_member(json_member(p.bytes, 'window'), 'end')) > h.created_at
    THEN json_bigint(json_member(json_member(p.bytes, 'window'), 'start'))
  END) AS from_ms
FROM heads_now h
JOIN (
  SELECT shardId, part, CASE WHEN valid_json(bytes) THEN bytes ELSE '{}' END AS bytes FROM part_lines
) p ON p.shardId = h.shard AND p.part >= 0 AND p.part < h.parts
