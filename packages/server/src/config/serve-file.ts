/** The configuration file of `conexus serve` as a schema. Its descriptions are printed in docs/guides/serve.md. */
import * as z from 'zod/v4';
import { LOG_LEVELS } from './observe-settings.ts';

const count = (max: number) => z.number().int().min(1).max(max);

const Limits = z.strictObject({
  body_bytes: count(16 << 20)
    .min(1024)
    .default(1 << 20)
    .describe('Largest request body.'),
  json_depth: count(512).min(8).default(32).describe('Deepest nesting of a request body.'),
  connections: count(100_000).default(2_000).describe('Open connections; further ones are closed at once.'),
  in_flight: count(10_000).default(128).describe('Requests worked on at once; further ones get 503.'),
  principal_in_flight: count(10_000).default(32).describe('The same for one key; further ones get 429.'),
  principal_rate: count(1_000_000)
    .default(100)
    .describe('Requests a second for one key, on average; beyond that 429.'),
  principal_burst: count(1_000_000).default(200).describe('Requests of one key that may come at once.'),
  wait_ms: count(600_000)
    .default(4_000)
    .describe('A question that is expected to wait longer for its turn gets 503 at once.'),
  header_ms: count(600_000).default(10_000).describe('Longest time until the head of a request has arrived.'),
  request_ms: count(600_000).default(30_000).describe('Longest time until a whole request has arrived.'),
  idle_ms: count(3_600_000).default(65_000).describe('A connection without traffic is closed after this.'),
  leave_ms: z
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe(
      'How long a server that is stopped says so at /readyz and goes on answering, so that a balancer sends no more.',
    ),
  drain_ms: count(600_000).default(10_000).describe('What requests get to end when the server is stopped.'),
});

const OAuth = z.strictObject({
  issuer: z.string().min(1).max(500).describe('Who signs tokens, exactly as their claim iss says.'),
  resource: z
    .url()
    .describe(
      'Address of MCP as clients know it, e.g. https://conexus.example.org/mcp; tokens name it in aud.',
    ),
  jwks_uri: z.url().describe('Where the public keys of the issuer are.'),
  algorithms: z
    .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
    .min(1)
    .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
    .describe('Signatures that are taken.'),
  repositories_claim: z
    .string()
    .min(1)
    .max(200)
    .default('conexus_repositories')
    .describe('Claim with the names of repositories that a token may read; "*" for all.'),
  default_repositories: z
    .array(z.string().min(1))
    .default([])
    .describe('For tokens without that claim; ["*"] for all. Default: none.'),
});

export const SERVE_FILE = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.number().int().min(0).max(65_535).default(7979).describe('Port to listen on; 0: any free one.'),
  repositories: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Name -> folder, relative to this file.'),
  auth: z
    .enum(['keys', 'none'])
    .optional()
    .describe('Who may ask. Default: keys; none on a loopback address while no key exists.'),
  allowed_hosts: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('Names under which clients reach the server (Host header), beside the address itself.'),
  allowed_origins: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('Web pages that may ask (Origin header), such as https://app.example.org.'),
  tls: z
    .strictObject({
      cert: z.string().min(1).describe('Certificate with its chain.'),
      key: z.string().min(1).describe('Its private key.'),
    })
    .optional()
    .describe('PEM files, relative to this file; without them put a TLS proxy in front.'),
  oauth: OAuth.optional().describe('Takes access tokens of an OAuth 2.1 provider, beside keys.'),
  metrics: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
      port: z.number().int().min(0).max(65_535).default(9464).describe('Port; 0: any free one.'),
    })
    .optional()
    .describe('Offers Prometheus metrics at /metrics, on a listener of their own. Default: nowhere.'),
  log: z
    .strictObject({
      format: z.enum(['json', 'text']).optional().describe('Default: text at a terminal, else json.'),
      level: z.enum(LOG_LEVELS).default('info').describe('Least serious level that is written.'),
    })
    .prefault({})
    .describe('Logs: JSON on standard output, text on standard error.'),
  error_reports: z
    .strictObject({
      url: z
        .url()
        .describe('Where log records of OTLP over HTTP are taken, e.g. http://127.0.0.1:4318/v1/logs.'),
      authorization_file: z
        .string()
        .min(1)
        .optional()
        .describe('File with the value of the header Authorization, relative to this file.'),
    })
    .optional()
    .describe('Tells a collector of defects: their kind and place in our code, no text. Default: nobody.'),
  cache_bytes: z
    .number()
    .int()
    .min(0)
    .max(4 * 2 ** 30)
    .default(32 << 20)
    .describe('Memory for answers that are given again while nothing has changed; 0: none are kept.'),
  query_threads: z
    .number()
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe(
      'Threads that answer searches beside the one that speaks HTTP; each takes memory for itself (guides/capacity.md). Default: 1 from 2 cores and 8 GB on, 2 from 8 cores and 16 GB, else 0.',
    ),
  audit: z.boolean().optional().describe('Write the audit log. Default: when keys are needed.'),
  limits: Limits.prefault({}).describe('See below.'),
});

/** JSON Schema of the configuration file, for its documentation. */
export function serveFileSchema(): unknown {
  return z.toJSONSchema(SERVE_FILE, { io: 'input' });
}

export type ServeFile = z.infer<typeof SERVE_FILE>;
export type OAuthSettings = z.infer<typeof OAuth>;
