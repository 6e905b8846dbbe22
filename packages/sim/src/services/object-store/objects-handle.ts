import { InputError, visible } from '@groundcrew/ground';
import { Content } from '../../bytes/content.ts';
import { bytesInMemory, hashed, type StoredBytes } from '../../bytes/stored-bytes.ts';
import type { SimState } from '../../sim-state.ts';
import type { Container, StoredObject } from './state.ts';

/** Where an object is. */
export interface SimulatedPlace {
  /** The id of the project, or its name. */
  readonly project: string;
  readonly container: string;
  readonly object: string;
}

/** What the disks of the object store hold, apart from its API. A place where there is nothing is an `InputError`. */
export interface SimulatedObjects {
  /** Turns all bits of one byte of an object around; its hash stays what it was, as after bit rot that no auditor has found. */
  damage(place: SimulatedPlace, offset: number): Promise<void>;
  /** Removes an object, as if all of its replicas were lost. */
  lose(place: SimulatedPlace): void;
  /** Sets the bytes that a project may have; without a number there is no limit. Only the operator can. */
  setQuota(project: string, bytes?: number): void;
}

export function objectsOf(state: SimState): SimulatedObjects {
  const projectOf = (operation: string, nameOrId: string): string => {
    const { projects } = state.identity;
    const found = projects.get(nameOrId) ?? projects.find(({ name }) => name === nameOrId);
    return found?.id ?? refuse(operation, 'project', `there is no project ${named(nameOrId)}`);
  };
  const find = (operation: string, place: SimulatedPlace): { container: Container; object: StoredObject } => {
    const account = state.objectStore.accounts.get(projectOf(operation, place.project));
    const container = account?.containers.get(place.container);
    const object = container?.get(place.object);
    if (container === undefined || object === undefined)
      return refuse(operation, 'object', `there is no object ${named(place.object)}`);
    return { container, object };
  };
  return {
    async damage(place, offset) {
      const { container, object } = find('objects.damage', place);
      if (!Number.isSafeInteger(offset) || offset < 0 || offset >= object.bytes.size)
        refuse('objects.damage', 'offset', `there is no byte ${offset}`);
      container.put({ ...object, bytes: await damaged(object.bytes, offset) });
    },
    lose(place) {
      find('objects.lose', place).container.delete(place.object);
    },
    setQuota(project, bytes) {
      const { metadata } = state.objectStore.open(projectOf('objects.setQuota', project), state.clock.now());
      if (bytes === undefined) delete metadata['quota-bytes'];
      else metadata['quota-bytes'] = String(bytes);
    },
  };
}

/** The same bytes but for one. */
async function damaged(bytes: StoredBytes, offset: number): Promise<StoredBytes> {
  let byte = 0;
  for await (const [first = 0] of bytes.read(offset, offset + 1)) byte = first;
  const wrong = bytesInMemory(Uint8Array.of(byte ^ 0xff));
  const content = new Content([
    { from: 0, to: bytes.size, source: bytes, at: 0 },
    { from: offset, to: offset + 1, source: wrong, at: 0 },
  ]);
  wrong.dispose();
  return hashed(content, bytes.size);
}

/** An id or a name in a message. A caller without types may give anything. */
const named = (given: unknown): string => visible(String(given));

function refuse(operation: string, field: string, why: string): never {
  throw new InputError(`${operation}: ${field}: ${why}`, { field, operation });
}
