import { implement, type Implementation } from '@groundcrew/runbook';
import { withScratch } from '../scratch-folder.ts';
import { restoreFiles } from './control-plane-actions.ts';
import { commandOptions, hostNamed, markOf, type PlaceBack, pointNow, streamOf } from './place-back.ts';
import { isReplaced, isThere, putBack, replacementOf, replacePath } from './replace-path.ts';

/**
 * Puts folders and files back, each as a whole: one that the archive has not is gone from its folder afterwards, and is aside. A key
 * that was made since would else sign what nobody else can read.
 */
export const filesBack = (back: PlaceBack): Implementation =>
  implement(restoreFiles, {
    async precondition({ point, host }, { signal }) {
      hostNamed(back, host);
      await pointNow(back, point, signal);
      return undefined;
    },
    async done({ host: name, paths }, context) {
      const host = hostNamed(back, name);
      const all = paths.map((path) => replacementOf(path, markOf(context)));
      for (const one of all)
        if (!(await isReplaced(host, one, commandOptions(back, context)))) return undefined;
      return { aside: all.map(({ aside }) => aside) };
    },
    async perform(input, context) {
      const host = hostNamed(back, input.host);
      const options = commandOptions(back, context, { timeout: '4h' });
      const content = await streamOf(back, input, context.signal);
      return withScratch({ host, sudo: back.sudo }, context.signal, async (folder) => {
        const unpack = [
          'tar',
          '--extract',
          '--numeric-owner',
          '--same-permissions',
          `--directory=${folder}`,
        ] as const;
        await host.run(unpack, { ...options, stdin: content });
        const asides: string[] = [];
        for (const path of input.paths) {
          const replacement = replacementOf(path, markOf(context));
          const { fresh, aside } = replacement;
          if (!(await isReplaced(host, replacement, options))) {
            context.progress(`putting ${path} back`);
            await host.run(['rm', '-rf', '--one-file-system', '--', fresh], options);
            await host.run(
              ['mkdir', '--parents', '--', path.slice(0, path.lastIndexOf('/')) || '/'],
              options,
            );
            await host.run(['cp', '--archive', '-T', '--', `${folder}${path}`, fresh], options);
            await replacePath(host, replacement, options);
          }
          if (await isThere(host, aside, options)) asides.push(aside);
        }
        return { aside: asides };
      });
    },
    async verify(input, _output, context) {
      const options = commandOptions(back, context, { timeout: '4h', expect: [0, 1] });
      const { exitCode, stdout } = await hostNamed(back, input.host).run(
        ['tar', '--compare', '--numeric-owner', '--directory=/'],
        { ...options, stdin: await streamOf(back, input, context.signal) },
      );
      if (exitCode === 0) return undefined;
      return {
        code: 'control-plane.other-files',
        reason: `what is on ${input.host} is not what was stored: ${stdout.trim().split('\n').slice(0, 5).join('; ')}`,
        remedy: 'Look who writes there.',
      };
    },
    async compensate({ host, paths }, _output, context) {
      for (const path of paths.toReversed())
        await putBack(
          hostNamed(back, host),
          replacementOf(path, markOf(context)),
          commandOptions(back, context),
        );
    },
  });
