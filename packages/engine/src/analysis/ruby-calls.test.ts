import { expect, test } from 'vitest';
import { callGraphOf, callsText } from './testing/calls-text.ts';

test('Ruby: classes opened again, mixins, methods of a class, blocks, attributes, aliases, records, tests', async () => {
  const files = {
    'lib/app/models.rb': `
require_relative 'support'

module App
  class Model
    include Support::Validations
    extend Support::Finders
    attr_reader :name
    attr_accessor :owner

    def self.create(*args, **options)
      record = new(*args, **options)
      record.save
      record
    end

    class << self
      def build(name) = create(name)

      private

      def hidden; end
    end

    def initialize(name, owner: nil)
      @name = name
      @owner = owner
    end

    def save
      return false unless valid?
      before_save
      store
    end

    def store
      raise NotImplementedError
    end

    private

    def before_save; end
  end

  class User < Model
    ROLES = [:admin].freeze
    def initialize(name, **options)
      super
      @posts = []
    end

    def store
      Log.write("saved #{shout}")
      self.owner = Guest.new
    end

    def shout
      name.upcase
    end
    alias loud shout

    def add(post)
      @posts << post
      self
    end

    def publish_all
      @posts.each { |post| post.publish }
      @posts.map(&:title)
      @posts.each_with_index do |post, i|
        post.rank(i)
      end
      each_post { |post| post.touch }
    end

    def each_post
      @posts.each { |post| yield post }
    end
  end

  class Post
    def publish; helper(1); end
    def title; end
    def rank(i); end
    def touch; end

    private

    def helper(x) = Log.write(x)
  end

  Guest = Struct.new(:label, :level) do
    def greet
      label.call
    end
  end
end
`,
    'lib/app/support.rb': `
module App
  module Support
    module Validations
      def valid?
        errors.empty? && check(:name)
      end

      def check(field)
        send(:run_check, field)
      end

      def run_check(field); end
      def errors; @errors ||= []; end
    end

    module Finders
      def find(id)
        build(id)
      end
    end
  end

  module Log
    module_function

    def write(text)
      emit(text)
    end

    def emit(text)
      puts text
    end
  end

  class User
    def reopened; shout; end
  end
end

def top_level(x)
  x.publish
end

def with_block(&block)
  block.call(1)
end
`,
    'main.rb': `
require 'app/models'

user = App::User.create('ann', owner: nil)
user.add(App::Post.new).publish_all
App::User.find(1).reopened
user.loud
top_level(App::Post.new)
with_block { |x| user.shout }
double = ->(x) { x * 2 }
double.call(1)
double.(2)
with_block(&double)
App::Guest.new(-> { user.save }, 2).greet
user.public_send(:shout)
m = user.method(:shout)
m.call
handlers = { a: double, 'b' => ->(x) { top_level(x) } }
handlers[:a].call(1)
begin
  user.owner.greet
rescue ArgumentError => e
  e.message
ensure
  App::Log.write('x')
end
user&.shout
missing(1)
nobody.call_it
`,
    'spec/user_spec.rb': `
RSpec.describe App::User do
  subject(:user) { described_class.new('x') }
  let(:post) { App::Post.new }
  it 'publishes' do
    post.publish
    expect(App::User.new('a').shout).to eq('A')
  end
end
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    lib.app.models -> <builtin>.Array.freeze lib/app/models.rb:46
    lib.app.models -> <builtin>.require_relative lib/app/models.rb:2
    lib.app.models.App.Guest.greet -> main.<anonymous:14> lib/app/models.rb:94
    lib.app.models.App.Model.build -> lib.app.models.App.Model.create lib/app/models.rb:18
    lib.app.models.App.Model.create -> lib.app.models.App.Model.save lib/app/models.rb:13
    lib.app.models.App.Model.create -> lib.app.models.App.User.initialize lib/app/models.rb:12
    lib.app.models.App.Model.save -> lib.app.models.App.Model.before_save lib/app/models.rb:32
    lib.app.models.App.Model.save -> lib.app.models.App.User.store lib/app/models.rb:33
    lib.app.models.App.Model.save -> lib.app.support.App.Support.Validations.valid? lib/app/models.rb:31
    lib.app.models.App.Post.helper -> lib.app.support.App.Log.write lib/app/models.rb:89
    lib.app.models.App.Post.publish -> lib.app.models.App.Post.helper lib/app/models.rb:82
    lib.app.models.App.User.each_post -> <builtin>.Array.each lib/app/models.rb:77 inferred
    lib.app.models.App.User.each_post -> lib.app.models.App.User.each_post.<anonymous:77> lib/app/models.rb:77 inferred
    lib.app.models.App.User.each_post.<anonymous:77> -> lib.app.models.App.User.publish_all.<anonymous:73> lib/app/models.rb:77
    lib.app.models.App.User.initialize -> lib.app.models.App.Model.initialize lib/app/models.rb:48
    lib.app.models.App.User.publish_all -> <builtin>.Array.each lib/app/models.rb:68 inferred
    lib.app.models.App.User.publish_all -> <builtin>.Array.each_with_index lib/app/models.rb:70 inferred
    lib.app.models.App.User.publish_all -> <builtin>.Array.map lib/app/models.rb:69
    lib.app.models.App.User.publish_all -> lib.app.models.App.Post.title lib/app/models.rb:69
    lib.app.models.App.User.publish_all -> lib.app.models.App.User.each_post lib/app/models.rb:73
    lib.app.models.App.User.publish_all -> lib.app.models.App.User.publish_all.<anonymous:68> lib/app/models.rb:68 inferred
    lib.app.models.App.User.publish_all -> lib.app.models.App.User.publish_all.<anonymous:70> lib/app/models.rb:70 inferred
    lib.app.models.App.User.publish_all.<anonymous:68> -> lib.app.models.App.Post.publish lib/app/models.rb:68
    lib.app.models.App.User.publish_all.<anonymous:70> -> lib.app.models.App.Post.rank lib/app/models.rb:71
    lib.app.models.App.User.publish_all.<anonymous:73> -> lib.app.models.App.Post.touch lib/app/models.rb:73
    lib.app.models.App.User.shout -> <builtin>.String.upcase lib/app/models.rb:58
    lib.app.models.App.User.store -> lib.app.models.App.User.shout lib/app/models.rb:53
    lib.app.models.App.User.store -> lib.app.support.App.Log.write lib/app/models.rb:53
    lib.app.support.App.Log.emit -> <builtin>.puts lib/app/support.rb:32
    lib.app.support.App.Log.write -> lib.app.support.App.Log.emit lib/app/support.rb:28
    lib.app.support.App.Support.Finders.find -> lib.app.models.App.Model.build lib/app/support.rb:19
    lib.app.support.App.Support.Validations.check -> lib.app.support.App.Support.Validations.run_check lib/app/support.rb:10
    lib.app.support.App.Support.Validations.valid? -> <builtin>.Array.empty? lib/app/support.rb:6
    lib.app.support.App.Support.Validations.valid? -> lib.app.support.App.Support.Validations.check lib/app/support.rb:6
    lib.app.support.App.Support.Validations.valid? -> lib.app.support.App.Support.Validations.errors lib/app/support.rb:6
    lib.app.support.App.User.reopened -> lib.app.models.App.User.shout lib/app/support.rb:37
    lib.app.support.top_level -> lib.app.models.App.Post.publish lib/app/support.rb:42
    lib.app.support.with_block -> main.<anonymous:10> lib/app/support.rb:46 inferred
    lib.app.support.with_block -> main.<anonymous:9> lib/app/support.rb:46 inferred
    main -> <builtin>.ArgumentError.message main.rb:23
    main -> <builtin>.require main.rb:2
    main -> <external>.missing main.rb:28
    main -> <external>.nobody main.rb:29
    main -> <external>.nobody.call_it main.rb:29
    main -> lib.app.models.App.Guest.greet main.rb:14
    main -> lib.app.models.App.Guest.greet main.rb:21
    main -> lib.app.models.App.Model.create main.rb:4
    main -> lib.app.models.App.User.add main.rb:5
    main -> lib.app.models.App.User.publish_all main.rb:5
    main -> lib.app.models.App.User.shout main.rb:15
    main -> lib.app.models.App.User.shout main.rb:17
    main -> lib.app.models.App.User.shout main.rb:27
    main -> lib.app.models.App.User.shout main.rb:7
    main -> lib.app.support.App.Log.write main.rb:25
    main -> lib.app.support.App.Support.Finders.find main.rb:6
    main -> lib.app.support.App.User.reopened main.rb:6
    main -> lib.app.support.top_level main.rb:8
    main -> lib.app.support.with_block main.rb:13
    main -> lib.app.support.with_block main.rb:9
    main -> main.<anonymous:10> main.rb:11
    main -> main.<anonymous:10> main.rb:12
    main -> main.<anonymous:10> main.rb:19
    main.<anonymous:14> -> lib.app.models.App.Model.save main.rb:14
    main.<anonymous:18> -> lib.app.support.top_level main.rb:18
    main.<anonymous:9> -> lib.app.models.App.User.shout main.rb:9
    spec.user_spec -> <external>.RSpec.describe spec/user_spec.rb:2 inferred
    spec.user_spec -> spec.user_spec.<anonymous:2> spec/user_spec.rb:2 inferred
    spec.user_spec.<anonymous:2> -> <external>.it spec/user_spec.rb:5 inferred
    spec.user_spec.<anonymous:2> -> spec.user_spec.<anonymous:2>.<anonymous:5> spec/user_spec.rb:5 inferred
    spec.user_spec.<anonymous:2>.<anonymous:3> -> lib.app.models.App.User.initialize spec/user_spec.rb:3
    spec.user_spec.<anonymous:2>.<anonymous:5> -> <external>.eq spec/user_spec.rb:7
    spec.user_spec.<anonymous:2>.<anonymous:5> -> <external>.expect spec/user_spec.rb:7
    spec.user_spec.<anonymous:2>.<anonymous:5> -> <external>.expect.to spec/user_spec.rb:7
    spec.user_spec.<anonymous:2>.<anonymous:5> -> lib.app.models.App.Post.publish spec/user_spec.rb:6
    spec.user_spec.<anonymous:2>.<anonymous:5> -> lib.app.models.App.User.initialize spec/user_spec.rb:7
    spec.user_spec.<anonymous:2>.<anonymous:5> -> lib.app.models.App.User.shout spec/user_spec.rb:7
    spec.user_spec.<anonymous:2>.<anonymous:5> -> spec.user_spec.<anonymous:2>.<anonymous:4> spec/user_spec.rb:6
    "
  `);
});

test('Ruby: hostile source ends: modules in circles, classes opened a thousand times, deep nesting', async () => {
  const files = {
    'a.rb':
      'module A; include B; def m; m.m; end; end\nmodule B; include A; extend self; extend B; end\nclass C < C; include A; def x; super; yield; end; end\nC.new.x { |&b| b.(b) }\nB.m; A.new; super; yield',
    'b.rb': `x = ${'['.repeat(2_000)}f()${']'.repeat(2_000)}\n`,
    'c.rb': 'def ok(; end\nclass < ; ok(',
    'd.rb':
      'send(:send, :send); method(:x).call; define_method(:y) { y }; alias_method :a, :b; Struct.new; X = Class.new(X) { }; self[self] = self; a, = *a; -> { }.(); ->(x) do x end\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    (b.rb: not_parsed)
    (c.rb: syntax_errors)
    a -> ? B.m a.rb:5
    a -> a.C.x a.rb:4
    a.<anonymous:4> -> ? b.(b) a.rb:4
    a.A.m -> ? m.m a.rb:1
    a.A.m -> a.A.m a.rb:1 inferred
    a.C.x -> a.<anonymous:4> a.rb:3
    a.C.x -> a.C.x a.rb:3
    c -> c.ok c.rb:2
    d -> <builtin>.define_method d.rb:1 inferred
    d -> <external>.a d.rb:1
    d -> <external>.method d.rb:1
    d -> <external>.method.call d.rb:1
    d -> <external>.send d.rb:1
    d -> d.<anonymous:1:3> d.rb:1
    d -> d.<anonymous:1> d.rb:1 inferred
    d.<anonymous:1> -> <external>.y d.rb:1
    "
  `);
  const parts = Array.from(
    { length: 1_000 },
    (_, i) => `class Open\n  def m${i}; m${(i + 1) % 1_000}; end\nend\n`,
  );
  const { edges, unresolved } = await callGraphOf({ 'open.rb': `${parts.join('')}Open.new.m0\n` });
  expect(unresolved).toEqual([]);
  expect(edges).toHaveLength(1_001);
});
