import { GroundcrewError } from '@groundcrew/ground';
/** A place in a history of transactions: Galera's GTID. */
export interface GaleraPosition {
  /** The id of the history; two nodes with different ones have nothing in common. */
  readonly uuid: string;
  /** The number of the last transaction that is there; -1 if that is not known. */
  readonly seqno: number;
}

/** `grastate.dat`: what a node knew of itself when it last wrote it. */
export interface SavedState extends GaleraPosition {
  /** Was it the last to leave, in order? Galera refuses to bootstrap from a node that says no. */
  readonly safeToBootstrap: boolean;
}

/** `gvwstate.dat`: the primary component that a node was in when it died; a node that left in order has none. */
export interface SavedView {
  /** The node's own id in that component. */
  readonly own: string;
  readonly members: readonly string[];
}

/** A text that is not what it should be. Nothing of it is taken for an answer. */
export class UnreadableStateError extends GroundcrewError {
  readonly code = 'galera.unreadable-state';
}

/** The history of a node that has none. */
export const NO_HISTORY = '00000000-0000-0000-0000-000000000000';

/**
 * Reads `grastate.dat`.
 *
 * @throws UnreadableStateError if a field is missing or no value of its kind: a cut file has no half answer
 */
export function parseSavedState(text: string): SavedState {
  const fields = fieldsOf('grastate.dat', text);
  const uuid = uuidOf('grastate.dat', fields.get('uuid'));
  const seqno = fields.get('seqno');
  const safe = fields.get('safe_to_bootstrap');
  if (seqno === undefined || !SEQNO.test(seqno))
    throw new UnreadableStateError(`grastate.dat: seqno is ${shown(seqno)}`);
  // Galera before 3.19 does not write it.
  if (safe !== undefined && safe !== '0' && safe !== '1')
    throw new UnreadableStateError(`grastate.dat: safe_to_bootstrap is ${shown(safe)}`);
  // Only the last line tells that the file was not cut between two lines.
  if (safe === undefined && fields.get('version') !== '2.0')
    throw new UnreadableStateError('grastate.dat: ends before safe_to_bootstrap');
  return { uuid, seqno: seqnoOf('grastate.dat', seqno), safeToBootstrap: safe === '1' };
}

/** `grastate.dat` with another `safe_to_bootstrap`, and nothing else changed. @throws UnreadableStateError */
export function withSafeToBootstrap(text: string, safe: boolean): string {
  parseSavedState(text);
  const flag = `safe_to_bootstrap: ${safe ? 1 : 0}`;
  const line = /^safe_to_bootstrap:.*$/m;
  if (line.test(text)) return text.replace(line, flag);
  return `${text.replace(/\n?$/, '\n')}${flag}\n`;
}

/** Reads `gvwstate.dat`. @throws UnreadableStateError */
export function parseSavedView(text: string): SavedView {
  const fields = fieldsOf('gvwstate.dat', text);
  const own = uuidOf('gvwstate.dat', fields.get('my_uuid'));
  if (!/^#vwend\s*$/m.test(text)) throw new UnreadableStateError('gvwstate.dat: ends before #vwend');
  const members = [...text.matchAll(/^member:\s*(\S+)/gm)].map(([, member]) =>
    uuidOf('gvwstate.dat', member),
  );
  if (members.length === 0) throw new UnreadableStateError('gvwstate.dat: has no members');
  return { own, members: [...new Set(members)] };
}

/**
 * Finds the position in what `mariadbd --wsrep-recover` printed. MariaDB logs it as
 * `WSREP: Recovered position: <uuid>:<seqno>`, MySQL as `WSREP: Recovered position <uuid>:<seqno>`.
 *
 * @throws UnreadableStateError if there is none, or several that differ
 */
export function parseRecoveredPosition(output: string): GaleraPosition {
  const found = new Map<string, GaleraPosition>();
  for (const [, uuid = '', seqno = ''] of output.matchAll(RECOVERED))
    found.set(`${uuid.toLowerCase()}:${seqno}`, {
      uuid: uuid.toLowerCase(),
      seqno: seqnoOf('Recovered position', seqno),
    });
  const [position, ...others] = found.values();
  if (position === undefined) throw new UnreadableStateError(`no recovered position: ${lastLine(output)}`);
  if (others.length > 0)
    throw new UnreadableStateError(`several recovered positions: ${[...found.keys()].join(', ')}`);
  return position;
}

export const showPosition = ({ uuid, seqno }: GaleraPosition): string => `${uuid}:${seqno}`;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SEQNO = /^-?\d{1,19}$/;
const RECOVERED =
  /WSREP: Recovered position:?\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(-?\d{1,19})(?![\w-])/gi;
/** The most characters that are read of a state file; a real one has some hundred. */
const LONGEST = 64 * 1024;

function fieldsOf(file: string, text: string): ReadonlyMap<string, string> {
  if (text.length > LONGEST) throw new UnreadableStateError(`${file}: ${text.length} characters`);
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^([a-z_]+):[ \t]*(.*?)[ \t\r]*$/gm)) {
    const before = fields.get(name);
    // Members of a view repeat.
    if (before !== undefined && before !== value && name !== 'member')
      throw new UnreadableStateError(
        `${file}: ${name} is there twice, as ${shown(before)} and ${shown(value)}`,
      );
    fields.set(name, value);
  }
  return fields;
}

function uuidOf(file: string, value: string | undefined): string {
  if (value === undefined || !UUID.test(value))
    throw new UnreadableStateError(`${file}: the uuid is ${shown(value)}`);
  return value.toLowerCase();
}

function seqnoOf(file: string, value: string): number {
  const seqno = Number(value);
  if (!Number.isSafeInteger(seqno) || seqno < -1)
    throw new UnreadableStateError(`${file}: the seqno is ${value}`);
  return seqno;
}

const shown = (value: string | undefined): string =>
  value === undefined ? 'missing' : JSON.stringify(value.slice(0, 60));

const lastLine = (text: string): string =>
  JSON.stringify(text.trimEnd().split('\n').at(-1)?.slice(-300) ?? '');
