/** A language server that is spoken to over standard input and output (LSP 3.17): requests in order, several under way at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Position } from './python-sites.ts';

export interface Location {
  readonly uri: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly items?: readonly { readonly section?: string }[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #settings: Readonly<Record<string, unknown>>;
  #rest = Buffer.alloc(0);
  #last = 0;

  /** `settings`: by section, what the server gets when it asks for its configuration. */
  constructor(command: readonly string[], settings: Readonly<Record<string, unknown>>) {
    const [program, ...args] = command;
    this.#settings = settings;
    this.#process = spawn(program as string, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#process.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the server ended (${code})`));
    });
  }

  async start(root: string): Promise<void> {
    const uri = pathToFileURL(root).href;
    await this.request('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'root' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { definition: { linkSupport: false } },
      },
    });
    this.notify('initialized', {});
  }

  open(uri: string, languageId: string, text: string): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  close(uri: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  async definition(uri: string, position: Position): Promise<readonly Location[]> {
    const given = await this.request('textDocument/definition', { textDocument: { uri }, position });
    if (given === null || given === undefined) return [];
    return Array.isArray(given) ? (given as Location[]) : [given as Location];
  }

  request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  async stop(): Promise<void> {
    await this.request('shutdown', null);
    this.notify('exit', null);
  }

  #send(message: unknown): void {
    const body = JSON.stringify(message);
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.toString('ascii', 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.#rest.length < end) return;
      const message = JSON.parse(this.#rest.toString('utf8', head + 4, end)) as Message;
      this.#rest = this.#rest.subarray(end);
      this.#hear(message);
    }
  }

  #hear({ id, method, params, result, error }: Message): void {
    if (id === undefined) return;
    if (method !== undefined) {
      const asked = params?.items?.map(({ section = '' }) => this.#settings[section] ?? null);
      this.#send({ jsonrpc: '2.0', id, result: method === 'workspace/configuration' ? asked : null });
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
