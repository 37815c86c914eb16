-- The functions that recount.sql, frames.sql and scope.sql name and that differ between engines, for DuckDB. On Athena (Trino)
-- the same names are to be replaced by that engine's expressions; nothing else in those files is DuckDB's own.

-- JSON as RFC 8259 has it, which is what JSON.parse takes. DuckDB's reader differs from that in three things:
-- it refuses half a surrogate pair (\ud800), so every surrogate escape is first replaced by "!" (no id has either);
CREATE MACRO without_surrogates(text) AS
  CASE WHEN contains(text, '\u') THEN regexp_replace(text, '(\\[^u])|\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\1!', 'g') ELSE text END;
-- and it takes a comma before a closing bracket, and the names NaN and Infinity, neither of which can stand outside a string.
CREATE MACRO without_strings(text) AS regexp_replace(text, '"(?:\\(?s:.)|[^"\\])*"', '""', 'g');
CREATE MACRO valid_json(text) AS
  CASE
    WHEN NOT json_valid(text) THEN FALSE
    WHEN NOT regexp_matches(text, ',[ \t\n\r]*[\]}]|(?i:nan|inf)') THEN TRUE
    ELSE NOT regexp_matches(without_strings(text), ',[ \t\n\r]*[\]}]|(?i:nan|inf)')
  END;

-- 'object', 'array', 'string', 'number' or 'other'; of JSON that is known to be valid.
CREATE MACRO json_kind(json) AS
  CASE json_type(json)
    WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string'
    WHEN 'UBIGINT' THEN 'number' WHEN 'BIGINT' THEN 'number' WHEN 'DOUBLE' THEN 'number'
    WHEN 'BOOLEAN' THEN 'other' WHEN 'NULL' THEN 'other'
  END;

-- The names of an object's members, in order; none for anything else.
CREATE MACRO json_names(json) AS json_keys(json);
-- The member of that name, as JSON; of several the last, as JSON.parse has it. NULL where there is none.
CREATE MACRO json_member(json, name) AS
  list_extract(json_extract(json, '$.*'), len(json_keys(json)) + 1 - list_position(list_reverse(json_keys(json)), name));
-- An array's elements, and how many they are; none for anything else.
CREATE MACRO json_elements(json) AS json_extract(json, '$[*]');
CREATE MACRO json_count(json) AS json_array_length(json);
-- What a JSON string says; NULL for anything else.
CREATE MACRO json_text(json) AS CASE WHEN json_kind(json) = 'string' THEN json_extract_string(json, '$') END;
-- A JSON number as a double, infinite where it is too large for one; NULL for anything else.
CREATE MACRO json_number(json) AS CASE WHEN json_kind(json) = 'number' THEN CAST(CAST(json AS VARCHAR) AS DOUBLE) END;
CREATE MACRO json_bigint(json) AS CASE WHEN json_kind(json) = 'number' THEN TRY_CAST(CAST(json AS VARCHAR) AS BIGINT) END;
-- The sum of the numbers at a path.
CREATE MACRO json_sum(json, path) AS
  COALESCE(list_sum(list_transform(json_extract(json, path), lambda value: json_bigint(value))), 0);

CREATE MACRO is_finite(number) AS isfinite(number);

-- Of a `votes` array: the option each vote names; NULL for one that is no object or has no text there. The first branch is the
-- second one's short cut for votes as the gateway writes them.
CREATE MACRO option_names(votes) AS
  CASE
    WHEN regexp_full_match(
      votes, '\[(\{"option":"[^"\\]*"(,"vote[a-zA-Z]*":"[^"\\]*")*(,"castAt":[0-9]+)?\},?)*\]'
    ) THEN json_extract_string(votes, '$[*].option')
    ELSE list_transform(
      list_transform(json_elements(votes), lambda vote: json_member(vote, 'option')), lambda name: json_text(name)
    )
  END;
CREATE MACRO all_named(names) AS list_count(names) = len(names);

CREATE MACRO sha256_hex(text) AS sha256(text);
CREATE MACRO md5_hex(text) AS md5(text);
-- A text without spaces and line breaks: itself where it has none, else ":" and the base64 of its UTF-8.
CREATE MACRO one_word(text) AS
  CASE
    WHEN contains(text, ' ') OR contains(text, chr(10)) OR starts_with(text, ':') THEN concat(':', base64(encode(text)))
    ELSE text
  END;
CREATE MACRO is_digits(text) AS regexp_full_match(text, '[0-9]+');

-- Whether one sequence number is greater than another: they are numbers of up to 129 digits without leading zeros.
CREATE MACRO is_after(one, other) AS
  length(one) > length(other) OR (length(one) = length(other) AND one > other);
