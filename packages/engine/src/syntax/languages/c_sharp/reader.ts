/** What the parts of the reader of C# share. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import type { TypedReader } from '../../references/typed-classes.ts';

export interface CSharpReader extends TypedReader {
  /** Types whose static members are seen: `using static`. */
  readonly statics: Var[];
  /** Members that are called like their type: `Color Color`. */
  readonly likeTheirType: Set<string>;
  /** What `?.` in front of `.name` or `[key]` stands for. */
  bound: Var | undefined;
  /** Namespace of what is being read. */
  namespace: string;
  /** Type that is asked for where `new()` stands. */
  expected: PlainNode | undefined;
  /** Type that the function around gives. */
  returns: PlainNode | undefined;
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
  block(node: PlainNode | undefined): void;
}

const word =
  /^(new|return|if|else|for|foreach|while|do|switch|case|default|try|catch|finally|throw|break|continue|goto|lock|using|await|yield|is|as|in|out|ref|params|static|class|struct|interface|enum|record|delegate|event|operator|implicit|explicit|namespace|where|when|with|get|set|init|add|remove|async|typeof|sizeof|checked|unchecked|unsafe|fixed|stackalloc|global|from|select|group|by|into|join|on|equals|let|orderby|ascending|descending|and|or|not|partial|public|private|protected|internal|abstract|virtual|override|sealed|readonly|const|extern|volatile|file|required|scoped|unmanaged|notnull)$/;
const unread =
  /^(comment|attribute_list|global_attribute|modifier|preproc_(region|endregion|nullable|pragma|define|undef|error|warning|line)|type_parameter_list|type_parameter_constraints_clause)$/;

/** What is written, without words, comments and attributes. All branches of `#if` are there. */
export function operands(node: PlainNode): readonly PlainNode[] {
  if (!node.children.some(({ type }) => type.startsWith('preproc_'))) return node.children.filter(isOperand);
  return node.children.flatMap((child) => {
    if (/^preproc_(if|elif|else)$/.test(child.type))
      return operands({ ...child, children: child.children.filter(({ field }) => field !== 'condition') });
    return isOperand(child) ? [child] : [];
  });
}

function isOperand({ type, field, children }: PlainNode): boolean {
  if (unread.test(type)) return false;
  return field !== null || children.length > 0 || !word.test(type);
}

export function partOf(node: PlainNode, type: string): PlainNode | undefined {
  return node.children.find((child) => child.type === type);
}

export function hasModifier(r: CSharpReader, node: PlainNode, text: string): boolean {
  return node.children.some((child) => child.type === 'modifier' && r.b.text(child) === text);
}

/** Name of a type or method without its type arguments. */
export function bareName(r: CSharpReader, node: PlainNode): string {
  const name = node.type === 'generic_name' ? node.children[0] : node;
  return name === undefined ? '' : r.b.text(name).replace(/^@/, '');
}

/** Types of one name differ by their number of type arguments: `Result` and `Result<T>`. */
export function typeKey(name: string, argumentCount: number): string {
  return argumentCount === 0 ? name : `${name}\`${argumentCount}`;
}

/** Of what is written with its type arguments or parameters. */
export function typeCount(node: PlainNode | undefined): number {
  const list =
    node?.type === 'generic_name'
      ? partOf(node, 'type_argument_list')
      : node && (childOf(node, 'type_parameters') ?? partOf(node, 'type_parameter_list'));
  return list === undefined ? 0 : Math.max(1, list.children.filter(({ type }) => type !== 'comment').length);
}

export function bindLocal(r: CSharpReader, name: PlainNode | undefined, value: Var): void {
  if (name === undefined) return;
  const text = bareName(r, name);
  if (text === '_') return;
  const binding = r.b.declare(text);
  // A lambda may change what it captures.
  binding.isOrdered = false;
  r.b.assign(binding, value);
}
