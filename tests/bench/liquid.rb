# SPDX-License-Identifier: ISC
# The order mail by ruby-liquid, for tests/bench-liquid: liquid.rb TEMPLATE DATA
require 'json'
require 'liquid'

module Money
  def money(cents)
    whole, rest = cents.divmod(100)
    format('%s.%02d €', whole.to_s.reverse.scan(/\d{1,3}/).join(',').reverse, rest)
  end
end

def best(runs)
  (1..10).map do
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    runs.times { yield }
    (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1e6 / runs
  end.min
end

Liquid::Template.register_filter(Money)
source = File.read(ARGV[0], encoding: 'UTF-8')
data = JSON.parse(File.read(ARGV[1], encoding: 'UTF-8'))
template = Liquid::Template.parse(source)
parse = best(20) { Liquid::Template.parse(source) }
render = best(20) { template.render(data) }
printf("liquid ruby-liquid-%s parse_us=%.0f render_us=%.0f\n", Liquid::VERSION, parse, render)
