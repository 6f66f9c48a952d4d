/**
 * Why a file stays out of the index, told by its name, size or bytes; and how bytes become lines.
 * Opens no file: the caller hands in what it has read. A file that is left out always has a reason.
 */
import type { FileKind, FilePath, SkipReason } from './file.ts';

/** Largest file that is indexed unless the caller says otherwise. */
export const DEFAULT_MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Bytes looked at to tell text from binary; git looks at 8,000. */
const BINARY_PROBE_BYTES = 8192;
/** Below this size a file is never called minified: a one-line script of 2 KB is still read by people. */
const MINIFIED_MIN_BYTES = 4096;
const MINIFIED_MEAN_LINE = 500;
const MINIFIED_LONGEST_LINE = 20_000;

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter((word) => word !== ''));

/** Whole names, lower case. Lock files repeat what manifests say, at a hundred times the length. */
const lockFiles = words(`
  package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock cargo.lock poetry.lock
  uv.lock pdm.lock pylock.toml pipfile.lock conda-lock.yml gemfile.lock composer.lock go.sum go.work.sum mix.lock rebar.lock
  pubspec.lock podfile.lock package.resolved cartfile.resolved flake.lock gradle.lockfile packages.lock.json conan.lock
  module.bazel.lock paket.lock stack.yaml.lock cabal.project.freeze .terraform.lock.hcl project.assets.json
  shard.lock manifest.lock maven_install.json .pnp.cjs .pnp.loader.mjs .eslintcache`);
const generatedEndings = ['.lock', '.lockfile', '.tsbuildinfo'];
const minifiedEndings = [
  '.min.js',
  '.min.mjs',
  '.min.cjs',
  '.min.css',
  '-min.js',
  '-min.css',
  '.bundle.js.map',
  '.js.map',
  '.mjs.map',
  '.cjs.map',
  '.css.map',
  '.ts.map',
  '.mts.map',
  '.dart.map',
  '.wasm.map',
];

const binaryExtensions = words(`
  png jpg jpeg gif bmp ico icns webp avif heic heif tif tiff psd ai xcf cr2 nef dng tga dds exr hdr ktx ktx2 pvr
  mp3 wav ogg oga opus flac aac m4a wma aiff mid midi mp4 m4v mkv webm mov avi wmv flv mpg mpeg 3gp
  zip gz tgz bz2 tbz xz txz zst lz lz4 lzma br 7z rar tar cab arj iso dmg img deb rpm apk ipa msi whl egg gem crate nupkg vsix
  jar war ear aar class dex pyc pyo pyd o a lib so dll dylib exe bin elf ko pdb ilk dsym wasm node nib
  ttf otf woff woff2 eot pfb pdf doc docx xls xlsx ppt pptx odt ods odp epub mobi   db sqlite sqlite3 db3 mdb accdb rdb parquet orc avro feather arrow h5 hdf5 npy npz pkl pickle joblib pt pth ckpt onnx   tflite safetensors gguf ggml mlmodel mar weights rds rdata dta swf fla blend fbx max glb usdz unity3d
  gmo keystore jks bks cer der p7b p7s gpg sig lockb traineddata rlib rmeta profraw pcap pcapng
  snappy nes gba cur ani cdr xd indd`);

/** Names that by convention hold secrets. Their text is never read, so it cannot leak through an answer. */
const secretNames = words(`
  id_rsa id_dsa id_ecdsa id_ed25519 .npmrc .pypirc .netrc _netrc .git-credentials .pgpass .htpasswd .dockercfg .vault-token
  .s3cfg .boto credentials credentials.json credentials.yml credentials.yaml credentials.toml .credentials secrets.yml
  secrets.yaml secrets.json secrets.toml secrets.env secret.json secret.yml kubeconfig service-account.json serviceaccount.json
  .my.cnf .terraformrc master.key .rediscli_auth .env.vault .dev.vars .esmtprc .fetchmailrc .msmtprc`);
const secretExtensions = words('pem key p12 pfx ppk kdbx jks keystore pkcs12 tfstate ovpn');
/** `.env` files that are written to be shared. */
const sharedEnvWords = words('example sample template dist defaults default schema tpl');

/**
 * Decides by name and size, without reading. Secrets first: their reason must not depend on their size.
 * undefined: read the file and ask `skipByContent`.
 */
export function skipByPath(
  path: FilePath,
  size: number,
  maxBytes: number = DEFAULT_MAX_FILE_BYTES,
): SkipReason | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot + 1) : '';
  if (isSecretName(path, name, extension)) return 'secret';
  if (lockFiles.has(name) || generatedEndings.some((ending) => name.endsWith(ending))) return 'generated';
  if (minifiedEndings.some((ending) => name.endsWith(ending))) return 'minified';
  if (binaryExtensions.has(extension)) return 'binary';
  return size > maxBytes ? 'too_large' : undefined;
}

function isSecretName(path: string, name: string, extension: string): boolean {
  if (secretNames.has(name) || secretExtensions.has(extension)) return true;
  if (name === '.env' || name === '.envrc') return true;
  if (name.startsWith('.env.'))
    return !name
      .slice(5)
      .split('.')
      .some((word) => sharedEnvWords.has(word));
  if (extension === 'env' && name !== 'example.env' && name !== 'sample.env') return true;
  if (extension === 'json' && (name.startsWith('client_secret') || name.startsWith('service-account')))
    return true;
  if (name.endsWith('.tfstate.backup')) return true;
  const lower = path.toLowerCase();
  return lower.endsWith('.kube/config') || lower.endsWith('.docker/config.json');
}

/**
 * Decides by the bytes. Length of lines speaks only against code and data: prose is often one line a paragraph,
 * and notebooks (kind `doc`) carry images in a line.
 */
export function skipByContent(bytes: Uint8Array, kind: FileKind = 'code'): SkipReason | undefined {
  if (isBinary(bytes)) return 'binary';
  if (kind !== 'doc' && isMinified(bytes)) return 'minified';
  return undefined;
}

function isBinary(bytes: Uint8Array): boolean {
  if (utf16Encoding(bytes) !== undefined) return false;
  const probe = bytes.subarray(0, BINARY_PROBE_BYTES);
  if (probe.indexOf(0) !== -1) return true;
  if (isValidUtf8(bytes)) return false;
  let control = 0;
  let high = 0;
  for (const byte of probe) {
    // Tab, line feed, vertical tab, form feed, carriage return and escape occur in text.
    if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) control += 1;
    if (byte >= 128) high += 1;
  }
  return control * 50 > probe.length || high * 10 > probe.length * 3;
}

function isMinified(bytes: Uint8Array): boolean {
  if (bytes.length < MINIFIED_MIN_BYTES) return false;
  let lines = 0;
  let longest = 0;
  let inLongLines = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    const length = end - start;
    lines += 1;
    if (length > longest) longest = length;
    if (length > MINIFIED_MEAN_LINE) inLongLines += length;
    start = end + 1;
  }
  // One embedded blob in an ordinary source must not hide the source: most of the file has to be long lines.
  const isLong = bytes.length / lines > MINIFIED_MEAN_LINE || longest > MINIFIED_LONGEST_LINE;
  return isLong && inLongLines * 2 > bytes.length;
}

/**
 * Bytes to text: UTF-8 with or without BOM, UTF-16 with BOM; text in an old one-byte encoding is read as Latin-1.
 * Never throws. Keeps every line break, so that line numbers are those of the file.
 */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = utf16Encoding(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  const text = new TextDecoder('utf-8').decode(bytes);
  if (!text.includes('\uFFFD')) return text;
  // Mostly valid: a stray bad byte in UTF-8. Mostly broken: another encoding, where Latin-1 at least keeps the bytes apart.
  let broken = 0;
  let valid = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0xfffd) broken += 1;
    else if (code > 127) valid += 1;
  }
  return valid >= broken || isValidUtf8(bytes) ? text : new TextDecoder('latin1').decode(bytes);
}

/** Lines without their breaks (`\n` or `\r\n`); a break at the end opens no further line. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return text.includes('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines;
}

const generatedHeaderLines = 40;
const commentStarts = ['//', '#', '/*', '*', '--', '<!--', ';', '%', '(*', '{-', '!', '@rem', 'rem '];
/** A doc string is a comment at the very head only; further down it is any text. */
const docStringLines = 5;
const docStringStarts = ['"""', '"', "'"];

/**
 * Whether the first lines say that a tool wrote the file. Only comment lines count, so that code about
 * generated files is not taken for one.
 */
export function isGeneratedText(text: string): boolean {
  const head = text.slice(0, 8000).split('\n', generatedHeaderLines);
  return head.some((line, index) =>
    saysGenerated(line.slice(0, 500).trim().toLowerCase(), index < docStringLines),
  );
}

function saysGenerated(line: string, mayBeDocString: boolean): boolean {
  const starts = mayBeDocString ? [...commentStarts, ...docStringStarts] : commentStarts;
  if (!starts.some((start) => line.startsWith(start))) return false;
  if (/(^|[\s*#/])@generated\b/.test(line) || line.includes('<auto-generated')) return true;
  const isMade = /\b(auto-?)?generated\b/.test(line) || line.includes('automatically generated');
  if (!isMade) return false;
  if (line.includes('do not edit') || line.includes("don't edit") || line.includes('do not modify'))
    return true;
  return (
    /\b(this|the) (file|code|module|class) (is|was|has been) (auto-?|automatically )?generated\b/.test(
      line,
    ) ||
    line.includes('generated by the protocol buffer compiler') ||
    /^\W*(auto-?generated (by|from|with|on|code)|generated by|code generated by)\b/.test(line)
  );
}

function utf16Encoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return bytes[2] === 0 && bytes[3] === 0 ? undefined : 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
