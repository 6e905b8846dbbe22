import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import type { CommandOptions } from '@groundcrew/runbook/hosts';
import { ControlPlaneError } from '../control-plane-error.ts';
import { queryOver, tableChecksums } from '../table-checksums.ts';
import { checkDatabase, restoreDatabase } from './control-plane-actions.ts';
import {
  commandOptions,
  hostNamed,
  markOf,
  type PlaceBack,
  pointNow,
  type RestoreHost,
  streamOf,
} from './place-back.ts';
import { isReplaced, isThere, putBack, replacementOf, replacePath } from './replace-path.ts';

/** Puts databases back, beside what is there, and then into its place. */
export const databaseBack = (back: PlaceBack): Implementation =>
  implement(restoreDatabase, {
    async precondition({ point, host: name, datadir, owner }, context) {
      const host = hostNamed(back, name);
      const options = commandOptions(back, context);
      await pointNow(back, point, context.signal);
      const { exitCode } = await host.run(['mountpoint', '-q', '--', datadir], { ...options, expect: 'any' });
      if (exitCode === 0)
        return {
          code: 'control-plane.mount-point',
          reason: `${datadir} of ${name} is a mount point, which cannot be moved aside`,
          remedy: 'Mount it one level higher, or keep the databases in a folder of it.',
        };
      if (owner !== null || (await referenceOf(back, { host: name, datadir }, context)) !== undefined)
        return undefined;
      return {
        code: 'control-plane.no-owner',
        reason: `there is no ${datadir} on ${name}, and it is not said whose it is to be`,
        remedy: "Say it: owner: 'mysql:mysql'.",
      };
    },
    async done({ host, datadir }, context) {
      const replacement = replacementOf(datadir, markOf(context));
      return (await isReplaced(hostNamed(back, host), replacement, commandOptions(back, context)))
        ? { aside: replacement.aside }
        : undefined;
    },
    async perform(input, context) {
      const { host: name, datadir, owner } = input;
      const host = hostNamed(back, name);
      const options = commandOptions(back, context, { timeout: '20h' });
      const replacement = replacementOf(datadir, markOf(context));
      const { fresh, aside } = replacement;
      // What an attempt of this run left that was killed.
      await host.run(['rm', '-rf', '--one-file-system', '--', fresh], options);
      await host.run(['mkdir', '--parents', '--mode=700', '--', fresh], options);
      context.progress(`unpacking ${input.part}`);
      await host.run(['mbstream', '--extract', `--directory=${fresh}`], {
        ...options,
        stdin: await streamOf(back, input, context.signal),
      });
      context.progress(`preparing ${input.part}`);
      await host.run(['mariadb-backup', '--prepare', `--target-dir=${fresh}`], options);
      const reference = await referenceOf(back, { host: name, datadir }, context);
      const whose = owner ?? `--reference=${reference ?? datadir}`;
      await host.run(['chown', '--recursive', whose, '--', fresh], options);
      await refuseRunning(host, input, options);
      await replacePath(host, replacement, options);
      return { aside: (await isThere(host, aside, options)) ? aside : null };
    },
    async compensate({ host, datadir }, _output, context) {
      const replacement = replacementOf(datadir, markOf(context));
      await putBack(hostNamed(back, host), replacement, commandOptions(back, context));
    },
  });

/**
 * Whose files are moved under it writes on, into what is aside. It is asked just before the move, and not before the step: a rehearsal
 * finds the server running, as it should.
 */
async function refuseRunning(
  host: RestoreHost,
  { part, socket }: { readonly part: string; readonly socket: string },
  options: CommandOptions,
): Promise<void> {
  const { exitCode, stderr } = await host.run(
    ['mariadb', '--no-defaults', `--socket=${socket}`, '--execute=SELECT 1'],
    { ...options, expect: 'any' },
  );
  // 2002: nobody listens. One that lets nobody in runs, too.
  if (exitCode !== 0 && /\b2002\b/.test(stderr)) return;
  throw new ControlPlaneError(
    'control-plane.still-running',
    `a server of ${part} still answers at ${socket}`,
    {
      remedy: 'Stop it, and see why its component did not.',
    },
  );
}

/** The folder whose owner the new one gets: between the two moves the old one is aside. */
async function referenceOf(
  back: PlaceBack,
  { host: name, datadir }: { readonly host: string; readonly datadir: string },
  context: StepContext,
): Promise<string | undefined> {
  const host = hostNamed(back, name);
  const options = commandOptions(back, context);
  for (const path of [datadir, replacementOf(datadir, markOf(context)).aside])
    if (await isThere(host, path, options)) return path;
  return undefined;
}

/** Compares a server with what was stored. */
export const databaseChecked = (back: PlaceBack): Implementation =>
  implement(checkDatabase, {
    async perform({ part, host, socket, checksums }, context) {
      const options = commandOptions(back, context, { timeout: '4h' });
      const now = await tableChecksums(queryOver(hostNamed(back, host), socket, options));
      const names = new Set([...Object.keys(checksums), ...Object.keys(now.checksums)]);
      const other = [...names].filter((name) => checksums[name] !== now.checksums[name]);
      if (other.length > 0)
        throw new ControlPlaneError(
          'control-plane.database',
          `${other.length} of ${names.size} tables of ${part} on ${host} are not those of the copy: ${other.slice(0, 5).join(', ')}`,
          { remedy: 'Look who writes to it, or whether it is the server that the copy was put into.' },
        );
      return { tables: names.size };
    },
    // It has changed nothing.
    async compensate() {},
  });
