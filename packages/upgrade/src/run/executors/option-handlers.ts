import type { StepHandlers } from '@groundcrew/runbook';
import type { z } from 'zod';
import type { setOption } from '../actions.ts';
import type { UpgradeStepReport } from '../step-report.ts';
import { valueIn, withValue } from './configuration-text.ts';
import type { HostShell } from './host-shell.ts';

type Input = z.output<typeof setOption.input>;

/** Sets an option of a configuration file, whose owner and mode stay, and of which readers see the old or the new one. */
export function optionHandlers(shell: HostShell): StepHandlers<Input, UpgradeStepReport> {
  // Latin 1 keeps every byte: a comment in another encoding comes back as it was.
  const textOf = async ({ host, file }: Input, signal: AbortSignal): Promise<string> =>
    Buffer.from(await shell.host(host).download(file, { signal, ...shell.root })).toString('latin1');
  const isSet = (text: string, input: Input): boolean => valueIn(text, input) === (input.value ?? undefined);

  return {
    async done(input, { signal }) {
      return isSet(await textOf(input, signal), input) ? { outcome: 'unchanged', facts: {} } : undefined;
    },
    async perform(input, { signal }) {
      const { host, file } = input;
      const text = await textOf(input, signal);
      if (isSet(text, input)) return { outcome: 'unchanged', facts: {} };
      // A link stays one: what it leads to is replaced.
      const { stdout: real } = await shell.asRoot(host, ['readlink', '-f', '--', file], { signal });
      const { stdout } = await shell.asRoot(host, ['stat', '-L', '-c', '%a %u:%g', '--', file], { signal });
      const [mode = '600', owner] = stdout.trim().split(' ');
      await shell
        .host(host)
        .upload(Buffer.from(withValue(text, input, input.value), 'latin1'), real.trimEnd(), {
          mode: Number.parseInt(mode, 8),
          owner,
          signal,
          ...shell.root,
        });
      return { outcome: 'changed', facts: { before: valueIn(text, input) ?? '(not set)' } };
    },
    async verify(input, _report, { signal }) {
      if (isSet(await textOf(input, signal), input)) return undefined;
      return {
        code: 'upgrade.option-not-set',
        reason: `${input.file} on ${input.host} does not have it`,
        remedy: 'Something else writes that file: let it write the option.',
      };
    },
  };
}
