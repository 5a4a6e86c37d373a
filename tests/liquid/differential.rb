# SPDX-License-Identifier: ISC
# A request a line, an answer a line, as `postclerk template eval --jsonl`: by ruby-liquid.
require 'json'
require 'liquid'

ENV['TZ'] = 'UTC'

class Sources
  def initialize(all)
    @all = all
  end

  def read_template_file(name)
    @all.fetch(name) { raise Liquid::FileSystemError, "no #{name}" }
  end
end

$stdin.each_line do |line|
  request = JSON.parse(line)
  answer = { id: request['id'] }
  begin
    template = Liquid::Template.parse(request['template'], error_mode: :strict)
    registers = { file_system: Sources.new(request['templates'] || {}) }
    answer[:output] = template.render!(request['data'], registers: registers, strict_filters: true)
  rescue Liquid::Error, StandardError => e
    answer[:error] = { message: e.message }
  end
  puts JSON.generate(answer)
end
