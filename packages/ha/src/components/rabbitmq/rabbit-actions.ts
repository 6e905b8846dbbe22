import { action } from '@groundcrew/runbook';
import * as z from 'zod';

const node = z.string().min(1);
const everybody = z.array(node).min(1);
const Running = z.object({ running: z.array(z.string()) });

/** Starts a node, and waits until it and the others see it run. */
export const startRabbit = action({
  name: 'ha.rabbitmq-start',
  title: ({ node: name }) => `Start ${name}, and wait until it runs with the others`,
  input: z.strictObject({ node, nodes: everybody }),
  output: Running,
  rollback: 'free',
});

/** Stops a node whose side is given up. */
export const stopRabbit = action({
  name: 'ha.rabbitmq-stop',
  title: ({ node: name }) => `Stop ${name}`,
  input: z.strictObject({ node, keep: everybody }),
  output: z.object({}),
  rollback: 'free',
});

/** Ends a frozen process, which can neither stop in order nor safely go on. */
export const killRabbit = action({
  name: 'ha.rabbitmq-kill',
  title: ({ node: name }) => `End the frozen process of ${name} (SIGKILL); its data stay`,
  input: z.strictObject({ node }),
  output: z.object({}),
  rollback: 'free',
});

/** Lets a node start without the ones that stopped after it. */
export const forceBootRabbit = action({
  name: 'ha.rabbitmq-force-boot',
  title: ({ node: name, without }) => `Let ${name} start without ${without.join(', ')} (force_boot)`,
  input: z.strictObject({ node, without: everybody, nodes: everybody }),
  output: z.object({}),
  rollback: 'none',
});

/** Takes a node that will never come back out of the cluster. */
export const forgetRabbit = action({
  name: 'ha.rabbitmq-forget',
  title: ({ node: name, from }) => `Forget ${name}, on ${from}`,
  input: z.strictObject({ node, from: node, nodes: everybody }),
  output: z.object({}),
  rollback: 'none',
});

/** Stops and starts one node, if no queue needs it meanwhile. */
export const restartRabbit = action({
  name: 'ha.rabbitmq-restart',
  title: ({ node: name }) =>
    `Restart ${name}, if no queue needs it, and wait until all its queues are online`,
  input: z.strictObject({ node, nodes: everybody }),
  output: Running,
  rollback: 'free',
});
