-- Gets one address over and over for load/bench/watchers-press.ts and ends with one line of JSON. With "unchanged" behind
-- "--" each request carries the ETag seen last, as a browser's does; all connections share it, since all have the same page.
local threads = {}
local etag
local wanted

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  full, unchanged, refused = 0, 0, 0
  if args[1] == "unchanged" then
    wanted = wrk.format("GET")
    -- Defined only here: wrk asks for each request anew where there is such a function.
    request = function()
      return wanted
    end
  end
end

function response(status, headers)
  if status == 304 then
    unchanged = unchanged + 1
  elseif status == 200 then
    full = full + 1
    local tag = headers["etag"] or headers["ETag"]
    if wanted and tag and tag ~= etag then
      etag = tag
      wrk.headers["If-None-Match"] = tag
      wanted = wrk.format("GET")
    end
  else
    refused = refused + 1
  end
end

function done(summary)
  local totals = { full = 0, unchanged = 0, refused = 0 }
  for _, thread in ipairs(threads) do
    for name, total in pairs(totals) do
      totals[name] = total + thread:get(name)
    end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"microseconds":%d,"full":%d,"unchanged":%d,"refused":%d,"broken":%d}\n',
    summary.duration,
    totals.full,
    totals.unchanged,
    totals.refused,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
