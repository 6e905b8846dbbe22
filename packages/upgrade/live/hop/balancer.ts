import { once } from 'node:events';
import { connect } from 'node:net';
import { waitUntil } from '@groundcrew/lab';
import type { TrafficInput } from '../../src/run.ts';
import type { LabPlace } from './lab-place.ts';

const WITHIN = 120_000;

/** One command to HAProxy's runtime API. */
async function tell({ directory }: LabPlace, command: string): Promise<string> {
  const socket = connect(`${directory}/lab-roll/data/haproxy/stats.sock`);
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => {
    answer += String(text);
  });
  socket.end(`${command}\n`);
  await once(socket, 'close');
  return answer;
}

interface ServerRow {
  readonly status: string;
  /** Requests that it is at work on. */
  readonly sessions: number;
  readonly address: string;
}

/** The row of a server in HAProxy's table. */
export function serverIn(
  table: string,
  { service, host }: Pick<TrafficInput, 'service' | 'host'>,
): ServerRow {
  const [head = '', ...lines] = table.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const row = lines
    .map((line) => line.split(','))
    .find((cells) => cells[names.indexOf('pxname')] === service && cells[names.indexOf('svname')] === host);
  if (row === undefined) throw new RangeError(`HAProxy has no server ${host} of ${service}`);
  const cell = (name: string): string => row[names.indexOf(name)] ?? '';
  return { status: cell('status'), sessions: Number(cell('scur')), address: cell('addr') };
}

type Behind = Pick<TrafficInput, 'service' | 'host'>;

const serverOf = async (place: LabPlace, behind: Behind): Promise<ServerRow> =>
  serverIn(await tell(place, 'show stat'), behind);

/** Where an API of a host is asked past the balancer. */
export const addressOf = async (place: LabPlace, behind: Behind): Promise<string> =>
  `http://${(await serverOf(place, behind)).address}`;

/** No new request goes there, and those that it has are ended. */
export async function drainApi(place: LabPlace, input: TrafficInput): Promise<void> {
  await tell(place, `set server ${input.service}/${input.host} state drain`);
  await waitUntil(async () => (await serverOf(place, input)).sessions === 0, {
    within: WITHIN,
    what: `the last request of ${input.service} on ${input.host}`,
  });
}

/** Its restart has seen that it answers; what is drained next waits until HAProxy has seen that, too. */
export async function admitApi(place: LabPlace, input: TrafficInput): Promise<void> {
  await tell(place, `set server ${input.service}/${input.host} state ready`);
  await waitUntil(async () => (await serverOf(place, input)).status === 'UP', {
    within: WITHIN,
    what: `${input.service} on ${input.host} in HAProxy`,
  });
}
