import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { planQuery } from './plan-query.ts';

/** `kind | names | paths | pattern`. */
function planned(query: string): string {
  const { kind, names, paths, patterns } = planQuery(query);
  const places = paths.map(
    ({ path, line, inTrace }) => `${path}${line === undefined ? '' : `:${line}`}${inTrace ? '!' : ''}`,
  );
  return [kind, names.map(({ name }) => name).join(' '), places.join(' '), patterns.join(' & ')]
    .join(' | ')
    .replace(/(?: \| )+$/, '');
}

const terms = (query: string): string[] => planQuery(query).terms.map(({ term }) => term);

describe('the kind of a query', () => {
  it('is told from its text', () => {
    const table = `
      parseCookie => symbol | parseCookie
      parse_cookie() => symbol | parse_cookie
      Store.publish => symbol | Store.publish
      std::vector::push_back => symbol | std::vector::push_back
      Foo#bar => symbol | Foo#bar
      obj->method => symbol | obj->method
      @Decorator => symbol | @Decorator
      valid? => symbol | valid?
      $ => symbol | $
      src/http/router.ts => path | | src/http/router.ts
      src/http/router.ts:42:7 => path | | src/http/router.ts:42
      ./src/router.ts => path | | src/router.ts
      router.ts => path | | router.ts
      C:\\proj\\x.py:3 => path | | C:/proj/x.py:3
      src/utils => path | | src/utils
      /foo.*bar/ => regex | | | foo.*bar
      /[a-z]+/ => regex | | | [a-z]+
      "exact string" => exact | | | exact string
      'single' => exact | | | single
      how are cookies parsed => words
      the parseCookie function => words | parseCookie
      cookie handling in src/cookie.ts => words | | src/cookie.ts
      TypeError: x is not a function => words | TypeError
      say "hello world" twice => words
      "a" and "b" => words`;
    for (const line of table.trim().split('\n')) {
      const [query = '', expected = ''] = line.trim().split(' => ');
      expect(`${query} => ${planned(query).replaceAll(/ {2}(?=\|)/g, ' ')}`).toBe(`${query} => ${expected}`);
    }
  });

  it('is a report for what is long or has several lines', () => {
    expect(planQuery('one line\nanother line').kind).toBe('report');
    expect(planQuery('word '.repeat(41)).kind).toBe('report');
    const issue = `Cookie values are not decoded

When I call \`parseCookie\` with "a=%20" nothing is decoded.

Traceback (most recent call last):
  File "/srv/app/cookie.py", line 12, in parse
ValueError: bad value`;
    const plan = planQuery(issue, 'task');
    expect(plan.kind).toBe('report');
    expect(plan.paths).toEqual([{ path: 'srv/app/cookie.py', line: 12, inTrace: true }]);
    expect(plan.names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['parseCookie', 'parse', 'ValueError']),
    );
    // The title counts more than what comes after.
    const weight = (term: string) => plan.terms.find((known) => known.term === term)?.weight ?? 0;
    expect(weight('cooki')).toBeGreaterThan(weight('call'));
  });

  it('does not matter for terms of any language', () => {
    expect(terms('wo wird die Verbindung geschlossen')).toEqual(
      expect.arrayContaining(['verbindung', 'geschlossen']),
    );
    expect(terms('comment fermer la connexion expirée')).toEqual(
      expect.arrayContaining(['connexion', 'expire']),
    );
    expect(terms('как закрыть соединение')).toEqual(expect.arrayContaining(['закрыть', 'соединение']));
    expect(terms('如何解析请求头')).toEqual(expect.arrayContaining(['解析', '请求']));
    expect(terms('リクエストヘッダーを解析する')).toEqual(expect.arrayContaining(['リクエスト', '解析']));
    expect(terms('요청 헤더 파싱')).toEqual(expect.arrayContaining(['요청', '헤더']));
    expect(terms('كيف أغلق الاتصال')).toContain('الاتصال');
  });
});

describe('terms', () => {
  it('leave out words that say nothing, unless there is nothing else', () => {
    expect(terms('where is the cookie')).toContain('cooki');
    expect(terms('where is the cookie')).not.toContain('the');
    expect(terms('what is it').length).toBeGreaterThan(0);
    expect(terms('if')).toEqual(['if']);
  });

  it('stand once each, weighed by how often they come, and ubiquitous ones less', () => {
    const plan = planQuery('cookie cookie cookie router', 'search');
    const byTerm = new Map(plan.terms.map(({ term, weight }) => [term, weight]));
    expect(byTerm.size).toBe(plan.terms.length);
    expect(byTerm.get('cooki')).toBeGreaterThan(byTerm.get('router') ?? 9);
    const common = planQuery('cookie router', 'search', new Set(['router'])).terms;
    const weight = (term: string) => common.find((known) => known.term === term)?.weight ?? 0;
    expect(weight('router')).toBeLessThan(weight('cooki'));
  });

  it('of nothing are none', () => {
    for (const query of ['', '   ', '\n\t', '🎉', '\0', '→ …', '$', '...', '"', '//', '()', '\ud800']) {
      expect([query, terms(query)]).toEqual([query, []]);
    }
  });
});

describe('any text', () => {
  it('has a plan of bounded size', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(...'ab./\\:"\'`()#->$ \n0', '用', 'é', '🎉'), maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('search' as const, 'task' as const), (query, mode) => {
        const plan = planQuery(query, mode);
        expect(plan.terms.length).toBeLessThan(500);
        expect(
          plan.terms.every(({ term, weight }) => term.length <= 200 && weight > 0 && Number.isFinite(weight)),
        ).toBe(true);
        expect(plan.names.length).toBeLessThanOrEqual(40);
        expect(plan.paths.length).toBeLessThanOrEqual(200);
        expect(plan).toEqual(planQuery(query, mode));
      }),
      { numRuns: 300 },
    );
  });

  it('of 100 KB takes little time', () => {
    const units = [
      'lorem ipsum dolor ',
      'a.',
      '/',
      '"',
      'aB',
      '用',
      'at foo (a/b.js:1:2)\n',
      '/a',
      ':1',
      '`',
      'é_',
      '\\',
      "'a",
      '#a',
      '$',
      'A b C d ',
      '( ',
    ];
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(100_000 / unit.length));
      planQuery(unit.repeat(20));
      const spent = cpuMs(() => expect(planQuery(text, 'task').terms.length).toBeLessThan(500));
      expect([unit, spent < 400]).toEqual([unit, true]);
    }
  });
});
