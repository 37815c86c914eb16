-- The recount: the votes of one poll, counted a second time from the raw records of the archive, and compared with the sealed
-- parts and with the published result. It shares no code with the fold; docs/audit-format.md states the same rules in words.
--
-- Reads three relations (columns as in the archive's lines):
--   record_lines(file, shardId, sequenceNumber, arrival, partitionKey, data, base64)  votes/, from the hour of scope.sql on
--   part_lines(file, shardId, part, previous, hash, bytes)                            windows/, from the beginning
--   poll_line(line)                                                                   one row: the poll's last line
-- and the functions of functions.duckdb.sql. Gives rows (topic, shard, part, sequence_number, item, raw, parts, board): some
-- are figures, compared by whoever reads them; all others name something that is wrong or missing. Topics: findings.ts.

WITH

-- 1. The poll: its definition, its shard set, and each shard's head ------------------------------------------------------

final_line AS (
  SELECT json_member(line, 'poll') AS poll, json_member(line, 'result') AS result, json_member(line, 'heads') AS heads
  FROM poll_line
),
the_poll AS (
  SELECT
    json_text(json_member(poll, 'id')) AS id,
    json_bigint(json_member(poll, 'createdAt')) AS created_at,
    json_bigint(json_member(poll, 'opensAt')) AS opens_at,
    json_bigint(json_member(poll, 'closesAt')) AS closes_at -- NULL: open until closed by hand
  FROM final_line
),
poll_options AS (
  SELECT json_text(json_member(o.definition, 'id')) AS id
  FROM final_line CROSS JOIN UNNEST(json_elements(json_member(poll, 'options'))) AS o(definition)
),
heads AS (
  SELECT
    s.shard,
    COALESCE(json_bigint(json_member(json_member(heads, s.shard), 'parts')), 0) AS parts,
    json_text(json_member(json_member(heads, s.shard), 'head')) AS head
  FROM (
    SELECT heads, json_text(e.shard) AS shard
    FROM final_line CROSS JOIN UNNEST(json_elements(json_member(poll, 'shards'))) AS e(shard)
  ) s
),

-- 2. The parts of these shards, from the first one up to the head --------------------------------------------------------

-- The hash of a part is SHA-256 over the previous hash, as hex, and then the part's bytes; what matters of the bytes is read
-- out here, so that they need not be kept.
part_texts AS (
  SELECT
    l.shardId AS shard, l.part, l.previous, l.hash,
    sha256_hex(concat(l.previous, l.bytes)) AS computed,
    CASE WHEN json_valid(l.bytes) THEN l.bytes ELSE '{}' END AS bytes
  FROM part_lines l JOIN heads h ON h.shard = l.shardId AND l.part >= 0 AND l.part < h.parts
),
part_copies AS (
  SELECT
    shard, part, previous, hash, computed,
    json_text(json_member(bytes, 'shardId')) AS shard_said,
    json_bigint(json_member(bytes, 'part')) AS part_said,
    json_text(json_member(bytes, 'first')) AS first_number,
    json_text(json_member(bytes, 'last')) AS last_number,
    json_bigint(json_member(bytes, 'records')) AS records,
    json_bigint(json_member(json_member(bytes, 'window'), 'start')) AS window_start,
    json_bigint(json_member(json_member(bytes, 'window'), 'end')) AS window_end,
    json_member(json_member(bytes, 'polls'), (SELECT id FROM the_poll)) AS tally,
    COALESCE(json_bigint(json_member(json_member(bytes, 'rejected'), 'malformed')), 0) AS malformed,
    COALESCE(json_bigint(json_member(json_member(bytes, 'rejected'), 'unsupported_version')), 0) AS unsupported,
    -- Every vote of the part, whatever its poll and whatever became of it.
    json_sum(bytes, '$.polls.*.counts.*') + json_sum(bytes, '$.polls.*.rejected.*') + json_sum(bytes, '$.rejected.*') AS votes,
    -- A line may be repeated. Of two that differ, the one whose hash fits goes on; the other is named.
    row_number() OVER (
      PARTITION BY shard, part
      ORDER BY CASE WHEN hash = computed THEN 0 ELSE 1 END, hash, computed
    ) AS copy,
    count(*) OVER (PARTITION BY shard, part) AS copies,
    count(*) OVER (PARTITION BY shard, part, previous, hash, computed) AS same_copies
  FROM part_texts
),
parts AS (
  SELECT
    *,
    lag(part) OVER by_number AS part_before,
    lag(hash) OVER by_number AS hash_before,
    lag(last_number) OVER by_number AS last_before,
    lead(part) OVER by_number AS part_behind
  FROM part_copies
  WHERE copy = 1
  WINDOW by_number AS (PARTITION BY shard ORDER BY part)
),
-- Raw records matter from the first part whose window ends after the poll's creation. `after_number`: where the part before it
-- ends; NULL where it is the shard's first.
scopes AS (
  SELECT
    p.shard, max(p.part) AS to_part, min(CASE WHEN p.window_end > t.created_at THEN p.part END) AS from_part
  FROM parts p CROSS JOIN the_poll t
  GROUP BY p.shard
),
shards AS (
  SELECT
    h.shard, h.parts, h.head, s.from_part, s.to_part,
    before.last_number AS after_number, newest.last_number AS up_to_number, newest.hash AS newest_hash
  FROM heads h
  LEFT JOIN scopes s ON s.shard = h.shard
  LEFT JOIN parts newest ON newest.shard = h.shard AND newest.part = s.to_part
  LEFT JOIN (
    SELECT p.shard, p.last_number, s.from_part,
      row_number() OVER (PARTITION BY p.shard ORDER BY p.part DESC) AS newest_first
    FROM parts p JOIN scopes s ON s.shard = p.shard AND p.part < s.from_part
  ) before ON before.shard = h.shard AND before.newest_first = 1
),

-- 3. What each raw record says -------------------------------------------------------------------------------------------

-- `print`: to tell lines apart that name the same record; half of a SHA-256 is plenty.
record_texts AS (
  SELECT
    l.shardId AS shard, l.sequenceNumber AS sequence_number, l.arrival, l.partitionKey = 'placar-control' AS control,
    substr(sha256_hex(concat(CAST(l.arrival AS VARCHAR), ' ', l.partitionKey, ' ', COALESCE(l.base64, ''), ' ', l.data)), 1, 32) AS print,
    without_surrogates(l.data) AS text
  FROM record_lines l JOIN heads h ON h.shard = l.shardId
  WHERE l.sequenceNumber IS NOT NULL AND l.arrival IS NOT NULL AND l.partitionKey IS NOT NULL AND l.data IS NOT NULL
),
record_bodies AS (
  SELECT shard, sequence_number, arrival, control, print, CASE WHEN valid_json(text) THEN text ELSE 'null' END AS body
  FROM record_texts
),
record_members AS (
  SELECT
    shard, sequence_number, arrival, control, print,
    json_kind(body) AS kind,
    json_number(json_member(body, 'v')) AS version,
    json_member(body, 'poll') AS poll,
    json_number(json_member(body, 'acceptedAt')) AS accepted_at,
    json_number(json_member(body, 'n')) AS n,
    json_member(body, 'votes') AS votes,
    json_member(body, 'control') AS command
  FROM record_bodies
),
record_figures AS (
  SELECT
    shard, sequence_number, arrival, control, print, kind, version, accepted_at, n,
    CASE WHEN json_kind(poll) = 'object' THEN json_text(json_member(poll, 'id')) ELSE json_text(poll) END AS poll,
    json_kind(poll) AS poll_kind,
    json_kind(json_member(poll, 'shards')) AS shards_kind,
    json_text(command) AS command,
    option_names(votes) AS choices,
    CASE WHEN json_kind(votes) = 'array' THEN json_count(votes) END AS listed
  FROM record_members
),
-- A record that cannot be read stands for as many votes as it believably says (1 to 500): by its `n`, or where that is no whole
-- number by the votes it lists; else for one.
record_claims AS (
  SELECT
    *,
    CASE
      WHEN n = floor(n) AND n BETWEEN 1 AND 500 THEN CAST(n AS BIGINT)
      WHEN (n IS NULL OR NOT is_finite(n) OR n <> floor(n)) AND listed BETWEEN 1 AND 500 THEN listed
      ELSE 1
    END AS claimed
  FROM record_figures
),
-- Only the partition key makes a record a control record. A marker holds no votes.
records AS (
  SELECT
    shard, sequence_number, arrival, print, poll, choices, listed, claimed,
    CASE
      WHEN kind <> 'object' THEN 'unreadable'
      WHEN version IS NULL OR version <> 1 THEN 'unsupported'
      WHEN control THEN
        CASE WHEN command = 'close' AND poll_kind = 'object' AND poll IS NOT NULL AND shards_kind = 'array' THEN 'marker' ELSE 'unreadable' END
      WHEN poll_kind = 'string' AND is_finite(accepted_at)
        AND listed BETWEEN 1 AND 500 AND n = listed AND all_named(choices) THEN 'votes'
      ELSE 'broken'
    END AS kind
  FROM record_claims
)
SELECT kind, count(*) FROM records GROUP BY ALL
