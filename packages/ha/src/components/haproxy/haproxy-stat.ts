import { UnreadError } from '../../probing/ask.ts';
import { csvRows } from '../../probing/csv.ts';

export interface HaproxyServer {
  readonly proxy: string;
  readonly name: string;
  /** The status as HAProxy prints it: `UP`, `UP 1/2`, `DOWN`, `MAINT (via …)`, `DRAIN`, `NOLB`, `no check`. */
  readonly status: string;
  /** Does it get new connections? `undefined` if nobody checks it: it gets them whether it works or not. */
  readonly up: boolean | undefined;
  /** A `backup` server gets connections only when no other is up; `undefined` if it is not told. */
  readonly backup: boolean | undefined;
  readonly weight: number | undefined;
  /** `127.0.0.1:5000`; `undefined` on sockets below the operator level, which are not told. */
  readonly address: string | undefined;
  /** `L7OK`, `L4CON`, `L7TOUT`, …; with `* ` in front while a check runs. */
  readonly check: string | undefined;
  /** HTTP or SMTP code of the last check. */
  readonly checkCode: number | undefined;
  /** The message of the last check. */
  readonly checkSaid: string | undefined;
  /** Checks that must succeed, or fail, one after the other for a change of state. */
  readonly rise: number | undefined;
  readonly fall: number | undefined;
  /** Since the last change of state. */
  readonly lastChangeMs: number | undefined;
  /** Down, in all. */
  readonly downtimeMs: number | undefined;
  readonly sessions: number | undefined;
  readonly queued: number | undefined;
}

/** The frontend or the backend of a proxy as a whole. */
export interface HaproxySide {
  readonly status: string;
  readonly sessions: number | undefined;
  readonly sessionLimit: number | undefined;
  readonly lastChangeMs: number | undefined;
}

export interface HaproxyProxy {
  readonly name: string;
  /** `http`, `tcp`. */
  readonly mode: string | undefined;
  readonly frontend: HaproxySide | undefined;
  readonly backend: HaproxySide | undefined;
  readonly servers: readonly HaproxyServer[];
}

/**
 * Reads the CSV of `show stat`.
 *
 * @throws UnreadError if it is cut off, or something else
 */
export function haproxyProxies(text: string): HaproxyProxy[] {
  if (!text.startsWith('# pxname,'))
    throw new UnreadError('cut', `not the CSV of \`show stat\`: ${text.trim().slice(0, 80) || 'nothing'}`);
  // Versions add columns at the end; what is known is found by name. The comma after the last column, of the header and
  // of each row, tells a row that is cut in its last cell.
  const [header = [], ...rows] = csvRows(text.slice(2));
  for (const name of ['pxname', 'svname', 'status', 'type'])
    if (!header.includes(name)) throw new UnreadError('cut', `\`show stat\` without the column ${name}`);
  const proxies = new Map<
    string,
    { -readonly [K in keyof HaproxyProxy]: HaproxyProxy[K] } & { servers: HaproxyServer[] }
  >();
  for (const [index, row] of rows.entries()) {
    if (row.length < header.length)
      throw new UnreadError(
        'cut',
        `row ${index + 1} of \`show stat\` has ${row.length} of ${header.length} columns`,
      );
    // `?? ''`: the row is as long as its header, which was looked at; an empty cell is how HAProxy tells nothing.
    const cells = new Map(header.map((name, at) => [name, row[at] ?? '']));
    const name = cells.get('pxname') ?? '';
    // HAProxy 2.3.0 to 2.3.2 print rows whose cells are lost (haproxy issue 992): what they are of is not known then.
    for (const needed of ['pxname', 'svname', 'status', 'type'])
      if ((cells.get(needed) ?? '') === '')
        throw new UnreadError('cut', `row ${index + 1} of \`show stat\` has an empty ${needed}`);
    const proxy = proxies.get(name) ?? {
      name,
      mode: undefined,
      frontend: undefined,
      backend: undefined,
      servers: [],
    };
    proxies.set(name, proxy);
    proxy.mode ??= told(cells.get('mode'));
    const type = cells.get('type');
    if (type === '0') proxy.frontend = sideOf(cells);
    else if (type === '1') proxy.backend = sideOf(cells);
    else if (type === '2') proxy.servers.push(serverOf(name, cells));
  }
  return [...proxies.values()];
}

/** Reads `show info`: name and value, as they are. */
export function haproxyInfo(text: string): ReadonlyMap<string, string> {
  const info = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) info.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2).trim());
  }
  if (!info.has('version'))
    throw new UnreadError('cut', `not \`show info\`: ${text.trim().slice(0, 80) || 'nothing'}`);
  return info;
}

function serverOf(proxy: string, cells: ReadonlyMap<string, string>): HaproxyServer {
  const status = cells.get('status') ?? '';
  const weight = count(cells.get('weight'));
  return {
    proxy,
    name: cells.get('svname') ?? '',
    status,
    up: upOf(status, weight),
    backup: flag(cells.get('bck')),
    weight,
    address: told(cells.get('addr')),
    check: told(cells.get('check_status')),
    checkCode: count(cells.get('check_code')),
    checkSaid: told(cells.get('last_chk')) ?? told(cells.get('check_desc')),
    rise: count(cells.get('check_rise')),
    fall: count(cells.get('check_fall')),
    lastChangeMs: milliseconds(cells.get('lastchg')),
    downtimeMs: milliseconds(cells.get('downtime')),
    sessions: count(cells.get('scur')),
    queued: count(cells.get('qcur')),
  };
}

const sideOf = (cells: ReadonlyMap<string, string>): HaproxySide => ({
  status: cells.get('status') ?? '',
  sessions: count(cells.get('scur')),
  sessionLimit: count(cells.get('slim')),
  lastChangeMs: milliseconds(cells.get('lastchg')),
});

/**
 * `UP 1/2` is on its way down and still serves; DRAIN and NOLB serve whom they have, and nobody new, and so does a
 * server of weight 0 (HAProxy's manual, `weight`).
 */
function upOf(status: string, weight: number | undefined): boolean | undefined {
  if (status.startsWith('UP')) return weight === undefined ? undefined : weight !== 0;
  // `srv_hlt_st` in HAProxy's src/stats.c; other words are not known to say that it serves nobody.
  return /^(?:DOWN|MAINT|DRAIN|NOLB)/.test(status) ? false : undefined;
}

const told = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** `1` or `0`, as HAProxy writes of each server (`ST_F_BCK` in its src/stats.c); nothing else says either. */
const flag = (value: string | undefined): boolean | undefined =>
  value === '1' ? true : value === '0' ? false : undefined;

export function count(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A number of seconds, as HAProxy counts time, in milliseconds. */
export function milliseconds(value: string | undefined): number | undefined {
  const number = count(value);
  return number === undefined ? undefined : number * 1_000;
}
