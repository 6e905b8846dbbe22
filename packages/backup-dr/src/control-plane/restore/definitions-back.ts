import { implement, type Implementation, type StepContext } from '@groundcrew/runbook';
import { definitionsIn, EXPORT, LONGEST_DEFINITIONS } from '../rabbitmq-definitions.ts';
import { importDefinitions, type StoredInput } from './control-plane-actions.ts';
import { commandOptions, hostNamed, type PlaceBack, pointNow, streamOf } from './place-back.ts';

/** Imports what a broker knew; what it knows beyond that stays. */
export const definitionsBack = (back: PlaceBack): Implementation =>
  implement(importDefinitions, {
    async precondition({ point, host }, { signal }) {
      hostNamed(back, host);
      await pointNow(back, point, signal);
      return undefined;
    },
    async perform(input, context) {
      await hostNamed(back, input.host).run(
        ['sh', '-c', FROM_FILE, 'sh', ...input.command, '--quiet', 'import_definitions'],
        {
          ...commandOptions(back, context),
          stdin: await streamOf(back, input, context.signal),
        },
      );
      return {};
    },
    async verify(input, _output, context) {
      const stored = await storedNames(back, input, context);
      let missing: readonly string[] = [];
      // The import goes on when its command has ended.
      for (let look = 0; look < LOOKS; look += 1) {
        if (look > 0) await context.clock.sleep(PAUSE, context.signal);
        const { stdout } = await hostNamed(back, input.host).run(
          [...input.command, ...EXPORT],
          commandOptions(back, context, { keep: LONGEST_DEFINITIONS }),
        );
        const now = new Set(namesIn(stdout));
        missing = stored.filter((name) => !now.has(name));
        if (missing.length === 0) return undefined;
      }
      return {
        code: 'control-plane.definitions-missing',
        reason: `after the import the broker on ${input.host} does not have ${missing.slice(0, 5).join(', ')}`,
        remedy: 'See its log; import them by hand.',
      };
    },
  });

/**
 * Definitions come from a file: of standard input rabbitmqctl sees nothing but its end (3.10, tried). It is the broker's for the moment that
 * it is there, as whose user Debian's rabbitmqctl reads it.
 */
const FROM_FILE = `umask 077; file=$(mktemp) || exit 1
cat >"$file"; chown --reference=/var/lib/rabbitmq -- "$file" 2>/dev/null
"$@" "$file"; code=$?; rm -f -- "$file"; exit $code`;

const LOOKS = 30;
/** Milliseconds. */
const PAUSE = 1_000;

async function storedNames(
  back: PlaceBack,
  input: StoredInput,
  { signal }: StepContext,
): Promise<readonly string[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await streamOf(back, input, signal)) pieces.push(piece);
  return namesIn(Buffer.concat(pieces).toString('utf8'));
}

/** Its virtual hosts and users: what services need to connect. Queues they make themselves. */
function namesIn(text: string): readonly string[] {
  const read = definitionsIn(text);
  return [
    ...(read?.vhosts ?? []).map(({ name }) => `virtual host ${name}`),
    ...(read?.users ?? []).map(({ name }) => `user ${name}`),
  ];
}
