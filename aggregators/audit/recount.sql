-- The recount: the votes of one poll, counted a second time from the raw records of the archive, and compared with the sealed
-- parts and with the published result. It shares no code with the fold; docs/audit-format.md states the same rules in words.
--
-- Reads three relations, with the columns of the archive's lines:
--   record_lines(file, v, kind, shardId, sequenceNumber, arrival, partitionKey, data, base64)  in votes/, from scope.sql's hour on
--   part_lines(file, shardId, part, previous, hash, bytes)                                     in windows/, from the beginning
--   poll_line(line)                                                                            one row: the poll's last line
-- and the functions of functions.duckdb.sql.
--
-- Gives rows (topic, shard, part, sequence_number, item, raw, parts, board, found, expected). The topics `option`, `rejected`,
-- `shard` and `figure` are figures: what raw records, parts and result say of one item, whether they agree or not. `tail` and
-- `part_tail` name what is not there yet. `part_range` names a part with as many records as it says: from `sequence_number` to
-- `found`, their number in `raw`, their runs in `item` and their digest in `expected`: frames.sql goes on from there. Every other row names something that is wrong.

WITH

-- 1. The poll: its definition, its shard set, and each shard's head ------------------------------------------------------

final_line AS (
  SELECT
    json_member(line, 'poll') AS poll,
    json_member(line, 'result') AS result,
    json_member(line, 'heads') AS heads
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
    CASE WHEN valid_json(l.bytes) THEN l.bytes ELSE '{}' END AS bytes,
    t.id AS poll_id
  FROM part_lines l JOIN heads h ON h.shard = l.shardId CROSS JOIN the_poll t
  WHERE l.part >= 0 AND l.part < h.parts
),
part_copies AS (
  SELECT
    shard, part, previous, hash, computed,
    json_text(json_member(bytes, 'shardId')) AS shard_said,
    json_bigint(json_member(bytes, 'part')) AS part_said,
    json_text(json_member(bytes, 'first')) AS first_number,
    json_text(json_member(bytes, 'last')) AS last_number,
    json_bigint(json_member(bytes, 'records')) AS records,
    json_member(bytes, 'runs') AS runs, -- NULL: written by a Placar that had none
    json_text(json_member(bytes, 'digest')) AS digest,
    json_bigint(json_member(json_member(bytes, 'window'), 'start')) AS window_start,
    json_bigint(json_member(json_member(bytes, 'window'), 'end')) AS window_end,
    json_member(json_member(bytes, 'polls'), poll_id) AS tally,
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
-- Raw records matter from the first part whose window ends after the poll's creation, so behind `after_number`, where the part
-- before it ends (NULL: from the shard's beginning), and up to `up_to_number`, the end of the last part.
scopes AS (
  SELECT
    p.shard, max(p.part) AS to_part, min(CASE WHEN p.window_end > t.created_at THEN p.part END) AS from_part
  FROM parts p CROSS JOIN the_poll t
  GROUP BY p.shard
),
shards AS (
  SELECT
    h.shard, h.parts, h.head, s.from_part, s.to_part,
    first_one.last_before AS after_number, last_one.last_number AS up_to_number, last_one.hash AS newest_hash
  FROM heads h
  LEFT JOIN scopes s ON s.shard = h.shard
  LEFT JOIN parts first_one ON first_one.shard = h.shard AND first_one.part = s.from_part
  LEFT JOIN parts last_one ON last_one.shard = h.shard AND last_one.part = s.to_part
),
-- The parts in the order of their records: `place` 1 is the first one in scope.
part_places AS (
  SELECT
    p.*,
    row_number() OVER (PARTITION BY p.shard ORDER BY length(p.first_number), p.first_number, p.part) AS place
  FROM parts p JOIN scopes s ON s.shard = p.shard AND p.part >= s.from_part
  WHERE p.first_number IS NOT NULL AND p.last_number IS NOT NULL
),

-- 3. What each raw record says -------------------------------------------------------------------------------------------

-- `line_mark` tells lines apart that name the same record. It proves nothing: what does is the part's digest
-- (frames.sql). `file`: only of a line that is no record line.
record_texts AS (
  SELECT
    h.shard, l.sequenceNumber AS sequence_number, l.arrival, l.partitionKey = 'placar-control' AS control,
    md5_hex(concat(CAST(l.arrival AS VARCHAR), ' ', l.partitionKey, ' ', COALESCE(l.base64, ''), ' ', l.data)) AS line_mark,
    without_surrogates(l.data) AS text,
    CASE WHEN h.shard IS NULL THEN l.file END AS file
  FROM (
    SELECT
      *,
      CASE
        WHEN v = 1 AND kind = 'record' AND sequenceNumber IS NOT NULL AND arrival IS NOT NULL AND partitionKey IS NOT NULL
          AND data IS NOT NULL THEN shardId
      END AS shard
    FROM record_lines
  ) l LEFT JOIN heads h ON h.shard = l.shard
  WHERE h.shard IS NOT NULL OR l.shard IS NULL
),
record_bodies AS (
  SELECT
    shard, sequence_number, arrival, control, line_mark, file,
    CASE WHEN valid_json(text) THEN text ELSE 'null' END AS body
  FROM record_texts
),
record_members AS (
  SELECT
    shard, sequence_number, arrival, control, line_mark, file,
    json_kind(body) AS body_kind,
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
    shard, sequence_number, arrival, control, line_mark, file, body_kind, version, accepted_at, n,
    json_text(poll) AS poll_named,
    json_text(json_member(poll, 'id')) AS poll_defined,
    json_kind(json_member(poll, 'shards')) AS shards_kind,
    json_text(command) AS command,
    option_names(votes) AS choices,
    CASE WHEN json_kind(votes) = 'array' THEN json_count(votes) END AS listed
  FROM record_members
),
-- Only the partition key makes a record a control record.
record_kinds AS (
  SELECT
    shard, sequence_number, arrival, line_mark, file, control, poll_named, poll_defined, choices, listed, n,
    CASE
      WHEN body_kind <> 'object' THEN 'unreadable'
      WHEN version IS NULL OR version <> 1 THEN 'unsupported'
      WHEN control THEN
        CASE WHEN command = 'close' AND poll_defined IS NOT NULL AND shards_kind = 'array' THEN 'marker' ELSE 'unreadable' END
      WHEN poll_named IS NOT NULL AND is_finite(accepted_at) AND listed BETWEEN 1 AND 500 AND n = listed AND all_named(choices)
        THEN 'votes'
      ELSE 'broken'
    END AS kind
  FROM record_figures
),
-- How many votes a record stands for. A marker holds none; an unreadable record is one. One that is broken or of another version
-- is as many as it believably says, 1 to 500: by its `n`, or where that is no whole number by the votes it lists; else one.
records AS (
  SELECT
    r.shard, r.sequence_number, r.arrival, r.line_mark, r.file, r.kind,
    CASE
      WHEN r.kind = 'marker' THEN 0
      WHEN r.kind = 'votes' THEN r.listed
      WHEN r.kind = 'unreadable' THEN 1
      WHEN is_finite(r.n) AND r.n = floor(r.n) THEN CASE WHEN r.n BETWEEN 1 AND 500 THEN CAST(r.n AS BIGINT) ELSE 1 END
      WHEN r.listed BETWEEN 1 AND 500 THEN r.listed
      ELSE 1
    END AS votes,
    CASE WHEN r.kind = 'marker' AND r.poll_defined = t.id THEN 1 ELSE 0 END AS closes,
    CASE WHEN r.kind = 'votes' AND r.poll_named = t.id THEN r.choices END AS choices
  FROM record_kinds r CROSS JOIN the_poll t
),

-- 4. Every record once, in its part, and before or behind its shard's marker ---------------------------------------------

-- The records of a shard and the starts of its parts (`line_mark` empty), in one order: sequence numbers are numbers of up to 129
-- digits, so they compare by length, then as text.
in_order AS (
  SELECT
    *,
    lag(sequence_number) OVER in_shard AS number_before,
    lag(line_mark) OVER in_shard AS mark_before,
    max(start_of_place) OVER (in_shard ROWS UNBOUNDED PRECEDING) AS place,
    max(closes) OVER (in_shard ROWS UNBOUNDED PRECEDING) AS closed
  FROM (
    SELECT
      shard, sequence_number, line_mark, NULL AS start_of_place, arrival, kind, votes, closes, choices, file
    FROM records
    UNION ALL
    SELECT
      shard, first_number, '', place, NULL, NULL, NULL, 0, NULL, NULL
    FROM part_places
  ) events
  WINDOW in_shard AS (PARTITION BY shard ORDER BY length(sequence_number), sequence_number, line_mark)
),
-- `copy`: a line that repeats the one before it is dropped; one that names the same record and differs is kept apart.
-- `fate`: of votes that met the poll, whatever their option; votes from before its creation met none.
placed AS (
  SELECT
    o.shard, o.sequence_number, o.kind, o.votes, o.choices, o.arrival, o.file, o.place,
    CASE WHEN o.number_before = o.sequence_number AND o.mark_before <> '' THEN 'other' ELSE 'first' END AS copy,
    CASE WHEN is_after(o.sequence_number, p.last_number) THEN NULL ELSE p.part END AS part,
    o.sequence_number = p.first_number AS is_first,
    o.sequence_number = p.last_number AS is_last,
    NOT is_after(p.last_number, o.sequence_number) AS reaches_end,
    s.from_part IS NOT NULL AND NOT is_after(o.sequence_number, s.up_to_number)
      AND (s.after_number IS NULL OR is_after(o.sequence_number, s.after_number)) AS in_scope,
    CASE
      WHEN o.choices IS NULL OR o.arrival < t.created_at THEN 'none'
      WHEN o.closed = 1 THEN 'behind_marker'
      WHEN o.arrival < t.opens_at THEN 'not_open_yet'
      WHEN o.arrival >= t.closes_at THEN 'closed'
      ELSE 'counted'
    END AS fate
  FROM in_order o
  CROSS JOIN the_poll t
  LEFT JOIN shards s ON s.shard = o.shard
  LEFT JOIN part_places p ON p.shard = o.shard AND p.place = o.place
  WHERE o.line_mark <> '' AND NOT COALESCE(o.number_before = o.sequence_number AND o.mark_before = o.line_mark, FALSE)
),
-- Records that are alike. `lowest`: the first sequence number among them, behind its length.
alike AS (
  SELECT
    shard, part, place, copy, in_scope, kind, fate, file,
    CASE WHEN fate IN ('counted', 'not_open_yet', 'closed') THEN choices END AS choices,
    count(*) AS records,
    sum(votes) AS votes,
    max(arrival) AS newest,
    max(CASE WHEN is_first THEN 1 ELSE 0 END) AS has_first,
    max(CASE WHEN is_last THEN 1 ELSE 0 END) AS has_last,
    max(CASE WHEN reaches_end THEN 1 ELSE 0 END) AS reaches_end,
    min(CASE
      WHEN part IS NULL OR copy = 'other' THEN concat(lpad(CAST(length(sequence_number) AS VARCHAR), 3, '0'), sequence_number)
    END) AS lowest
  FROM placed
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
),
in_scope AS (SELECT * FROM alike WHERE in_scope AND copy = 'first'),

-- 5. The sums of the raw records, of the parts, and of the result --------------------------------------------------------

-- Up to which place the archive's raw records have come in a shard: what lies further is not missing, it is not there yet.
reaches AS (
  SELECT shard, max(CASE WHEN reaches_end = 1 THEN place ELSE place - 1 END) AS place
  FROM alike WHERE place IS NOT NULL GROUP BY shard
),
complete_parts AS (
  SELECT p.*, r.place IS NOT NULL AS has_records
  FROM part_places p LEFT JOIN reaches r ON r.shard = p.shard
  WHERE p.place <= r.place
),
-- Of the rules for a vote that met the poll before its marker, the unknown option comes first.
raw_tallies AS (
  SELECT
    a.shard, a.part,
    CASE WHEN o.id IS NOT NULL AND a.fate = 'counted' THEN 'option' ELSE 'rejected' END AS topic,
    CASE WHEN o.id IS NULL THEN 'unknown_option' WHEN a.fate = 'counted' THEN o.id ELSE a.fate END AS item,
    sum(a.records) AS votes
  FROM in_scope a CROSS JOIN UNNEST(a.choices) AS c(choice) LEFT JOIN poll_options o ON o.id = c.choice
  GROUP BY 1, 2, 3, 4
),
part_tallies AS (
  SELECT shard, part, 'option' AS topic, n.item, json_bigint(json_member(json_member(tally, 'counts'), n.item)) AS votes
  FROM parts CROSS JOIN UNNEST(json_names(json_member(tally, 'counts'))) AS n(item)
  UNION ALL
  SELECT shard, part, 'rejected', n.item, json_bigint(json_member(json_member(tally, 'rejected'), n.item))
  FROM parts CROSS JOIN UNNEST(json_names(json_member(tally, 'rejected'))) AS n(item)
),
board_tallies AS (
  SELECT 'option' AS topic, n.item, json_bigint(json_member(json_member(result, 'counts'), n.item)) AS votes
  FROM final_line CROSS JOIN UNNEST(json_names(json_member(result, 'counts'))) AS n(item)
  UNION ALL
  SELECT 'rejected', n.item, json_bigint(json_member(json_member(result, 'rejected'), n.item))
  FROM final_line CROSS JOIN UNNEST(json_names(json_member(result, 'rejected'))) AS n(item)
),
board_shards AS (
  SELECT
    n.shard,
    json_bigint(json_member(json_member(json_member(result, 'shards'), n.shard), 'counted')) AS counted,
    json_bigint(json_member(json_member(json_member(result, 'shards'), n.shard), 'rejected')) AS rejected
  FROM final_line CROSS JOIN UNNEST(json_names(json_member(result, 'shards'))) AS n(shard)
),
raw_parts AS (
  SELECT
    shard, part, sum(records) AS records, sum(votes) AS votes,
    sum(CASE WHEN kind IN ('unreadable', 'broken') THEN votes ELSE 0 END) AS malformed,
    sum(CASE WHEN kind = 'unsupported' THEN votes ELSE 0 END) AS unsupported,
    max(has_first) AS has_first, max(has_last) AS has_last
  FROM in_scope WHERE part IS NOT NULL GROUP BY shard, part
),
-- What a part says of all its records, beside what was found in its range.
part_figures AS (
  SELECT
    p.shard, p.part, f.item,
    CASE f.item
      WHEN 'records' THEN COALESCE(r.records, 0) WHEN 'votes' THEN COALESCE(r.votes, 0)
      WHEN 'malformed' THEN COALESCE(r.malformed, 0) ELSE COALESCE(r.unsupported, 0)
    END AS raw,
    CASE f.item
      WHEN 'records' THEN p.records WHEN 'votes' THEN p.votes WHEN 'malformed' THEN p.malformed ELSE p.unsupported
    END AS parts
  FROM complete_parts p
  LEFT JOIN raw_parts r ON r.shard = p.shard AND r.part = p.part
  CROSS JOIN (VALUES ('records'), ('votes'), ('malformed'), ('unsupported_version')) AS f(item)
),
-- Every item's three sums. An option or a reason that one column has and another has not is 0 there.
item_figures AS (
  SELECT topic, shard, item, sum(raw) AS raw, sum(parts) AS parts, sum(board) AS board
  FROM (
    SELECT 'option' AS topic, CAST(NULL AS VARCHAR) AS shard, id AS item, 0 AS raw, 0 AS parts, 0 AS board FROM poll_options
    UNION ALL SELECT topic, NULL, item, votes, 0, 0 FROM raw_tallies
    UNION ALL SELECT topic, NULL, item, 0, votes, 0 FROM part_tallies
    UNION ALL SELECT topic, NULL, item, 0, 0, votes FROM board_tallies
    UNION ALL SELECT 'shard', shard, 'counted', 0, 0, 0 FROM heads
    UNION ALL SELECT 'shard', shard, CASE WHEN topic = 'option' THEN 'counted' ELSE 'rejected' END, votes, 0, 0 FROM raw_tallies
    UNION ALL SELECT 'shard', shard, CASE WHEN topic = 'option' THEN 'counted' ELSE 'rejected' END, 0, votes, 0 FROM part_tallies
    UNION ALL SELECT 'shard', shard, 'counted', 0, 0, counted FROM board_shards
    UNION ALL SELECT 'shard', shard, 'rejected', 0, 0, rejected FROM board_shards
  ) sums
  GROUP BY topic, shard, item
),
-- The poll's sums per part; also of parts from before its creation, which can have none.
part_item_figures AS (
  SELECT shard, part, topic, item, sum(raw) AS raw, sum(parts) AS parts
  FROM (
    SELECT shard, part, topic, item, votes AS raw, 0 AS parts FROM raw_tallies WHERE part IS NOT NULL
    UNION ALL SELECT shard, part, topic, item, 0, votes FROM part_tallies
  ) sums
  GROUP BY shard, part, topic, item
)

-- 6. The figures, and what is wrong or missing ---------------------------------------------------------------------------

SELECT
  topic, shard, CAST(NULL AS BIGINT) AS part, CAST(NULL AS VARCHAR) AS sequence_number, item,
  CAST(raw AS BIGINT) AS raw, CAST(parts AS BIGINT) AS parts, CAST(board AS BIGINT) AS board,
  CAST(NULL AS VARCHAR) AS found, CAST(NULL AS VARCHAR) AS expected
FROM item_figures
UNION ALL
SELECT 'figure', NULL, NULL, NULL, item, CAST(sum(raw) AS BIGINT), CAST(sum(parts) AS BIGINT), NULL, NULL, NULL
FROM part_figures GROUP BY item
UNION ALL
SELECT 'figure', NULL, NULL, NULL, 'newest_arrival',
  (SELECT max(newest) FROM in_scope WHERE choices IS NOT NULL), NULL, json_bigint(json_member(result, 'newestArrival')), NULL, NULL
FROM final_line
UNION ALL
SELECT 'figure', NULL, NULL, NULL, 'parts', NULL, (SELECT count(*) FROM parts), (SELECT CAST(sum(parts) AS BIGINT) FROM heads), NULL, NULL

-- Of parts.
UNION ALL
SELECT 'head_missing', shard, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM heads WHERE head IS NULL
UNION ALL
SELECT 'part_hole', shard, COALESCE(part_before + 1, 0), NULL, NULL, NULL, NULL, NULL, CAST(part - 1 AS VARCHAR), NULL
FROM parts WHERE part <> COALESCE(part_before + 1, 0)
UNION ALL
SELECT 'part_tail', shard, COALESCE(to_part + 1, 0), NULL, NULL, NULL, NULL, NULL, CAST(parts - 1 AS VARCHAR), NULL
FROM shards WHERE COALESCE(to_part + 1, 0) < parts
UNION ALL
SELECT 'part_conflict', shard, part, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM parts WHERE copies <> same_copies
UNION ALL
SELECT 'part_hash', shard, part, NULL, NULL, NULL, NULL, NULL, hash, computed
FROM parts WHERE hash IS DISTINCT FROM computed
UNION ALL
SELECT 'part_previous', shard, part, NULL, NULL, NULL, NULL, NULL, previous, COALESCE(hash_before, lpad('', 64, '0'))
FROM parts
WHERE part = COALESCE(part_before + 1, 0) AND previous IS DISTINCT FROM COALESCE(hash_before, lpad('', 64, '0'))
UNION ALL
SELECT 'part_label', shard, part, NULL, NULL, NULL, NULL, NULL,
  concat(COALESCE(shard_said, '?'), ' ', COALESCE(CAST(part_said AS VARCHAR), '?')), concat(shard, ' ', CAST(part AS VARCHAR))
FROM parts WHERE shard_said IS DISTINCT FROM shard OR part_said IS DISTINCT FROM part
UNION ALL
SELECT 'part_body', shard, part, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM parts
WHERE first_number IS NULL OR last_number IS NULL OR records IS NULL OR digest IS NULL OR window_start IS NULL
  OR window_end IS NULL
UNION ALL
SELECT 'part_order', shard, part, first_number, NULL, NULL, NULL, NULL, NULL, last_before
FROM parts WHERE is_after(first_number, last_number) OR NOT is_after(first_number, last_before)
UNION ALL
SELECT 'head', shard, to_part, NULL, NULL, NULL, NULL, NULL, newest_hash, head
FROM shards WHERE to_part = parts - 1 AND newest_hash IS DISTINCT FROM head

-- Of raw records.
UNION ALL
SELECT 'unreadable_line', NULL, NULL, NULL, file, CAST(sum(records) AS BIGINT), NULL, NULL, NULL, NULL
FROM alike WHERE file IS NOT NULL GROUP BY file
UNION ALL
SELECT 'record_conflict', shard, part, substr(min(lowest), 4), NULL, CAST(sum(records) AS BIGINT), NULL, NULL, NULL, NULL
FROM alike WHERE in_scope AND copy = 'other' GROUP BY shard, part
UNION ALL
SELECT 'record_outside', shard, NULL, substr(min(lowest), 4), NULL, CAST(sum(records) AS BIGINT), NULL, NULL, NULL, NULL
FROM in_scope WHERE part IS NULL GROUP BY shard, place
UNION ALL
SELECT 'tail', s.shard, s.to_part, s.up_to_number, NULL, NULL, NULL, NULL, NULL, NULL
FROM shards s
WHERE s.from_part IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM complete_parts c WHERE c.shard = s.shard AND c.part = s.to_part)
UNION ALL
SELECT 'record_missing', p.shard, p.part, p.first_number, 'first', NULL, NULL, NULL, NULL, NULL
FROM complete_parts p LEFT JOIN raw_parts r ON r.shard = p.shard AND r.part = p.part
WHERE COALESCE(r.has_first, 0) = 0
UNION ALL
SELECT 'record_missing', p.shard, p.part, p.last_number, 'last', NULL, NULL, NULL, NULL, NULL
FROM complete_parts p LEFT JOIN raw_parts r ON r.shard = p.shard AND r.part = p.part
WHERE COALESCE(r.has_last, 0) = 0 AND p.last_number <> p.first_number

-- Of raw records against parts.
UNION ALL
SELECT
  'part_range', p.shard, p.part, p.first_number, CAST(p.runs AS VARCHAR), CAST(r.records AS BIGINT), NULL, NULL, p.last_number, p.digest
FROM complete_parts p JOIN raw_parts r ON r.shard = p.shard AND r.part = p.part
WHERE r.records = p.records AND p.digest IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM alike a WHERE a.copy = 'other' AND a.shard = p.shard AND a.part = p.part)
UNION ALL
SELECT 'part_figure', shard, part, NULL, item, CAST(raw AS BIGINT), parts, NULL, NULL, NULL
FROM part_figures WHERE raw IS DISTINCT FROM parts
UNION ALL
SELECT concat('part_', f.topic), f.shard, f.part, NULL, f.item, CAST(f.raw AS BIGINT), CAST(f.parts AS BIGINT), NULL, NULL, NULL
FROM part_item_figures f JOIN shards s ON s.shard = f.shard
LEFT JOIN complete_parts c ON c.shard = f.shard AND c.part = f.part
WHERE f.raw IS DISTINCT FROM f.parts AND (c.part IS NOT NULL OR f.part < s.from_part OR s.from_part IS NULL)
