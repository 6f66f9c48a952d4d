/**
 * A workspace as askers elsewhere may see it: without the paths of the server's machine and without what looks like a
 * secret, in answers and in errors. Wraps every call, so that nothing has to be remembered where an operation is written. Knows no protocol.
 */
import type {
  AnalysisAnswer,
  GrepAnswer,
  ImpactAnswer,
  IndexStatus,
  JobStatus,
  LocateAnswer,
  RelatedAnswer,
  RelationItem,
  RelationsAnswer,
  SearchAnswer,
  Workspace,
} from '@conexus/engine';
import { asSafeError, UserError } from '../errors.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';

type Redact = (text: string) => string;

/** How texts are changed before they leave. */
export interface Redaction {
  readonly paths: Redact;
  /** Of passages of the repository. */
  readonly secrets: Redact;
}

/** Paths -> words. The longest first: one root may lie in another. */
export function pathRedaction(paths: readonly (readonly [path: string, word: string])[]): Redact {
  const sorted = paths.toSorted(([a], [b]) => b.length - a.length);
  return (text) => sorted.reduce((safe, [path, word]) => safe.replaceAll(path, word), text);
}

export function remoteProvider(
  name: string,
  workspaces: WorkspaceProvider,
  redaction: Redaction,
): WorkspaceProvider & { readonly name: string } {
  const { paths: redact } = redaction;
  const remote = (workspace: Workspace) => remoteWorkspace(name, workspace, redaction);
  return {
    name,
    settings: workspaces.settings,
    ready: (ctx) => withoutPaths(redact, async () => remote(await workspaces.ready(ctx))),
    open: () => withoutPaths(redact, async () => remote(await workspaces.open())),
    forget: () => workspaces.forget(),
    notes: () => workspaces.notes().map(redact),
  };
}

function remoteWorkspace(
  name: string,
  workspace: Workspace,
  { paths: redact, secrets }: Redaction,
): Workspace {
  return new Proxy(workspace, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        if (!(result instanceof Promise)) return redactJob(result, redact);
        return withoutPaths(redact, async () => {
          const settled: unknown = await result;
          return key === 'status'
            ? redactStatus(name, settled as IndexStatus, redact)
            : redactPassages(String(key), settled, secrets);
        });
      };
    },
  });
}

type Lines = Awaited<ReturnType<Workspace['readLines']>>;

/** Of the calls that give text of files. */
function redactPassages(call: string, result: unknown, secrets: Redact): unknown {
  switch (call) {
    case 'search':
    case 'locate': {
      const answer = result as SearchAnswer | LocateAnswer;
      const hits = answer.hits.map((hit) =>
        hit.text === undefined ? hit : { ...hit, text: secrets(hit.text) },
      );
      return { ...answer, hits };
    }
    case 'grep': {
      const answer = result as GrepAnswer;
      return { ...answer, hits: answer.hits.map((hit) => ({ ...hit, lineText: secrets(hit.lineText) })) };
    }
    case 'analyze':
      return redactAnalysis(result as AnalysisAnswer, secrets);
    case 'related':
      return redactRelated(result as RelatedAnswer, secrets);
    case 'relations':
      return redactRelations(result as RelationsAnswer, secrets);
    case 'impact':
      return redactImpact(result as ImpactAnswer, secrets);
    case 'readLines': {
      const lines = result as Lines;
      return { ...lines, text: secrets(lines.text) };
    }
    default:
      return result;
  }
}

/** Claims quote code. */
function redactAnalysis(answer: AnalysisAnswer, secrets: Redact): AnalysisAnswer {
  const sections = answer.sections.map((section) => ({
    ...section,
    claims: section.claims.map((claim) => ({ ...claim, text: secrets(claim.text) })),
  }));
  const subjects = answer.subjects.map((subject) => ({ ...subject, head: secrets(subject.head) }));
  return { ...answer, sections, subjects };
}

function redactItem(item: RelationItem, secrets: Redact): RelationItem {
  const { callee, text } = item;
  return { ...item, text: secrets(text), ...(callee !== undefined && { callee: secrets(callee) }) };
}

function redactRelations(answer: RelationsAnswer, secrets: Redact): RelationsAnswer {
  const { mentions } = answer;
  return {
    ...answer,
    items: answer.items.map((item) => redactItem(item, secrets)),
    ...(mentions !== undefined && {
      mentions: {
        ...mentions,
        hits: mentions.hits.map((hit) => ({ ...hit, lineText: secrets(hit.lineText) })),
      },
    }),
  };
}

function redactImpact(answer: ImpactAnswer, secrets: Redact): ImpactAnswer {
  const { compared } = answer;
  return {
    ...answer,
    dependents: answer.dependents.map((one) => ({ ...one, text: secrets(one.text) })),
    unresolved: answer.unresolved.map((item) => redactItem(item, secrets)),
    ...(compared !== undefined && { compared: { ...compared, subject: secrets(compared.subject) } }),
  };
}

/** Lines of files and messages of commits alike. */
function redactRelated(answer: RelatedAnswer, secrets: Redact): RelatedAnswer {
  const sections = answer.sections.map((section) => ({
    ...section,
    notes: section.notes.map(secrets),
    entries: section.entries.map((entry) => ({
      ...entry,
      title: secrets(entry.title),
      reasons: entry.reasons.map(secrets),
      ...(entry.text !== undefined && { text: secrets(entry.text) }),
    })),
  }));
  return { ...answer, sections };
}

function redactStatus(name: string, status: IndexStatus, redact: Redact): IndexStatus {
  const job = status.job === undefined ? undefined : (redactJob(status.job, redact) as JobStatus);
  const notices = status.notices.map(redact);
  return { ...status, root: name, storeFile: '', notices, ...(job !== undefined && { job }) };
}

/** Jobs carry the text of an error. */
function redactJob(result: unknown, redact: Redact): unknown {
  if (typeof result !== 'object' || result === null || !('error' in result)) return result;
  return { ...result, error: redact(String(result.error)) };
}

async function withoutPaths<Result>(redact: Redact, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const safe = asSafeError(error);
    // What is not made for users goes to the log alone, with its paths.
    if (safe === undefined) throw error;
    throw new UserError(safe.code, redact(safe.message), redact(safe.advice), { cause: error });
  }
}
