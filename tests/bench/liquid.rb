# SPDX-License-Identifier: ISC
# The order mail and the theme by ruby-liquid, for make bench-liquid:
# liquid.rb TEMPLATE DATA THEME-DIR
require 'json'
require 'liquid'

module Money
  def money(cents)
    whole, rest = cents.divmod(100)
    format('%s.%02d €', whole.to_s.reverse.scan(/\d{1,3}/).join(',').reverse, rest)
  end
end

def best(runs)
  (1..20).map do
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    runs.times { yield }
    (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1e6 / runs
  end.min
end

# Sources of partials from memory; this engine parses them once a render, not once in all.
class Kept
  def initialize(dir)
    @dir = dir
    @sources = Hash.new { |all, name| all[name] = File.read("#{@dir}/#{name}.liquid", encoding: 'UTF-8') }
  end

  def read_template_file(name)
    @sources[name]
  end
end

def read(path)
  File.read(path, encoding: 'UTF-8')
end

def report(set, parse, render, more = '')
  printf("%s ruby-liquid-%s parse_us=%.0f render_us=%.0f%s\n", set, Liquid::VERSION, parse, render, more)
end

Liquid::Template.register_filter(Money)
source = read(ARGV[0])
data = JSON.parse(read(ARGV[1]))
template = Liquid::Template.parse(source)
parse = best(20) { Liquid::Template.parse(source) }
report('order-mail', parse, best(20) { template.render(data) })

theme = ARGV[2]
Liquid::Template.file_system = Kept.new("#{theme}/snippets")
theme_data = JSON.parse(read("#{theme}/data.json"))
names = Dir.children("#{theme}/pages").sort
sources = names.map { |name| read("#{theme}/pages/#{name}") }
pages = sources.map { |text| Liquid::Template.parse(text) }
same = names.each_with_index.count { |name, i| pages[i].render(theme_data) == read("#{theme}/out/#{name}") }
parse = best(1) { sources.each { |text| Liquid::Template.parse(text) } }
render = best(1) { pages.each { |page| page.render(theme_data) } }
report('theme', parse, render, " same_output=#{same}/#{names.size}")
