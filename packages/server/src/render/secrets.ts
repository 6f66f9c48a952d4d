/**
 * Text -> the same text without what looks like a secret: keys and tokens whose issuers give them a form of their own,
 * private keys, passwords in addresses. Protects against accidents, not against somebody who may search the repository:
 * whether a line holds a text can still be found out. Each pattern is bounded and begins with fixed characters, so that
 * the time is linear. Lines stay lines.
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

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/;

/** `onHidden` is told the rule of each. */
export function hideSecrets(text: string, onHidden?: (rule: string) => void): string {
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
