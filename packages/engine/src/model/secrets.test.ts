import { describe, expect, it } from 'vitest';
import { blankSecrets, hideSecrets } from './secrets.ts';

const letters = (count: number) => 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8'.repeat(40).slice(0, count);
const hex = (count: number) => '0123456789abcdef'.repeat(8).slice(0, count);

/** Put together here, so that no scanner takes this file for a leak. */
const CANARIES: readonly (readonly [kind: string, secret: string])[] = [
  ['AWS access key', `AKI${'A'}${'ABCDEFGH23456789'}`],
  ['GitHub token', `gh${'p_'}${letters(36)}`],
  ['GitHub token', `github${'_pat_'}${letters(82)}`],
  ['GitLab token', `gl${'pat-'}${letters(20)}`],
  ['Slack token', `xox${'b-'}123456789012-${letters(24)}`],
  ['Slack webhook', `https://hooks.slack.com/${'services/'}T0000000/B0000000/${letters(24)}`],
  ['Stripe key', `sk${'_live_'}${letters(24)}`],
  ['Google API key', `AI${'za'}${letters(35)}`],
  ['Google OAuth secret', `GOC${'SPX-'}${letters(28)}`],
  ['API key', `sk${'-proj-'}${letters(48)}`],
  ['API key', `sk${'-ant-api03-'}${letters(90)}`],
  ['npm token', `npm${'_'}${letters(36)}`],
  ['PyPI token', `py${'pi-'}${letters(80)}`],
  ['Hugging Face token', `hf${'_'}${letters(34)}`],
  ['SendGrid key', `SG${'.'}${letters(22)}.${letters(43)}`],
  ['Twilio key', `SK${hex(32)}`],
  ['DigitalOcean token', `dop${'_v1_'}${hex(64)}`],
  ['Shopify token', `shp${'at_'}${hex(32)}`],
  ['Telegram token', `12345678${'9:AA'}${letters(33)}`],
  ['Azure storage key', `Account${'Key='}${letters(86)}==`],
  ['Conexus key', `cnx${'_'}abcdefgh2345_${letters(43)}`],
  ['JWT', `ey${'J'}${letters(20)}.ey${'J'}${letters(60)}.${letters(43)}`],
];

describe('secrets', () => {
  it.each(CANARIES)('of the kind %s are hidden wherever they stand', (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['const key = "', '";'],
      ['KEY=', '\n'],
      ['(', ')'],
      ['a\nb: ', ' # c\nd'],
    ] as const) {
      const hidden = hideSecrets(before + secret + after);
      expect(hidden).not.toContain(secret.slice(-12));
      expect(hidden).toContain(`[hidden: ${kind}]`);
      expect(hidden.split('\n')).toHaveLength((before + secret + after).split('\n').length);
    }
  });

  it('hides passwords in addresses, and not what is filled in later', () => {
    expect(hideSecrets('postgres://shop:hunter2!x@db.example/shop')).toBe(
      'postgres://shop:[hidden: password]@db.example/shop',
    );
    for (const text of [
      `postgres://shop:${'$'}{PASSWORD}@db/shop`,
      'https://<user>:<password>@host/',
      'http://localhost:8080/@scope/x',
      'a: b://c',
    ])
      expect(hideSecrets(text)).toBe(text);
  });

  it('hides private keys line by line, also when the passage ends before they do', () => {
    const begin = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
    const key = `${begin}\nMIIEabc\ndef==\n-----END RSA ${'PRIVATE'} KEY-----`;
    expect(hideSecrets(`a\n${key}\nb`)).toBe(`a\n${'[hidden: private key]\n'.repeat(4)}b`);
    expect(hideSecrets(`a\n${begin}\nMIIEabc`)).toBe('a\n[hidden: private key]\n[hidden: private key]');
    expect(hideSecrets(`k = "${begin}\\nMIIEabc\\n-----END RSA ${'PRIVATE'} KEY-----"; x\ny`)).toBe(
      'k = "[hidden: private key]\ny',
    );
  });

  it('leaves code alone', () => {
    const code = [
      'const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";',
      'import { task_sk_live } from "./sk-button-with-a-name.ts";',
      'const id = "550e8400-e29b-41d4-a716-446655440000"; // AKIA is a prefix',
      'if (token.startsWith("ghp_")) return "npm_config_registry";',
      '-----BEGIN CERTIFICATE-----',
      'MIIBszCCAVmgAwIBAgIUeyJhbGciOiJIUzI1NiJ9',
    ].join('\n');
    expect(hideSecrets(code)).toBe(code);
  });

  it('takes linear time', () => {
    for (const part of [
      '://a:',
      'eyJaaaaaaaaaaaa.',
      'sk-a',
      '-----BEGIN ',
      'xoxb-',
      '1234567890:AA',
      '://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:b',
    ]) {
      const text = part.repeat(200_000 / part.length);
      const started = process.cpuUsage();
      hideSecrets(text);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1_000, part).toBeLessThan(1_500);
    }
  });
});

describe('what is indexed', () => {
  it.each(CANARIES)(
    'has blanks instead of a secret of the kind %s, and every line and column where it was',
    (_kind, secret) => {
      const text = `const before = 1; // é\nconst key = "${secret}"; after(key);\n${secret}\n`;
      const blanked = blankSecrets(text);
      expect(blanked).not.toContain(secret.slice(-12));
      expect(blanked.length).toBe(text.length);
      expect(blanked.indexOf('after(key)')).toBe(text.indexOf('after(key)'));
      expect(blanked.split('\n').map((line) => line.length)).toEqual(
        text.split('\n').map((line) => line.length),
      );
    },
  );

  it('has no private key, and the code around one', () => {
    const begin = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
    const end = `-----END RSA ${'PRIVATE'} KEY-----`;
    const key = `${begin}\nProc-Type: 4,ENCRYPTED\n\nMIIEabc\r\ndef==\n${end}`;
    const blanked = blankSecrets(`a\n${key}\nb ${key} c`);
    expect(blanked.replace(/ +/g, ' ')).toBe('a\n \n \n\n \r\n \n \nb \n \n\n \r\n \n c');
    for (const code of [
      `if (text.startsWith("${begin}")) parse(text);\nexport const after = 1;`,
      `${begin}${'x\n'.repeat(20_000)}${end}\n`,
      end + begin,
    ])
      expect(blankSecrets(code)).toBe(code);
    expect(blankSecrets(`${begin}\n${'x\n'.repeat(20_000)}${key}`)).toContain('x\n');
    expect(blankSecrets(`${begin}\n${'x\n'.repeat(20_000)}${key}`)).not.toContain('MIIEabc');
  });

  it('is the text itself where there is none', () => {
    for (const code of [
      '',
      'const id = "550e8400-e29b-41d4-a716-446655440000"; // AKIA, ghp_ and sk- are prefixes',
      'https://a.example/b@c',
    ])
      expect(blankSecrets(code)).toBe(code);
  });

  it('is found in linear time', () => {
    const begin = `-----BEGIN ${'PRIVATE'} KEY-----`;
    for (const part of [
      '://a:',
      '://a:b',
      'eyJaaaaaaaaaaaa.',
      'sk-a',
      begin,
      `${begin}\n`,
      `-----END ${'PRIVATE'} KEY-----`,
      'AKIA',
    ]) {
      const text = part.repeat(2_000_000 / part.length);
      const started = process.cpuUsage();
      expect(blankSecrets(text).length).toBe(text.length);
      const { user, system } = process.cpuUsage(started);
      expect((user + system) / 1_000, part).toBeLessThan(4_000);
    }
  });
});
