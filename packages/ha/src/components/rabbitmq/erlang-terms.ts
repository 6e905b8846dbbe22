import { GroundcrewError } from '@groundcrew/ground';
/** A text that is no Erlang term of the kind that was looked for. */
export class ErlangTermError extends GroundcrewError {
  readonly code = 'rabbitmq.unreadable-terms';
}

/**
 * Reads node names out of a file of Erlang terms, list by list: `['a@x','b@x'].` is one list, and
 * `{['a@x','b@x'],['a@x']}.` are two. Anything else is refused as a whole.
 *
 * @throws ErlangTermError
 */
export function parseNodeLists(text: string): string[][] {
  const whole = text.trim();
  if (whole.length > LONGEST) throw new ErlangTermError(`${whole.length} characters`);
  const lists: string[][] = [];
  const rest = whole.replace(LIST, (list) => {
    lists.push([...list.matchAll(ATOM)].map(([, quoted, plain = '']) => unquoted(quoted) ?? plain));
    return 'L';
  });
  if (!/^(?:L|\{\s*L(?:\s*,\s*L)*\s*\})\s*\.$/.test(rest))
    throw new ErlangTermError(`not lists of nodes: ${JSON.stringify(whole.slice(0, 120))}`);
  return lists;
}

/** The most characters that are read of a file that Mnesia writes; a real one has one line. */
const LONGEST = 64 * 1024;
const ATOM = /'((?:[^'\\\n]|\\.)*)'|([a-z][\w@]*)/g;
const LIST =
  /\[\s*(?:(?:'(?:[^'\\\n]|\\.)*'|[a-z][\w@]*)(?:\s*,\s*(?:'(?:[^'\\\n]|\\.)*'|[a-z][\w@]*))*)?\s*\]/g;

const unquoted = (text: string | undefined): string | undefined => text?.replaceAll(/\\(.)/g, '$1');
