-- Prints what wrk measured as one line of JSON; with a file of paths after "--", asks for them in turn.
local paths = {}
local turn = 0

function init(args)
  if args[1] == nil then return end
  for line in io.lines(args[1]) do paths[#paths + 1] = wrk.format("GET", line) end
  request = function()
    turn = turn % #paths + 1
    return paths[turn]
  end
end

function done(summary, latency, _)
  local failed = summary.errors.status + summary.errors.read + summary.errors.write
    + summary.errors.connect + summary.errors.timeout
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes, failed,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
