/**
 * Text -> the same text without what looks like a secret: keys and tokens whose issuers give them a form of their own, private keys, passwords in
 * addresses. Before text is indexed or embedded it is blanked, before it leaves for somebody elsewhere it is named. Protects against accidents, not
 * against somebody who may search the repository: whether a line holds a text can still be found out. Each pattern is bounded and begins with fixed
 * characters, so that the time is linear. Lines stay lines.
 */

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Forms as their issuers document them. */
const RULES: readonly Rule[] = [
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { name: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}|\bgithub_pat_\w{22,255}/g },
  { name: 'GitLab token', pattern: /\bgl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,255}/g },
  { name: 'Slack token', pattern: /\bxox[abeoprs]-[\w-]{10,255}|\bxapp-\d-[\w-]{10,255}/g },
  { name: 'Slack webhook', pattern: /https:\/\/hooks\.slack\.com\/services\/[\w/]{20,100}/g },
  { name: 'Stripe key', pattern: /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}/g },
  { name: 'Google API key', pattern: /\bAIza[\w-]{35}/g },
  { name: 'Google OAuth secret', pattern: /\bGOCSPX-[\w-]{28}/g },
  { name: 'API key', pattern: /\bsk-[\w-]{32,255}/g },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { name: 'PyPI token', pattern: /\bpypi-[\w-]{50,255}/g },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{34}/g },
  { name: 'SendGrid key', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}/g },
  { name: 'Twilio key', pattern: /\bSK[0-9a-f]{32}\b/g },
  { name: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}/g },
  { name: 'Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g },
  { name: 'Telegram token', pattern: /\b\d{8,10}:AA[\w-]{33}/g },
  { name: 'Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{86}==/g },
  { name: 'Conexus key', pattern: /\bcnx_[a-z0-9]{12}_[\w-]{43}/g },
  { name: 'JWT', pattern: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{16,1000}/g },
  // Not `${PASSWORD}` and the like: what is filled in later is no secret.
  { name: 'password', pattern: /(?<=:\/\/[\w.%+-]{1,64}:)[^\s:/@'"`${}<>[\]]{3,128}(?=@[\w.-])/g },
];

/** Nearly every text has none of these, and is looked at once. */
const HINTS =
  /AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt)-|xox[abeoprs]-|xapp-|hooks\.slack|[sr]k_(?:live|test)_|AIza|GOCSPX-|sk-|npm_|pypi-|hf_|SG\.|SK[0-9a-f]|do[opr]_v1_|shp(?:at|ca|pa|ss)_|:AA|AccountKey=|cnx_|eyJ|PRIVATE KEY|:\/\/[^\s:/@]{1,64}:[^\s:/@]{3,128}@/;

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;
const EVERY_KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
const EVERY_KEY_END = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;

/** Blanks in the place of each, so that lines and columns stay: no word of it is indexed, learned or sent to an embedder. */
export function blankSecrets(text: string): string {
  if (!HINTS.test(text)) return text;
  let result = text;
  for (const { pattern } of RULES) result = result.replace(pattern, (secret) => ' '.repeat(secret.length));
  return result.includes('PRIVATE KEY') ? blankPrivateKeys(result) : result;
}

/** Code that only names the first line of a key goes on after it: the last one must be near. */
const MAX_KEY_CHARS = 16_384;

function blankPrivateKeys(text: string): string {
  const ends = [...text.matchAll(EVERY_KEY_END)];
  const parts: string[] = [];
  let done = 0;
  let next = 0;
  for (const { index } of text.matchAll(EVERY_KEY_BEGIN)) {
    if (index < done) continue;
    while ((ends[next]?.index ?? Number.POSITIVE_INFINITY) < index) next++;
    const [last] = ends.slice(next, next + 1);
    if (last === undefined) break;
    if (last.index - index > MAX_KEY_CHARS) continue;
    const end = last.index + last[0].length;
    parts.push(text.slice(done, index), text.slice(index, end).replace(/[^\n\r]/g, ' '));
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** `onHidden` is told the rule of each. */
export function hideSecrets(text: string, onHidden?: (rule: string) => void): string {
  if (!HINTS.test(text)) return text;
  let result = text;
  for (const { name, pattern } of RULES)
    result = result.replace(pattern, () => {
      onHidden?.(name);
      return `[hidden: ${name}]`;
    });
  if (!KEY_BEGIN.test(result)) return result;
  onHidden?.('private key');
  return hidePrivateKeys(result);
}

/** Also where the passage ends before the key does. */
function hidePrivateKeys(text: string): string {
  let inKey = false;
  return text
    .split('\n')
    .map((line) => {
      if (inKey) {
        if (KEY_END.test(line)) inKey = false;
        return '[hidden: private key]';
      }
      const begin = KEY_BEGIN.exec(line);
      if (begin === null) return line;
      const rest = line.slice(begin.index + begin[0].length);
      inKey = !KEY_END.test(rest);
      return `${line.slice(0, begin.index)}[hidden: private key]`;
    })
    .join('\n');
}
