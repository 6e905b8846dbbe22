import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { type ComponentInput, startComponent, stopComponent, syncOvn } from './control-plane-actions.ts';
import { commandOptions, hostNamed, type PlaceBack } from './place-back.ts';

/** Stops and starts components; told twice is as well as told once. */
export function componentsBack(back: PlaceBack): Implementation[] {
  async function stop({ host, stop: command }: ComponentInput, context: StepContext): Promise<void> {
    await hostNamed(back, host).run(command, commandOptions(back, context));
  }
  async function start(
    { component, host: name, start: command, ready }: ComponentInput,
    context: StepContext,
  ): Promise<void> {
    const host = hostNamed(back, name);
    await host.run(command, commandOptions(back, context));
    if (ready === null) return;
    for (;;) {
      const { exitCode } = await host.run(ready, commandOptions(back, context, { expect: 'any' }));
      if (exitCode === 0) return;
      context.progress(`${component} does not serve yet on ${name}`);
      await context.clock.sleep(PAUSE, context.signal);
    }
  }
  return [
    implement(stopComponent, {
      async perform(input, context) {
        await stop(input, context);
        return {};
      },
      compensate: (input, _output, context) => start(input, context),
    }),
    implement(startComponent, {
      async perform(input, context) {
        await start(input, context);
        return {};
      },
      compensate: (input, _output, context) => stop(input, context),
    }),
  ];
}

/** Milliseconds between two questions whether a component serves. */
const PAUSE = 1_000;

/** Compares OVN with Neutron by Neutron's own program, or makes it the same. */
export const ovnSynced = (back: PlaceBack): Implementation =>
  implement(syncOvn, {
    async perform({ host, command, mode }, context) {
      const [program, ...more] = command;
      const warnings: string[] = [];
      let count = 0;
      await hostNamed(back, host).run([program, ...more, '--ovn-neutron_sync_mode', mode], {
        ...commandOptions(back, context, { timeout: '2h' }),
        onLine({ text }) {
          // oslo.log's level, whatever else the line has: what differs is told at WARNING.
          if (!/\bWARNING\b/.test(text)) return;
          count += 1;
          warnings.push(text.slice(0, LONGEST_LINE));
          if (warnings.length > SHOWN) warnings.shift();
        },
      });
      context.progress(`${count} warnings`);
      return { warnings: count, last: warnings };
    },
  });

const SHOWN = 20;
const LONGEST_LINE = 500;
