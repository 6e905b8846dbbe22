import { readFile } from 'node:fs/promises';
import { type Cloud, isConflict } from '@groundcrew/core';
import { waitUntil } from '@groundcrew/lab';
import { COMPUTES, type LabPlace } from './lab-place.ts';

const WITHIN = 180_000;
/** Servers tell their host and their task from here on, and a host that is named is checked by the scheduler. */
const NOVA = '2.79';

export type Move = 'live' | 'cold';

/** A server that went from one host to another, with the release that each had. */
export interface Moved {
  readonly how: Move;
  readonly from: string;
  readonly to: string;
  readonly fromCode: string;
  readonly toCode: string;
  readonly ms: number;
}

/** The compute hosts, among which one server moves at a time. */
export class ComputeHosts {
  readonly moved: Moved[] = [];
  /** Why servers did not come to where they were sent on purpose. */
  readonly astray: string[] = [];
  readonly #cloud: Cloud;
  readonly #place: LabPlace;
  #last: Promise<unknown> = Promise.resolve();

  constructor(cloud: Cloud, place: LabPlace) {
    this.#cloud = cloud;
    this.#place = place;
  }

  get #nova() {
    return this.#cloud.compute.at(NOVA);
  }

  /** Moves a server to another host that takes servers, and waits until it is as it was. */
  moveOn(id: string, how: Move, signal: AbortSignal): Promise<void> {
    return this.#alone(async () => {
      signal.throwIfAborted();
      const from = await this.#hostOf(id);
      const free = (await this.#services()).filter(
        ({ host, status, state }) => host !== from && status === 'enabled' && state === 'up',
      );
      // The next in their order, so that each is visited from each.
      const ring: readonly string[] = [...COMPUTES, ...COMPUTES];
      const next = ring.slice(ring.indexOf(from) + 1);
      const to = next.find((name) => free.some(({ host }) => host === name));
      if (to === undefined) throw new Error(`no other host than ${from} takes servers`);
      await this.#move(id, how, { from, to });
    });
  }

  /** Lets no server come to a host any more, and leads those that are there elsewhere. */
  async drain(host: string): Promise<void> {
    await this.#set(host, 'disabled');
    await waitUntil(
      () =>
        this.#alone(async () => {
          const servers = await Array.fromAsync(
            this.#nova.servers.list({ all_tenants: true, host, deleted: false }),
          );
          const [first, second] = COMPUTES.filter((name) => name !== host);
          for (const [at, { id, status, ...server }] of servers.entries()) {
            // What is being built, deleted or moved is so for a moment.
            if (server['OS-EXT-STS:task_state'] !== null) continue;
            const to = (at % 2 === 0 ? first : second) ?? '';
            if (status === 'ACTIVE') await this.#move(id, 'live', { from: host, to }).catch(unlessBusy);
            if (status === 'SHUTOFF') await this.#move(id, 'cold', { from: host, to }).catch(unlessBusy);
          }
          await this.#confirmMoved(host);
          return servers.length === 0;
        }),
      { within: WITHIN, what: `${host} without servers` },
    );
  }

  /** A runner that was killed leaves servers that it had moved with their power off, and not confirmed: they are on this host no more. */
  async #confirmMoved(host: string): Promise<void> {
    const { migrations, servers } = this.#nova;
    const finished = { source_compute: host, migration_type: 'migration', status: 'finished' } as const;
    for await (const { instance_uuid: id } of migrations.list(finished)) {
      if (id === null || (await servers.get({ id })).status !== 'VERIFY_RESIZE') continue;
      await servers.confirmResize({ id });
      await servers.waitFor(id, ['SHUTOFF', 'ACTIVE'], { interval: '500ms', patience: WITHIN });
    }
  }

  /** Takes a host back once the process that was started has reported. */
  async admit(host: string): Promise<void> {
    const since = Date.now();
    await waitUntil(
      async () => {
        const found = (await this.#services()).find((service) => service.host === host);
        // Nova counts whole seconds.
        return found?.state === 'up' && Date.parse(found.updated_at ?? '') > since + 1_000;
      },
      { within: WITHIN, what: `a heartbeat of ${host}` },
    );
    await this.#set(host, 'enabled');
  }

  /** Moves a server from a host to another and back, alive and with its power off. What fails is told in `astray`. */
  async thereAndBack(
    id: string,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<void> {
    const ways = [
      ['live', { from, to }],
      ['live', { from: to, to: from }],
      ['cold', { from, to }],
      ['cold', { from: to, to: from }],
    ] as const;
    await this.#alone(async () => {
      if ((await this.#hostOf(id)) !== from)
        await this.#move(id, 'live', { from: await this.#hostOf(id), to: from });
      for (const [how, way] of ways) await this.#move(id, how, way);
    }).catch((error: unknown) => this.astray.push(String(error)));
  }

  async #move(id: string, how: Move, { from, to }: { readonly from: string; readonly to: string }) {
    const { servers } = this.#nova;
    const [fromCode, toCode] = [await this.#codeOf(from), await this.#codeOf(to)];
    const since = Date.now();
    const { status: before } = await servers.get({ id });
    if (how === 'live') await servers.liveMigrate({ id, host: to, block_migration: 'auto' });
    else {
      await servers.migrate({ id, host: to });
      await servers.waitFor(id, 'VERIFY_RESIZE', { interval: '500ms', patience: WITHIN });
      await servers.confirmResize({ id });
    }
    await waitUntil(
      async () => {
        const server = await servers.get({ id });
        if (server.status === 'ERROR') throw new Error(`server ${id} is in ERROR after its move to ${to}`);
        const isIdle = server['OS-EXT-STS:task_state'] === null && server.status === before;
        if (isIdle && server['OS-EXT-SRV-ATTR:host'] !== to && Date.now() - since > 30_000)
          throw new Error(`server ${id} stayed on ${from} and did not go to ${to}`);
        return isIdle && server['OS-EXT-SRV-ATTR:host'] === to;
      },
      { within: WITHIN, what: `the move of server ${id} to ${to}` },
    );
    this.moved.push({ how, from, to, fromCode, toCode, ms: Date.now() - since });
  }

  async #hostOf(id: string): Promise<string> {
    return (await this.#nova.servers.get({ id }))['OS-EXT-SRV-ATTR:host'] ?? '';
  }

  #services() {
    return Array.fromAsync(this.#nova.services.list({ binary: 'nova-compute' }));
  }

  async #set(host: string, status: 'enabled' | 'disabled'): Promise<void> {
    const found = (await this.#services()).find((service) => service.host === host);
    if (found === undefined) throw new RangeError(`Nova has no compute host ${host}`);
    await this.#nova.services.update({ id: found.id, status });
  }

  /** The lab keeps whose code a service is started with; a host is drained before that changes. */
  async #codeOf(host: string): Promise<string> {
    const file = `${this.#place.directory}/lab-roll/code/nova@${host}`;
    return (await readFile(file, 'utf8').catch(() => 'trixie')).trim();
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** Somebody else has begun something with the server meanwhile. */
function unlessBusy(error: unknown): void {
  if (!isConflict(error)) throw error;
}
