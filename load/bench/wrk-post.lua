-- Posts the body given behind "--", counts the answers that are not a 202, and ends with one line of JSON for
-- load/bench/press.ts. (wrk itself counts only statuses from 400 on; asking for each answer costs it 2 µs of CPU.)
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wrk.method = "POST"
  wrk.body = args[1]
  wrk.headers["Content-Type"] = "application/json"
  refused = 0
end

function response(status)
  if status ~= 202 then
    refused = refused + 1
  end
end

function done(summary)
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("refused")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d}\n',
    summary.requests,
    summary.duration,
    total,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
