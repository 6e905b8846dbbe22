import { armDeadline } from '@groundcrew/runbook/hosts';
import type { ConfiguredBefore, ConfiguredService } from './configured-service.ts';
import { hangUpCommand, PUT_BACK, UNTIL_PUT_BACK } from './host-scripts.ts';
import { LevelError } from './level-error.ts';
import type { LevelContext } from './strategy.ts';

/**
 * Replaces the file as a whole, with its owner and mode; a link stays one. Before it, the host is left what undoes it.
 *
 * @param until - milliseconds since 1970: when the host undoes it
 */
export async function replaceFile(
  service: ConfiguredService,
  noted: ConfiguredBefore,
  content: string,
  until: number,
  context: LevelContext,
): Promise<void> {
  const { host, target, name } = service;
  const how = service.how(context);
  const { stdout: real } = await host.run(['readlink', '-f', '--', noted.file], how);
  const { stdout } = await host.run(['stat', '-L', '-c', '%a %u:%g', '--', noted.file], how);
  const [mode = '600', owner] = stdout.trim().split(' ');
  const left = until - context.clock.now();
  if (left <= 0)
    throw new LevelError('levels.lease-over', `${name}: the lease was over before the level was set`, {
      remedy: 'Plan anew, for longer.',
    });
  const undo = putBackCommand(noted, target.restart ?? hangUpCommand(target));
  await armDeadline(host, ['sh', '-c', UNTIL_PUT_BACK, 'sh', ...undo], { after: left, ...how });
  await host.upload(Buffer.from(content, 'latin1'), real.trimEnd(), {
    ...how,
    mode: Number.parseInt(mode, 8),
    ...(owner === undefined ? {} : { owner }),
  });
}

/** The command that puts the file back, and then runs another, if something was put back. */
export const putBackCommand = (
  before: ConfiguredBefore,
  afterwards: readonly string[],
): [string, ...string[]] => ['sh', '-c', PUT_BACK, 'sh', before.file, before.mark, ...afterwards];
