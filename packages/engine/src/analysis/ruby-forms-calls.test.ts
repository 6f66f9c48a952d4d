import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Ruby: constants by scope, methods by symbol and by block, super, yield, destructuring, rescue', async () => {
  const files = {
    'a.rb': `
module Outer
  LIMIT = Inner
  class Inner
    def call(x) = x
    def self.call(x) = new.call(x)
  end
  module Deep
    class Inner
      def other; ::Outer::Inner.call(1); end
    end
    def self.run
      Inner.new.other
      Outer::Inner.new.call(2)
    end
  end
  class Base
    def initialize(a) = setup(a)
    def setup(a); end
    def each
      yield self, 1
    end
    def to_s = 'x'
    def template = hook
  end
  class Sub < Base
    def initialize(a, b)
      super(a)
      @b = b
    end
    def hook; @b.done; end
    define_method(:made) { |x| x.done }
    private def secret; end
    class << self
      attr_accessor :current
      def default = @default ||= new(1, Done.new)
    end
    def [](key) = key
    def <<(other)
      other.done
    end
    def name=(value)
      value.done
    end
  end
  class Done
    def done; end
  end
end

sub = Outer::Sub.new(1, Outer::Done.new)
sub.template
sub.each { |me, n| me.hook }
sub.made(Outer::Done.new)
sub << Outer::Done.new
sub.name = Outer::Done.new
sub[1]
Outer::Sub.default.hook
Outer::Sub.current = sub
a, (b, *c) = [sub, [Outer::Done.new]]
a.hook
b.done
[sub].each(&:hook)
[1].map(&Outer::Inner.method(:call))
Outer::Deep.run
def risky
  return sub_of(1) if block_given?
  yield
rescue Outer::Done => e
  e.done
else
  1
ensure
  Outer::Deep.run
end
risky { 1 }
case sub
when Outer::Sub then sub.hook
else risky
end
x = if a then Outer::Done.new else sub end
x.done
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    a -> <builtin>.Array.each a.rb:63
    a -> <builtin>.Array.map a.rb:64 inferred
    a -> a.Outer.Base.each a.rb:53
    a -> a.Outer.Base.template a.rb:52
    a -> a.Outer.Deep.run a.rb:65
    a -> a.Outer.Done.done a.rb:62
    a -> a.Outer.Done.done a.rb:82
    a -> a.Outer.Inner.call a.rb:64 inferred
    a -> a.Outer.Sub.<< a.rb:55
    a -> a.Outer.Sub.[] a.rb:57
    a -> a.Outer.Sub.default a.rb:58
    a -> a.Outer.Sub.hook a.rb:58
    a -> a.Outer.Sub.hook a.rb:61
    a -> a.Outer.Sub.hook a.rb:63
    a -> a.Outer.Sub.hook a.rb:78
    a -> a.Outer.Sub.initialize a.rb:51
    a -> a.Outer.Sub.made a.rb:54
    a -> a.Outer.Sub.name= a.rb:56
    a -> a.risky a.rb:76
    a -> a.risky a.rb:79
    a.<anonymous:53> -> a.Outer.Sub.hook a.rb:53
    a.Outer.Base.each -> a.<anonymous:53> a.rb:21
    a.Outer.Base.initialize -> a.Outer.Base.setup a.rb:18
    a.Outer.Base.template -> a.Outer.Sub.hook a.rb:24
    a.Outer.Deep.Inner.other -> a.Outer.Inner.call a.rb:10
    a.Outer.Deep.run -> a.Outer.Deep.Inner.other a.rb:13
    a.Outer.Deep.run -> a.Outer.Inner.call a.rb:14
    a.Outer.Inner.call -> a.Outer.Inner.call a.rb:6
    a.Outer.Sub.<< -> a.Outer.Done.done a.rb:40
    a.Outer.Sub.default -> a.Outer.Sub.initialize a.rb:36
    a.Outer.Sub.hook -> a.Outer.Done.done a.rb:31
    a.Outer.Sub.initialize -> a.Outer.Base.initialize a.rb:28
    a.Outer.Sub.made -> a.Outer.Done.done a.rb:32
    a.Outer.Sub.name= -> a.Outer.Done.done a.rb:43
    a.risky -> <builtin>.block_given? a.rb:67
    a.risky -> <external>.sub_of a.rb:67
    a.risky -> a.<anonymous:76> a.rb:68
    a.risky -> a.Outer.Deep.run a.rb:74
    a.risky -> a.Outer.Done.done a.rb:70
    "
  `);
});

test('Ruby: an assignment to an attribute calls its writer; of one that is not known it is listed where some class has written the method', async () => {
  const files = {
    'user.rb': `
class User
  attr_accessor :title
  def name=(value)
    @name = value
  end
  class << self
    attr_writer :mode
    def level=(value) = value
  end
  def rename
    self.name = 'x'
    self.title = 'y'
  end
end
class Guest
  attr_accessor :name
end
Point = Struct.new(:name)
Frozen = Data.define(:name)
user = User.new
user.name = 'b'
user&.name ||= 'c'
user.name, z = 'a', 2
User.level = 1
User.mode = 2
Guest.new.name = 'd'
Point.new(1).name = 'e'
Frozen.new(1).name = 'f'
[user].each { |one| one.name = 'g' }
def unknown(thing)
  thing.name = 'a'
  thing.title = 'b'
  thing.size = 3
  thing.
    name = 4
end
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    user -> <builtin>.Array.each user.rb:30 inferred
    user -> <builtin>.name user.rb:23
    user -> ? Frozen.new(1).name= user.rb:29
    user -> user.<anonymous:30> user.rb:30 inferred
    user -> user.User.level= user.rb:25
    user -> user.User.name= user.rb:22
    user -> user.User.name= user.rb:23
    user -> user.User.name= user.rb:24
    user.<anonymous:30> -> user.User.name= user.rb:30
    user.User.rename -> user.User.name= user.rb:12
    user.unknown -> ? thing. name= user.rb:36
    user.unknown -> ? thing.name= user.rb:32
    "
  `);
});
