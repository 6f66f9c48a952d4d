import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `# doc
module A::B
  # doc2
  class Foo < Base
    CONST = 1
    attr_accessor :a, :b
    include X
    scope :active, -> { where(a: 1) }
    def initialize(a) = @a = a
    def foo(a)
      1
    end
    def self.bar; end
    class << self
      def baz; end
    end
    private def priv; end
    alias_method :q, :foo
    alias x y
    define_method(:dyn) { 1 }
  end
  Point = Struct.new(:x) do
    def dist; end
  end
end
RSpec.describe Foo do
  context 'when x' do
    it 'works' do
      expect(1)
    end
    let(:user) { 1 }
  end
end
describe "y" do end
task :build do
end
`;

test('Ruby: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('ruby', sample)).toMatchInlineSnapshot(`
    "
    module B 2-25 head 2 doc 1-1
    class Foo 4-21 head 4 doc 3-3 in B
    constant CONST 5-5 in Foo
    property a 6-6 in Foo
    property b 6-6 in Foo
    method active 8-8 in Foo
    constructor initialize 9-9 in Foo
    method foo 10-12 head 10 in Foo
    method bar 13-13 in Foo
    method baz 15-15 in Foo
    method priv 17-17 in Foo
    method q 18-18 in Foo
    method x 19-19 in Foo
    method dyn 20-20 in Foo
    class Point 22-24 head 22 in B
    method dist 23-23 in Point
    test Foo 26-33 head 26
    test when x 27-32 head 27 in Foo
    test works 28-30 head 28 in when x
    test y 34-34
    target build 35-36 head 35
    "
  `);
});
