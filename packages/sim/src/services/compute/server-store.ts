import { type Collection, Store } from '../../store.ts';
import type { Server } from './server.ts';

/** Servers that are computed when they are read, so that a hundred thousand of them take no memory. */
export interface ImaginedServers {
  readonly count: number;
  /** The server with this number, always the same. */
  make(index: number): Server;
  /** The number of a server by its id; `undefined` if it is none of these. */
  indexOf(id: string): number | undefined;
}

/**
 * Nova's servers: those that were created, and, if the scenario has any, imagined ones, which are computed.
 *
 * An imagined server that is read by its id becomes a real one, so that changes to it are kept.
 */
export class ServerStore implements Collection<Server> {
  readonly #real = new Store<Server>({ project: (server) => server.project_id });
  readonly #touched = new Map<string, Server>();
  readonly #gone = new Set<string>();
  #imagined: ImaginedServers | undefined;

  imagine(servers: ImaginedServers): void {
    this.#imagined = servers;
  }

  get size(): number {
    return this.#real.size + (this.#imagined?.count ?? 0) - this.#gone.size;
  }

  get(id: string): Server | undefined {
    const known = this.#real.get(id) ?? this.#touched.get(id);
    if (known !== undefined || this.#gone.has(id)) return known;
    const index = this.#imagined?.indexOf(id);
    if (index === undefined) return undefined;
    const server = (this.#imagined as ImaginedServers).make(index);
    this.#touched.set(id, server);
    return server;
  }

  add(server: Server): Server {
    return this.#real.add(server);
  }

  delete(id: string): void {
    if (this.#real.delete(id)) return;
    this.#touched.delete(id);
    this.#gone.add(id);
  }

  *ofProject(project: string): Iterable<Server> {
    yield* this.#real.by('project', project);
    for (const server of this.#touched.values()) if (server.project_id === project) yield server;
  }

  /** Only the servers that are kept in memory. */
  kept(): Server[] {
    return [...this.#real.values(), ...this.#touched.values()];
  }

  *values(): Iterable<Server> {
    for (let index = 0; index < (this.#imagined?.count ?? 0); index += 1) {
      const server = this.#at(index);
      if (server !== undefined) yield server;
    }
    yield* this.#real.values();
  }

  *newestFirst(after?: string): Iterable<Server> {
    const imagined = after === undefined ? undefined : this.#imagined?.indexOf(after);
    if (imagined === undefined) yield* this.#real.newestFirst(after);
    const start = imagined ?? this.#imagined?.count ?? 0;
    for (let index = start - 1; index >= 0; index -= 1) {
      const server = this.#at(index);
      if (server !== undefined) yield server;
    }
  }

  #at(index: number): Server | undefined {
    const server = (this.#imagined as ImaginedServers).make(index);
    return this.#gone.has(server.id) ? undefined : (this.#touched.get(server.id) ?? server);
  }
}
