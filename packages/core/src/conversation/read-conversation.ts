import { InputError, parseStrictly } from '@groundcrew/ground';
import { anExchange, type RecordedExchange } from './recorded-exchange.ts';

/** A recording that was read. */
export interface Conversation {
  /** In the order in which they ended. */
  readonly exchanges: readonly RecordedExchange[];
  /** Whether the last line was cut off and left out: the program that recorded was killed while it wrote it. */
  readonly isCut: boolean;
}

/**
 * Reads what `recordConversation` wrote: JSON lines.
 *
 * @throws InputError, with the line and the field, for whatever it did not write. It shows nothing of the line.
 * @example const { exchanges } = readConversation(await readFile('run.jsonl', 'utf8'));
 */
export function readConversation(text: string): Conversation {
  if (typeof text !== 'string') throw refusal('', 'must be text: JSON lines');
  const lines = text.split('\n');
  // Behind the last line feed: nothing, or what was being written.
  const rest = lines.pop() ?? '';
  const exchanges = lines.map((line, index) => exchangeOf(line, index + 1));
  if (rest === '') return { exchanges, isCut: false };
  return isJson(rest)
    ? { exchanges: [...exchanges, exchangeOf(rest, lines.length + 1)], isCut: false }
    : { exchanges, isCut: true };
}

function exchangeOf(line: string, number: number): RecordedExchange {
  const where = `line ${number}`;
  // Without its cause: that quotes the line.
  if (!isJson(line)) throw refusal(where, 'is no JSON');
  const parsed: RecordedExchange = parseStrictly(anExchange, JSON.parse(line), ({ field, message }) =>
    refusal(field === '' ? where : `${where}: ${field}`, message),
  );
  return parsed;
}

const refusal = (field: string, why: string): InputError =>
  new InputError(`readConversation: ${field === '' ? '' : `${field}: `}${why}`, {
    field,
    operation: 'readConversation',
  });

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
