import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { identifierTerms, normalizeName, splitIdentifier, stem, termsOf, tokenize } from './tokenize.ts';

/** `words | wholes` of a text. */
function terms(text: string): string {
  const { words, wholes } = termsOf(text);
  return wholes.length > 0 ? `${words.join(' ')} | ${wholes.join(' ')}` : words.join(' ');
}

const none = { word() {}, whole() {} };

describe('splitIdentifier', () => {
  it('cuts at humps, acronyms, digits and separators', () => {
    const table = `
      maxTokens max tokens
      MaxTokens max tokens
      max_tokens max tokens
      MAX_TOKENS max tokens
      HTTPServer http server
      parseHTTPResponse parse http response
      getURL get url
      XMLHttpRequest xml http request
      utf8Decoder utf 8 decoder
      HTTPServer2_x http server 2 x
      v2 v 2
      __init__ init
      $scope scope
      a a
      A a
      AB ab
      iOS i os`;
    for (const line of table.trim().split('\n')) {
      const [identifier = '', ...parts] = line.trim().split(' ');
      expect(`${identifier}: ${splitIdentifier(identifier).join(' ')}`).toBe(
        `${identifier}: ${parts.join(' ')}`,
      );
    }
    expect(splitIdentifier('')).toEqual([]);
    expect(splitIdentifier('___')).toEqual([]);
  });

  it('delivers every letter and digit of an identifier once, in order', () => {
    const identifier = fc.string({ unit: fc.constantFrom(...'abzABZ019_$'), maxLength: 20 });
    fc.assert(
      fc.property(identifier, (text) => {
        expect(splitIdentifier(text).join('')).toBe(text.replace(/[_$]/g, '').toLowerCase());
      }),
    );
  });
});

describe('terms of a text', () => {
  it('are the parts of identifiers, and identifiers of several parts as one', () => {
    expect(terms('maxTokens max_tokens MaxTokens MAX_TOKENS')).toBe(
      'max token max token max token max token | maxtokens maxtokens maxtokens maxtokens',
    );
    expect(terms('def parse_cookies(self, x=2):')).toBe('def pars cooki self | parsecookies');
    expect(terms('read-only foo.bar a->b C++ 3.14')).toBe('read onli foo bar 14');
  });

  it('leave out single letters and digits, but not the name they stand in', () => {
    expect(terms('x = y2 + HTTP2')).toBe('http | y2 http2');
  });

  it('meet whether or not accents are written', () => {
    for (const [written, plain] of [
      ['naïve', 'naive'],
      ['résumés', 'resumes'],
      ['Größe', 'große'],
      ['e\u0301te\u0301', 'été'],
      ['ﬁle', 'file'],
      ['ｆｏｏ', 'foo'],
    ] as const) {
      expect(terms(written)).toBe(terms(plain));
    }
  });

  it('split humps of names in other alphabets, too', () => {
    expect(terms('größeBerechnen')).toBe('große berechnen | großeberechnen');
    expect(terms('приветМир')).toBe('привет мир | приветмир');
    expect(terms('fix_größe')).toBe('fix große');
  });

  it('come from a dictionary where words are written without spaces, with bigrams of the longer ones', () => {
    const japanese = termsOf('東京都の天気を調べる').words;
    expect(japanese).toContain('天気');
    expect(termsOf('データベース接続').words).toEqual(
      expect.arrayContaining(['データベース', '接続', 'デー']),
    );
    expect(termsOf('데이터베이스 연결').words).toContain('연결');
    expect(termsOf('ภาษาไทย').words.length).toBeGreaterThan(1);
    // The same word is found inside another sentence.
    const shared = termsOf('用户登录失败').words.filter((term) =>
      termsOf('无法处理登录请求').words.includes(term),
    );
    expect(shared).toContain('登录');
  });

  it('keep an identifier that stands inside a sentence without spaces', () => {
    expect(terms('调用getUserName方法')).toBe('调 用 get user name 方法 | getusername');
    expect(terms('関数parse_cookiesを')).toContain('pars cooki');
  });

  it('of long runs without spaces are cut between characters', () => {
    // A character of two UTF-16 units that no dictionary knows, so that each is a word.
    expect(termsOf(`用${'𠀀'.repeat(600)}`).words.filter((word) => word === '𠀀')).toHaveLength(600);
  });

  it('hold nothing of symbols, emoji and broken surrogates', () => {
    expect(terms('→ “quoted” … ¬ 🎉 a🎉bug fix🎉')).toBe('quot bug fix');
    expect(terms('ab\ud800 \udc00 xy\ud83d')).toBe('ab xy');
    expect(terms('\0\x01\x7f\u0080\u200d\ufeff')).toBe('');
    expect(terms('')).toBe('');
  });

  it('of an identifier too long to be written by hand are none, those around it stay', () => {
    expect(terms(`before ${'aB'.repeat(5000)} after`)).toBe('befor after');
    expect(identifierTerms('a'.repeat(129))).toEqual({ parts: [], whole: undefined });
    expect(identifierTerms(`x${'_y'.repeat(40)}`).parts).toEqual([]);
  });

  it('are bounded, well formed and never throw, whatever the text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
        .map((codes) => String.fromCharCode(...codes)),
      fc.string({
        unit: fc.constantFrom('a', 'B', '_', '1', 'é', '用', '\u0301', '\ud840', '\udc00', 'ก', ' '),
        maxLength: 600,
      }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { words, wholes } = termsOf(text);
        const isTerm = (term: string) =>
          term.length > 0 && term.length <= 64 && term.isWellFormed() && !/[\s=A-Z]/.test(term);
        expect([...words, ...wholes].filter((term) => !isTerm(term))).toEqual([]);
        // At most a word and a bigram for each UTF-16 unit; one character may stand for a whole phrase (U+FDFA).
        expect(words.length).toBeLessThanOrEqual(18 * text.length);
      }),
      { numRuns: 400 },
    );
  });

  it('of two texts are those of the texts when something else stands between them', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019_é用語ก'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(termsOf(`${a}\n${b}`).words).toEqual([...termsOf(a).words, ...termsOf(b).words]);
      }),
    );
  });
});

describe('time', () => {
  it('is linear in hostile text', () => {
    const size = 200_000;
    const attacks: Record<string, string> = {
      'separators before a foreign letter': `${'_'.repeat(size)}é`,
      'parts before a foreign letter': `${'a_'.repeat(size / 2)}é`,
      'letters before a foreign letter': `${'a'.repeat(8 * size)}é`,
      'foreign letters among long words': `é${'a'.repeat(700)}`.repeat(size / 700),
      'combining marks out of order': `a${'\u0301\u0323'.repeat(size / 2)}`,
      'half a surrogate pair': '\ud840'.repeat(size),
      'no spaces': '使用方法调用'.repeat(size / 6),
      humps: 'aB'.repeat(size / 2),
      digits: '1a'.repeat(size / 2),
      ligatures: '\ufdfa'.repeat(20_000),
    };
    for (const [name, text] of Object.entries(attacks)) {
      expect([name, cpuMs(() => tokenize(text, none)) < 1000]).toEqual([name, true]);
    }
  });
});

describe('normalizeName', () => {
  it('gives one name to all spellings', () => {
    for (const name of ['max_tokens', 'maxTokens', 'MaxTokens', 'MAX_TOKENS', 'max-tokens', 'Max Tokens']) {
      expect(normalizeName(name)).toBe('maxtokens');
    }
  });

  it('keeps names apart that are made of separators only, and stays bounded', () => {
    expect(normalizeName('_')).toBe('_');
    expect(normalizeName('$')).toBe('$');
    expect(normalizeName('__')).not.toBe(normalizeName('$'));
    expect(normalizeName('x'.repeat(1e6)).length).toBeLessThanOrEqual(200);
    expect(normalizeName('\ud800a').isWellFormed()).toBe(true);
  });
});

describe('stem', () => {
  it('joins forms of a word and leaves short words and numbers alone', () => {
    expect(stem('parsing')).toBe(stem('parsed'));
    expect(stem('connections')).toBe(stem('connection'));
    expect(stem('ids')).toBe('ids');
    expect(stem('2024')).toBe('2024');
  });
});
