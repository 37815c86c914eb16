-- Where one record lies in its shard's chain of parts, and how the chain goes on from there.
-- Reads part_lines and sought(shard, sequence_number, parts): the record, and how many parts the published head of its poll
-- covers (NULL where none is published). Gives one row: the part that holds the record, without which part is NULL; the part the
-- chain is followed to (`until_part`: the head, or the newest part where the head is not further on) and its hash; the first
-- part on that way that is missing or does not fit (`broken_part`); and the newest part of the shard, with its last record.

WITH
lines AS (
  SELECT
    l.part, l.previous, l.hash, sha256_hex(concat(l.previous, l.bytes)) AS computed,
    CASE WHEN valid_json(l.bytes) THEN l.bytes ELSE '{}' END AS bytes
  FROM part_lines l JOIN sought s ON s.shard = l.shardId
),
copies AS (
  SELECT
    part, previous, hash, computed,
    json_text(json_member(bytes, 'first')) AS first_number,
    json_text(json_member(bytes, 'last')) AS last_number,
    row_number() OVER (PARTITION BY part ORDER BY CASE WHEN hash = computed THEN 0 ELSE 1 END, hash, computed) AS copy
  FROM lines
),
parts AS (
  SELECT *, lag(part) OVER by_number AS part_before, lag(hash) OVER by_number AS hash_before
  FROM copies WHERE copy = 1
  WINDOW by_number AS (ORDER BY part)
),
newest AS (SELECT max(part) AS part, arg_max(last_number, part) AS last_number FROM parts),
holders AS (
  SELECT p.part, p.hash, p.computed
  FROM parts p CROSS JOIN sought s
  WHERE NOT is_after(p.first_number, s.sequence_number) AND NOT is_after(s.sequence_number, p.last_number)
  ORDER BY p.part LIMIT 1
),
ways AS (
  SELECT h.part, h.hash, h.computed, CASE WHEN s.parts > h.part THEN s.parts - 1 ELSE n.part END AS until_part
  FROM holders h CROSS JOIN sought s CROSS JOIN newest n
),
breaks AS (
  SELECT min(CASE WHEN p.part = p.part_before + 1 THEN p.part ELSE p.part_before + 1 END) AS part
  FROM parts p CROSS JOIN ways w
  WHERE p.part > w.part AND p.part <= w.until_part
    AND (p.part <> p.part_before + 1 OR p.previous IS DISTINCT FROM p.hash_before OR p.hash IS DISTINCT FROM p.computed)
)
SELECT
  w.part, w.hash, w.computed, w.until_part,
  (SELECT p.hash FROM parts p WHERE p.part = w.until_part) AS until_hash,
  COALESCE(b.part, CASE WHEN n.part < w.until_part THEN n.part + 1 END) AS broken_part,
  n.part AS newest_part, n.last_number AS newest_last
FROM newest n CROSS JOIN breaks b LEFT JOIN ways w ON TRUE
