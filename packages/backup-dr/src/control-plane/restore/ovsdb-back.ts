import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import type { z } from 'zod';
import { ControlPlaneError } from '../control-plane-error.ts';
import { type OvsdbSnapshot, readOvsdbSnapshot } from '../ovsdb-snapshot.ts';
import { restoreOvsdb } from './control-plane-actions.ts';
import { commandOptions, hostNamed, markOf, type PlaceBack, pointNow, streamOf } from './place-back.ts';

type Input = z.output<typeof restoreOvsdb.input>;

/**
 * Puts a snapshot into a server that runs, in one transaction (`ovsdb-client restore`), which clusters replicate. What was there is
 * written into a file beforehand, from which a rollback takes it.
 */
export function ovsdbBack(back: PlaceBack): Implementation {
  return implement(restoreOvsdb, {
    async precondition({ point, host }, { signal }) {
      hostNamed(back, host);
      await pointNow(back, point, signal);
      return undefined;
    },
    async perform(input, context) {
      const host = hostNamed(back, input.host);
      const options = commandOptions(back, context, { timeout: '1h' });
      const { command, server, database } = input;
      const aside = asideOf(input, context);
      // Written once: after an attempt that was killed the server may have the snapshot already.
      await host.run(['sh', '-c', ASIDE, 'sh', aside, ...command, 'backup', server, database], options);
      await host.run(
        ['sh', '-c', FROM_FILE, 'sh', `${aside}.restoring`, ...command, 'restore', server, database],
        {
          ...options,
          stdin: await streamOf(back, input, context.signal),
        },
      );
      return { aside };
    },
    async verify(input, _output, context) {
      const { command, server, database, rows } = input;
      const host = hostNamed(back, input.host);
      const pieces: Uint8Array[] = [];
      await host.run([...command, 'backup', server, database], {
        ...commandOptions(back, context, { timeout: '1h' }),
        onStdout: async (piece) => void pieces.push(Uint8Array.from(piece)),
      });
      const now = readOvsdbSnapshot(Buffer.concat(pieces));
      if ('why' in now) throw new ControlPlaneError('control-plane.ovsdb', `${database}: ${now.why}`);
      const others = differing(rows, now);
      if (others.length === 0) return undefined;
      return {
        code: 'control-plane.ovsdb-rows',
        reason: `${database} on ${input.host} has not the rows of the snapshot: ${others.slice(0, 5).join(', ')}`,
        remedy: 'Look who writes to it: Neutron and northd must be stopped meanwhile.',
      };
    },
    async compensate(input, _output, context) {
      const { command, server, database } = input;
      const host = hostNamed(back, input.host);
      const options = commandOptions(back, context, { timeout: '1h' });
      await host.run(
        ['sh', '-c', BACK, 'sh', asideOf(input, context), ...command, 'restore', server, database],
        options,
      );
    },
  });
}

/** Where what was there is kept: another run has another file. */
const asideOf = ({ aside, database }: Input, context: StepContext): string =>
  `${aside}/${database}.before-${markOf(context)}`;

/** $1: the file; then the command that prints the snapshot. A file that is cut off never has the name. */
const ASIDE = `aside=$1; shift; [ -e "$aside" ] && exit 0
umask 077; "$@" >"$aside.part" && mv -T -- "$aside.part" "$aside"`;

/** $1: a file for a moment, since ovsdb-client seeks in what it reads (`ovsdb/log.c`); then the command that takes it. */
const FROM_FILE = `file=$1; shift; umask 077
cat >"$file" && "$@" <"$file"; code=$?; rm -f -- "$file"; exit $code`;

/** $1: the file; then the command that takes it. Where there is none, nothing was changed. */
const BACK = `aside=$1; shift; [ -e "$aside" ] || exit 0
"$@" <"$aside"`;

const differing = (
  wanted: Readonly<Record<string, number>> | null,
  { rows }: OvsdbSnapshot,
): readonly string[] => {
  if (wanted === null) return [];
  const tables = new Set([...Object.keys(wanted), ...Object.keys(rows)]);
  return [...tables].flatMap((table) => {
    const [had, has] = [wanted[table] ?? 0, rows[table] ?? 0];
    return had === has ? [] : [`${table}: ${has}, not ${had}`];
  });
};
