-- The recount of one final poll on Athena: its votes, counted a second time from the raw records in votes/ by the rules of
-- docs/audit-format.md ("The rules"), beside what the poll's last line in windows/ published.
--
-- Parameters: the poll's id, and twice the UTC hour of its `createdAt` as 'YYYY/MM/DD/HH'. Only files from that hour on are read, of
-- both folders. As parameters Athena knows the hours before it lists any file.
-- Gives rows (topic, item, recounted, published, agrees): topic `option` with an option's votes, `rejected` with a reason's, and
-- `line` with what is wrong in the archive itself: `unreadable` (no record line) and `conflict` (differs from another line of the
-- same name). No rows: the poll has no last line yet.
--
-- What it leaves to `npm run audit -- verify`: the parts, their hashes and digests (a chain, which no SQL of Athena's walks), the
-- heads, which records are missing, and whether two last lines differ. A line that is no JSON makes the query fail. What Trino's
-- reader of JSON refuses and JSON.parse takes (thousands of levels, numbers of thousands of digits) fails it too, or counts as
-- malformed and so disagrees. The front door writes no such record.
WITH
the_poll AS (
  SELECT
    poll.id AS id, poll.createdAt AS created_at, poll.opensAt AS opens_at, poll.closesAt AS closes_at,
    poll.options AS options, poll.shards AS shards, result.counts AS counts, result.rejected AS rejected
  FROM windows
  WHERE v = 1 AND kind = 'poll' AND poll.id = ? AND hour >= ?
  LIMIT 1 -- delivered at least once
),
poll_options AS (
  SELECT element_at(o.definition, 'id') AS id FROM the_poll t CROSS JOIN UNNEST(t.options) AS o(definition)
),

-- Every line once, however often it was delivered. `place`: sequence numbers are numbers of up to 129 digits. Padded, their texts
-- compare as they do. A shard outside the poll's set takes no part in its result. The lines are read once only: Athena runs a WITH
-- query again wherever it is named.
lines AS (
  SELECT shard, place, arrival, partition_key, data, base64, count(*) AS copies
  FROM (
    SELECT
      CASE WHEN is_record THEN shardId END AS shard,
      CASE WHEN is_record THEN lpad(sequenceNumber, 129, '0') END AS place,
      arrival, partitionKey AS partition_key, data, base64
    FROM (
      SELECT
        *,
        v IS NOT DISTINCT FROM 1 AND kind IS NOT DISTINCT FROM 'record' AND shardId IS NOT NULL
          AND sequenceNumber IS NOT NULL AND arrival IS NOT NULL AND partitionKey IS NOT NULL AND data IS NOT NULL AS is_record
      FROM votes
      WHERE hour >= ?
    ) typed
  ) named
  GROUP BY shard, place, arrival, partition_key, data, base64
),
numbered AS (
  SELECT
    l.*, t.id, t.created_at, t.opens_at, t.closes_at,
    row_number() OVER (PARTITION BY l.shard, l.place ORDER BY l.arrival, l.partition_key, l.data, l.base64) AS copy
  FROM lines l CROSS JOIN the_poll t
  WHERE l.shard IS NULL OR contains(t.shards, l.shard)
),

-- The data as JSON. An escaped half of a surrogate pair is JSON and yet no text, so every escape that could be one is turned into
-- another letter that no id has. To find them, an escaped backslash is written by its number first.
texts AS (
  SELECT
    *,
    replace(replace(replace(data, '\\', '\u005c'), '\ud', '\uf'), '\uD', '\uf') AS text
  FROM numbered
),
-- Trino's json_parse stops behind the first value and may not mind what follows. As the only element of an array it must be all.
-- Of several members of one name json_parse keeps the last.
bodies AS (
  SELECT
    shard, place, arrival, partition_key, copies, copy, id, created_at, opens_at, closes_at,
    CASE WHEN json_array_length(try(json_parse(concat('[', text, ']')))) = 1 THEN try(json_parse(text)) END AS body
  FROM texts
),
members AS (
  SELECT
    *,
    json_extract(body, '$.v') AS version,
    json_extract(body, '$.poll') AS poll,
    json_extract(body, '$.acceptedAt') AS accepted_at,
    json_extract(body, '$.n') AS n,
    json_extract(body, '$.votes') AS votes,
    json_extract(body, '$.control') AS control
  FROM bodies
),

-- What each record is. JSON's kinds are told by the first letter of their text: `"` a text, `{` an object, `[` an array, and only a
-- number's text can be cast to one.
kinds AS (
  SELECT
    shard, place, arrival, copies, copy, created_at, opens_at, closes_at,
    is_version_1 AND is_control
      AND json_format(control) LIKE '"%' AND json_extract_scalar(control, '$') = 'close'
      AND json_format(poll_id) LIKE '"%' AND json_extract_scalar(poll_id, '$') = id
      AND json_format(json_extract(poll, '$.shards')) LIKE '[%' AS closes,
    CASE
      WHEN copy = 1 AND is_version_1 AND NOT is_control
        AND json_format(poll) LIKE '"%' AND json_extract_scalar(poll, '$') = id
        AND is_finite(TRY_CAST(json_format(accepted_at) AS DOUBLE))
        AND json_format(votes) LIKE '[%' AND json_array_length(votes) BETWEEN 1 AND 500
        AND TRY_CAST(json_format(n) AS DOUBLE) = json_array_length(votes)
        THEN CAST(votes AS ARRAY(JSON))
    END AS votes,
    json_array_length(votes) AS listed
  FROM (
    SELECT
      *,
      partition_key = 'placar-control' AS is_control,
      json_format(body) LIKE '{%' AND TRY_CAST(json_format(version) AS DOUBLE) = 1 AS is_version_1,
      json_extract(poll, '$.id') AS poll_id
    FROM members
  ) versions
),

-- Where each stands, and what its votes chose. The marker is the first valid one in its shard. `named`: how many of a record's
-- votes name an option as a text. Where one does not, the record is malformed as a whole.
in_order AS (
  SELECT
    *,
    COALESCE(place > min(CASE WHEN closes THEN place END) OVER (PARTITION BY shard), FALSE) AS is_behind_marker
  FROM kinds
),
choices AS (
  SELECT
    o.shard, o.place, o.copy, o.copies, o.is_behind_marker, o.arrival, o.created_at, o.opens_at, o.closes_at, o.listed,
    CASE WHEN json_format(json_extract(u.vote, '$.option')) LIKE '"%' THEN json_extract_scalar(u.vote, '$.option') END AS choice
  FROM in_order o LEFT JOIN UNNEST(o.votes) AS u(vote) ON TRUE
),
whole AS (
  SELECT *, count(choice) OVER (PARTITION BY shard, place, copy) AS named FROM choices
),
fates AS (
  SELECT
    CASE
      WHEN w.shard IS NULL OR w.copy > 1 THEN 'line'
      WHEN o.id IS NOT NULL AND w.arrival >= w.opens_at AND (w.closes_at IS NULL OR w.arrival < w.closes_at) THEN 'option'
      ELSE 'rejected'
    END AS topic,
    CASE
      WHEN w.shard IS NULL THEN 'unreadable'
      WHEN w.copy > 1 THEN 'conflict'
      WHEN o.id IS NULL THEN 'unknown_option'
      WHEN w.arrival < w.opens_at THEN 'not_open_yet'
      WHEN w.arrival >= w.closes_at THEN 'closed'
      ELSE o.id
    END AS item,
    CASE WHEN w.shard IS NULL THEN w.copies ELSE 1 END AS recounted
  FROM whole w LEFT JOIN poll_options o ON o.id = w.choice
  WHERE w.shard IS NULL OR w.copy > 1
    OR (w.named > 0 AND w.named = w.listed AND w.arrival >= w.created_at AND NOT w.is_behind_marker)
),

-- An item that one side has and the other has not is 0 there.
sides AS (
  SELECT topic, item, recounted, 0 AS published FROM fates
  UNION ALL SELECT 'option', id, 0, 0 FROM poll_options
  UNION ALL SELECT 'option', c.item, 0, element_at(t.counts, c.item)
  FROM the_poll t CROSS JOIN UNNEST(map_keys(t.counts)) AS c(item)
  UNION ALL SELECT 'rejected', r.item, 0, element_at(t.rejected, r.item)
  FROM the_poll t CROSS JOIN UNNEST(map_keys(t.rejected)) AS r(item)
)
SELECT
  topic, item, sum(recounted) AS recounted, sum(published) AS published, sum(recounted) = sum(published) AS agrees
FROM sides
GROUP BY topic, item
ORDER BY topic, item
