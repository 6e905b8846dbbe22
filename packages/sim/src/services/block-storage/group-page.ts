import { ok } from '../../answer.ts';
import type { Call } from '../../call.ts';
import { limitOf } from '../../paging.ts';
import type { Store } from '../../store.ts';
import type { Json } from '../../wire.ts';
import { isMine } from './volumes.ts';

interface Listed {
  readonly id: string;
  readonly project_id: string;
  readonly name: string | null;
  readonly status: string;
}

/**
 * A page of groups or of their snapshots, the newest first; it begins at an offset or behind a marker. The links to a next page
 * have names of their own (`group_links`), and are not simulated.
 *
 * @param isAsked - whether the filters that only this list has let it pass
 */
export function groupPage<T extends Listed>(
  call: Call,
  from: Store<T>,
  {
    key,
    view,
    isAsked,
  }: { readonly key: string; readonly view: (entity: T) => Json; readonly isAsked: (entity: T) => boolean },
) {
  const passes = (name: string, value: string | null): boolean =>
    [null, value].includes(call.query.get(name));
  const found = [...from.newestFirst(call.query.get('marker') ?? undefined)].filter(
    (entity) =>
      isMine(call, entity) &&
      passes('name', entity.name) &&
      passes('status', entity.status) &&
      isAsked(entity),
  );
  const offset = Number(call.query.get('offset') ?? 0);
  return ok({ [key]: found.slice(offset, offset + limitOf(call)).map(view) });
}
