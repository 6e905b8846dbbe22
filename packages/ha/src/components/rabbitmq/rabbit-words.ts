import type { RabbitCluster, RabbitHealth } from './observe-rabbit.ts';

/** Names of the nodes that run. */
export const running = (cluster: RabbitCluster): string[] =>
  cluster.nodes.filter((node) => node.running).map((node) => node.name);

/** Describes the answer of a health check. */
export const said = (health: RabbitHealth | undefined): string =>
  health === undefined
    ? 'the health check did not answer'
    : (health.reason ?? (health.ok ? 'the health check says ok' : 'the health check failed'));
